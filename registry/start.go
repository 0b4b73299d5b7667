package registry

import (
	"context"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// Start is one start of a station. Its lines wait until it is released: by two persons, or by one
// inside an open shift where nothing has changed and nothing is in doubt; then a second person
// confirms it before the shift closes.
type Start struct {
	ID, Station string
	At          time.Time
	// Digests of what was started, hex: nothing else is compared with them than those of another start.
	Program, Configuration, Keys string

	Ended       string // empty while it runs; stop: orderly; crash: the next start found it running
	EndedAt     time.Time
	ReleasedBy  string
	Second      string // who released with them, or confirmed it later
	ReleasedAt  time.Time
	Shift       string // in which one person released it
	ConfirmedAt time.Time

	number int64 // in the order in which starts were written down: the clock may have been set back since

	// Two are the codes why a start that waits takes two persons; empty: one suffices.
	Two []string
}

// How a start ended.
const (
	endedStop  = "stop"
	endedCrash = "crash"
)

// Why a start takes two persons.
const (
	TwoFirst         = "first_start"           // of this station
	TwoNewDay        = "first_of_the_day"      // by the office's calendar
	TwoNoShift       = "outside_a_shift"       // none of today was open when it was started
	TwoDoubt         = "card_in_doubt"         // on a line of the station
	TwoProgram       = "program_changed"       // since its lines were last released
	TwoConfiguration = "configuration_changed" // since its lines were last released
	TwoKeys          = "keys_changed"          // since its lines were last released
)

// RecordStart writes that a station was started. One that still runs by the ledger has crashed.
// Result.Answer is the id of the start.
type RecordStart struct {
	Station                      string
	Program, Configuration, Keys string
}

func (RecordStart) Name() Name { return opRecordStart }

func (o RecordStart) run(a *act) error {
	if o.Station == "" {
		return badOperation.At("registry.RecordStart", nil).With("station", "its serial is needed")
	}
	before, runs, err := runningStart(a.tx, o.Station)
	if err != nil {
		return err
	}
	if runs {
		before.Ended, before.EndedAt = endedCrash, a.now()
		if err := before.save(a.tx); err != nil {
			return err
		}
	} else if before, _, err = oneStart(a.tx, `where station = ?`, o.Station); err != nil {
		return err
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	number, err := nextStart(a.tx)
	if err != nil {
		return err
	}
	s := Start{ID: id, number: number, Station: o.Station, At: a.now(), Program: o.Program, Configuration: o.Configuration, Keys: o.Keys}
	if err := s.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = id
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"station": o.Station, "start": id, "after": before.Ended, "program": o.Program, "configuration": o.Configuration, "keys": o.Keys,
	}})
}

// RecordStop writes that a station ended in order.
type RecordStop struct{ Start string }

func (RecordStop) Name() Name { return opRecordStop }

func (o RecordStop) run(a *act) error {
	s, err := a.start(o.Start)
	if err != nil {
		return err
	}
	if s.Ended != "" {
		a.res.Answer = AnswerUnchanged
		return nil
	}
	s.Ended, s.EndedAt = endedStop, a.now()
	a.res.Answer = AnswerDone
	if err := s.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"station": s.Station, "start": s.ID}})
}

// ReleaseStart lets the lines of a started station go, by two persons.
type ReleaseStart struct {
	Start  string
	Second Actor
}

func (ReleaseStart) Name() Name      { return opReleaseStart }
func (o ReleaseStart) second() Actor { return o.Second }

func (o ReleaseStart) run(a *act) error {
	s, err := a.waitingStart(o.Start)
	if err != nil {
		return err
	}
	s.Second, s.ConfirmedAt = o.Second.ID, a.now()
	return a.release(s)
}

// ReleaseStartAlone lets the lines go by one person, inside an open shift; the shift does not close
// until a second person has confirmed it.
type ReleaseStartAlone struct{ Start string }

func (ReleaseStartAlone) Name() Name { return opReleaseStartAlone }

func (o ReleaseStartAlone) run(a *act) error {
	s, err := a.waitingStart(o.Start)
	if err != nil {
		return err
	}
	why, shift, err := a.twoFor(s)
	if err != nil {
		return err
	}
	if len(why) > 0 {
		return needsTwo.At("registry.ReleaseStartAlone", nil).With("start", "%v", why)
	}
	s.Shift = shift
	return a.release(s)
}

func (a *act) release(s Start) error {
	s.ReleasedBy, s.ReleasedAt = a.actor.ID, a.now()
	a.res.Answer = AnswerDone
	if err := s.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"station": s.Station, "start": s.ID}
	if s.Shift != "" {
		detail["shift"] = s.Shift
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: detail})
}

// ConfirmStart is the word of a second person for a start that one person released.
type ConfirmStart struct{ Start string }

func (ConfirmStart) Name() Name { return opConfirmStart }

func (o ConfirmStart) run(a *act) error {
	const op = "registry.ConfirmStart"
	s, err := a.start(o.Start)
	switch {
	case err != nil:
		return err
	case s.ReleasedAt.IsZero():
		return wrongState.At(op, nil).With("start", "nobody has released it")
	case !s.ConfirmedAt.IsZero():
		a.res.Answer = AnswerUnchanged
		return nil
	case s.ReleasedBy == a.actor.ID:
		return samePerson.At(op, nil).With("actor", "who released it does not confirm it")
	}
	s.Second, s.ConfirmedAt = a.actor.ID, a.now()
	a.res.Answer = AnswerDone
	if err := s.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"station": s.Station, "start": s.ID, "shift": s.Shift}})
}

func (a *act) start(id string) (Start, error) {
	s, found, err := oneStart(a.tx, `where id = ?`, id)
	if err == nil && !found {
		err = startUnknown.At("registry.start", nil).With("start", "no such id here")
	}
	return s, err
}

// waitingStart is one whose lines wait: nobody released it, and it runs.
func (a *act) waitingStart(id string) (Start, error) {
	const op = "registry.waitingStart"
	s, err := a.start(id)
	switch {
	case err != nil:
		return s, err
	case s.Ended != "":
		return s, wrongState.At(op, nil).With("start", "it ended by a %s", s.Ended)
	case !s.ReleasedAt.IsZero():
		return s, wrongState.At(op, nil).With("start", "it was released already")
	}
	return s, nil
}

// twoFor says why a start takes two persons, and which shift is open.
func (a *act) twoFor(s Start) (why []string, shift string, err error) {
	before, found, err := lastReleased(a.tx, s.Station)
	if err != nil {
		return nil, "", err
	}
	add := func(yes bool, code string) {
		if yes {
			why = append(why, code)
		}
	}
	day := func(t time.Time) string { return t.In(a.r.zone()).Format(time.DateOnly) }
	add(!found, TwoFirst)
	add(found && day(before.At) != day(a.now()), TwoNewDay)
	add(found && before.Program != s.Program, TwoProgram)
	add(found && before.Configuration != s.Configuration, TwoConfiguration)
	add(found && before.Keys != s.Keys, TwoKeys)
	open, is, err := openShift(a.tx)
	if err != nil {
		return nil, "", err
	}
	add(!is || open.OpenedAt.After(s.At) || day(open.OpenedAt) != day(a.now()), TwoNoShift)
	doubts, err := doubtsOf(a.tx, s.Station)
	add(doubts > 0, TwoDoubt)
	return why, open.ID, err
}

// startsConfirmed refuses to end a shift in which a start waits for its second person.
func (a *act) startsConfirmed(shift string) error {
	list, err := unconfirmed(a.tx, shift)
	if err == nil && len(list) > 0 {
		err = startUnconfirmed.At("registry.startsConfirmed", nil).With("start", "%s of station %s", list[0].ID, list[0].Station)
	}
	return err
}

// letGo reports whether the lines of a station may take orders: the process that runs was released.
func letGo(tx *store.Tx, station string) (bool, error) {
	s, found, err := runningStart(tx, station)
	return found && !s.ReleasedAt.IsZero(), err
}

// Started is one start, with what it takes while it waits; registry.start_unknown.
func (r *Registry) Started(ctx context.Context, id string) (Start, error) {
	return readOne(ctx, r, func(a *act) (Start, error) {
		s, err := a.start(id)
		if err != nil {
			return s, err
		}
		return a.takingTwo(s)
	})
}

// takingTwo is a start with why it takes two persons, while it waits.
func (a *act) takingTwo(s Start) (_ Start, err error) {
	if s.Ended == "" && s.ReleasedAt.IsZero() {
		s.Two, _, err = a.twoFor(s)
	}
	return s, err
}

// StartFilter says which starts are asked for.
type StartFilter struct {
	Station string // empty: all
	Waiting bool   // those alone whose lines wait, or that nobody confirmed
	After   string // id of the last one seen; empty: from the newest on
	Limit   int
}

// Starts are the newest first, with what those that wait take.
func (r *Registry) Starts(ctx context.Context, f StartFilter) (list []Start, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.If(f.Station, `station = ?`, f.Station)
		if f.Waiting {
			w.And(`(ended = '' and released_at = 0 or released_at > 0 and confirmed_at = 0)`)
		}
		w.If(f.After, `number < (select number from start where id = ?)`, f.After)
		if list, err = starts(tx, w.Text()+` order by number desc limit ?`, w.Args(f.Limit)...); err != nil {
			return err
		}
		a := &act{r: r, tx: tx}
		for i, s := range list {
			if list[i], err = a.takingTwo(s); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}
