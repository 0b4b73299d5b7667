package registry

import (
	"strconv"

	"blanko/jobs"
	"blanko/registry/audit"
)

// highestPriority is that of an order which is made first.
const highestPriority = 9

// MoveOrder gives an order that waits another place in the queue, by its priority: 9 is made first, and among equals what
// is due first. A supervisor says why; every move is told in the reports.
type MoveOrder struct {
	Application ApplicationID
	Priority    int // 0 lowest to 9 highest
	Because
}

func (MoveOrder) Name() Name             { return opMoveOrder }
func (o MoveOrder) about() ApplicationID { return o.Application }

func (o MoveOrder) run(a *act) error {
	const op = "registry.MoveOrder"
	if o.Priority < 0 || o.Priority > highestPriority {
		return badOperation.At(op, nil).With("priority", "0 to 9")
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	w, found, err := jobs.WantedFor(a.tx, string(app.ID))
	if err == nil && (!found || w.Pinned) {
		err = wrongState.At(op, nil).With("application", "no order of it waits")
	}
	if err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = app.ID, app.State, app.Word(), AnswerUnchanged
	before := w.Priority
	if before == o.Priority {
		return nil
	}
	w.Priority, app.Priority, a.res.Answer = o.Priority, o.Priority, AnswerDone
	if err := w.Save(a.tx); err != nil {
		return err
	}
	if err := app.save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Order: string(w.ID), Detail: map[string]string{
		"before": strconv.Itoa(before), "priority": strconv.Itoa(o.Priority), "cause": o.Reason,
	}})
}
