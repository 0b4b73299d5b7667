package stock

import (
	"blanko/ktp"
	"blanko/store"
)

// Allow takes a chip off the deny list.
func Allow(tx *store.Tx, chip ktp.ChipUID) error {
	_, err := tx.Exec(`delete from denied_blank where chip = ?`, chip)
	return err
}
