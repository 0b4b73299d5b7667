package registry

import (
	"blanko/jobs"
	"blanko/ktp"
)

// Approve lets one record be printed. By a person who did not bring the application in.
type Approve struct{ Application ApplicationID }

func (Approve) Name() Name             { return opApprove }
func (o Approve) about() ApplicationID { return o.Application }

func (o Approve) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if same, err := a.confirmed(app); err != nil || !same {
		if err == nil {
			err = confirmationDiffers.At("registry.Approve", nil).With("application", "%s is to be confirmed again", app.ID)
		}
		return err
	}
	app.ApprovedBy = a.actor.ID
	return a.move(&app, EventApprove, "")
}

// Queue puts an approved application into the queue of the lines. By a person who did not
// approve it.
type Queue struct{ Application ApplicationID }

func (Queue) Name() Name             { return opQueue }
func (o Queue) about() ApplicationID { return o.Application }

func (o Queue) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.withinQuota(app); err != nil {
		return err
	}
	app.QueuedBy = a.actor.ID
	if err := a.requeue(&app, EventQueue, ""); err != nil {
		return err
	}
	return a.holdAgain(&app)
}

// CancelApplication ends an application for which no blank was used.
type CancelApplication struct {
	Application ApplicationID
	Because
}

func (CancelApplication) Name() Name             { return opCancel }
func (o CancelApplication) about() ApplicationID { return o.Application }

func (o CancelApplication) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.dropOrder(app.ID, causeCancelled); err != nil {
		return err
	}
	if err := a.eraseAll(app.ID); err != nil {
		return err
	}
	if err := a.move(&app, EventCancel, o.Reason); err != nil {
		return err
	}
	return a.saidDead(o.Reason, app.person)
}

// Remake puts an application whose card came back and was retired into the queue again. By two
// persons, the second not the one who approved it.
type Remake struct {
	Application ApplicationID
	Because
	Second Actor
}

func (Remake) Name() Name             { return opRemake }
func (o Remake) about() ApplicationID { return o.Application }
func (o Remake) second() Actor        { return o.Second }

func (o Remake) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if busy, err := madeCard(a.tx, app.person); err != nil || busy {
		if err == nil {
			err = wrongState.At("registry.Remake", nil).With("state", "the card that came back is not retired")
		}
		return err
	}
	return a.requeue(&app, EventRemake, o.Reason)
}

// orderIDBytes makes order ids of 20 hex digits: one of 16 could by chance be all decimal, and look
// like a NIK to the event log.
const orderIDBytes = 10

// requeue puts an application without an open order into the queue.
func (a *act) requeue(app *Application, e Event, cause string) error {
	r, _, err := loadRecord(a.tx, *app)
	if err != nil {
		return err
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	app.Spoiled = 0
	if err := a.raise(app); err != nil {
		return err
	}
	if err := a.move(app, e, cause); err != nil {
		return err
	}
	return jobs.Want(a.tx, jobs.Wanted{
		ID: jobs.OrderID(id), Application: string(app.ID), Person: app.person, Priority: app.Priority, Due: app.Due,
		Held: app.HeldFor() != "", NeedsRecord: !complete(r), ValidUntil: r.ValidUntil, Profile: r.Profile,
	})
}

// complete reports whether everything a card needs is still there of a record.
func complete(r ktp.Record) bool {
	for _, f := range r.Fingers {
		if !f.Empty() && len(f.Best40) == 0 && len(f.Best60) == 0 {
			return false
		}
	}
	return len(r.Portrait.Data) > 0 && len(r.Signature.Data) > 0
}
