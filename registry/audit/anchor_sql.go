package audit

import (
	"time"

	"blanko/store"
)

// Anchor is the head of the chain as it was once told outside the station.
type Anchor struct {
	ID   int64
	Hash Hash
}

// Daily is the anchor of a day, in the time of the office.
type Daily struct {
	Anchor
	Day  string // yyyy-mm-dd
	At   time.Time
	Told time.Time // when the center took it; zero: not yet
}

// Moor keeps the head of the chain as the anchor of the day, where the day has none yet and the log is
// not empty. made tells whether it did.
func Moor(tx *store.Tx, day string) (made bool, err error) {
	h, err := HeadOf(tx)
	if err != nil || h.ID == 0 {
		return false, err
	}
	n, err := tx.Exec(`insert into event_anchor (day, id, hash, at) values (?, ?, ?, ?) on conflict (day) do nothing`,
		day, h.ID, h.Hash[:], store.Micros(tx.Now()))
	return n > 0, err
}

// Told notes that the center took the anchor of a day.
func Told(tx *store.Tx, day string) error {
	_, err := tx.Exec(`update event_anchor set told_at = ? where day = ? and told_at = 0`, store.Micros(tx.Now()), day)
	return err
}

// Anchors reads the daily anchors, oldest first; with untold those alone that the center has not taken.
func Anchors(tx *store.Tx, untold bool) (list []Daily, err error) {
	var w store.Where
	if untold {
		w.And(`told_at = 0`)
	}
	err = tx.Each(func(scan func(...any) error) error {
		var d Daily
		var hash []byte
		var at, told int64
		if err := scan(&d.Day, &d.ID, &hash, &at, &told); err != nil {
			return err
		}
		copy(d.Hash[:], hash)
		d.At, d.Told = store.Time(at), store.Time(told)
		list = append(list, d)
		return nil
	}, `select day, id, hash, at, told_at from event_anchor `+w.Text()+` order by day`, w.Args()...)
	return list, err
}
