package registry

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

func (t MatchTry) insert(tx *store.Tx, id ApplicationID) error {
	_, err := tx.Exec(`insert into match_try (application, number, chip, at, actor, place, finger, second_finger, score, threshold, calibration, result)
		select ?, count(*) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from match_try where application = ?`,
		id, t.Chip, store.Micros(t.At), t.Actor, t.Place, t.Finger, t.Second, t.Score, t.Threshold, t.Calibration, t.Result, id)
	return err
}

// triesSince counts tries that failed.
func triesSince(tx *store.Tx, id ApplicationID, since time.Time) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) from match_try where application = ? and at >= ? and result = 'no_match'`, id, store.Micros(since))
	return n, err
}

// triesOfCard counts tries that failed, whatever application they were for.
func triesOfCard(tx *store.Tx, chip ktp.ChipUID, since time.Time) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) from match_try where chip = ? and at >= ? and result = 'no_match'`, chip, store.Micros(since))
	return n, err
}

// lastMatch is when the holder was matched last, or a supervisor let it be, and with which card.
func lastMatch(tx *store.Tx, id ApplicationID) (at time.Time, chip ktp.ChipUID, found bool, err error) {
	var micros int64
	found, err = tx.Get([]any{&micros, &chip}, `select at, chip from match_try where application = ? and result in ('matched', 'exception') order by number desc limit 1`, id)
	return store.Time(micros), chip, found, err
}

func matchTries(tx *store.Tx, id ApplicationID) (list []MatchTry, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t MatchTry
		var at int64
		err := scan(&t.Number, &t.Chip, &at, &t.Actor, &t.Place, &t.Finger, &t.Second, &t.Score, &t.Threshold, &t.Calibration, &t.Result)
		t.At = store.Time(at)
		list = append(list, t)
		return err
	}, `select number, chip, at, actor, place, finger, second_finger, score, threshold, calibration, result from match_try where application = ? order by number`, id)
	return list, err
}
