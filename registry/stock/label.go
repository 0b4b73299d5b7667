package stock

import (
	"regexp"

	"blanko/ktp"
	"blanko/store"
)

// Label is the number that is printed on a blank, or its barcode. Not every supplier gives one, and none is read by a
// machine of the station: the supplier's list says which chip it belongs to.
type Label string

var labelForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]{3,31}$`)

// Valid reports whether it is 4 to 32 capitals, digits, dots and dashes, and does not read like the UID of a
// chip.
func (l Label) Valid() bool { return labelForm.MatchString(string(l)) && !ktp.ChipUID(l).Valid() }

// Labelled writes down the label of a chip; stock.label_known where it is another blank's, or the blank has another.
func Labelled(tx *store.Tx, chip ktp.ChipUID, l Label) error {
	n, err := tx.Exec(`insert into blank_label (label, chip) values (?, ?) on conflict do nothing`, l, chip)
	if err == nil && n == 0 {
		err = LabelKnown.At("stock.Labelled", nil).With("label", "of another blank, or the blank has another")
	}
	return err
}

// ChipOf is the chip of the blank with a label.
func ChipOf(tx *store.Tx, l Label) (chip ktp.ChipUID, known bool, err error) {
	known, err = tx.Get([]any{&chip}, `select chip from blank_label where label = ?`, l)
	return chip, known, err
}

// LabelOf is what is printed on the blank of a chip; empty where nobody told.
func LabelOf(tx *store.Tx, chip ktp.ChipUID) (l Label, err error) {
	_, err = tx.Get([]any{&l}, `select label from blank_label where chip = ?`, chip)
	return l, err
}
