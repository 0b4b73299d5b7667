package registry

import (
	"context"
	"math"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// Questions to the ledger. None changes anything; none holds personal data but Record.

// Lines are all lines with what is wanted of them and what was last seen.
func (r *Registry) Lines(ctx context.Context) (list []jobs.Line, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = jobs.Lines(tx)
		return err
	})
	return list, err
}

// Seen is the last item that was seen of a list, by the time that orders it; zero: none was.
type Seen struct {
	At time.Time
	ID string
}

// behind is the condition for what comes after it, by the columns of the time and the id.
func (s Seen) behind(at, id string) (condition string, args []any) {
	return `(` + at + `, ` + id + `) > (?, ?)`, []any{store.Micros(s.At), s.ID}
}

// Period is a time that a list is asked for.
type Period struct {
	Since time.Time
	Until time.Time // not within; zero: without an end
}

// bounds are its ends in the ledger.
func (s Period) bounds() (since, until int64) {
	until = math.MaxInt64
	if !s.Until.IsZero() {
		until = store.Micros(s.Until)
	}
	return store.Micros(s.Since), until
}

// Orders are the first orders in a state ("" for all), in the order of the queue.
func (r *Registry) Orders(ctx context.Context, state jobs.OrderState, limit int) (list []jobs.Wanted, err error) {
	return r.OrdersBehind(ctx, state, nil, limit)
}

// QueueLength is how many orders wait.
func (r *Registry) QueueLength(ctx context.Context) (n int, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		n, err = queueLength(tx)
		return err
	})
	return n, err
}

// OldestOrder is since when the order waits that came first; zero when none waits.
func (r *Registry) OldestOrder(ctx context.Context) (at time.Time, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		at, err = jobs.OldestWaiting(tx)
		return err
	})
	return at, err
}

// OrdersBehind is Orders behind a place in the queue, that of the last one seen; nil: from its head.
func (r *Registry) OrdersBehind(ctx context.Context, state jobs.OrderState, behind *jobs.Rank, limit int) (list []jobs.Wanted, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = jobs.WantedList(tx, state, behind, limit)
		return err
	})
	return list, err
}

// Attempts are the attempts in a state ("" for all), oldest first.
func (r *Registry) Attempts(ctx context.Context, state jobs.State) (list []jobs.Attempt, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = jobs.AttemptsIn(tx, state)
		return err
	})
	return list, err
}

// AttemptsBehind are attempts behind the last one seen, oldest first.
func (r *Registry) AttemptsBehind(ctx context.Context, f jobs.AttemptFilter) (list []jobs.Attempt, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = jobs.AttemptsBehind(tx, f)
		return err
	})
	return list, err
}

// AttemptDetail is one attempt with everything the ledger knows of it.
type AttemptDetail struct {
	Attempt jobs.Attempt
	Journal jobs.Story
	Blank   *stock.Blank // nil: none was used, or it turned out to be another
	Card    *Card        // nil: never activated
	Events  []audit.Event
}

// eventsShown bounds the events of one attempt or application.
const eventsShown = 1000

// Attempt is one attempt with its journal.
func (r *Registry) Attempt(ctx context.Context, id ktp.AttemptID) (d AttemptDetail, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if d.Attempt, err = jobs.AttemptByID(tx, id); err != nil {
			return err
		}
		if d.Journal, err = jobs.StoryOf(tx, id); err != nil {
			return err
		}
		if c, found, err := cardOf(tx, id); err != nil {
			return err
		} else if found {
			d.Card = &c
		}
		if b, err := stock.OfAttempt(tx, id.String()); err == nil {
			d.Blank = &b
		}
		d.Events, err = audit.After(tx, 0, eventsShown, audit.Filter{Attempt: id.String()})
		return err
	})
	return d, err
}

// ApplicationDetail is one application with what was done for it.
type ApplicationDetail struct {
	Application Application
	Attempts    []jobs.Attempt
	Cards       []Card
	Order       *jobs.Wanted // the open one
	Events      []audit.Event
	Cancel      string // word by which the center was answered that took it back; empty: it did not
}

// Application is one application; registry.application_unknown when there is none.
func (r *Registry) Application(ctx context.Context, id ApplicationID) (d ApplicationDetail, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if d.Application, err = a.application(id); err != nil {
			return err
		}
		if d.Attempts, err = jobs.AttemptsFor(tx, string(id)); err != nil {
			return err
		}
		if d.Cards, err = cards(tx, `where application = ? order by made_at, chip`, id); err != nil {
			return err
		}
		if w, found, err := jobs.WantedFor(tx, string(id)); err != nil {
			return err
		} else if found {
			d.Order = &w
		}
		if d.Cancel, err = answeredWith(tx, id); err != nil {
			return err
		}
		d.Events, err = audit.After(tx, 0, eventsShown, audit.Filter{Application: string(id)})
		return err
	})
	return d, err
}

// ListApplications reads applications in a state ("" for all) behind a cursor, the id of the last
// one seen, in the order of their ids.
func (r *Registry) ListApplications(ctx context.Context, state State, after ApplicationID, limit int) ([]Application, error) {
	return r.ApplicationsThat(ctx, ApplicationFilter{State: state, After: after, Limit: limit})
}

// ApplicationFilter says which applications are asked for; what is empty narrows nothing.
type ApplicationFilter struct {
	State   State
	Receipt string
	Chip    ktp.ChipUID // of a card that was made for it
	NIK     ktp.NIK
	After   ApplicationID // the last one seen
	Limit   int
}

// ApplicationsThat reads applications in the order of their ids.
func (r *Registry) ApplicationsThat(ctx context.Context, f ApplicationFilter) (list []Application, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		var w store.Where
		w.And(`id > ?`, f.After)
		w.If(string(f.State), `state = ?`, f.State)
		w.If(f.Receipt, `id in (select application from intake where receipt = ?)`, f.Receipt)
		w.If(string(f.Chip), `id in (select application from card where chip = ?)`, f.Chip)
		if f.NIK != "" {
			person, known, err := (&act{r: r, tx: tx}).knownPersonKey(f.NIK)
			if err != nil || !known {
				return err
			}
			w.And(`person = ?`, person)
		}
		list, err = applicationList(tx, w.Text()+` order by id limit ?`, w.Args(f.Limit)...)
		return err
	})
	return list, err
}

// SeenIn is an application as the last one that was seen of the list of a state ("" for all).
func (app Application) SeenIn(state State) Seen {
	if state == "" {
		return Seen{app.ReceivedAt, string(app.ID)}
	}
	return Seen{app.Since, string(app.ID)}
}

// ApplicationsBehind lists applications for persons: those in a state by how long they stand in it, the longest first; all
// of them by when they came, the newest first.
func (r *Registry) ApplicationsBehind(ctx context.Context, state State, after Seen, limit int) (list []Application, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if state == "" {
			list, err = applicationsByArrival(tx, after, limit)
		} else {
			list, err = applicationsByAge(tx, state, after, limit)
		}
		return err
	})
	return list, err
}

// CardByChip is a card of the register; registry.card_unknown when there is none.
func (r *Registry) CardByChip(ctx context.Context, chip ktp.ChipUID) (c Card, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		c, err = knownCard(tx, "registry.CardByChip", chip)
		return err
	})
	return c, err
}

// CardsBehind are cards behind a chip, in the order of their chips: the rows of a status list.
func (r *Registry) CardsBehind(ctx context.Context, chip ktp.ChipUID, limit int) (list []Card, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = cards(tx, `where chip > ? order by chip limit ?`, chip, limit)
		return err
	})
	return list, err
}

// Record is the record of an application as far as it is still here: personal data.
func (r *Registry) Record(ctx context.Context, id ApplicationID) (record ktp.Record, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		record, _, err = loadRecord(tx, app)
		return err
	})
	return record, err
}

// SignedForm is the hash of the signed form of an application's record, also of one that was erased.
func (r *Registry) SignedForm(ctx context.Context, id ApplicationID) (sum [32]byte, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		sum, err = signedForm(tx, id)
		return err
	})
	return sum, err
}

// RecordsWanted names open applications whose record has to be pulled again before their card can be
// made: it was erased, or its validity has ended.
func (r *Registry) RecordsWanted(ctx context.Context, limit int) (list []ApplicationID, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = recordsWanted(tx, limit)
		return err
	})
	return list, err
}

// Events reads the event log behind a cursor, the id of the last event seen.
func (r *Registry) Events(ctx context.Context, cursor int64, limit int, f audit.Filter) (list []audit.Event, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = audit.After(tx, cursor, limit, f)
		return err
	})
	return list, err
}

// EventsBefore reads the event log backwards, newest first, from before a cursor, the id of the last event seen; 0: from
// its end.
func (r *Registry) EventsBefore(ctx context.Context, cursor int64, limit int, f audit.Filter) (list []audit.Event, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = audit.Before(tx, cursor, limit, f)
		return err
	})
	return list, err
}

// EventsUntil is the id of the last event before a time; 0 where there is none.
func (r *Registry) EventsUntil(ctx context.Context, t time.Time) (id int64, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		id, err = audit.Until(tx, t)
		return err
	})
	return id, err
}

// NewestEvent is the id of the newest event; 0 in an empty log.
func (r *Registry) NewestEvent(ctx context.Context) (id int64, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		id = head.ID
		return err
	})
	return id, err
}

// Changed is closed at the next change of the ledger by this process; see store.Changed.
func (r *Registry) Changed() <-chan struct{} { return r.store.Changed() }

// Blanks is where every blank is, and where the movements do not add up to it.
func (r *Registry) Blanks(ctx context.Context) (held []stock.Holding, wrong []stock.Difference, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if held, err = stock.Holdings(tx); err != nil {
			return err
		}
		wrong, err = stock.Reconcile(tx)
		return err
	})
	return held, wrong, err
}

// DeniedBlanks are the newest chips of the deny list.
func (r *Registry) DeniedBlanks(ctx context.Context, limit int) (list []stock.DeniedBlank, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = stock.DenyList(tx, limit)
		return err
	})
	return list, err
}

// Denied are chips of the deny list behind a chip, for a reason or for any (""), in the order of their chips.
func (r *Registry) Denied(ctx context.Context, reason string, after ktp.ChipUID, limit int) (list []stock.DeniedBlank, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = stock.DeniedBehind(tx, reason, after, limit)
		return err
	})
	return list, err
}

// CountByCause is how many cards were lost to a cause.
type CountByCause struct {
	Cause string
	Count int
}

// Summary counts everything from the ledger.
type Summary struct {
	Applications map[State]int
	Attempts     map[jobs.State]int
	Cards        map[CardState]int
	Made         int // cards that were finished
	Matched      int // of them, matched 1:1 after the write
	EqualByHash  int // of them, equal by hash without a 1:1
	InDoubt      int
	Spoiled      []CountByCause // never active
	Blocked      []CountByCause // were active, blocked and revoked
	Lost         int            // declared lost
	Blanks       []stock.Holding
	Reports      int // that the center has not taken
	Refused      int // records
}

// ApplicationCounts are how many applications are in each state.
func (r *Registry) ApplicationCounts(ctx context.Context) (in map[State]int, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		in, err = applicationCounts(tx)
		return err
	})
	return in, err
}

// Summary counts what the ledger holds now.
func (r *Registry) Summary(ctx context.Context) (s Summary, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if s, err = summary(tx); err != nil {
			return err
		}
		s.Blanks, err = stock.TalliedHoldings(tx)
		return err
	})
	return s, err
}
