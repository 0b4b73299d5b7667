package registry

import (
	"context"

	"blanko/store"
)

// Standings are all cards of the register, by their chips, with the number of the newest event: a list of a later
// moment has no smaller number.
func (r *Registry) Standings(ctx context.Context) (list []Card, number int64, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if list, err = cards(tx, `order by chip`); err != nil {
			return err
		}
		_, err = tx.Get([]any{&number}, `select coalesce(max(id), 0) from event`)
		return err
	})
	return list, number, err
}
