package access

import (
	"encoding/json"

	"blanko/store"
)

var (
	sealedName  = store.TextColumn("person", "sealed_name", "id")
	sealedCodes = store.TextColumn("credential", "totp", "person")
)

// SealedColumns are those of this room that hold the data of persons and their secrets.
func SealedColumns() []store.Column { return []store.Column{sealedName, sealedCodes} }

const personColumns = `id, sealed_name, roles, place, active, since`

func scanPerson(scan func(...any) error) (p Person, err error) {
	var roles string
	var since int64
	if err = scan(&p.ID, sealedName.Open(&p.Name, &p.ID), &roles, &p.Place, &p.Active, &since); err != nil {
		return p, err
	}
	p.Since = store.Time(since)
	return p, json.Unmarshal([]byte(roles), &p.Roles)
}

// PersonByID finds a person.
func PersonByID(tx *store.Tx, id string) (Person, bool, error) {
	list, err := persons(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Person{}, false, err
	}
	return list[0], true, nil
}

// Persons are those behind an id, in the order of their ids.
func Persons(tx *store.Tx, after string, limit int) ([]Person, error) {
	return persons(tx, `where id > ? order by id limit ?`, after, limit)
}

func persons(tx *store.Tx, where string, args ...any) (list []Person, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		p, err := scanPerson(scan)
		list = append(list, p)
		return err
	}, `select `+personColumns+` from person `+where, args...)
	return list, err
}

// Save writes a person.
func (p Person) Save(tx *store.Tx) error {
	roles, err := json.Marshal(p.Roles)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into person (`+personColumns+`) values (?, ?, ?, ?, ?, ?)
		on conflict (id) do update set sealed_name = excluded.sealed_name, roles = excluded.roles, place = excluded.place,
			active = excluded.active, since = excluded.since`,
		p.ID, sealedName.Seal(p.Name, p.ID), string(roles), p.Place, p.Active, store.Micros(p.Since))
	return err
}
