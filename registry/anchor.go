package registry

import (
	"context"
	"io"
	"slices"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// VerifyEvents walks the whole event log; see audit.Verify. It is compared with the daily anchors of the
// ledger itself, too.
func (r *Registry) VerifyEvents(ctx context.Context, anchors ...audit.Anchor) (rep audit.Report, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		own, err := audit.Anchors(tx, false)
		if err != nil {
			return err
		}
		for _, d := range own {
			anchors = append(anchors, d.Anchor)
		}
		rep, err = audit.Verify(tx, anchors...)
		return err
	})
	return rep, err
}

// ExportEvents writes the whole event log in the form that is verified without the station; see
// audit.Export.
func (r *Registry) ExportEvents(ctx context.Context, w io.Writer) (head audit.Head, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		head, err = audit.Export(tx, w, r.cfg.Office)
		return err
	})
	return head, err
}

// Moor keeps the head of the event log as the anchor of today, in the time zone of the office, where it
// has none yet.
func (r *Registry) Moor(ctx context.Context) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		_, err := audit.Moor(tx, tx.Now().In(r.zone()).Format(time.DateOnly))
		return err
	})
}

// Anchors reads the daily anchors, oldest first; with untold those alone that the center has not taken and may
// take: of a day whose head went with a ledger that was put back and accepted, it keeps that other one.
func (r *Registry) Anchors(ctx context.Context, untold bool) (list []audit.Daily, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if list, err = audit.Anchors(tx, untold); err != nil || !untold || len(list) == 0 {
			return err
		}
		if _, open, err := openRestoration(tx); err != nil || open {
			return err
		}
		lacked, err := foundLacking(tx)
		list = slices.DeleteFunc(list, func(d audit.Daily) bool {
			return slices.ContainsFunc(lacked, func(other lackedHead) bool { return other.day == d.Day })
		})
		return err
	})
	return list, err
}

// AnchorTold notes that the center took the anchor of a day.
func (r *Registry) AnchorTold(ctx context.Context, day string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return audit.Told(tx, day) })
}

// CopyLedger writes the whole ledger as it is at one instant into a new file; see store.Copy.
func (r *Registry) CopyLedger(ctx context.Context, path string) error { return r.store.Copy(ctx, path) }
