package registry

import (
	"encoding/json"

	"blanko/store"
)

const handoverColumns = `application, chip, at, actor, second, exception, matched, old_card, sealed_to`

func handovers(tx *store.Tx, where string, args ...any) (list []Handover, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var h Handover
		var at int64
		var to string
		if err := scan(&h.Application, &h.Chip, &at, &h.Actor, &h.Second, &h.Exception, &h.Matched, &h.Old, sealedProxy.Open(&to, &h.Application)); err != nil {
			return err
		}
		h.At = store.Time(at)
		list = append(list, h)
		if to == "" {
			return nil
		}
		return json.Unmarshal([]byte(to), &list[len(list)-1].Proxy)
	}, `select `+handoverColumns+` from handover `+where, args...)
	return list, err
}

func handoverOf(tx *store.Tx, id ApplicationID) (Handover, bool, error) {
	list, err := handovers(tx, `where application = ?`, id)
	if err != nil || len(list) == 0 {
		return Handover{}, false, err
	}
	return list[0], true, nil
}

func (h Handover) save(tx *store.Tx) error {
	to := ""
	if h.Proxy != (Proxy{}) {
		text, err := json.Marshal(h.Proxy)
		if err != nil {
			return err
		}
		to = string(text)
	}
	_, err := tx.Exec(`insert into handover (`+handoverColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (application) do update set chip = excluded.chip, at = excluded.at, actor = excluded.actor, second = excluded.second,
			exception = excluded.exception, matched = excluded.matched, old_card = excluded.old_card, sealed_to = excluded.sealed_to`,
		h.Application, h.Chip, store.Micros(h.At), h.Actor, h.Second, h.Exception, h.Matched, h.Old, sealedProxy.Seal(to, h.Application))
	return err
}

func (f ForeignCard) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into foreign_card (id, kind, chip, application, state, at, actor, sealed_detail) values (?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state`, f.ID, f.Kind, f.Chip, f.Application, f.State, store.Micros(f.At), f.Actor, sealedForeign.Seal(f.Detail, f.ID))
	return err
}

func foreignCards(tx *store.Tx, where string, args ...any) (list []ForeignCard, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var f ForeignCard
		var at int64
		err := scan(&f.ID, &f.Kind, &f.Chip, &f.Application, &f.State, &at, &f.Actor, sealedForeign.Open(&f.Detail, &f.ID))
		f.At = store.Time(at)
		list = append(list, f)
		return err
	}, `select id, kind, chip, application, state, at, actor, sealed_detail from foreign_card `+where, args...)
	return list, err
}
