package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/osia"
	"blanko/store"
)

// Enrolment is one package for the center's 1:N search.
type Enrolment struct {
	Application ApplicationID
	Encounter   int // rises with every package of the application
	At          time.Time
	TakenAt     time.Time // by the center; zero: not yet
	Tries       int
	Answer      string // of the last try that failed
}

// Send gives a captured, proved and confirmed application to the 1:N search: the package waits until
// the center has taken it. A station that stands alone searches itself.
type Send struct{ Application ApplicationID }

func (Send) Name() Name             { return opSend }
func (o Send) about() ApplicationID { return o.Application }

func (o Send) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	c, err := a.captured(app.ID)
	if err != nil {
		return err
	}
	if c.VerifiedAt.IsZero() && c.Fingers != [2]ktp.Finger{} {
		return notVerified.At("registry.Send", nil)
	}
	return a.send(&app, "")
}

// send queues one package more.
func (a *act) send(app *Application, cause string) error {
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	e := Enrolment{Application: app.ID, Encounter: last.Encounter + 1, At: a.now()}
	if a.r.cfg.StandAlone {
		e.TakenAt = a.now()
	}
	if err := e.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"encounter": strconv.Itoa(e.Encounter)}
	if cause != "" {
		detail["cause"] = cause
	}
	if err := a.tell(audit.Event{Code: "enrolment.queued", Application: string(app.ID), Detail: detail}); err != nil {
		return err
	}
	if app.State != Sent {
		if err := a.move(app, EventSend, cause); err != nil {
			return err
		}
	}
	a.res.Application, a.res.State, a.res.Word = app.ID, app.State, app.Word()
	if a.r.cfg.StandAlone {
		return a.move(app, EventArrive, "")
	}
	return nil
}

// Resend sends an application again that hangs at the center, or whose search failed there.
type Resend struct {
	Application ApplicationID
	Because
}

func (Resend) Name() Name             { return opResend }
func (o Resend) about() ApplicationID { return o.Application }

func (o Resend) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if app.Version > 0 {
		return wrongState.At("registry.Resend", nil).With("state", "the center's record of %s is here", app.ID)
	}
	if _, err := a.captured(app.ID); err != nil {
		return err
	}
	return a.send(&app, o.Reason)
}

// TakeEnrolment is the center's answer that it has a package. An older encounter changes nothing.
type TakeEnrolment struct {
	Application ApplicationID
	Encounter   int
}

func (TakeEnrolment) Name() Name             { return opTakeEnrolment }
func (o TakeEnrolment) about() ApplicationID { return o.Application }

func (o TakeEnrolment) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	return a.arrived(&app, o.Encounter)
}

// arrived marks the newest encounter as taken and moves an application that was still on its way.
func (a *act) arrived(app *Application, encounter int) error {
	e, found, err := enrolmentOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), AnswerUnchanged
	if !found || e.Encounter != encounter || !e.TakenAt.IsZero() {
		return nil
	}
	known, err := knownAtCenter(a.tx, app.ID)
	if err != nil {
		return err
	}
	e.TakenAt = a.now()
	if err := e.save(a.tx); err != nil {
		return err
	}
	if !known && app.Open() { // one that has ended was told of then
		if err := a.reportFront(*app); err != nil {
			return err
		}
	}
	if err := a.tell(audit.Event{Code: "enrolment.taken", Application: string(app.ID), Detail: map[string]string{"encounter": strconv.Itoa(encounter)}}); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	if app.State != Sent {
		return nil
	}
	return a.move(app, EventArrive, "")
}

// RefuseEnrolment is the center's answer that what was captured is not usable there: instead of taking
// the package, or after it took it and before there is a result. An older encounter changes nothing.
type RefuseEnrolment struct {
	Application ApplicationID
	Encounter   int
	Reason      string // code
}

func (RefuseEnrolment) Name() Name             { return opRefuseEnrolment }
func (o RefuseEnrolment) about() ApplicationID { return o.Application }

func (o RefuseEnrolment) run(a *act) error {
	if err := aCode("registry.RefuseEnrolment", o.Reason); err != nil {
		return err
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.arrived(&app, o.Encounter); err != nil {
		return err
	}
	last, _, err := enrolmentOf(a.tx, app.ID)
	if err != nil || last.Encounter != o.Encounter || app.State != AtCenter {
		return err
	}
	if _, decided, err := newestResult(a.tx, app.ID, o.Encounter); err != nil || decided {
		return err
	}
	a.res.Answer = AnswerDone
	return a.move(&app, EventNoEnroll, o.Reason)
}

// EnrolmentsWaiting are packages that the center has not taken, oldest first.
func (r *Registry) EnrolmentsWaiting(ctx context.Context, limit int) (list []Enrolment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = enrolmentsWaiting(tx, limit)
		return err
	})
	return list, err
}

// EnrolmentFailed notes that the center could not be given a package, and its answer; it stays.
func (r *Registry) EnrolmentFailed(ctx context.Context, id ApplicationID, encounter int, answer string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return enrolmentTried(tx, id, encounter, answer) })
}

// Enrolments are the packages of an application, oldest first.
func (r *Registry) Enrolments(ctx context.Context, id ApplicationID) (list []Enrolment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = enrolments(tx, `where application = ? order by encounter`, id)
		return err
	})
	return list, err
}

// osiaPart names a part of a capture in OSIA's words.
func osiaPart(part string) (kind, sub string) {
	switch part {
	case PartPortrait:
		return "FACE", "PORTRAIT"
	case PartSignature:
		return "SIGNATURE", ""
	case PartIrisRight:
		return "IRIS", "EYE_RIGHT"
	case PartIrisLeft:
		return "IRIS", "EYE_LEFT"
	}
	return "FINGER", fingerOf(part).String()
}

// EnrolmentPackage is the newest package of an application as it goes to the center: personal data. It
// is the same however often it is asked for: the center refuses another content of one encounter.
func (r *Registry) EnrolmentPackage(ctx context.Context, id ApplicationID) (e osia.Enrolment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		last, found, err := enrolmentOf(tx, id)
		if err == nil && !found {
			err = wrongState.At("registry.EnrolmentPackage", nil).With("state", "%s was not sent", id)
		}
		if err != nil {
			return err
		}
		e, err = a.enrolment(app, last.Encounter)
		return err
	})
	return e, err
}

func (a *act) enrolment(app Application, encounter int) (e osia.Enrolment, err error) {
	in, err := a.intake(app.ID)
	if err != nil {
		return e, err
	}
	c, err := a.captured(app.ID)
	if err != nil {
		return e, err
	}
	parts, err := captured(a.tx, app.ID)
	if err != nil {
		return e, err
	}
	confirmed, _, err := confirmationOf(a.tx, app.ID)
	if err != nil {
		return e, err
	}
	e = osia.Enrolment{
		ID: string(app.ID), Encounter: encounter, Office: a.r.cfg.Office, Type: ktp.ApplicationType(app.Type), Priority: app.Priority,
		Delivery: in.Delivery, Confirmed: confirmed.Hash, Person: in.Person,
	}
	for _, name := range captureParts {
		p := parts[name]
		kind, sub := osiaPart(name)
		one := osia.EnrolmentPart{
			Type: kind, SubType: sub, Instance: "first", MIME: p.MIME, Image: p.Data, Template: p.Template, Quality: p.Quality, Device: p.Device, Missing: string(p.Missing),
		}
		f := fingerOf(name)
		one.Chip = f != 0 && (f == c.Fingers[0] || f == c.Fingers[1])
		e.Parts = append(e.Parts, one)
		if !one.Chip {
			continue
		}
		again, err := secondImpression(a.tx, app.ID, name)
		if err != nil {
			return e, err
		}
		if len(again) > 0 {
			e.Parts = append(e.Parts, osia.EnrolmentPart{Type: kind, SubType: sub, Instance: "second", Template: again, Chip: true})
		}
	}
	return e, nil
}
