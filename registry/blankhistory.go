package registry

import (
	"context"

	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// HistoryOfBlank is where one blank has been, behind a cursor: with its lot until its chip was known, then alone.
// registry.unknown_id where the ledger has no such chip.
func (r *Registry) HistoryOfBlank(ctx context.Context, chip ktp.ChipUID, after int64, limit int) ([]stock.Movement, error) {
	return r.history(ctx, "chip", func(tx *store.Tx) ([]stock.Movement, bool, error) { return stock.HistoryOf(tx, chip, after, limit) })
}

// HistoryOfLot is how the blanks of a lot moved, behind a cursor; registry.unknown_id where there is no such lot.
func (r *Registry) HistoryOfLot(ctx context.Context, lot string, after int64, limit int) ([]stock.Movement, error) {
	return r.history(ctx, "lot", func(tx *store.Tx) ([]stock.Movement, bool, error) { return stock.HistoryOfLot(tx, lot, after, limit) })
}

func (r *Registry) history(ctx context.Context, field string, read func(*store.Tx) ([]stock.Movement, bool, error)) (list []stock.Movement, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var known bool
		if list, known, err = read(tx); err == nil && !known {
			err = unknownID.At("registry.history", nil).With(field, "no such id here")
		}
		return err
	})
	return list, err
}
