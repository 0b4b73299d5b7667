package registry

import (
	"strings"

	"blanko/store"
)

const listColumns = `version, state, residents, root, changed_at, changed_by`

func (l ResidentList) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into resident_list (`+listColumns+`) values (?, ?, ?, ?, ?, ?)
		on conflict (version) do update set state = excluded.state, residents = excluded.residents, root = excluded.root,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		l.Version, l.State, l.Residents, l.Root[:], store.Micros(l.ChangedAt), l.ChangedBy)
	return err
}

func residentLists(tx *store.Tx, where string, args ...any) (lists []ResidentList, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var l ResidentList
		var root []byte
		var changed int64
		if err := scan(&l.Version, &l.State, &l.Residents, &root, &changed, &l.ChangedBy); err != nil {
			return err
		}
		copy(l.Root[:], root)
		l.ChangedAt = store.Time(changed)
		lists = append(lists, l)
		return nil
	}, `select `+listColumns+` from resident_list `+where, args...)
	return lists, err
}

func oneList(tx *store.Tx, where string, args ...any) (ResidentList, bool, error) {
	lists, err := residentLists(tx, where, args...)
	if err != nil || len(lists) == 0 {
		return ResidentList{}, false, err
	}
	return lists[0], true, nil
}

func listByVersion(tx *store.Tx, version string) (ResidentList, bool, error) {
	return oneList(tx, `where version = ?`, version)
}

func listInUse(tx *store.Tx) (ResidentList, bool, error) {
	return oneList(tx, `where state = 'in use'`)
}

// residentsAtOnce is how many rows one statement inserts; SQLite takes 32,766 values, PostgreSQL 65,535.
const residentsAtOnce = 500

// insertResidents writes rows; taken is the index of the first whose id or person is there already,
// -1 when none is.
func insertResidents(tx *store.Tx, list string, rows []keptResident) (taken int, err error) {
	seen, ids := map[string]bool{}, map[string]bool{}
	for i, r := range rows {
		if seen[string(r.person)] || ids[r.id] {
			return i, nil
		}
		seen[string(r.person)], ids[r.id] = true, true
	}
	for at := 0; at < len(rows); at += residentsAtOnce {
		part := rows[at:min(at+residentsAtOnce, len(rows))]
		const one = `(?, ?, ?, ?, ?, ?)`
		args := make([]any, 0, 6*len(part))
		for _, r := range part {
			args = append(args, list, r.id, r.person, r.region, r.addedBy, sealedResident.Seal(r.sealed, list, r.id))
		}
		n, err := tx.Exec(`insert into resident (list, id, person, region, added_by, sealed_person) values `+
			strings.Repeat(one+", ", len(part)-1)+one+` on conflict do nothing`, args...)
		if err != nil {
			return -1, err
		}
		if int(n) < len(part) {
			i, err := firstTaken(tx, list, part)
			return at + i, err
		}
	}
	return -1, nil
}

// firstTaken finds which of some rows was not written as it is.
func firstTaken(tx *store.Tx, list string, rows []keptResident) (int, error) {
	for i, r := range rows {
		var there string
		found, err := tx.Get([]any{sealedResident.Open(&there, list, r.id)}, `select sealed_person from resident where list = ? and id = ? and person = ?`, list, r.id, r.person)
		if err != nil {
			return 0, err
		}
		if !found || there != r.sealed {
			return i, nil
		}
	}
	return 0, nil
}

func residents(tx *store.Tx, where string, args ...any) (rows []Resident, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var list, id, text string
		if err := scan(&list, &id, sealedResident.Open(&text, &list, &id)); err != nil {
			return err
		}
		var r Resident
		err := unsealed(text, &r)
		rows = append(rows, r)
		return err
	}, `select list, id, sealed_person from resident `+where, args...)
	return rows, err
}

// forgetResidents removes the rows of a list that no application was matched to.
func forgetResidents(tx *store.Tx, list string) (int64, error) {
	return tx.Exec(`delete from resident where list = ? and id not in (select resident from intake where list = ?)`, list, list)
}
