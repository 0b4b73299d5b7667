package station

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/osia"
)

// reconcile asks the center once a day what it thinks of the office's records until the end of
// the day before, and keeps where the ledger differs. While a ledger that was put back is not accepted, it
// asks for today at every turn.
func (s *Station) reconcile(ctx context.Context) error {
	day := s.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	newest, err := s.Registry.Reconciliations(ctx, "", 1)
	if err != nil {
		return err
	}
	switch _, _, open, err := s.Registry.OpenRestoration(ctx); {
	case err != nil:
		return err
	case open:
		day = s.Now().UTC().Format(time.DateOnly)
	case len(newest) > 0 && newest[0].Day >= day:
		return nil
	}
	if cursor, err := s.Registry.FeedCursor(ctx); err != nil || cursor == "" { // nothing was read yet: everything would differ
		return err
	}
	until, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	opinions, err := s.Center.Reconciliation(ctx, until)
	if err != nil {
		return err
	}
	op := registry.ReconcileCenter{Day: day, Center: make([]registry.Standing, 0, len(opinions))}
	for _, o := range opinions {
		if !osia.ValidID(o.ID) { // no request of this center, and no name for a report
			s.Log.Warn("opinion without a usable id left")
			continue
		}
		op.Center = append(op.Center, registry.Standing{ID: registry.ApplicationID(o.ID), Version: o.Version, Word: registry.Word(o.Word)})
	}
	if _, err := s.Registry.Do(ctx, centerActor, op, fmt.Sprintf("reconcile:%s:%d", day, s.Now().UnixNano())); err != nil {
		return err
	}
	if newest, err = s.Registry.Reconciliations(ctx, "", 1); err == nil && len(newest) > 0 && len(newest[0].Differences) > 0 {
		s.Log.Warn("center and ledger differ", zap.String("day", day), zap.Int("records", len(newest[0].Differences)))
	}
	return err
}
