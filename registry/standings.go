package registry

import (
	"context"

	"blanko/registry/stock"
	"blanko/store"
)

// Standings are all cards of the register and all chips of the deny list, by their chips, with the number of the newest event: a list of a later
// moment has no smaller number.
func (r *Registry) Standings(ctx context.Context) (list []Card, denied []stock.DeniedBlank, number int64, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if list, err = cards(tx, `order by chip`); err != nil {
			return err
		}
		if denied, err = stock.AllDenied(tx); err != nil {
			return err
		}
		_, err = tx.Get([]any{&number}, `select coalesce(max(id), 0) from event`)
		return err
	})
	return list, denied, number, err
}
