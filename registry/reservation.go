package registry

import (
	"context"

	"blanko/registry/stock"
	"blanko/store"
)

// Reservation tells whether the blanks of the house are enough for the cards that were approved: each of them has one
// reserved until it gets its own.
type Reservation struct {
	Blanks   int // for cards, in the store and in hoppers
	Reserved int // cards that were approved and have no blank yet
}

// Short is how many blanks are missing; 0: there is one for each.
func (r Reservation) Short() int { return max(0, r.Reserved-r.Blanks) }

// Reservation counts what is reserved now.
func (r *Registry) Reservation(ctx context.Context) (v Reservation, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		tests, err := stock.TestLots(tx)
		if err != nil {
			return err
		}
		held, err := stock.TalliedHoldings(tx)
		if err != nil {
			return err
		}
		v = Reservation{}
		for _, h := range held {
			if h.Place.Heap() && !tests[h.Lot] {
				v.Blanks += h.Unread + h.Read
			}
		}
		_, err = tx.Get([]any{&v.Reserved}, `select (select count(*) from application where state = ?) +
			(select count(*) from card_order where state in ('waiting', 'leased') and pinned = 0)`, Approved)
		return err
	})
	return v, err
}
