package access

import (
	"time"

	"blanko/store"
)

// Session is one browser at the console.
type Session struct {
	Hash      string // of what the browser shows
	Person    string // empty: nobody has signed in yet
	Data      string // of the console; nothing secret
	OpenedAt  time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Save writes a session, and forgets those that have run out.
func (s Session) Save(tx *store.Tx) error {
	if err := endExpired(tx); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into session (hash, person, data, opened_at, seen_at, expires_at) values (?, ?, ?, ?, ?, ?)
		on conflict (hash) do update set person = excluded.person, data = excluded.data, seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
		s.Hash, s.Person, s.Data, store.Micros(tx.Now()), store.Micros(tx.Now()), store.Micros(s.ExpiresAt))
	return err
}

// endExpired forgets the sessions that have run out, and notes whose they were.
func endExpired(tx *store.Tx) error {
	over, err := sessions(tx, `where expires_at < ? order by hash`, store.Micros(tx.Now()))
	if err != nil || len(over) == 0 {
		return err
	}
	for _, s := range over {
		if s.Person == "" {
			continue
		}
		if err := (SignIn{Person: s.Person, Outcome: SignInEnded}).Save(tx); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`delete from session where expires_at < ?`, store.Micros(tx.Now()))
	return err
}

// SessionByHash finds a session that has not run out.
func SessionByHash(tx *store.Tx, hash string) (Session, bool, error) {
	list, err := sessions(tx, `where hash = ? and expires_at >= ?`, hash, store.Micros(tx.Now()))
	if err != nil || len(list) == 0 {
		return Session{}, false, err
	}
	return list[0], true, nil
}

// SessionsOf are the open sessions of a person, oldest first.
func SessionsOf(tx *store.Tx, person string) ([]Session, error) {
	return sessions(tx, `where person = ? and person <> '' and expires_at >= ? order by opened_at, hash`, person, store.Micros(tx.Now()))
}

func sessions(tx *store.Tx, where string, args ...any) (list []Session, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s Session
		var opened, seen, expires int64
		err := scan(&s.Hash, &s.Person, &s.Data, &opened, &seen, &expires)
		s.OpenedAt, s.SeenAt, s.ExpiresAt = store.Time(opened), store.Time(seen), store.Time(expires)
		list = append(list, s)
		return err
	}, `select hash, person, data, opened_at, seen_at, expires_at from session `+where, args...)
	return list, err
}

// EndSession forgets one session.
func EndSession(tx *store.Tx, hash string) error {
	_, err := tx.Exec(`delete from session where hash = ?`, hash)
	return err
}

// EndSessions forgets every session of a person, and notes it where there was one.
func EndSessions(tx *store.Tx, person string) error {
	open, err := SessionsOf(tx, person)
	if err == nil && len(open) > 0 {
		err = SignIn{Person: person, Outcome: SignInEnded}.Save(tx)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`delete from session where person = ? and person <> ''`, person)
	return err
}

// SignInOutcome is how a try to sign in went.
type SignInOutcome string

const (
	SignInOpened  SignInOutcome = "opened"
	SignInRefused SignInOutcome = "refused"
	SignInLocked  SignInOutcome = "locked"
	SignInEnded   SignInOutcome = "ended"
)

// SignIn is one try of a person to sign in.
type SignIn struct {
	Person  string
	At      time.Time
	Outcome SignInOutcome
	Address string // of the machine it came from
}

// signInsKept is how long tries are kept.
const signInsKept = 180 * 24 * time.Hour

// Save writes a try, at the time of the transaction.
func (s SignIn) Save(tx *store.Tx) error {
	if _, err := tx.Exec(`delete from sign_in where person = ? and at < ?`, s.Person, store.Micros(tx.Now().Add(-signInsKept))); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into sign_in (person, at, n, outcome, address)
		select ?, ?, coalesce(max(n), 0) + 1, ?, ? from sign_in where person = ? and at = ?`,
		s.Person, store.Micros(tx.Now()), s.Outcome, s.Address, s.Person, store.Micros(tx.Now()))
	return err
}

// SignInsOf are the newest tries of a person.
func SignInsOf(tx *store.Tx, person string, limit int) (list []SignIn, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		s := SignIn{Person: person}
		var at int64
		err := scan(&at, &s.Outcome, &s.Address)
		s.At = store.Time(at)
		list = append(list, s)
		return err
	}, `select at, outcome, address from sign_in where person = ? order by at desc, n desc limit ?`, person, limit)
	return list, err
}
