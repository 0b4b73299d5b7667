package registry

import "blanko/store"

// inspectable queries what of a kind is here and can be asked for.
var inspectableQueries = map[string]string{
	"card": `select b.chip, b.place from blank b join card c on c.chip = b.chip
		where c.state in ('made', 'retired') and b.place not in ('holder', 'destroyed', 'lost', 'elsewhere')`,
	"blank": `select b.chip, b.place from blank b where b.chip is not null and not exists (select 1 from card c where c.chip = b.chip) and (b.place = 'store' or b.place like 'hopper/%' or b.place in ('spoiled', 'quarantine') or b.place like 'reject/%')`,
	"roll":  `select serial, ` + rollPlace + ` from roll where state in ('store', 'fitted', 'removed')`,
}

func inspectable(tx *store.Tx, kind string) (list []InspectedItem, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		i := InspectedItem{Kind: kind}
		err := scan(&i.Item, &i.Place)
		list = append(list, i)
		return err
	}, inspectableQueries[kind])
	return list, err
}

func (i Inspection) insert(tx *store.Tx) error {
	if _, err := tx.Exec(`insert into inspection (id, seed, state, drawn_by, drawn_at, closed_at) values (?, ?, ?, ?, ?, 0)`,
		i.ID, i.Seed, i.State, i.DrawnBy, store.Micros(i.DrawnAt)); err != nil {
		return err
	}
	for _, x := range i.Items {
		if _, err := tx.Exec(`insert into inspection_item (inspection, item, kind, place, presented_at, presented_by) values (?, ?, ?, ?, 0, '')`,
			i.ID, x.Item, x.Kind, x.Place); err != nil {
			return err
		}
	}
	return nil
}

func inspectionByID(tx *store.Tx, id string) (i Inspection, found bool, err error) {
	var drawn, closed int64
	found, err = tx.Get([]any{&i.ID, &i.Seed, &i.State, &i.DrawnBy, &drawn, &closed}, `select id, seed, state, drawn_by, drawn_at, closed_at from inspection where id = ?`, id)
	if err != nil || !found {
		return i, found, err
	}
	i.DrawnAt, i.ClosedAt = store.Time(drawn), store.Time(closed)
	return i, true, tx.Each(func(scan func(...any) error) error {
		var x InspectedItem
		var at int64
		err := scan(&x.Item, &x.Kind, &x.Place, &at, &x.PresentedBy)
		x.PresentedAt = store.Time(at)
		i.Items = append(i.Items, x)
		return err
	}, `select item, kind, place, presented_at, presented_by from inspection_item where inspection = ? order by kind, item`, id)
}

func inspectionIDs(tx *store.Tx, where string, args ...any) (ids []string, err error) {
	return ids, tx.Each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `select id from inspection `+where, args...)
}

func presentItem(tx *store.Tx, inspection, item, by string) error {
	_, err := tx.Exec(`update inspection_item set presented_at = ?, presented_by = ? where inspection = ? and item = ?`, store.Micros(tx.Now()), by, inspection, item)
	return err
}

func closeInspection(tx *store.Tx, id string) error {
	_, err := tx.Exec(`update inspection set state = 'closed', closed_at = ? where id = ?`, store.Micros(tx.Now()), id)
	return err
}
