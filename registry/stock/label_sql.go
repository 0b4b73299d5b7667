package stock

import (
	"blanko/ktp"
	"blanko/store"
)

// Labelled writes down the label of a chip, and denies the chip where its label was denied; stock.label_known where it is
// another blank's, or the blank has another.
func Labelled(tx *store.Tx, chip ktp.ChipUID, l Label) (denied bool, err error) {
	n, err := tx.Exec(`insert into blank_label (label, chip) values (?, ?) on conflict do nothing`, l, chip)
	if err == nil && n == 0 {
		err = LabelKnown.At("stock.Labelled", nil).With("label", "of another blank, or the blank has another")
	}
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(`insert into denied_blank (chip, reason, at, actor) select ?, reason, at, actor from denied_label where label = ? on conflict (chip) do nothing`, chip, l); err != nil {
		return false, err
	}
	if n, err = tx.Exec(`delete from denied_label where label = ?`, l); err != nil {
		return false, err
	}
	d, ranged, err := RangeOf(tx, l)
	if err != nil || n == 0 && !ranged {
		return false, err
	}
	if ranged {
		if _, err := tx.Exec(`insert into denied_blank (chip, reason, at, actor, ranged) values (?, ?, ?, ?, 1) on conflict (chip) do nothing`,
			chip, d.Reason, store.Micros(d.At), d.Actor); err != nil {
			return false, err
		}
	}
	return true, markDenied(tx, chip)
}

// DenyLabel puts the blank with a label on the deny list: by its chip, or, where no list told that yet, as soon as one
// does. One that is there keeps its first reason.
func DenyLabel(tx *store.Tx, l Label, why Why) (added bool, err error) {
	switch chip, known, err := ChipOf(tx, l); {
	case err != nil:
		return false, err
	case known:
		return Deny(tx, chip, why)
	}
	_, ranged, err := RangeOf(tx, l) // also where it is one of a range: it stays when that is let go
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`insert into denied_label (label, reason, at, actor) values (?, ?, ?, ?) on conflict (label) do nothing`,
		l, why.Reason, store.Micros(tx.Now()), why.Actor)
	return n == 1 && !ranged, err
}

// DeniedLabels are those behind a label, in their order.
func DeniedLabels(tx *store.Tx, after Label, limit int) (list []DeniedLabel, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d DeniedLabel
		var at int64
		err := scan(&d.Label, &d.Reason, &at, &d.Actor)
		d.At = store.Time(at)
		list = append(list, d)
		return err
	}, `select label, reason, at, actor from denied_label where label > ? order by label limit ?`, after, limit)
	return list, err
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
