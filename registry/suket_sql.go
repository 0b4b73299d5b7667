package registry

import "blanko/store"

const suketColumns = `number, application, person, state, issued_at, issued_by, valid_until, ended_at, cause`

func (s Suket) save(tx *store.Tx) error {
	state := "ended"
	if s.Valid {
		state = "valid"
	}
	_, err := tx.Exec(`insert into suket (`+suketColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (number) do update set state = excluded.state, ended_at = excluded.ended_at, cause = excluded.cause`,
		s.Number, s.Application, s.person, state, store.Micros(s.IssuedAt), s.IssuedBy, store.Micros(s.ValidUntil), store.Micros(s.EndedAt), s.Cause)
	return err
}

func sukets(tx *store.Tx, where string, args ...any) (list []Suket, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s Suket
		var state string
		var issued, until, ended int64
		err := scan(&s.Number, &s.Application, &s.person, &state, &issued, &s.IssuedBy, &until, &ended, &s.Cause)
		s.Valid, s.IssuedAt, s.ValidUntil, s.EndedAt = state == "valid", store.Time(issued), store.Time(until), store.Time(ended)
		list = append(list, s)
		return err
	}, `select `+suketColumns+` from suket `+where, args...)
	return list, err
}

func oneSuket(tx *store.Tx, where string, args ...any) (Suket, bool, error) {
	list, err := sukets(tx, where, args...)
	if err != nil || len(list) == 0 {
		return Suket{}, false, err
	}
	return list[0], true, nil
}

func suketCount(tx *store.Tx) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) from suket`)
	return n, err
}
