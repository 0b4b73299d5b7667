package registry

import "blanko/store"

const confirmationColumns = `application, number, hash, at, actor, method`

func (c Confirmation) insert(tx *store.Tx, proof []byte) error {
	_, err := tx.Exec(`insert into confirmation (`+confirmationColumns+`, sealed_proof) values (?, ?, ?, ?, ?, ?, ?)`,
		c.Application, c.Number, c.Hash, store.Micros(c.At), c.Actor, c.Method, sealedProof.SealBytes(proof, c.Application, c.Number))
	return err
}

func confirmations(tx *store.Tx, where string, args ...any) (list []Confirmation, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Confirmation
		var at int64
		err := scan(&c.Application, &c.Number, &c.Hash, &at, &c.Actor, &c.Method)
		c.At = store.Time(at)
		list = append(list, c)
		return err
	}, `select `+confirmationColumns+` from confirmation `+where, args...)
	return list, err
}

func confirmationProof(tx *store.Tx, id ApplicationID, number int) (proof []byte, err error) {
	_, err = tx.Get([]any{sealedProof.OpenBytes(&proof, id, number)}, `select sealed_proof from confirmation where application = ? and number = ?`, id, number)
	return proof, err
}

// confirmationOf is the newest of an application.
func confirmationOf(tx *store.Tx, id ApplicationID) (Confirmation, bool, error) {
	list, err := confirmations(tx, `where application = ? order by number desc limit 1`, id)
	if err != nil || len(list) == 0 {
		return Confirmation{}, false, err
	}
	return list[0], true, nil
}
