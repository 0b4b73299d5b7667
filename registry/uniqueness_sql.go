package registry

import (
	"blanko/store"
)

const resultColumns = `application, encounter, sequence, result, reason, at, read_at, read_by`

func (f Found) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into search_result (`+resultColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (application, encounter, sequence) do update set read_at = excluded.read_at, read_by = excluded.read_by`,
		f.Application, f.Encounter, f.Sequence, f.Result, f.Reason, store.Micros(f.At), store.Micros(f.ReadAt), f.ReadBy)
	return err
}

func results(tx *store.Tx, where string, args ...any) (list []Found, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var f Found
		var at, read int64
		err := scan(&f.Application, &f.Encounter, &f.Sequence, &f.Result, &f.Reason, &at, &read, &f.ReadBy)
		f.At, f.ReadAt = store.Time(at), store.Time(read)
		list = append(list, f)
		return err
	}, `select `+resultColumns+` from search_result `+where, args...)
	return list, err
}

func newestResult(tx *store.Tx, id ApplicationID, encounter int) (Found, bool, error) {
	list, err := results(tx, `where application = ? and encounter = ? order by sequence desc limit 1`, id, encounter)
	if err != nil || len(list) == 0 {
		return Found{}, false, err
	}
	return list[0], true, nil
}
