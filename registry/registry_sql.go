package registry

import (
	"encoding/json"

	"blanko/store"
)

func secret(tx *store.Tx, name string) (value []byte, err error) {
	_, err = tx.Get([]any{sealedSecret.OpenBytes(&value, name)}, `select value from secret where name = ?`, name)
	return value, err
}

func keepSecret(tx *store.Tx, name string, value []byte) error {
	_, err := tx.Exec(`insert into secret (name, value) values (?, ?)`, name, sealedSecret.SealBytes(value, name))
	return err
}

// done is an operation that was carried out under a key.
type done struct {
	Name   Name
	Actor  string
	Digest []byte
	Result Result
}

func doneUnder(tx *store.Tx, key string) (d done, found bool, err error) {
	var result string
	if found, err = tx.Get([]any{&d.Name, &d.Actor, &d.Digest, &result}, `select name, actor, digest, result from operation where key = ?`, key); err != nil || !found {
		return d, found, err
	}
	return d, true, json.Unmarshal([]byte(result), &d.Result)
}

func keepDone(tx *store.Tx, key string, d done) error {
	result, err := json.Marshal(d.Result)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into operation (key, name, actor, digest, result, at) values (?, ?, ?, ?, ?, ?)`,
		key, d.Name, d.Actor, d.Digest, string(result), store.Micros(tx.Now()))
	return err
}
