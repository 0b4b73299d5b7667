package registry

import (
	"context"

	"blanko/store"
)

// Miscount is a count of the tally that is not what the ledger holds. It comes from a change of the
// database past the station.
type Miscount struct {
	Subject string // application, attempt, card, blank or refusal
	Word    string // a state; of a blank its place
	Kept    int
	Counted int
}

// Miscounts counts everything again and compares it with the tally. Empty: they agree.
func (r *Registry) Miscounts(ctx context.Context) (list []Miscount, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = miscounts(tx)
		return err
	})
	return list, err
}
