package registry

import "blanko/store"

const fineColumns = `id, application, code, amount, days, basis, state, assessed_at, decided_at, decided_by, second, reference`

func (f Fine) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into fine (`+fineColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, decided_at = excluded.decided_at, decided_by = excluded.decided_by,
			second = excluded.second, reference = excluded.reference`,
		f.ID, f.Application, f.Code, f.Amount, f.Days, f.Basis, f.State, store.Micros(f.AssessedAt), store.Micros(f.DecidedAt), f.DecidedBy, f.Second, f.Reference)
	return err
}

func fines(tx *store.Tx, where string, args ...any) (list []Fine, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var f Fine
		var assessed, decided int64
		err := scan(&f.ID, &f.Application, &f.Code, &f.Amount, &f.Days, &f.Basis, &f.State, &assessed, &decided, &f.DecidedBy, &f.Second, &f.Reference)
		f.AssessedAt, f.DecidedAt = store.Time(assessed), store.Time(decided)
		list = append(list, f)
		return err
	}, `select `+fineColumns+` from fine `+where, args...)
	return list, err
}

func fineByID(tx *store.Tx, id string) (Fine, bool, error) {
	list, err := fines(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Fine{}, false, err
	}
	return list[0], true, nil
}
