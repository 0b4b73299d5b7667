package registry

import (
	"blanko/ktp"
	"blanko/store"
)

const investigationColumns = `id, kind, consignment, chip, application, state, opened_at, closed_at, closed_by, outcome`

func investigations(tx *store.Tx, where string, args ...any) (list []Investigation, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var i Investigation
		var opened, closed int64
		err := scan(&i.ID, &i.Kind, &i.Consignment, &i.Chip, &i.Application, &i.State, &opened, &closed, &i.ClosedBy, &i.Outcome)
		i.OpenedAt, i.ClosedAt = store.Time(opened), store.Time(closed)
		list = append(list, i)
		return err
	}, `select `+investigationColumns+` from investigation `+where, args...)
	return list, err
}

func investigationByID(tx *store.Tx, id string) (Investigation, bool, error) {
	list, err := investigations(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Investigation{}, false, err
	}
	return list[0], true, nil
}

// investigationOf is the open one of a kind about a card; there is at most one.
func investigationOf(tx *store.Tx, chip ktp.ChipUID, kind string) (Investigation, bool, error) {
	list, err := investigations(tx, `where chip = ? and kind = ? and state = 'open'`, chip, kind)
	if err != nil || len(list) == 0 {
		return Investigation{}, false, err
	}
	return list[0], true, nil
}

func (i Investigation) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into investigation (`+investigationColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, closed_at = excluded.closed_at, closed_by = excluded.closed_by, outcome = excluded.outcome`,
		i.ID, i.Kind, i.Consignment, i.Chip, i.Application, i.State, store.Micros(i.OpenedAt), store.Micros(i.ClosedAt), i.ClosedBy, i.Outcome)
	return err
}
