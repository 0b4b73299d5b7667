package registry

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

// chipChallenge waits for the answer of a chip.
type chipChallenge struct {
	challenge []byte
	person    string
	chip      ktp.ChipUID
	expires   time.Time
}

// save writes a challenge, and forgets those that have run out.
func (c chipChallenge) save(tx *store.Tx) error {
	if _, err := tx.Exec(`delete from chip_challenge where expires_at < ?`, store.Micros(tx.Now())); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into chip_challenge (challenge, person, chip, expires_at) values (?, ?, ?, ?)`, c.challenge, c.person, c.chip, store.Micros(c.expires))
	return err
}

// takeChallenge forgets a challenge of a person for a chip, and says until when it may be answered.
func takeChallenge(tx *store.Tx, challenge []byte, person string, chip ktp.ChipUID) (until time.Time, open bool, err error) {
	var expires int64
	open, err = tx.Get([]any{&expires}, `select expires_at from chip_challenge where challenge = ? and person = ? and chip = ?`, challenge, person, chip)
	if err != nil || !open {
		return until, false, err
	}
	_, err = tx.Exec(`delete from chip_challenge where challenge = ?`, challenge)
	return store.Time(expires), true, err
}
