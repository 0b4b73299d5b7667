package registry

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// SearchResult is what a 1:N search found.
type SearchResult string

const (
	ResultUnique        SearchResult = "unique"
	ResultDuplicate     SearchResult = "duplicate"
	ResultAdjudicate    SearchResult = "adjudicate" // alike to somebody; a person decides
	ResultEnrollFailure SearchResult = "enroll_failure"
	ResultSearchFailure SearchResult = "search_failure"
)

// resultEvents says how a result moves an application when the data center officer reads it.
// EventClear stands for unique: it leaves a desk, and goes on when the center's record is here.
var resultEvents = map[SearchResult]Event{
	ResultUnique: EventClear, ResultDuplicate: EventDuplicate, ResultAdjudicate: EventAdjudicate,
	ResultEnrollFailure: EventNoEnroll, ResultSearchFailure: EventNoSearch,
}

// Found is one result of a search. It counts when the data center officer has read it.
type Found struct {
	Application ApplicationID
	Encounter   int
	Sequence    int64 // of the center's item; 0: told by the record itself, or of this station
	Result      SearchResult
	Reason      string // code
	At          time.Time
	ReadAt      time.Time
	ReadBy      string
}

// ReceiveResult takes a result of the center's 1:N search. It waits to be read. One of an older
// encounter, or that is here already, changes nothing.
type ReceiveResult struct {
	Application ApplicationID
	Encounter   int
	Sequence    int64
	Result      SearchResult
	Reason      string // code
}

func (ReceiveResult) Name() Name             { return opReceiveResult }
func (o ReceiveResult) about() ApplicationID { return o.Application }

func (o ReceiveResult) run(a *act) error {
	const op = "registry.ReceiveResult"
	if _, known := resultEvents[o.Result]; !known || o.Sequence <= 0 {
		return badOperation.At(op, nil).With("result", "unique, duplicate, adjudicate, enroll_failure or search_failure, with its sequence")
	}
	if o.Reason != "" {
		if err := aCode(op, o.Reason); err != nil {
			return err
		}
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.arrived(&app, o.Encounter); err != nil { // whoever answers has the package
		return err
	}
	a.res.Answer = AnswerUnchanged
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil || last.Encounter != o.Encounter || !slices.Contains(searching, app.State) {
		return err
	}
	return a.keepResult(Found{Application: app.ID, Encounter: o.Encounter, Sequence: o.Sequence, Result: o.Result, Reason: o.Reason})
}

// searching are the states in which a result still means something.
var searching = []State{Sent, AtCenter, Adjudicate, Duplicate, SearchFailure}

// keepResult keeps a result that is new.
func (a *act) keepResult(f Found) error {
	newest, have, err := newestResult(a.tx, f.Application, f.Encounter)
	if err != nil || have && newest.Sequence >= f.Sequence {
		return err
	}
	f.At = a.now()
	if err := f.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	detail := map[string]string{"encounter": strconv.Itoa(f.Encounter), "result": string(f.Result)}
	if f.Reason != "" {
		detail["cause"] = f.Reason
	}
	return a.tell(audit.Event{Code: "uniqueness.received", Application: string(f.Application), Detail: detail})
}

// ReadResult is the data center officer reading the newest result. Unique is notified by it: the
// application goes on as soon as the center's record is here, too. Answer: the result.
type ReadResult struct{ Application ApplicationID }

func (ReadResult) Name() Name             { return opReadResult }
func (o ReadResult) about() ApplicationID { return o.Application }

func (o ReadResult) run(a *act) error {
	const op = "registry.ReadResult"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	f, have, err := newestResult(a.tx, app.ID, last.Encounter)
	if err != nil {
		return err
	}
	if !have || !f.ReadAt.IsZero() {
		return wrongState.At(op, nil).With("result", "there is none that was not read")
	}
	f.ReadAt, f.ReadBy = a.now(), a.actor.ID
	if err := f.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), string(f.Result)
	if err := a.tell(audit.Event{Code: "uniqueness.read", Application: string(app.ID), Detail: map[string]string{
		"encounter": strconv.Itoa(f.Encounter), "result": string(f.Result),
	}}); err != nil {
		return err
	}
	if f.Result == ResultUnique {
		if err := a.clear(&app, f.Reason); err != nil {
			return err
		}
		return a.deliverIfUnique(&app)
	}
	e := resultEvents[f.Result]
	if to, err := Applications.Next(app.State, e); err == nil && to != app.State {
		return a.move(&app, e, f.Reason)
	}
	return nil // it stands at a desk already
}

// clear takes an application from a desk back to where it waits for the center's record.
func (a *act) clear(app *Application, cause string) error {
	if app.State == AtCenter {
		return nil
	}
	return a.move(app, EventClear, cause)
}

// notified reports whether the data center officer has read, of the newest encounter, that the
// resident is unique.
func (a *act) notified(app Application) (bool, error) {
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return false, err
	}
	f, have, err := newestResult(a.tx, app.ID, last.Encounter)
	return have && f.Result == ResultUnique && !f.ReadAt.IsZero(), err
}

// causeCorrected: the center's record differs from what the resident confirmed.
const causeCorrected = "registry.corrected"

// deliverIfUnique makes an application print ready once both are here: the notice that it is unique,
// and the center's record. What was captured is not needed any more. Data that differ from what the
// resident confirmed are confirmed again.
func (a *act) deliverIfUnique(app *Application) error {
	unique, err := a.notified(*app)
	if err != nil || !unique || app.Version == 0 || app.State != AtCenter {
		return err
	}
	if err := a.erase(app.ID, eraseCapture, "capture"); err != nil {
		return err
	}
	if err := a.move(app, EventDeliver, ""); err != nil {
		return err
	}
	return a.reconfirm(app)
}

// reconfirm sends an application back to its resident where the record is not what was confirmed.
func (a *act) reconfirm(app *Application) error {
	same, err := a.confirmed(*app)
	if err != nil || same {
		return err
	}
	return a.move(app, EventCorrect, causeCorrected)
}

// enrolled is the center's record of an application that was taken at the counter. It is kept; what
// becomes of it waits for the result to be read.
func (o ReceiveRecord) enrolled(a *act, app Application, person []byte) error {
	r := o.Record
	switch {
	case !slices.Contains(searching, app.State):
		return a.refuse(app.ID, r.Version, refusedReplayed, "")
	case string(person) != string(app.person) || r.Type != app.Type:
		return a.refuse(app.ID, r.Version, refusedReplayed, "/personId")
	}
	if code, err := a.personBusy(person, app.ID); err != nil || code != "" {
		return a.orRefuse(err, app.ID, r.Version, code, "")
	}
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	if err := a.arrived(&app, last.Encounter); err != nil {
		return err
	}
	if err := a.uniqueByRecord(app.ID, last.Encounter); err != nil {
		return err
	}
	app.Version, app.Specimen = r.Version, r.Specimen()
	for _, w := range o.Warnings {
		if !slices.Contains(app.Warnings, w) {
			app.Warnings = append(app.Warnings, w)
		}
	}
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := keepRecord(a.tx, r, o.Canonical); err != nil {
		return err
	}
	if o.MessageID != "" {
		if err := keepMessage(a.tx, o.MessageID, app.ID, app.Version); err != nil {
			return err
		}
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), AnswerNew
	if err := a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{
		"version": strconv.Itoa(app.Version), "answer": a.res.Answer,
	}}); err != nil {
		return err
	}
	return a.deliverIfUnique(&app)
}

// uniqueByRecord notes what a signed record says by itself: its person is unique. The result may
// have been lost, or was another before.
func (a *act) uniqueByRecord(id ApplicationID, encounter int) error {
	newest, have, err := newestResult(a.tx, id, encounter)
	if err != nil || have && newest.Result == ResultUnique {
		return err
	}
	f := Found{Application: id, Encounter: encounter, Result: ResultUnique, Reason: "record"}
	if have {
		f.Sequence = newest.Sequence + 1 // not beyond the record's own
	}
	return a.keepResult(f)
}

// Decision of the one who compares two records.
type Decision string

const (
	DifferentPerson Decision = "different_person"
	SamePerson      Decision = "same_person"
)

// AdjudicateResult decides an application that is alike to somebody: another person, and it waits for
// the center's record; or the same one, and it goes to the duplicates. The center is told.
type AdjudicateResult struct {
	Application ApplicationID
	Decision    Decision
	Because
}

func (AdjudicateResult) Name() Name             { return opAdjudicate }
func (o AdjudicateResult) about() ApplicationID { return o.Application }

func (o AdjudicateResult) run(a *act) error {
	if o.Decision != DifferentPerson && o.Decision != SamePerson {
		return badOperation.At("registry.AdjudicateResult", nil).With("decision", "different_person or same_person")
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	a.also["decision"] = string(o.Decision)
	if o.Decision == SamePerson {
		if err := a.move(&app, EventDuplicate, o.Reason); err != nil {
			return err
		}
		return a.opinion(app, string(o.Decision))
	}
	return a.cleared(&app, o.Decision, o.Reason)
}

// ClearDuplicate says that a duplicate is none, or is none any more: the other record was deleted or
// moved. By two persons. The center is told.
type ClearDuplicate struct {
	Application ApplicationID
	Because
	Second Actor
}

func (ClearDuplicate) Name() Name             { return opClearDuplicate }
func (o ClearDuplicate) about() ApplicationID { return o.Application }
func (o ClearDuplicate) second() Actor        { return o.Second }

func (o ClearDuplicate) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	return a.cleared(&app, DifferentPerson, o.Reason)
}

// cleared moves an application from a desk and tells the center. Where the station searches itself,
// the decision is the result.
func (a *act) cleared(app *Application, d Decision, reason string) error {
	if err := a.move(app, EventClear, reason); err != nil {
		return err
	}
	if !a.r.cfg.StandAlone {
		return a.opinion(*app, string(d))
	}
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	newest, _, err := newestResult(a.tx, app.ID, last.Encounter)
	if err != nil {
		return err
	}
	f := Found{
		Application: app.ID, Encounter: last.Encounter, Sequence: newest.Sequence + 1, Result: ResultUnique, Reason: reason,
		At: a.now(), ReadAt: a.now(), ReadBy: a.actor.ID,
	}
	if err := f.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "uniqueness.read", Application: string(app.ID), Detail: map[string]string{
		"encounter": strconv.Itoa(f.Encounter), "result": string(f.Result),
	}})
}

// opinion tells the center what a desk of the station decided.
func (a *act) opinion(app Application, reason string) error {
	if a.r.cfg.StandAlone {
		return nil
	}
	return a.enqueue(Report{Record: app.ID, Version: app.Version, Word: app.Word(), State: app.State, Reason: reason})
}

// CloseApplication ends an application that cannot be unique or cannot be captured.
type CloseApplication struct {
	Application ApplicationID
	Because
}

func (CloseApplication) Name() Name             { return opCloseApplication }
func (o CloseApplication) about() ApplicationID { return o.Application }

func (o CloseApplication) run(a *act) error { return a.finish(o.Application, EventClose, o.Reason) }

// finish ends an application for which no blank was used, and erases what was kept of its face and fingers.
func (a *act) finish(id ApplicationID, e Event, reason string) error {
	app, err := a.application(id)
	if err != nil {
		return err
	}
	if err := a.eraseAll(app.ID); err != nil {
		return err
	}
	if err := a.move(&app, e, reason); err != nil {
		return err
	}
	return a.saidDead(reason, app.person)
}

// UnreadResults wait for the data center officer, oldest first.
func (r *Registry) UnreadResults(ctx context.Context, after Seen, limit int) (list []Found, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		behind, last := after.behind("at", "application")
		list, err = results(tx, `where read_at = 0 and `+behind+` order by at, application, sequence limit ?`, append(last, limit)...)
		return err
	})
	return list, err
}

// Results are those of an application, oldest first.
func (r *Registry) Results(ctx context.Context, id ApplicationID) (list []Found, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = results(tx, `where application = ? order by encounter, sequence`, id)
		return err
	})
	return list, err
}

// Ageing counts the open applications of one state by how long they stand in it.
type Ageing struct {
	State  State
	Word   Word
	Count  int
	Oldest time.Time
	Late   int // for longer than Alarm
	Alarm  time.Duration
}

// alarms say how long an application may stand in a state before it is late: from capture to print
// ready a day or two is usual, and 1 to 20 days were seen (field lessons of SENT_FOR_ENROLLMENT).
var alarms = map[State]time.Duration{
	Received: day, Examined: day, Captured: day, Confirmed: day, Sent: day, AtCenter: 3 * day, Adjudicate: 3 * day, Duplicate: 7 * day,
	EnrollFailure: 3 * day, SearchFailure: day, PrintReady: day, Reconfirm: 7 * day, Approved: day, Queued: day, OnHold: day,
	InDoubt: day, Produced: 2 * day, Shipped: 3 * day, Delivered: 14 * day, Uncollected: 90 * day, Matched: day, Returned: 7 * day, Recalled: 7 * day,
}

const (
	day       = 24 * time.Hour
	longAlarm = 14 * day
)

// AgeingList counts the open applications by state, and how many stand there for too long.
func (r *Registry) AgeingList(ctx context.Context) (list []Ageing, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		for _, s := range Applications.States() {
			if s == Absent || Applications.IsFinal(s) {
				continue
			}
			g := Ageing{State: s, Word: WordOf(s), Alarm: cmp.Or(alarms[s], longAlarm)}
			if err := g.count(tx, tx.Now().Add(-g.Alarm)); err != nil {
				return err
			}
			if g.Count > 0 {
				list = append(list, g)
			}
		}
		return nil
	})
	return list, err
}

// Late are applications that stand in a state for longer than a time, oldest first; after is the id
// and since the time of the last one seen.
func (r *Registry) Late(ctx context.Context, s State, longer time.Duration, since time.Time, after ApplicationID, limit int) (list []Application, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = applicationList(tx, `where state = ? and since <= ? and (since > ? or since = ? and id > ?) order by since, id limit ?`,
			s, store.Micros(tx.Now().Add(-longer)), store.Micros(since), store.Micros(since), after, limit)
		return err
	})
	return list, err
}

// fingersOf are the records of a capture that are searched with.
func fingersOf(parts map[string]CapturedPart) map[ktp.Finger][]byte {
	m := map[ktp.Finger][]byte{}
	for name, p := range parts {
		if f := fingerOf(name); f != 0 && len(p.Template) > 0 {
			m[f] = p.Template
		}
	}
	return m
}
