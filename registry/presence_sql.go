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

// cardShown is when the chip of a card answered for somebody last.
type cardShown struct {
	chip    ktp.ChipUID
	person  string
	session string
	at      time.Time
}

// shownKept is how long it is kept: longer than any service standard lets it count.
const shownKept = 24 * time.Hour

func (c cardShown) save(tx *store.Tx) error {
	if _, err := tx.Exec(`delete from card_shown where at < ?`, store.Micros(c.at.Add(-shownKept))); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into card_shown (chip, person, session, at) values (?, ?, ?, ?)
		on conflict (chip, person, session) do update set at = excluded.at`, c.chip, c.person, c.session, store.Micros(c.at))
	return err
}

// lastShown is when a chip answered last for the session of somebody, or for any of theirs. Who is signed in by
// nothing that ends has none.
func lastShown(tx *store.Tx, chip ktp.ChipUID, who Actor, anySession bool) (at time.Time, found bool, err error) {
	var micros int64
	if anySession {
		found, err = tx.Get([]any{&micros}, `select at from card_shown where chip = ? and person = ? order by at desc limit 1`, chip, who.ID)
	} else if who.Session != "" {
		found, err = tx.Get([]any{&micros}, `select at from card_shown where chip = ? and person = ? and session = ?`, chip, who.ID, who.Session)
	}
	return store.Time(micros), found, err
}
