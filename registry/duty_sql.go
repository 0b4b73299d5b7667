package registry

import "blanko/store"

func keepDuty(tx *store.Tx, subject string, d Duty, person string, exception bool) error {
	_, err := tx.Exec(`insert into duty (subject, duty, person, at, exception) values (?, ?, ?, ?, ?)
		on conflict (subject, duty, person) do update set at = excluded.at, exception = excluded.exception`,
		subject, d, person, store.Micros(tx.Now()), exception)
	return err
}

func dutiesOf(tx *store.Tx, subject, person string) (list []Duty, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d Duty
		err := scan(&d)
		list = append(list, d)
		return err
	}, `select duty from duty where subject = ? and person = ?`, subject, person)
	return list, err
}

// undoDuties forgets duties that a newer version of the subject asks for again.
func undoDuties(tx *store.Tx, subject string, duties ...Duty) error {
	for _, d := range duties {
		if _, err := tx.Exec(`delete from duty where subject = ? and duty = ?`, subject, d); err != nil {
			return err
		}
	}
	return nil
}
