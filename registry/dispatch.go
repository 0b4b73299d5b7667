package registry

import (
	"context"
	"slices"
	"time"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// Task is a kind of back-office work that is handed out by rule, so that nobody chooses whose
// application they work on.
type Task string

const (
	TaskApprove    Task = "approve"
	TaskAdjudicate Task = "adjudicate"
	TaskRemake     Task = "remake"
)

// Tasks say which applications wait for which work, and who may do it.
var Tasks = []TaskRow{
	{TaskApprove, PrintReady, access.Approve, DutyApprove},
	{TaskAdjudicate, Adjudicate, access.ReadResults, ""},
	{TaskRemake, Returned, access.Produce, ""},
}

// TaskRow of a task.
type TaskRow struct {
	Task  Task
	State State // applications in it wait for the task
	Who   access.Permission
	Duty  Duty // that it is; who may not do it is passed over
}

// taskOf finds a task that the actor may do.
func (a *act) taskOf(t Task) (TaskRow, error) {
	const op = "registry.task"
	i := slices.IndexFunc(Tasks, func(row TaskRow) bool { return row.Task == t })
	if i < 0 {
		return TaskRow{}, badOperation.At(op, nil).With("task", "approve, adjudicate or remake")
	}
	if !a.actor.May(Tasks[i].Who) {
		return TaskRow{}, notAllowed.At(op, nil).With("task", "%s needs a role for %s", t, Tasks[i].Who)
	}
	return Tasks[i], nil
}

// Assignment is one piece of work in one person's hands.
type Assignment struct {
	Application ApplicationID
	Task        Task
	Person      string
	At          time.Time
	Jump        string // reason why it was taken out of order
	DoneAt      time.Time
}

// TakeNext hands the next piece of work of a task to the actor: the one that is first by priority
// and date due, that nobody has, and that the actor may do. Who has one already gets the same.
// Result.Application names it; registry.no_work when none waits.
type TakeNext struct{ Task Task }

func (TakeNext) Name() Name { return opTakeNext }

func (o TakeNext) run(a *act) error {
	task, err := a.taskOf(o.Task)
	if err != nil {
		return err
	}
	list, err := nextFor(a.tx, task, a.actor.ID, 1, false)
	if err != nil || len(list) == 0 {
		if err == nil {
			err = noWork.At("registry.TakeNext", nil)
		}
		return err
	}
	next := list[0]
	a.res.Application, a.res.State, a.res.Word = next.ID, next.State, next.Word()
	return a.take(next, task.Task)
}

// take puts a piece of work into the actor's hands, unless it is there.
func (a *act) take(app Application, t Task) error {
	mine, had, err := assigned(a.tx, app.ID, t)
	if err != nil || had && mine.Person == a.actor.ID && mine.DoneAt.IsZero() {
		return err
	}
	return a.assign(Assignment{Application: app.ID, Task: t, Person: a.actor.ID})
}

// takeFirst puts the first so many applications without a warning that wait for an approval into the
// actor's hands.
func (a *act) takeFirst(n int) (ids []ApplicationID, err error) {
	task, err := a.taskOf(TaskApprove)
	if err != nil {
		return nil, err
	}
	list, err := nextFor(a.tx, task, a.actor.ID, n, true)
	if err != nil || len(list) == 0 {
		if err == nil {
			err = noWork.At("registry.DrawBatch", nil)
		}
		return nil, err
	}
	for _, app := range list {
		if err := a.take(app, task.Task); err != nil {
			return nil, err
		}
		ids = append(ids, app.ID)
	}
	return ids, nil
}

func (a *act) assign(w Assignment) error {
	w.At = a.now()
	if err := w.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"task": string(w.Task), "person": w.Person}
	if w.Jump != "" {
		detail["cause"] = w.Jump
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(w.Application), Detail: detail})
}

// TakeThis takes a piece of work out of order, with a reason and a second person; it is counted.
type TakeThis struct {
	Application ApplicationID
	Task        Task
	Because
	Second Actor
}

func (TakeThis) Name() Name             { return opTakeThis }
func (o TakeThis) about() ApplicationID { return o.Application }
func (o TakeThis) second() Actor        { return o.Second }

func (o TakeThis) run(a *act) error {
	const op = "registry.TakeThis"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	task, err := a.taskOf(o.Task)
	if err != nil {
		return err
	}
	if app.State != task.State {
		return wrongState.At(op, nil).With("state", "%s is %s", app.ID, app.State)
	}
	a.res.Application = app.ID
	return a.assign(Assignment{Application: app.ID, Task: task.Task, Person: a.actor.ID, Jump: o.Reason})
}

// GiveBack returns a piece of work to the queue.
type GiveBack struct {
	Application ApplicationID
	Task        Task
}

func (GiveBack) Name() Name             { return opGiveBack }
func (o GiveBack) about() ApplicationID { return o.Application }

func (o GiveBack) run(a *act) error {
	w, found, err := assigned(a.tx, o.Application, o.Task)
	if err != nil {
		return err
	}
	if !found || w.Person != a.actor.ID || !w.DoneAt.IsZero() {
		return withAnother.At("registry.GiveBack", nil).With("application", "not in the hands of the actor")
	}
	if err := w.drop(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"task": string(o.Task), "person": a.actor.ID}})
}

// handedOut refuses work that somebody else has in hand, and, where the station hands all work out,
// work that was not handed to the actor.
func (a *act) handedOut(app Application) error {
	if a.row.Task == "" {
		return nil
	}
	w, err := a.inHands(app, a.row.Task)
	if err != nil || w.Application == "" {
		return err
	}
	w.DoneAt = a.now()
	return w.save(a.tx)
}

// inHands is a piece of work that the actor has in hand; a zero one where nobody has it and nobody must.
func (a *act) inHands(app Application, t Task) (Assignment, error) {
	w, found, err := assigned(a.tx, app.ID, t)
	if err != nil {
		return Assignment{}, err
	}
	mine := found && w.Person == a.actor.ID
	open := found && w.DoneAt.IsZero()
	if open && !mine || a.r.cfg.Dispatch && !(open && mine) {
		return Assignment{}, withAnother.At("registry.Do", nil).With("application", "%s is not handed to the actor", app.ID)
	}
	if !open {
		return Assignment{}, nil
	}
	return w, nil
}

// DeclareConflict says that the actor has an interest of their own in an application; from now on
// they do nothing more for it.
type DeclareConflict struct{ Application ApplicationID }

func (DeclareConflict) Name() Name             { return opDeclareConflict }
func (o DeclareConflict) about() ApplicationID { return o.Application }

func (o DeclareConflict) run(a *act) error {
	a.res.Application = o.Application
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"person": a.actor.ID}})
}

// Jumps are pieces of work that were taken out of order in a time, oldest first.
func (r *Registry) Jumps(ctx context.Context, of Period, after Seen, limit int) (list []Assignment, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		since, until := of.bounds()
		w.And(`jump <> '' and at >= ? and at < ?`, since, until)
		behind, last := after.behind("at", "subject")
		w.And(behind, last...)
		list, err = assignments(tx, w.Text()+` order by at, subject limit ?`, w.Args(limit)...)
		return err
	})
	return list, err
}
