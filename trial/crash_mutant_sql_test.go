package trial

import (
	"blanko/ktp"
	"blanko/store"
)

// callSpoiled ends an attempt as if its chip had never been active.
func callSpoiled(tx *store.Tx, id ktp.AttemptID) error {
	_, err := tx.Exec(`update attempt set state = 'spoiled', successor = 0, ended = 1, ended_at = started_at where id = ?`, id.String())
	return err
}

// loseQuietly declares a card lost and frees the person's place, and leaves the card in the register.
func loseQuietly(tx *store.Tx, id ktp.AttemptID) error {
	for _, text := range []string{
		`update attempt set state = 'lost', successor = 0, ended = 1, ended_at = started_at where id = ?`,
		`update application set state = 'queued' where id = (select application from attempt where id = ?)`,
		`update card_order set state = 'waiting', attempt = '', line = '', pinned = 0 where attempt = ?`,
	} {
		if _, err := tx.Exec(text, id.String()); err != nil {
			return err
		}
	}
	return nil
}
