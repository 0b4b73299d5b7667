package registry

import (
	"context"
	"slices"
	"strconv"

	"blanko/registry/audit"
	"blanko/store"
)

// Behind holds the daily heads that the center took from this office against the event log. Where the log lacks
// one, the ledger was put back by whatever means, such as a snapshot of its machine, and nobody said so: it is
// marked as restored, and nothing is fed until two persons accept it. A head that was found lacking before
// marks nothing again. Behind reports whether the ledger was marked.
func (r *Registry) Behind(ctx context.Context, actor Actor, heads []audit.Daily) (marked bool, err error) {
	var lacking []audit.Daily
	look := func(tx *store.Tx) (err error) {
		lacking, err = lackingOf(tx, heads)
		return err
	}
	if err := r.store.Read(ctx, look); err != nil || len(lacking) == 0 {
		return false, err
	}
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		marked = false
		if err := look(tx); err != nil || len(lacking) == 0 {
			return err
		}
		for _, d := range lacking {
			if _, err := audit.Append(tx, audit.Event{Actor: actor.ID, Code: "ledger.behind", Detail: map[string]string{
				"day": d.Day, "event": strconv.FormatInt(d.ID, 10),
			}}); err != nil {
				return err
			}
		}
		if _, open, err := openRestoration(tx); err != nil || open {
			return err
		}
		head, err := audit.HeadOf(tx)
		if err != nil {
			return err
		}
		marked = true
		return r.markRestored(tx, actor, head.Latest, true)
	})
	return marked, err
}

// lackedHead is a head of the center that this log was found to lack.
type lackedHead struct{ day, event string }

func foundLacking(tx *store.Tx) (list []lackedHead, err error) {
	const all = 1 << 20
	told, err := audit.After(tx, 0, all, audit.Filter{Code: "ledger.behind"})
	for _, e := range told {
		list = append(list, lackedHead{e.Detail["day"], e.Detail["event"]})
	}
	return list, err
}

// lackingOf are the heads that the log does not have, without those that were found lacking before.
func lackingOf(tx *store.Tx, heads []audit.Daily) (list []audit.Daily, err error) {
	known, err := foundLacking(tx)
	if err != nil {
		return nil, err
	}
	for _, d := range heads {
		at, err := audit.After(tx, d.ID-1, 1, audit.Filter{})
		if err != nil {
			return nil, err
		}
		if here := len(at) == 1 && at[0].ID == d.ID && at[0].Hash == d.Hash; !here && !slices.Contains(known, lackedHead{d.Day, strconv.FormatInt(d.ID, 10)}) {
			list = append(list, d)
		}
	}
	return list, nil
}
