package registry

import (
	"context"
	"time"

	"blanko/store"
)

// ShiftTold is what the ledger has of the time of a shift beside its counts.
type ShiftTold struct {
	CutOff   bool           // a station broke off in it and was not started again on its day
	Spoiled  map[string]int // blanks, by the cause code of their attempt
	Restarts []Start        // that one person released in it
	After    []string       // how the start before each of them ended: stop or crash; empty: none was before
}

// ShiftTold tells of a shift that was closed.
func (r *Registry) ShiftTold(ctx context.Context, s Shift) (told ShiftTold, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		told = ShiftTold{}
		if told.Spoiled, err = spoiledBetween(tx, s.OpenedAt, s.ClosedAt); err != nil {
			return err
		}
		crashed, err := crashedBetween(tx, s.OpenedAt, s.ClosedAt)
		if err != nil {
			return err
		}
		day := func(t time.Time) string { return t.In(r.zone()).Format(time.DateOnly) }
		for _, c := range crashed { // its end is when the next start found it
			told.CutOff = told.CutOff || c.At.Before(s.ClosedAt) && day(c.EndedAt) != day(s.OpenedAt)
		}
		if told.Restarts, err = restartsIn(tx, s.ID); err != nil {
			return err
		}
		for _, start := range told.Restarts {
			before, _, err := startBefore(tx, start)
			if err != nil {
				return err
			}
			told.After = append(told.After, before.Ended)
		}
		return nil
	})
	return told, err
}
