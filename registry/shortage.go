package registry

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/store"
)

// OrderMark is what a person says of an application that decides who comes first while blanks are short.
type OrderMark string

const (
	MarkDisaster OrderMark = "disaster" // a disaster made it necessary
	MarkBacklog  OrderMark = "backlog"  // it has waited since before the shortage
)

// Marked is a mark of an application.
type Marked struct {
	Application ApplicationID
	Mark        OrderMark
	Reason      string // code
	Actor       string
	Second      string
	At          time.Time
}

// MarkOrder marks an application that no line has got yet. Its priority is that of its class in the
// service standard from now on, and a quota that exempts the class does not hold it.
type MarkOrder struct {
	Application ApplicationID
	Mark        OrderMark
	Because
	Second Actor
}

func (MarkOrder) Name() Name             { return opMarkOrder }
func (o MarkOrder) about() ApplicationID { return o.Application }
func (o MarkOrder) second() Actor        { return o.Second }

func (o MarkOrder) run(a *act) error {
	const op = "registry.MarkOrder"
	if o.Mark != MarkDisaster && o.Mark != MarkBacklog {
		return badOperation.At(op, nil).With("mark", "disaster or backlog")
	}
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	m := Marked{Application: o.Application, Mark: o.Mark, Reason: o.Reason, Actor: a.actor.ID, Second: o.Second.ID, At: a.now()}
	if err := m.save(a.tx); err != nil {
		return err
	}
	if err := a.raise(&app); err != nil {
		return err
	}
	if err := app.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.Answer = o.Application, AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"mark": string(o.Mark), "cause": o.Reason}})
}

// raise gives an application the priority of its class, where a disaster or the backlog puts it before others of its
// type: what the center asked for stays where it is higher.
func (a *act) raise(app *Application) error {
	order, err := a.orderOf(*app)
	if err != nil || !order.Disaster && !order.Backlog {
		return err
	}
	s, err := a.standard()
	app.Priority = max(app.Priority, s.Priority(order))
	return err
}

// orderOf is what the service standard decides by. Who holds a temporary certificate that is valid belongs to the
// backlog without a mark.
func (a *act) orderOf(app Application) (o standard.Order, err error) {
	o.Type = ktp.ApplicationType(app.Type)
	if o.District, err = districtFor(a.tx, app.ID); err != nil {
		return o, err
	}
	marks, err := marksOf(a.tx, app.ID)
	if err != nil {
		return o, err
	}
	for _, m := range marks {
		o.Disaster = o.Disaster || m.Mark == MarkDisaster
		o.Backlog = o.Backlog || m.Mark == MarkBacklog
	}
	if o.Backlog {
		return o, nil
	}
	certificates, err := sukets(a.tx, `where application = ? and state = 'valid' and valid_until > ? limit 1`, app.ID, store.Micros(a.now()))
	o.Backlog = len(certificates) > 0
	return o, err
}

// withinQuota refuses an application that no quota has room for today. Remakes are not asked: their
// application was let in before; what they use counts for the day, too.
func (a *act) withinQuota(app Application) error {
	s, err := a.standard()
	if err != nil || !s.Shortage.On {
		return err
	}
	order, err := a.orderOf(app)
	if err != nil {
		return err
	}
	from, to, err := a.r.dayOf(a.today())
	if err != nil {
		return err
	}
	used, err := queuedBetween(a.tx, from, to)
	if err != nil {
		return err
	}
	if ok, quota := s.Admits(order, used); !ok {
		return quotaUsed.At("registry.Queue", nil).With("quota", "%s is used up for today", quota)
	}
	return nil
}

// Marks of an application, oldest first.
func (r *Registry) Marks(ctx context.Context, id ApplicationID) (list []Marked, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if _, err := (&act{r: r, tx: tx}).application(id); err != nil {
			return err
		}
		list, err = marksOf(tx, id)
		return err
	})
	return list, err
}
