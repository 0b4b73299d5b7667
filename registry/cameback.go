package registry

import (
	"context"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// CameBack is a card that came back on the way to its holder.
type CameBack struct {
	Chip  ktp.ChipUID
	Cause string
	At    time.Time
	Actor string // who took it back
}

// CameBack is the card with which an application came back last. False where none did, or where it was lost: of that one
// nobody has anything to send.
func (r *Registry) CameBack(ctx context.Context, id ApplicationID) (b CameBack, came bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		e, err := audit.Last(tx, string(id), applicationEvents+codeOf(string(EventReturn)))
		if err != nil || e.ID == 0 {
			return err
		}
		made, err := cards(tx, `where application = ? order by made_at, chip`, id)
		if err != nil {
			return err
		}
		for _, c := range slices.Backward(made) {
			if c.Chip == e.Chip || e.Chip == "" && !c.MadeAt.After(e.At) { // older programs named no chip
				b = CameBack{Chip: c.Chip, Cause: e.Detail["cause"], At: e.At, Actor: e.Actor}
				lost, err := wasLost(tx, c)
				came = !lost
				return err
			}
		}
		return nil
	})
	return b, came && err == nil, err
}

// wasLost reports whether nobody found a card, be it that it turned up since: it is retired for good.
func wasLost(tx *store.Tx, c Card) (bool, error) {
	const most = 100 // the end of a card is told by its newest events
	list, err := audit.Before(tx, 0, most, audit.Filter{Attempt: c.Attempt.String()})
	return slices.ContainsFunc(list, func(e audit.Event) bool {
		return e.Code == RowOf(opDeclareMissing).Event || e.Detail["to"] == stock.At(stock.Lost).String()
	}), err
}
