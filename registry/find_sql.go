package registry

import "blanko/store"

func applicationsMeant(tx *store.Tx, id, chip string, person []byte, limit int) (list []ApplicationID, err error) {
	if person == nil {
		person = []byte{}
	}
	err = tx.Each(func(scan func(...any) error) error {
		var id ApplicationID
		err := scan(&id)
		list = append(list, id)
		return err
	}, `select id from application where id = ? or id in (select application from intake where receipt = ?)
		or id in (select application from card where chip = ?) or person = ? order by received_at desc, id limit ?`, id, id, chip, person, limit)
	return list, err
}
