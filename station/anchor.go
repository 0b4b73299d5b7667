package station

import (
	"context"

	"blanko/registry/datacenter"
)

// moor keeps the head of the event log once a day.
func (s *Station) moor(ctx context.Context) error { return s.Registry.Moor(ctx) }

// tellAnchors tells the center the daily heads that it has not taken yet, oldest first. One that the
// center refuses holds up the later ones: that is a finding, and the doctor shows it.
func (s *Station) tellAnchors(ctx context.Context) error {
	untold, err := s.Registry.Anchors(ctx, true)
	if err != nil {
		return err
	}
	for _, d := range untold {
		if err := s.Center.ReportHead(ctx, datacenter.LogHead{Day: d.Day, Event: d.ID, Hash: d.Hash}); err != nil {
			return err
		}
		if err := s.Registry.AnchorTold(ctx, d.Day); err != nil {
			return err
		}
	}
	return nil
}
