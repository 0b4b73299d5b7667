package registry

import (
	"blanko/keys"
	"blanko/ktp"
	"blanko/store"
)

func (c ChipCounter) save(tx *store.Tx, chip ktp.ChipUID) error {
	_, err := tx.Exec(`insert into chip_counter (chip, version, counter, at) values (?, ?, ?, ?)
		on conflict (chip, version) do update set counter = excluded.counter, at = excluded.at
		where excluded.counter > chip_counter.counter`, chip, int(c.Version), c.Counter, store.Micros(c.At))
	return err
}

func chipCounters(tx *store.Tx, chip ktp.ChipUID) (list []ChipCounter, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var version int
		var at int64
		var c ChipCounter
		if err := scan(&version, &c.Counter, &at); err != nil {
			return err
		}
		c.Version, c.At = byte(version), store.Time(at)
		c.Role, _ = keys.RoleOf(c.Version)
		list = append(list, c)
		return nil
	}, `select version, counter, at from chip_counter where chip = ? order by version`, chip)
	return list, err
}
