package stock

import (
	"blanko/ktp"
	"blanko/store"
)

// Allow takes a chip off the deny list, and the number that is printed on its blank out of a range there.
func Allow(tx *store.Tx, chip ktp.ChipUID) error {
	l, err := LabelOf(tx, chip)
	if err != nil {
		return err
	}
	if l != "" {
		if err := cut(tx, LabelRange{l, l}); err != nil {
			return err
		}
	}
	return letGo(tx, chip)
}

// letGo takes a chip off the list of chips.
func letGo(tx *store.Tx, chip ktp.ChipUID) error {
	if _, err := tx.Exec(`delete from denied_blank where chip = ?`, chip); err != nil {
		return err
	}
	_, err := tx.Exec(`update blank set denied = 0 where chip = ?`, chip)
	return err
}
