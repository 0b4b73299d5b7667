package stock

import (
	"blanko/ktp"
	"blanko/store"
)

// HistoryOf are the movements behind a cursor by which one blank came to where it is, in their order: those of its lot
// into the store and into its hopper while it was counted only, any of which may have brought it, then its own.
func HistoryOf(tx *store.Tx, chip ktp.ChipUID, cursor int64, limit int) (list []Movement, known bool, err error) {
	b, known, err := ByChip(tx, chip)
	if err != nil || !known {
		return nil, known, err
	}
	first, err := firstOf(tx, b.ID)
	if err != nil {
		return nil, true, err
	}
	list, err = movements(tx, `where id > ? and (blank = ? and blank > 0 or blank = 0 and lot = ? and id < ? and to_place in (?, ?)) order by id limit ?`,
		cursor, b.ID, b.Lot, first.ID, At(Store).String(), first.From.String(), limit)
	return list, true, err
}

// HistoryOfLot are the movements of a whole lot behind a cursor, in their order.
func HistoryOfLot(tx *store.Tx, lot string, cursor int64, limit int) (list []Movement, known bool, err error) {
	if _, known, err = productOf(tx, lot); err != nil || !known {
		return nil, known, err
	}
	list, err = movements(tx, `where id > ? and lot = ? order by id limit ?`, cursor, lot, limit)
	return list, true, err
}

// firstOf is the first movement of a blank as a thing of its own.
func firstOf(tx *store.Tx, blank int64) (Movement, error) {
	list, err := movements(tx, `where blank = ? and blank > 0 order by id limit 1`, blank)
	if err != nil || len(list) == 0 {
		return Movement{}, err
	}
	return list[0], nil
}
