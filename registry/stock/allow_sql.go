package stock

import (
	"blanko/ktp"
	"blanko/store"
)

// Allow takes a chip off the deny list.
func Allow(tx *store.Tx, chip ktp.ChipUID) error {
	if _, err := tx.Exec(`delete from denied_blank where chip = ?`, chip); err != nil {
		return err
	}
	_, err := tx.Exec(`update blank set denied = 0 where chip = ?`, chip)
	return err
}
