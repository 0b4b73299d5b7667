package registry

import "blanko/store"

func feedCursor(tx *store.Tx, office string) (cursor string, err error) {
	_, err = tx.Get([]any{&cursor}, `select cursor from feed_cursor where office = ?`, office)
	return cursor, err
}

func keepFeedCursor(tx *store.Tx, office, cursor string) error {
	_, err := tx.Exec(`insert into feed_cursor (office, cursor, at) values (?, ?, ?)
		on conflict (office) do update set cursor = excluded.cursor, at = excluded.at`, office, cursor, store.Micros(tx.Now()))
	return err
}
