package registry

import (
	"context"
	"slices"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store"
)

// HoldApplication keeps an application in its place in the queue, and no line takes it until it is released. A line
// that has only prepared its card gives it back.
type HoldApplication struct {
	Application ApplicationID
	Because
}

func (HoldApplication) Name() Name             { return opHold }
func (o HoldApplication) about() ApplicationID { return o.Application }

func (o HoldApplication) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.takeOrder(app.ID, string(RecordHeld.Code), jobs.Waiting); err != nil {
		return err
	}
	if err := a.move(&app, EventHold, o.Reason); err != nil {
		return err
	}
	return a.syncOrder(app)
}

// ReleaseApplication lets an application that was held here go on in the queue. Where the station held it, its lost
// cards are counted anew.
type ReleaseApplication struct{ Application ApplicationID }

func (ReleaseApplication) Name() Name             { return opRelease }
func (o ReleaseApplication) about() ApplicationID { return o.Application }

func (o ReleaseApplication) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if !heldByPerson(app) {
		app.Spoiled = 0
	}
	app.KeptHold = 0
	if err := a.move(&app, EventRelease, ""); err != nil {
		return err
	}
	return a.syncOrder(app)
}

// heldByPerson reports whether a person put the application on hold here, and not the station itself.
func heldByPerson(app Application) bool {
	return app.State == OnHold && slices.Contains(ReasonsFor(opHold).Codes, app.Cause)
}

// keepHold has the hold of a person outlive the version of the record that it met.
func (a *act) keepHold(app *Application) error {
	if !heldByPerson(*app) || app.KeptHold != 0 {
		return nil
	}
	e, err := lastHold(a.tx, *app)
	app.KeptHold = e.ID
	return err
}

// holdAgain puts an application that was queued anew on hold for the reason of the hold that was kept.
func (a *act) holdAgain(app *Application) error {
	if app.KeptHold == 0 {
		return nil
	}
	e, err := lastHold(a.tx, *app)
	if err != nil {
		return err
	}
	if err := a.move(app, EventHold, e.Detail["cause"]); err != nil {
		return err
	}
	return a.syncOrder(*app)
}

// lastHold is the event that put an application on hold: the first one of a hold that was kept.
func lastHold(tx *store.Tx, app Application) (e audit.Event, err error) {
	if app.KeptHold == 0 {
		return audit.Last(tx, string(app.ID), applicationEvents+codeOf(string(EventHold)))
	}
	list, err := audit.After(tx, app.KeptHold-1, 1, audit.Filter{Application: string(app.ID)})
	if err == nil && len(list) == 1 {
		e = list[0]
	}
	return e, err
}

// HeldBack is an application on hold, or one that is again as soon as it is queued, and the event that put it there: by
// whom, since when, why, and whether a note stands beside it.
type HeldBack struct {
	Application
	Event audit.Event
}

// HeldBack are the applications on hold behind a cursor, the id of the last one seen, in the order of their ids, at most
// limit.
func (r *Registry) HeldBack(ctx context.Context, after ApplicationID, limit int) (list []HeldBack, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		apps, err := applicationsHeld(tx, after, limit)
		list = make([]HeldBack, len(apps))
		for i, app := range apps {
			list[i].Application = app
			if list[i].Event, err = lastHold(tx, app); err != nil {
				return err
			}
		}
		return err
	})
	return list, err
}
