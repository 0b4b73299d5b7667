package registry

import (
	"blanko/store"
)

const examinationColumns = `number, at, actor, place, chip, application, cause, state, told`

func examinations(tx *store.Tx, where string, args ...any) (list []Examination, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var x Examination
		var at int64
		var told string
		if err := scan(&x.Number, &at, &x.By, &x.Place, &x.Chip, &x.Application, &x.Cause, &x.State, &told); err != nil {
			return err
		}
		x.At = store.Time(at)
		if err := unsealed(told, &x.Told); err != nil {
			return err
		}
		list = append(list, x)
		return nil
	}, `select `+examinationColumns+` from chip_examination `+where, args...)
	return list, err
}

func (x Examination) insert(tx *store.Tx) error {
	told, err := sealed(x.Told)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into chip_examination (`+examinationColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		x.Number, store.Micros(x.At), x.By, x.Place, x.Chip, x.Application, x.Cause, x.State, told)
	return err
}
