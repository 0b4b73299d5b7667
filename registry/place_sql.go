package registry

import "blanko/store"

const placeColumns = `id, kind, name, parent, region, active, since`

func places(tx *store.Tx, where string, args ...any) (list []Place, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var p Place
		var since int64
		err := scan(&p.ID, &p.Kind, &p.Name, &p.Parent, &p.Region, &p.Active, &since)
		p.Since = store.Time(since)
		list = append(list, p)
		return err
	}, `select `+placeColumns+` from place `+where, args...)
	return list, err
}

func placeByID(tx *store.Tx, id string) (Place, bool, error) {
	list, err := places(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Place{}, false, err
	}
	return list[0], true, nil
}

// placeByName finds a place by its id, or by the code of its region.
func placeByName(tx *store.Tx, name string) (Place, bool, error) {
	list, err := places(tx, `where id = ? or region = ? and kind in ('dinas', 'kecamatan', 'kelurahan')
		order by case when id = ? then 0 else 1 end, id limit 1`, name, name, name)
	if err != nil || len(list) == 0 {
		return Place{}, false, err
	}
	return list[0], true, nil
}

func (p Place) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into place (`+placeColumns+`) values (?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set kind = excluded.kind, name = excluded.name, parent = excluded.parent, region = excluded.region,
			active = excluded.active, since = excluded.since`,
		p.ID, p.Kind, p.Name, p.Parent, p.Region, p.Active, store.Micros(p.Since))
	return err
}

func keepDelivery(tx *store.Tx, id ApplicationID, place, actor string) error {
	_, err := tx.Exec(`insert into delivery (application, place, at, actor) values (?, ?, ?, ?)
		on conflict (application) do update set place = excluded.place, at = excluded.at, actor = excluded.actor`,
		id, place, store.Micros(tx.Now()), actor)
	return err
}

// deliveryFor lists what was asked for, the strongest wish first.
func deliveryFor(tx *store.Tx, id ApplicationID) (list []string, err error) {
	for _, query := range []string{
		`select place from delivery where application = ?`,
		`select delivery from intake where application = ?`,
		`select delivery_office from record where application = ?`,
	} {
		var place string
		found, err := tx.Get([]any{&place}, query, id)
		if err != nil {
			return nil, err
		}
		if found && place != "" {
			list = append(list, place)
		}
	}
	return list, nil
}
