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
	if !slices.Contains(ReasonsFor(opHold).Codes, app.Cause) {
		app.Spoiled = 0
	}
	if err := a.move(&app, EventRelease, ""); err != nil {
		return err
	}
	return a.syncOrder(app)
}

// HeldBack is an application on hold, and the event that put it there: by whom, and whether a note stands beside it.
type HeldBack struct {
	Application
	Event audit.Event
}

// HeldBack are the applications on hold, in the order of their ids, at most limit.
func (r *Registry) HeldBack(ctx context.Context, limit int) (list []HeldBack, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		apps, err := applicationList(tx, `where state = ? order by id limit ?`, OnHold, limit)
		list = make([]HeldBack, len(apps))
		for i, app := range apps {
			list[i].Application = app
			if list[i].Event, err = audit.Last(tx, string(app.ID), applicationEvents+codeOf(string(EventHold))); err != nil {
				return err
			}
		}
		return err
	})
	return list, err
}
