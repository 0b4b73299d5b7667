package registry

import (
	"blanko/registry/standard"
	"blanko/store"
)

func standardText(tx *store.Tx, where string, args ...any) (hash, content string, found bool, err error) {
	found, err = tx.Get([]any{&hash, &content}, `select hash, content from standard_version `+where, args...)
	return hash, content, found, err
}

func keepStandard(tx *store.Tx, s standard.Standard, content, changedBy, approvedBy string) error {
	_, err := tx.Exec(`insert into standard_version (id, version, hash, content, changed_by, approved_by, active_from) values (?, ?, ?, ?, ?, ?, ?)`,
		s.ID, s.Version, s.Hash(), content, changedBy, approvedBy, store.Micros(tx.Now()))
	return err
}

func standardVersions(tx *store.Tx, limit int) (list []StandardVersion, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var v StandardVersion
		var from int64
		err := scan(&v.ID, &v.Version, &v.Hash, &v.ChangedBy, &v.ApprovedBy, &from)
		v.ActiveFrom = store.Time(from)
		list = append(list, v)
		return err
	}, `select id, version, hash, changed_by, approved_by, active_from from standard_version order by seq desc limit ?`, limit)
	return list, err
}
