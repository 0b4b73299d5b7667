package jobs

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

const attemptColumns = `id, card_order, application, person, line, kind, state, coalesce(chip, ''), fed, successor, condemned, ended, cause, match, score, place, started_at, ended_at`

func scanAttempt(scan func(...any) error) (a Attempt, err error) {
	var id string
	var started, ended int64
	if err = scan(&id, &a.Order, &a.Application, &a.Person, &a.Line, &a.Kind, &a.State, &a.Chip, &a.Fed, &a.Successor,
		&a.Condemned, &a.Ended, &a.Cause, &a.Match, &a.Score, &a.Place, &started, &ended); err != nil {
		return a, err
	}
	a.StartedAt, a.EndedAt = store.Time(started), store.Time(ended)
	a.ID, err = ktp.ParseAttemptID(id)
	return a, err
}

func (a Attempt) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into attempt (id, card_order, application, person, line, kind, state, chip, fed, successor, condemned, ended,
			cause, match, score, place, started_at, ended_at)
		values (?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID.String(), a.Order, a.Application, a.Person, a.Line, a.Kind, a.State, a.Chip, a.Fed, a.Successor, a.Condemned, a.Ended,
		a.Cause, a.Match, a.Score, a.Place, store.Micros(a.StartedAt), store.Micros(a.EndedAt))
	return err
}

// Save writes back what may change of an attempt.
func (a Attempt) Save(tx *store.Tx) error {
	_, err := tx.Exec(`update attempt set state = ?, chip = nullif(?, ''), fed = ?, successor = ?, condemned = ?, ended = ?,
		cause = ?, match = ?, score = ?, place = ?, ended_at = ? where id = ?`,
		a.State, a.Chip, a.Fed, a.Successor, a.Condemned, a.Ended, a.Cause, a.Match, a.Score, a.Place, store.Micros(a.EndedAt), a.ID.String())
	return err
}

// AttemptByID reads one attempt; jobs.attempt_unknown when there is none.
func AttemptByID(tx *store.Tx, id ktp.AttemptID) (Attempt, error) {
	list, err := attempts(tx, `where id = ?`, id.String())
	if err == nil && len(list) == 0 {
		err = attemptUnknown.At("jobs.AttemptByID", nil).With("attempt", "%s", id)
	}
	if err != nil {
		return Attempt{}, err
	}
	return list[0], nil
}

// AttemptsFor reads the attempts of an application, oldest first.
func AttemptsFor(tx *store.Tx, application string) ([]Attempt, error) {
	return attempts(tx, `where application = ?`, application)
}

// AttemptsOn reads the attempts under way on a line, oldest first.
func AttemptsOn(tx *store.Tx, line LineID) ([]Attempt, error) {
	return attempts(tx, `where line = ? and ended = 0`, line)
}

// AttemptsUnended reads the attempts of every line that have not ended, oldest first.
func AttemptsUnended(tx *store.Tx) ([]Attempt, error) {
	return attempts(tx, tx.By("attempt_open")+` where ended = 0`)
}

// AttemptsIn reads the attempts in a state, "" for all, oldest first.
func AttemptsIn(tx *store.Tx, s State) ([]Attempt, error) {
	var w store.Where
	w.If(string(s), `state = ?`, s)
	return attempts(tx, w.Text(), w.Args()...)
}

// AttemptFilter says which attempts are asked for.
type AttemptFilter struct {
	State State     // "": any
	Line  LineID    // "": any
	Since time.Time // of the start
	Until time.Time // before then; zero: up to now
	// Of the last one seen.
	Started time.Time
	ID      ktp.AttemptID
	Limit   int
}

// AttemptsBehind reads attempts behind one that was seen, oldest first.
func AttemptsBehind(tx *store.Tx, f AttemptFilter) (list []Attempt, err error) {
	if f.Since.After(f.Started) {
		f.Started, f.ID = f.Since, ktp.AttemptID{}
	}
	var w store.Where
	w.If(string(f.State), `state = ?`, f.State)
	w.If(string(f.Line), `line = ?`, f.Line)
	w.And(`(started_at, id) > (?, ?)`, store.Micros(f.Started), attemptText(f.ID))
	if !f.Until.IsZero() {
		w.And(`started_at < ?`, store.Micros(f.Until))
	}
	return attemptsBy(tx, w.Text()+` order by started_at, id limit ?`, w.Args(f.Limit)...)
}

// AttemptBefore reads the newest attempt of the line that used a blank before attempt a did.
func AttemptBefore(tx *store.Tx, a Attempt) (Attempt, bool, error) {
	list, err := attempts(tx, `where line = ? and fed = 1 and id = (
		select j.attempt from journal j join attempt b on b.id = j.attempt
		where b.line = ? and b.fed = 1 and j.step = 'feed' and j.phase = 'intent' and j.id < (
			select coalesce(min(id), 0) from journal where attempt = ? and step = 'feed' and phase = 'intent')
		and j.attempt <> ?
		order by j.id desc limit 1)`, a.Line, a.Line, a.ID.String(), a.ID.String())
	if err != nil || len(list) == 0 {
		return Attempt{}, false, err
	}
	return list[0], true, nil
}

// AttemptsAfter reads the attempts of the line that used a blank after attempt a did, oldest first.
func AttemptsAfter(tx *store.Tx, a Attempt) ([]Attempt, error) {
	return attempts(tx, `where line = ? and fed = 1 and id in (
		select attempt from journal where step = 'feed' and phase = 'intent' and attempt <> ? and id > (
			select min(id) from journal where attempt = ? and step = 'feed' and phase = 'intent'))`, a.Line, a.ID.String(), a.ID.String())
}

// NewestWrong reads the newest attempt of a line whose card and person did not belong together.
func NewestWrong(tx *store.Tx, line LineID) (Attempt, bool, error) {
	list, err := attemptsBy(tx, `where line = ? and match = ? order by started_at desc, id desc limit 1`, line, WrongPerson)
	if err != nil || len(list) == 0 {
		return Attempt{}, false, err
	}
	return list[0], true, nil
}

func attempts(tx *store.Tx, where string, args ...any) (list []Attempt, err error) {
	return attemptsBy(tx, where+` order by started_at, id`, args...)
}

func attemptsBy(tx *store.Tx, rest string, args ...any) (list []Attempt, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		a, err := scanAttempt(scan)
		list = append(list, a)
		return err
	}, `select `+attemptColumns+` from attempt `+rest, args...)
	return list, err
}

// EndedSince counts the attempts of a line that ended since a time, by their states.
func EndedSince(tx *store.Tx, line LineID, since time.Time) (map[State]int, error) {
	counts := map[State]int{}
	err := tx.Each(func(scan func(...any) error) error {
		var s State
		var n int
		err := scan(&s, &n)
		counts[s] = n
		return err
	}, `select state, count(*) from attempt where line = ? and ended = 1 and ended_at >= ? group by state`, line, store.Micros(since))
	return counts, err
}
