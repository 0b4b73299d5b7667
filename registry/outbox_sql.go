package registry

import (
	"blanko/ktp"
	"blanko/store"
)

func reports(tx *store.Tx) (last int64, err error) {
	_, err = tx.Get([]any{&last}, `select coalesce(max(seq), 0) from outbox`)
	return last, err
}

func (r Report) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into outbox (key, record, version, word, state, at, chip, attempts, reason, delivered_at, tries, answer)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '')`,
		r.Key, r.Record, r.Version, r.Word, r.State, store.Micros(r.At), r.Chip, r.Attempts, r.Reason)
	return err
}

// answeredWith is the word that the center was given last for a withdrawal of a request; empty: none.
func answeredWith(tx *store.Tx, id ApplicationID) (word string, err error) {
	_, err = tx.Get([]any{&word}, `select reason from outbox where record = ? and state = 'withdrawal answered' order by seq desc limit 1`, id)
	return word, err
}

func waitingReports(tx *store.Tx, limit int) (list []Report, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var r Report
		var at int64
		err := scan(&r.Seq, &r.Key, &r.Record, &r.Version, &r.Word, &r.State, &at, &r.Chip, &r.Attempts, &r.Reason, &r.Tries, &r.Answer)
		r.At = store.Time(at)
		list = append(list, r)
		return err
	}, `select seq, key, record, version, word, state, at, chip, attempts, reason, tries, answer
		from outbox where delivered_at = 0 order by seq limit ?`, limit)
	return list, err
}

func deliveredReports(tx *store.Tx, keys []string) error {
	for _, k := range keys {
		if _, err := tx.Exec(`update outbox set delivered_at = ? where key = ? and delivered_at = 0`, store.Micros(tx.Now()), k); err != nil {
			return err
		}
	}
	return nil
}

func undeliveredReport(tx *store.Tx, key, answer string) error {
	_, err := tx.Exec(`update outbox set tries = tries + 1, answer = ? where key = ? and delivered_at = 0`, answer, key)
	return err
}

// usedFor is the chip of the newest card or attempt of an application, and how many blanks were
// used for it.
func usedFor(tx *store.Tx, id ApplicationID) (chip ktp.ChipUID, blanks int, err error) {
	if _, err = tx.Get([]any{&blanks}, `select count(*) from attempt where application = ? and fed = 1 and state <> 'void'`, id); err != nil {
		return chip, blanks, err
	}
	_, err = tx.Get([]any{&chip}, `select chip from attempt where application = ? and chip is not null and state <> 'void'
		order by started_at desc, id limit 1`, id)
	return chip, blanks, err
}
