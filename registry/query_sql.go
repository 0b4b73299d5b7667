package registry

import (
	"blanko/jobs"
	"blanko/store"
)

func applicationsByAge(tx *store.Tx, s State, after Seen, limit int) ([]Application, error) {
	if after == (Seen{}) {
		return applicationList(tx, `where state = ? order by since, id limit ?`, s, limit)
	}
	at := store.Micros(after.At)
	return applicationList(tx, `where state = ? and since >= ? and (since > ? or id > ?) order by since, id limit ?`, s, at, at, after.ID, limit)
}

func applicationsByArrival(tx *store.Tx, after Seen, limit int) ([]Application, error) {
	if after == (Seen{}) {
		return applicationList(tx, `order by received_at desc, id limit ?`, limit)
	}
	at := store.Micros(after.At)
	return applicationList(tx, `where received_at <= ? and (received_at < ? or id > ?) order by received_at desc, id limit ?`, at, at, after.ID, limit)
}

func recordsWanted(tx *store.Tx, limit int) (list []ApplicationID, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var id ApplicationID
		err := scan(&id)
		list = append(list, id)
		return err
	}, `select application from card_order where state = 'waiting' and (needs_record = 1 or valid_until > 0 and valid_until <= ?)
		order by priority desc, due, seq limit ?`, store.Micros(tx.Now()), limit)
	return list, err
}

// applicationCounts are by states, from the tally.
func applicationCounts(tx *store.Tx) (map[State]int, error) {
	return counts[State](tx, `select word, sum(n) from tally where subject = 'application' group by word`)
}

// queueLength takes the orders that wait from the tally: each belongs to an application that is queued or on hold, and of
// these only the few that a line has prepared do not wait.
func queueLength(tx *store.Tx) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select (select coalesce(sum(n), 0) from tally where subject = 'application' and word in (?, ?)) -
		(select count(*) from card_order where state = 'leased' and pinned = 0)`, Queued, OnHold)
	return n, err
}

// summary reads the tally for what has come to rest and counts the few that have not.
func summary(tx *store.Tx) (s Summary, err error) {
	if s.Applications, err = applicationCounts(tx); err != nil {
		return s, err
	}
	if s.Attempts, err = counts[jobs.State](tx, `select state, sum(n) from (
			select word as state, n from tally where subject = 'attempt'
			union all select state, 1 from attempt where ended = 0
		) as attempts group by state`); err != nil {
		return s, err
	}
	if s.Cards, err = counts[CardState](tx, `select word, n from tally where subject = 'card'`); err != nil {
		return s, err
	}
	s.InDoubt, s.Lost = s.Attempts[jobs.InDoubt], s.Attempts[jobs.Lost]
	if _, err = tx.Get([]any{&s.Made, &s.Matched, &s.EqualByHash}, `select coalesce(sum(n), 0),
			coalesce(sum(case when match = 'matched_1_1' then n else 0 end), 0), coalesce(sum(case when match = 'equal_by_hash' then n else 0 end), 0)
		from tally where subject = 'attempt' and word not in ('spoiled', 'revoked', 'lost', 'void')`); err != nil {
		return s, err
	}
	if s.Spoiled, err = causes(tx, jobs.Spoiled); err != nil {
		return s, err
	}
	if s.Blocked, err = causes(tx, jobs.Revoked); err != nil {
		return s, err
	}
	if _, err = tx.Get([]any{&s.Reports}, `select count(*) from outbox where delivered_at = 0`); err != nil {
		return s, err
	}
	_, err = tx.Get([]any{&s.Refused}, `select coalesce(sum(n), 0) from tally where subject = 'refusal'`)
	return s, err
}

func counts[S ~string](tx *store.Tx, query string, args ...any) (map[S]int, error) {
	m := map[S]int{}
	err := tx.Each(func(scan func(...any) error) error {
		var s S
		var n int
		err := scan(&s, &n)
		m[s] = n
		return err
	}, query, args...)
	return m, err
}

func causes(tx *store.Tx, s jobs.State) (list []CountByCause, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c CountByCause
		err := scan(&c.Cause, &c.Count)
		list = append(list, c)
		return err
	}, `select cause, sum(n) from (
			select cause, n from tally where subject = 'attempt' and word = ?
			union all select cause, 1 from attempt where ended = 0 and state = ?
		) as attempts group by cause order by sum(n) desc, cause`, s, s)
	return list, err
}
