package registry

import "blanko/store"

const designColumns = `kind, name, version, hash, changed_by, approved_by, approved_at, signature`

func designs(tx *store.Tx, where string, args ...any) (list []Design, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d Design
		var at int64
		err := scan(&d.Kind, &d.Name, &d.Version, &d.Hash, &d.ChangedBy, &d.ApprovedBy, &at, &d.Signature)
		d.ApprovedAt = store.Time(at)
		list = append(list, d)
		return err
	}, `select `+designColumns+` from design `+where, args...)
	return list, err
}

func designInForce(tx *store.Tx, kind, name string) (Design, bool, error) {
	list, err := designs(tx, `where kind = ? and name = ? order by seq desc limit 1`, kind, name)
	if err != nil || len(list) == 0 {
		return Design{}, false, err
	}
	return list[0], true, nil
}

// designByHash finds a version that may be used now.
func designByHash(tx *store.Tx, kind, hash string) (bool, error) {
	list, err := designs(tx, `where kind = ? and hash = ? and seq in (select max(seq) from design group by kind, name)`, kind, hash)
	return len(list) > 0, err
}

func (d Design) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into design (`+designColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Kind, d.Name, d.Version, d.Hash, d.ChangedBy, d.ApprovedBy, store.Micros(d.ApprovedAt), d.Signature)
	return err
}

func keepDesignPicture(tx *store.Tx, hash string, png []byte) error {
	_, err := tx.Exec(`insert into design_picture (hash, picture) values (?, ?) on conflict (hash) do update set picture = excluded.picture`, hash, png)
	return err
}

func designPicture(tx *store.Tx, hash string) (png []byte, err error) {
	err = tx.Each(func(scan func(...any) error) error { return scan(&png) }, `select picture from design_picture where hash = ?`, hash)
	return png, err
}
