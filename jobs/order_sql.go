package jobs

import (
	"time"

	"blanko/ktp"
	"blanko/store"
)

const wantedColumns = `id, application, person, state, priority, due, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq, profile`

func scanWanted(scan func(...any) error) (w Wanted, err error) {
	var due, valid, until, created int64
	var attempt string
	if err = scan(&w.ID, &w.Application, &w.Person, &w.State, &w.Priority, &due, &w.Held, &w.NeedsRecord, &valid,
		&w.Fence, &w.Line, &attempt, &until, &w.Pinned, &created, &w.Seq, &w.Profile); err != nil {
		return w, err
	}
	w.Due, w.ValidUntil, w.LeaseUntil, w.CreatedAt = store.Time(due), store.Time(valid), store.Time(until), store.Time(created)
	if attempt != "" {
		w.Attempt, err = ktp.ParseAttemptID(attempt)
	}
	return w, err
}

func attemptText(a ktp.AttemptID) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

// Want puts a new order into the queue.
func Want(tx *store.Tx, w Wanted) error {
	_, err := tx.Exec(`insert into card_order (`+wantedColumns+`)
		values (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, 0, '', '', 0, 0, ?, (select coalesce(max(seq), 0) + 1 from card_order), ?)`,
		w.ID, w.Application, w.Person, w.Priority, store.Micros(w.Due), w.Held, w.NeedsRecord, store.Micros(w.ValidUntil), store.Micros(tx.Now()), w.Profile)
	return err
}

// Save writes back what may change of an order.
func (w Wanted) Save(tx *store.Tx) error {
	_, err := tx.Exec(`update card_order set state = ?, priority = ?, due = ?, held = ?, needs_record = ?, valid_until = ?,
		fence = ?, line = ?, attempt = ?, lease_until = ?, pinned = ?, profile = ? where id = ?`,
		w.State, w.Priority, store.Micros(w.Due), w.Held, w.NeedsRecord, store.Micros(w.ValidUntil),
		w.Fence, w.Line, attemptText(w.Attempt), store.Micros(w.LeaseUntil), w.Pinned, w.Profile, w.ID)
	return err
}

// Release ends the lease: the order goes back to the queue, done or closed. An older holder is
// fenced from here on.
func (w *Wanted) Release(tx *store.Tx, to OrderState) error {
	w.State, w.Line, w.Attempt, w.LeaseUntil, w.Pinned = to, "", ktp.AttemptID{}, time.Time{}, false
	w.Fence++
	return w.Save(tx)
}

// WantedByID reads one order.
func WantedByID(tx *store.Tx, id OrderID) (Wanted, bool, error) {
	return wanted(tx, `where id = ?`, id)
}

// LockWanted is WantedByID for a transaction that writes in the name of the order's holder: whoever
// would take the order over waits until it ends.
func LockWanted(tx *store.Tx, id OrderID) (Wanted, bool, error) {
	return wanted(tx, `where id = ?`+tx.ForUpdate(), id)
}

// WantedFor reads the open order of an application.
func WantedFor(tx *store.Tx, application string) (Wanted, bool, error) {
	return wanted(tx, `where application = ? and state in ('waiting', 'leased')`, application)
}

func wanted(tx *store.Tx, where string, args ...any) (w Wanted, found bool, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		found = true
		w, err = scanWanted(scan)
		return err
	}, `select `+wantedColumns+` from card_order `+where, args...)
	return w, found, err
}

// WantedList reads orders in the order of the queue: a state or "" for all, behind a place in the queue
// or nil, at most limit.
func WantedList(tx *store.Tx, state OrderState, behind *Rank, limit int) (list []Wanted, err error) {
	read := func(condition string, args ...any) error {
		var w store.Where
		w.If(string(state), `state = ?`, state)
		if condition != "" {
			w.And(condition, args...)
		}
		return tx.Each(func(scan func(...any) error) error {
			w, err := scanWanted(scan)
			list = append(list, w)
			return err
		}, `select `+wantedColumns+` from card_order `+w.Text()+` order by priority desc, due, seq limit ?`, w.Args(limit-len(list))...)
	}
	if behind == nil {
		return list, read(``)
	}
	// Each part is one range of an index, the next one in order; one condition for all three is none.
	due := store.Micros(behind.Due)
	for _, part := range []struct {
		condition string
		args      []any
	}{
		{`priority = ? and due = ? and seq > ?`, []any{behind.Priority, due, behind.Seq}},
		{`priority = ? and due > ?`, []any{behind.Priority, due}},
		{`priority < ?`, []any{behind.Priority}},
	} {
		if len(list) < limit {
			if err := read(part.condition, part.args...); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// OldestWaiting is since when the order waits that came first; zero when none waits.
func OldestWaiting(tx *store.Tx) (time.Time, error) {
	var at int64
	if _, err := tx.Get([]any{&at}, `select coalesce(min(created_at), 0) from card_order where state = 'waiting'`); err != nil || at == 0 {
		return time.Time{}, err
	}
	return store.Time(at), nil
}

// ready picks what a line may take: waiting, or leased without an intent for longer than the
// lease; not held, its record here and valid; nobody holds another card for the person. The first
// line is the condition of the indexes card_order_ready and card_order_profile, word for word, so that both databases
// walk one of them in order and stop at the first that is ready.
const (
	ready = ` where o.state in ('waiting', 'leased') and o.held = 0 and o.needs_record = 0
	and (o.state = 'waiting' or o.state = 'leased' and o.pinned = 0 and o.lease_until < ?) and (o.valid_until = 0 or o.valid_until > ?)
	and not exists (select 1 from attempt a where a.person = o.person and a.successor = 1)`
	inTheirOrder = ` order by o.priority desc, o.due, o.seq limit 1`
)

// firstReady finds the first order that is ready at time now: one whose card is made of blanks for a profile, or any.
func firstReady(tx *store.Tx, profile string, now time.Time) (query string, args []any) {
	args = []any{store.Micros(tx.Now()), store.Micros(now)}
	if profile == "" {
		return `select o.id from card_order o` + tx.By("card_order_ready") + ready + inTheirOrder, args
	}
	return `select o.id from card_order o` + tx.By("card_order_profile") + ready + ` and o.profile = ?` + inTheirOrder, append(args, profile)
}

// Ready reports whether the queue holds an order that a line may take at time now: one whose card is made of blanks for
// a profile, or any ("").
func Ready(tx *store.Tx, profile string, now time.Time) (bool, error) {
	if err := tx.InOrder(); err != nil {
		return false, err
	}
	var id OrderID
	query, args := firstReady(tx, profile, now)
	return tx.Get([]any{&id}, query, args...)
}

// Lease gives the first order of the queue to a line for the time ttl, with a fresh attempt of id attempt: one of a
// profile, or any (""). Whether a record is valid is judged at time now, which never runs backward.
func Lease(tx *store.Tx, l Line, profile string, attempt ktp.AttemptID, ttl time.Duration, now time.Time) (w Wanted, a Attempt, found bool, err error) {
	if err = tx.InOrder(); err != nil {
		return w, a, false, err
	}
	var id OrderID
	query, args := firstReady(tx, profile, now)
	if found, err = tx.Get([]any{&id}, query+tx.SkipLocked(), args...); err != nil || !found {
		return w, a, false, err
	}
	if w, _, err = WantedByID(tx, id); err != nil {
		return w, a, false, err
	}
	if w.State == Leased {
		if err = voidAttempt(tx, w.Attempt, CauseLeaseOver); err != nil {
			return w, a, false, err
		}
	}
	w.State, w.Line, w.Attempt, w.LeaseUntil, w.Pinned = Leased, l.ID, attempt, tx.Now().Add(ttl), false
	w.Fence++
	a = Attempt{
		ID: attempt, Order: w.ID, Application: w.Application, Person: w.Person,
		Line: l.ID, Kind: l.Kind, State: Open, StartedAt: tx.Now(),
	}
	if err = a.insert(tx); err != nil {
		return w, a, false, err
	}
	return w, a, true, w.Save(tx)
}

func voidAttempt(tx *store.Tx, id ktp.AttemptID, cause string) error {
	a, err := AttemptByID(tx, id)
	if err != nil {
		return err
	}
	a.Cause = cause
	if err := a.Move(EventCancel, tx.Now()); err != nil {
		return err
	}
	return a.Save(tx)
}

// TakeOver begins a session of a line: leases without an intent go back to the queue, every
// order that the line keeps gets a new fence. It returns them, oldest attempt first. jobs.taken_over where held is a
// session and another one has begun since.
func TakeOver(tx *store.Tx, id LineID, held Session) (Session, []Wanted, error) {
	if held.Epoch != 0 {
		line, err := LineByID(tx, id)
		if err == nil {
			err = held.Holds(line)
		}
		if err != nil {
			return Session{}, nil, err
		}
	}
	session, err := begin(tx, id)
	if err != nil {
		return session, nil, err
	}
	var list []Wanted
	err = tx.Each(func(scan func(...any) error) error {
		w, err := scanWanted(scan)
		list = append(list, w)
		return err
	}, `select o.id, o.application, o.person, o.state, o.priority, o.due, o.held, o.needs_record, o.valid_until, o.fence, o.line,
			o.attempt, o.lease_until, o.pinned, o.created_at, o.seq, o.profile
		from card_order o join attempt a on a.id = o.attempt where o.line = ? and o.state = 'leased' order by a.started_at, a.id`, id)
	if err != nil {
		return session, nil, err
	}
	var kept []Wanted
	for _, w := range list {
		if !w.Pinned {
			if err := voidAttempt(tx, w.Attempt, CauseSessionOver); err != nil {
				return session, nil, err
			}
			if err := w.Release(tx, Waiting); err != nil {
				return session, nil, err
			}
			continue
		}
		w.Fence++
		if err := w.Save(tx); err != nil {
			return session, nil, err
		}
		kept = append(kept, w)
	}
	return session, kept, nil
}
