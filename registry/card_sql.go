package registry

import (
	"blanko/ktp"
	"blanko/store"
)

const cardColumns = `chip, attempt, application, person, state, held, cause, made_at, in_force_at, retired_at, passed_on_at`

func (c Card) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into card (`+cardColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (chip) do update set state = excluded.state, held = excluded.held, cause = excluded.cause,
			in_force_at = excluded.in_force_at, retired_at = excluded.retired_at, passed_on_at = excluded.passed_on_at`,
		c.Chip, c.Attempt.String(), c.Application, c.person, c.State, c.Held, c.Cause, store.Micros(c.MadeAt), store.Micros(c.InForceAt), store.Micros(c.RetiredAt),
		store.Micros(c.PassedOnAt))
	return err
}

func cards(tx *store.Tx, where string, args ...any) (list []Card, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Card
		var attempt string
		var made, inForce, retired, passed int64
		if err := scan(&c.Chip, &attempt, &c.Application, &c.person, &c.State, &c.Held, &c.Cause, &made, &inForce, &retired, &passed); err != nil {
			return err
		}
		c.MadeAt, c.InForceAt, c.RetiredAt, c.PassedOnAt = store.Time(made), store.Time(inForce), store.Time(retired), store.Time(passed)
		c.Attempt, err = ktp.ParseAttemptID(attempt)
		list = append(list, c)
		return err
	}, `select `+cardColumns+` from card `+where, args...)
	return list, err
}

func oneCard(tx *store.Tx, where string, args ...any) (Card, bool, error) {
	list, err := cards(tx, where, args...)
	if err != nil || len(list) == 0 {
		return Card{}, false, err
	}
	return list[0], true, nil
}

func cardByChip(tx *store.Tx, chip ktp.ChipUID) (Card, bool, error) {
	return oneCard(tx, `where chip = ?`, chip)
}

// knownCard is cardByChip where there has to be one.
func knownCard(tx *store.Tx, op string, chip ktp.ChipUID) (Card, error) {
	c, found, err := cardByChip(tx, chip)
	if err == nil && !found {
		err = cardUnknown.At(op, nil).With("chip", "not a card of this register")
	}
	return c, err
}

func cardOf(tx *store.Tx, attempt ktp.AttemptID) (Card, bool, error) {
	return oneCard(tx, `where attempt = ?`, attempt.String())
}

// hasSuccessor reports whether an attempt for another application of the person holds a card
// that is active, or may be, and not handed over.
func hasSuccessor(tx *store.Tx, person []byte, but ApplicationID) (bool, error) {
	var n int
	_, err := tx.Get([]any{&n}, `select count(*) from attempt where person = ? and successor = 1 and application <> ?`, person, but)
	return n > 0, err
}

// madeCard reports whether the register has a card of the person that is made and not handed over, nor passed on.
func madeCard(tx *store.Tx, person []byte) (bool, error) {
	_, found, err := oneCard(tx, `where person = ? and state = 'made' and passed_on_at = 0`, person)
	return found, err
}

// newest is the order of the cards of a person, the last one first.
const newest = ` order by made_at desc, passed_on_at desc, chip`

// outsideOf are the cards of a person that are outside, the newest first: one in force, and those that another Dinas
// has.
func outsideOf(tx *store.Tx, person []byte) ([]Card, error) {
	return cards(tx, `where person = ? and (state = 'in force' or state = 'made' and passed_on_at > 0)`+newest, person)
}
