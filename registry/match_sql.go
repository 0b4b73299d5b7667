package registry

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

func (t MatchTry) insert(tx *store.Tx, id ApplicationID) error {
	_, err := tx.Exec(`insert into match_try (application, number, chip, at, actor, place, finger, second_finger, score, threshold, calibration, result, cause)
		select ?, count(*) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from match_try where application = ?`,
		id, t.Chip, store.Micros(t.At), t.Actor, t.Place, t.Finger, t.Second, t.Score, t.Threshold, t.Calibration, t.Result, t.Cause, id)
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

// lastMatch is the last try by which the holder was matched, or that a supervisor let be.
func lastMatch(tx *store.Tx, id ApplicationID) (t MatchTry, found bool, err error) {
	list, err := tries(tx, `where application = ? and result in ('matched', 'exception') order by number desc limit 1`, id)
	if err != nil || len(list) == 0 {
		return t, false, err
	}
	return list[0], true, nil
}

// lastResult is how the holder of a card came to it last, in the database: matched or exception, null where they did not.
func lastResult(application, chip string) string {
	return `(select m.result from match_try m where m.application = ` + application + ` and m.chip = ` + chip + ` and m.result in ('matched', 'exception')
		order by m.number desc limit 1)`
}

func matchTries(tx *store.Tx, id ApplicationID) ([]MatchTry, error) {
	return tries(tx, `where application = ? order by number`, id)
}

func tries(tx *store.Tx, where string, args ...any) (list []MatchTry, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t MatchTry
		var at int64
		err := scan(&t.Number, &t.Chip, &at, &t.Actor, &t.Place, &t.Finger, &t.Second, &t.Score, &t.Threshold, &t.Calibration, &t.Result, &t.Cause)
		t.At = store.Time(at)
		list = append(list, t)
		return err
	}, `select number, chip, at, actor, place, finger, second_finger, score, threshold, calibration, result, cause from match_try `+where, args...)
	return list, err
}
