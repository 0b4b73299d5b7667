package station

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
)

// moor keeps the head of the event log once a day.
func (s *Station) moor(ctx context.Context) error { return s.Registry.Moor(ctx) }

// tellAnchors tells the center the daily heads that it has not taken yet, oldest first, after it has compared
// those that the center took: the database may be put back under a station that runs. One that the
// center refuses holds up the later ones: that is a finding, and the doctor shows it, unless two persons have
// accepted the ledger that was put back.
func (s *Station) tellAnchors(ctx context.Context) error {
	untold, err := s.Registry.Anchors(ctx, true)
	if err != nil {
		return err
	}
	compare := s.compareAnchors
	if len(untold) > 0 {
		compare = s.compareNow
	}
	if err := compare(ctx); err != nil {
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

// compareAnchors is compareNow once in a life of the station. Lines ask before their first card; while the center is
// away they go on, and the loop of the anchors asks again.
func (s *Station) compareAnchors(ctx context.Context) error {
	if s.Center == nil || s.compared.Load() {
		return nil
	}
	return s.compareNow(ctx)
}

// compareNow asks the center for the heads that it took, and marks a ledger that lacks one as restored.
func (s *Station) compareNow(ctx context.Context) error {
	heads, err := s.Center.Heads(ctx)
	if err != nil {
		return err
	}
	var held []audit.Daily
	for _, h := range heads {
		held = append(held, audit.Daily{Day: h.Day, Anchor: audit.Anchor{ID: h.Event, Hash: h.Hash}})
	}
	marked, err := s.Registry.Behind(ctx, Actor, held)
	if err != nil {
		return err
	}
	if marked {
		s.Log.Error("the center holds anchors that this ledger lacks: nothing is fed until two persons accept it")
	}
	s.compared.Store(true)
	return nil
}

// mayTrustLedger is compareAnchors for a line, which works without a link.
func (s *Station) mayTrustLedger(ctx context.Context) error {
	err := s.compareAnchors(ctx)
	if fault.Is(err, datacenter.CenterAway) && !errors.Is(err, context.Canceled) {
		s.Log.Warn("the center's anchors were not compared", zap.Error(err))
		return nil
	}
	return err
}
