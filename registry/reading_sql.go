package registry

import (
	"encoding/json"
	"fmt"

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

func devicesMark(tx *store.Tx) (string, error) {
	var told, asked, waiting int64
	_, err := tx.Get([]any{&told, &asked, &waiting}, `select
		(select coalesce(max(at), 0) from reading),
		(select coalesce(max(asked_at), 0) from reading),
		(select count(*) from health where asked_at > 0)`)
	return fmt.Sprint(told, " ", asked, " ", waiting), err
}
