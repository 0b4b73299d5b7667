package registry

import (
	"encoding/json"

	"blanko/store"
)

const destructionColumns = `id, policy, state, opened_by, opened_at, counted_by, counted_at, ended_by, ended_at, reference, sealed_witnesses, pictures, standard, least_witnesses`

func destructions(tx *store.Tx, where string, args ...any) (list []Destruction, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d Destruction
		var opened, counted, ended int64
		var witnesses, pictures string
		if err := scan(&d.ID, &d.Policy, &d.State, &d.OpenedBy, &opened, &d.CountedBy, &counted, &d.EndedBy, &ended, &d.Reference, sealedWitnesses.Open(&witnesses, &d.ID), &pictures, &d.Standard, &d.LeastWitnesses); err != nil {
			return err
		}
		d.OpenedAt, d.CountedAt, d.EndedAt = store.Time(opened), store.Time(counted), store.Time(ended)
		if err := json.Unmarshal([]byte(witnesses), &d.Witnesses); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(pictures), &d.Pictures); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	}, `select `+destructionColumns+` from destruction `+where, args...)
	return list, err
}

// destructionsIn are in the order of their numbers.
func destructionsIn(tx *store.Tx, l Worklist) ([]Destruction, error) {
	var w store.Where
	w.And(l.those(`state in ('open', 'counted in', 'sent')`))
	w.If(l.After, `id < ?`, l.After)
	return destructions(tx, w.Text()+` order by id desc limit ?`, w.Args(l.Limit)...)
}

func destructionByID(tx *store.Tx, id string) (Destruction, bool, error) {
	list, err := destructions(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Destruction{}, false, err
	}
	return list[0], true, nil
}

func nextDestruction(tx *store.Tx) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) + 1 from destruction`)
	return n, err
}

func (d Destruction) save(tx *store.Tx) error {
	witnesses, err := json.Marshal(d.Witnesses)
	if err != nil {
		return err
	}
	pictures, err := json.Marshal(d.Pictures)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into destruction (`+destructionColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, counted_by = excluded.counted_by, counted_at = excluded.counted_at,
			ended_by = excluded.ended_by, ended_at = excluded.ended_at, reference = excluded.reference,
			sealed_witnesses = excluded.sealed_witnesses, pictures = excluded.pictures`,
		d.ID, d.Policy, d.State, d.OpenedBy, store.Micros(d.OpenedAt), d.CountedBy, store.Micros(d.CountedAt), d.EndedBy,
		store.Micros(d.EndedAt), d.Reference, sealedWitnesses.Seal(string(witnesses), d.ID), string(pictures), d.Standard, d.LeastWitnesses)
	return err
}

func keepItem(tx *store.Tx, destruction string, i DestructionItem) error {
	_, err := tx.Exec(`insert into destruction_item (destruction, item, kind, chip_state, waits) values (?, ?, ?, ?, 1)`, destruction, i.Item, i.Kind, i.ChipState)
	return err
}

// endItems frees what is on a list from waiting.
func endItems(tx *store.Tx, destruction string) error {
	_, err := tx.Exec(`update destruction_item set waits = 0 where destruction = ?`, destruction)
	return err
}

func destructionItems(tx *store.Tx, destruction string) (list []DestructionItem, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var i DestructionItem
		err := scan(&i.Item, &i.Kind, &i.ChipState)
		list = append(list, i)
		return err
	}, `select item, kind, chip_state from destruction_item where destruction = ? order by item`, destruction)
	return list, err
}

func waitsIn(tx *store.Tx, item string) (destruction string, waits bool, err error) {
	waits, err = tx.Get([]any{&destruction}, `select destruction from destruction_item where item = ? and waits = 1`, item)
	return destruction, waits, err
}
