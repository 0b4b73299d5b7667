package registry

import (
	"context"
	"fmt"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Report is one change that the center is told.
type Report struct {
	Seq      int64
	Key      string // idempotency key, unique over all stations
	Record   ApplicationID
	Version  int
	Word     Word  // national status word; empty for a refused record
	State    State // the station's own
	At       time.Time
	Chip     ktp.ChipUID
	Attempts int    // blanks used for the record
	Reason   string // code
	Tries    int
	Answer   string // of the last try that failed
}

// StateRefused stands in the report of a record that was not accepted.
const StateRefused State = "refused"

// report writes what the center is told of an application's state.
func (a *act) report(app Application, reason string) error {
	chip, blanks, err := usedFor(a.tx, app.ID)
	if err != nil {
		return err
	}
	return a.enqueue(Report{
		Record: app.ID, Version: app.Version, Word: app.Word(), State: app.State, Chip: chip, Attempts: blanks, Reason: reason,
	})
}

// heardOf reports whether the center knows an application: one that was taken here only once it has a
// package of it.
func (a *act) heardOf(app Application) (bool, error) {
	if a.r.cfg.StandAlone || app.Origin != originLocal || app.Version > 0 {
		return !a.r.cfg.StandAlone, nil
	}
	return knownAtCenter(a.tx, app.ID)
}

// reportMove tells a center that knows an application of its new state. One that ended while a package was
// under way may be known there as well, whose answer was lost: the center is told everything.
func (a *act) reportMove(app Application, cause string) error {
	heard, err := a.heardOf(app)
	switch {
	case err != nil:
		return err
	case heard:
		return a.report(app, cause)
	case app.Open():
		return nil
	}
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil || last.Encounter == 0 {
		return err
	}
	return a.reportFront(app)
}

// Words of the events that tell a state of an application.
const (
	applicationEvents = "application."
	detailState       = "state"
)

// reportFront tells the center what happened to an application before its first package was there: each
// state with its own time.
func (a *act) reportFront(app Application) error {
	if a.r.cfg.StandAlone {
		return nil
	}
	const all = 1 << 30
	events, err := audit.After(a.tx, 0, all, audit.Filter{Application: string(app.ID), Code: applicationEvents})
	if err != nil {
		return err
	}
	for _, e := range events {
		state := State(e.Detail[detailState])
		if state == "" {
			continue // it moved nothing
		}
		if err := a.enqueue(Report{Record: app.ID, Word: WordOf(state), State: state, At: e.At, Reason: e.Detail["cause"]}); err != nil {
			return err
		}
	}
	return nil
}

// States of a card that stand in reports beside those of applications.
const (
	StateCardRetired   State = "card retired"
	StateCardDestroyed State = "card destroyed"
)

// StateWithdrawalAnswered stands in the report of what came of a withdrawal; its reason is the word.
const StateWithdrawalAnswered State = "withdrawal answered"

// reportCard tells the center that a card which was in force, or with another Dinas, ended, or that one was
// destroyed: its application has had its last word before.
func (a *act) reportCard(c Card, from CardState) error {
	state := StateCardDestroyed
	switch {
	case c.State == CardRetired && (from == CardInForce || !c.PassedOnAt.IsZero()):
		state = StateCardRetired
	case c.State != CardDestroyed:
		return nil
	}
	return a.reportEnd(c, state)
}

// reportEnd tells a center that knows the application how a card of it ended.
func (a *act) reportEnd(c Card, state State) error {
	app, err := a.application(c.Application)
	if err != nil {
		return err
	}
	if heard, err := a.heardOf(app); err != nil || !heard {
		return err
	}
	_, blanks, err := usedFor(a.tx, app.ID)
	if err != nil {
		return err
	}
	return a.enqueue(Report{
		Record: app.ID, Version: app.Version, Word: app.Word(), State: state, Chip: c.Chip, Attempts: blanks, Reason: c.Cause,
	})
}

func (a *act) enqueue(r Report) error {
	n, err := reports(a.tx)
	if err != nil {
		return err
	}
	unique, err := a.r.random(8)
	if err != nil {
		return err
	}
	r.Key = fmt.Sprintf("%s-%d-%s", a.r.cfg.Office, n+1, unique)
	if r.At.IsZero() {
		r.At = a.now()
	}
	return r.insert(a.tx)
}

// Outbox reads the oldest reports that the center has not taken yet, at most limit, in order.
func (r *Registry) Outbox(ctx context.Context, limit int) (list []Report, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = waitingReports(tx, limit)
		return err
	})
	return list, err
}

// Delivered marks reports as taken by the center. Marking one again changes nothing.
func (r *Registry) Delivered(ctx context.Context, keys ...string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return deliveredReports(tx, keys) })
}

// Undelivered notes that the center did not take a report, and its answer code; it stays first in
// the outbox.
func (r *Registry) Undelivered(ctx context.Context, key, answer string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return undeliveredReport(tx, key, answer) })
}
