package registry

import "blanko/store"

const enrolmentColumns = `application, encounter, at, taken_at, tries, answer`

func (e Enrolment) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into enrolment (`+enrolmentColumns+`) values (?, ?, ?, ?, ?, ?)
		on conflict (application, encounter) do update set taken_at = excluded.taken_at, tries = excluded.tries, answer = excluded.answer`,
		e.Application, e.Encounter, store.Micros(e.At), store.Micros(e.TakenAt), e.Tries, e.Answer)
	return err
}

func enrolments(tx *store.Tx, where string, args ...any) (list []Enrolment, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var e Enrolment
		var at, taken int64
		err := scan(&e.Application, &e.Encounter, &at, &taken, &e.Tries, &e.Answer)
		e.At, e.TakenAt = store.Time(at), store.Time(taken)
		list = append(list, e)
		return err
	}, `select `+enrolmentColumns+` from enrolment `+where, args...)
	return list, err
}

// enrolmentOf is the newest of an application.
func enrolmentOf(tx *store.Tx, id ApplicationID) (Enrolment, bool, error) {
	list, err := enrolments(tx, `where application = ? order by encounter desc limit 1`, id)
	if err != nil || len(list) == 0 {
		return Enrolment{}, false, err
	}
	return list[0], true, nil
}

// knownAtCenter reports whether the center has taken a package of an application.
func knownAtCenter(tx *store.Tx, id ApplicationID) (bool, error) {
	list, err := enrolments(tx, `where application = ? and taken_at > 0 limit 1`, id)
	return len(list) > 0, err
}

// enrolmentsWaiting are the newest packages of applications that are on their way.
func enrolmentsWaiting(tx *store.Tx, limit int) ([]Enrolment, error) {
	return enrolments(tx, `where taken_at = 0 and application in (select id from application where state = 'sent')
		and encounter = (select max(e.encounter) from enrolment e where e.application = enrolment.application)
		order by at, application limit ?`, limit)
}

func enrolmentTried(tx *store.Tx, id ApplicationID, encounter int, answer string) error {
	_, err := tx.Exec(`update enrolment set tries = tries + 1, answer = ? where application = ? and encounter = ?`, answer, id, encounter)
	return err
}
