package registry

import (
	"crypto/hmac"
	"slices"
	"strconv"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// Codes of refusals that only the register can find (center protocol, refusals).
const (
	refusedReplayed     = "replayed"
	refusedVersionLower = "version_lower"
	refusedOffice       = "office_other"
	refusedUnsigned     = "signature_missing"
	refusedSuccessor    = "person_has_successor"
)

// Answers of the operations on records.
const (
	AnswerNew        = "new"
	AnswerSuperseded = "superseded"
	AnswerUnchanged  = "unchanged"
	AnswerRefilled   = "refilled"
	AnswerRefused    = "refused"
)

// ReceiveRecord takes a record that passed the check of its signature and parts. New: enters as
// print ready. Higher version before a blank was used: supersedes, and is approved anew. Equal:
// nothing. Anything else is refused, which is an answer and not an error: Result.Refusal has the
// code, and the refusal is reported back.
type ReceiveRecord struct {
	Record    ktp.Record
	MessageID string   // of the record, seen once; empty: the delivery has none
	Canonical [32]byte // SHA-256 of the signed form: two deliveries of one version must agree
	Warnings  []string // codes
}

func (ReceiveRecord) Name() Name { return opReceiveRecord }

func (o ReceiveRecord) run(a *act) error {
	r := o.Record
	id := ApplicationID(r.ID)
	a.res.Application = id
	if code, err := a.unacceptable(o); err != nil || code != "" {
		return a.orRefuse(err, id, r.Version, code, "")
	}
	person, err := a.personKey(r.Person.NIK)
	if err != nil {
		return err
	}
	app, known, err := applicationByID(a.tx, id)
	if err != nil {
		return err
	}
	if known {
		return o.again(a, app, person)
	}
	if code, err := a.personBusy(person, id); err != nil || code != "" {
		return a.orRefuse(err, id, r.Version, code, "")
	}
	app = Application{
		ID: id, Origin: OriginCenter, Type: r.Type, State: Absent, Version: r.Version, Priority: r.Priority,
		ReceivedAt: a.now(), Due: a.now().Add(serviceTime), ReceivedBy: a.actor.ID, Specimen: r.Specimen(), Warnings: o.Warnings, person: person,
	}
	a.res.Answer = AnswerNew
	return o.enter(a, app, EventDeliver)
}

// enter writes application and record and moves the application.
func (o ReceiveRecord) enter(a *act, app Application, e Event) error {
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := keepRecord(a.tx, o.Record, o.Canonical); err != nil {
		return err
	}
	if o.MessageID != "" {
		if err := keepMessage(a.tx, o.MessageID, app.ID, app.Version); err != nil {
			return err
		}
	}
	if err := a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{
		"version": strconv.Itoa(app.Version), "answer": a.res.Answer,
	}}); err != nil {
		return err
	}
	if err := a.move(&app, e, ""); err != nil {
		return err
	}
	return a.reconfirm(&app)
}

// unacceptable finds what forbids a record whatever state its application is in.
func (a *act) unacceptable(o ReceiveRecord) (code string, err error) {
	r := o.Record
	if a.r.cfg.Office != "" && r.Office != a.r.cfg.Office {
		return refusedOffice, nil
	}
	if a.r.cfg.Production && r.Specimen() {
		return refusedUnsigned, nil
	}
	if _, buried, err := tombstone(a.tx, ApplicationID(r.ID)); err != nil || buried {
		return refusedReplayed, err
	}
	if o.MessageID == "" {
		return "", nil
	}
	record, version, seen, err := seenMessage(a.tx, o.MessageID)
	if err == nil && seen && (record != ApplicationID(r.ID) || version != r.Version) {
		code = refusedReplayed
	}
	return code, err
}

// personBusy finds another application or card that forbids one more for the person.
func (a *act) personBusy(person []byte, id ApplicationID) (code string, err error) {
	other, busy, err := openFor(a.tx, person)
	if err != nil {
		return "", err
	}
	if busy && other.ID != id {
		return refusedSuccessor, nil
	}
	taken, err := hasSuccessor(a.tx, person, id)
	if err == nil && taken {
		code = refusedSuccessor
	}
	return code, err
}

// again is a record of a request that is known already.
func (o ReceiveRecord) again(a *act, app Application, person []byte) error {
	r := o.Record
	switch {
	case r.Version < app.Version:
		return a.refuse(app.ID, r.Version, refusedVersionLower, "")
	case r.Version == app.Version:
		_, canonical, err := loadRecord(a.tx, app)
		if err != nil {
			return err
		}
		if !hmac.Equal(canonical[:], o.Canonical[:]) {
			return a.refuse(app.ID, r.Version, refusedReplayed, "")
		}
		a.res.Answer, a.res.State, a.res.Word = AnswerUnchanged, app.State, app.Word()
		return nil
	case !app.Open():
		return a.refuse(app.ID, r.Version, refusedReplayed, "")
	case app.Origin == originLocal && slices.Contains(front, app.State):
		return o.enrolled(a, app, person)
	}
	if _, err := Applications.Next(app.State, EventSupersede); err != nil {
		return a.refuse(app.ID, r.Version, refusedSuccessor, "")
	}
	if code, err := a.personBusy(person, app.ID); err != nil || code != "" {
		return a.orRefuse(err, app.ID, r.Version, code, "")
	}
	if err := a.dropOrder(app.ID, causeSuperseded); err != nil {
		return err
	}
	if err := a.keepHold(&app); err != nil {
		return err
	}
	app.Type, app.Version, app.Priority, app.person = r.Type, r.Version, r.Priority, person
	app.Specimen, app.Warnings, app.Spoiled = r.Specimen(), o.Warnings, 0
	app.ReceivedBy, app.ApprovedBy, app.QueuedBy = a.actor.ID, "", ""
	if err := a.raise(&app); err != nil { // a mark of two persons outlives the version that it met
		return err
	}
	if err := undoDuties(a.tx, string(app.ID), DutyApprove, DutyQueue); err != nil {
		return err
	}
	a.res.Answer = AnswerSuperseded
	return o.enter(a, app, EventSupersede)
}

// Causes of orders that left the queue before a blank was used.
const (
	causeSuperseded = "registry.superseded"
	causeCancelled  = "registry.cancelled"
)

// dropOrder closes the open order of an application for which no blank was used.
func (a *act) dropOrder(id ApplicationID, cause string) error {
	return a.takeOrder(id, cause, jobs.Closed)
}

// takeOrder takes the open order of an application from a line that has used no blank for it.
func (a *act) takeOrder(id ApplicationID, cause string, to jobs.OrderState) error {
	w, found, err := jobs.WantedFor(a.tx, string(id))
	if err != nil || !found {
		return err
	}
	if w.Pinned {
		return wrongState.At("registry.takeOrder", nil).With("state", "%s is on a line", id)
	}
	if w.State == jobs.Leased {
		t, err := jobs.AttemptByID(a.tx, w.Attempt)
		if err != nil {
			return err
		}
		if err := a.endUnused(&t, cause); err != nil {
			return err
		}
	}
	return w.Release(a.tx, to)
}

// endUnused ends an attempt that has no intent. Its lease was no event, so neither is this.
func (a *act) endUnused(t *jobs.Attempt, cause string) error {
	t.Cause = cause
	if err := t.Move(jobs.EventCancel, a.now()); err != nil {
		return err
	}
	return t.Save(a.tx)
}

func (a *act) orRefuse(err error, id ApplicationID, version int, code, field string) error {
	if err != nil {
		return err
	}
	return a.refuse(id, version, code, field)
}

// refuse writes down and reports a record that was not accepted. The same refusal of the same
// version again changes nothing.
func (a *act) refuse(id ApplicationID, version int, code, field string) error {
	a.res.Application, a.res.Refusal, a.res.Answer = id, code, AnswerRefused
	lastCode, lastField, found, err := lastRefusal(a.tx, id, version)
	if err != nil || found && lastCode == code && lastField == field {
		return err
	}
	if err := keepRefusal(a.tx, id, version, code, field); err != nil {
		return err
	}
	if err := a.tell(audit.Event{Code: "record.refused", Application: string(id), Detail: map[string]string{
		"version": strconv.Itoa(version), "cause": code,
	}}); err != nil {
		return err
	}
	return a.enqueue(Report{Record: id, Version: version, State: StateRefused, Reason: code})
}

// RefuseRecord writes down why a delivered record was not accepted, for the report back. Nothing
// is queued.
type RefuseRecord struct {
	ID      ApplicationID
	Version int
	Code    string // center protocol, refusals
	Field   string // JSON pointer; empty where no part is meant
}

func (RefuseRecord) Name() Name { return opRefuseRecord }

func (o RefuseRecord) run(a *act) error {
	if o.ID == "" || o.Code == "" {
		return badOperation.At("registry.RefuseRecord", nil).With("id", "id and code are needed")
	}
	return a.refuse(o.ID, o.Version, o.Code, o.Field)
}

// RefillRecord brings a record back whose pictures or fingers were erased, or whose validity has
// ended, so that its card can be made (again). A higher version supersedes, as in ReceiveRecord.
type RefillRecord struct {
	Record    ktp.Record
	MessageID string
	Canonical [32]byte
	Warnings  []string
}

func (RefillRecord) Name() Name { return opRefillRecord }

func (o RefillRecord) about() ApplicationID { return ApplicationID(o.Record.ID) }

func (o RefillRecord) run(a *act) error {
	r := o.Record
	app, err := a.application(o.about())
	if err != nil {
		return err
	}
	receive := ReceiveRecord(o)
	if code, err := a.unacceptable(receive); err != nil || code != "" {
		return a.orRefuse(err, app.ID, r.Version, code, "")
	}
	if r.Version != app.Version {
		person, err := a.personKey(r.Person.NIK)
		if err != nil {
			return err
		}
		return receive.again(a, app, person)
	}
	old, canonical, err := loadRecord(a.tx, app)
	if err != nil {
		return err
	}
	if !hmac.Equal(canonical[:], o.Canonical[:]) {
		return a.refuse(app.ID, r.Version, refusedReplayed, "")
	}
	a.res.Application, a.res.State, a.res.Word = app.ID, app.State, app.Word()
	w, wanted, err := jobs.WantedFor(a.tx, string(app.ID))
	if err != nil {
		return err
	}
	expired := !old.ValidUntil.IsZero() && !old.ValidUntil.After(a.now())
	if w.Pinned || !w.NeedsRecord && !expired {
		a.res.Answer = AnswerUnchanged
		return nil
	}
	if err := keepRecord(a.tx, r, canonical); err != nil {
		return err
	}
	if wanted {
		w.NeedsRecord, w.ValidUntil, w.Profile = false, r.ValidUntil, r.Profile
		if err := w.Save(a.tx); err != nil {
			return err
		}
	}
	a.res.Answer = AnswerRefilled
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Detail: map[string]string{"version": strconv.Itoa(app.Version)}})
}
