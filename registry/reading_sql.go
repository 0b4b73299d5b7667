package registry

import (
	"encoding/json"

	"blanko/store"
)

func (x Reading) save(tx *store.Tx) error {
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into reading (device, told, at, asked_at) values (?, ?, ?, ?)
		on conflict (device) do update set told = excluded.told, at = excluded.at, asked_at = excluded.asked_at`,
		x.Device, string(text), store.Micros(x.At), store.Micros(x.AskedAt))
	return err
}

func readings(tx *store.Tx, where string, args ...any) (list []Reading, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var x Reading
		var text string
		var at, asked int64
		if err := scan(&text, &at, &asked); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &x)
		x.At, x.AskedAt = store.Time(at), store.Time(asked)
		list = append(list, x)
		return err
	}, `select told, at, asked_at from reading `+where, args...)
	return list, err
}
