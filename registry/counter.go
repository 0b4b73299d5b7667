package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// TicketState is where a number of the counter's queue stands.
type TicketState string

const (
	TicketWaiting TicketState = "waiting"
	TicketCalled  TicketState = "called"
	TicketServed  TicketState = "served"
	TicketLeft    TicketState = "left" // nobody came when it was called
)

// Ticket is one number in the queue of a counter. It holds nothing of the person.
type Ticket struct {
	Place       string // service place; empty: the Dinas
	Day         string // yyyy-mm-dd at the place
	Number      int    // from 1 each day
	State       TicketState
	TakenAt     time.Time
	CalledAt    time.Time
	CalledBy    string
	Jump        string // reason why it was called out of order
	Application ApplicationID
}

// today is the date at the station.
func (a *act) today() string { return a.now().In(a.r.zone()).Format(time.DateOnly) }

// year is that of the date at the station: numbers of papers begin with it.
func (a *act) year() string { return a.now().In(a.r.zone()).Format("2006") }

// TakeTicket gives the next number of a counter. Result.Answer is the number.
type TakeTicket struct{ Place string }

func (TakeTicket) Name() Name { return opTakeTicket }

func (o TakeTicket) run(a *act) error {
	t := Ticket{Place: ofDinas(o.Place), Day: a.today(), State: TicketWaiting, TakenAt: a.now()}
	var err error
	if t.Number, err = nextTicket(a.tx, t.Place, t.Day); err != nil {
		return err
	}
	if err := t.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = strconv.Itoa(t.Number)
	return a.tellTicket(t)
}

func (a *act) tellTicket(t Ticket) error {
	detail := map[string]string{"place": t.Place, "day": t.Day, "number": strconv.Itoa(t.Number), "ticket": string(t.State)}
	if t.Jump != "" {
		detail["cause"] = t.Jump
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(t.Application), Detail: detail})
}

// CallNext calls the lowest number that waits at the actor's counter. Result.Answer is the number;
// registry.no_work when nobody waits.
type CallNext struct{}

func (CallNext) Name() Name { return opCallNext }

func (CallNext) run(a *act) error {
	t, found, err := firstWaiting(a.tx, a.actor.Place, a.today())
	if err != nil || !found {
		if err == nil {
			err = noWork.At("registry.CallNext", nil)
		}
		return err
	}
	return a.call(t)
}

// CallThis calls a number out of order, with a reason: a person with a child, or who is frail. It is
// counted.
type CallThis struct {
	Number int
	Because
}

func (CallThis) Name() Name { return opCallThis }

func (o CallThis) run(a *act) error {
	const op = "registry.CallThis"
	t, found, err := ticketOf(a.tx, a.actor.Place, a.today(), o.Number)
	switch {
	case err != nil:
		return err
	case !found:
		return unknownID.At(op, nil).With("number", "not given today")
	case t.State != TicketWaiting && t.State != TicketLeft:
		return wrongState.At(op, nil).With("number", "%d is %s", t.Number, t.State)
	}
	t.Jump = o.Reason
	return a.call(t)
}

func (a *act) call(t Ticket) error {
	t.State, t.CalledAt, t.CalledBy = TicketCalled, a.now(), a.actor.ID
	if err := t.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = strconv.Itoa(t.Number)
	return a.tellTicket(t)
}

// EndTicket ends a number that was called: the person did not come, or needed no application.
type EndTicket struct {
	Number int
	Came   bool
}

func (EndTicket) Name() Name { return opEndTicket }

func (o EndTicket) run(a *act) error {
	t, err := a.called(o.Number)
	if err != nil {
		return err
	}
	t.State = TicketLeft
	if o.Came {
		t.State = TicketServed
	}
	if err := t.save(a.tx); err != nil {
		return err
	}
	return a.tellTicket(t)
}

// called is a number that the actor has called.
func (a *act) called(number int) (Ticket, error) {
	t, found, err := ticketOf(a.tx, a.actor.Place, a.today(), number)
	switch {
	case err != nil:
		return t, err
	case !found:
		return t, unknownID.At("registry.called", nil).With("ticket", "not given today")
	case t.State != TicketCalled || t.CalledBy != a.actor.ID:
		return t, outOfOrder.At("registry.called", nil).With("ticket", "%d is %s, or with another officer", t.Number, t.State)
	}
	return t, nil
}

// serve ties an application to the number that was called for it. Where people wait, an application
// without a number is out of order.
func (a *act) serve(number int, id ApplicationID) error {
	if !a.proposed.IsZero() { // it was served then
		return a.servedFor(number, id)
	}
	if number == 0 {
		_, waits, err := firstWaiting(a.tx, a.actor.Place, a.today())
		if err == nil && waits {
			err = outOfOrder.At("registry.serve", nil).With("ticket", "others wait; call a number")
		}
		return err
	}
	t, err := a.called(number)
	if err != nil {
		return err
	}
	t.State, t.Application = TicketServed, id
	return t.save(a.tx)
}

// servedFor ties an application to the number that was served when it was proposed.
func (a *act) servedFor(number int, id ApplicationID) error {
	t, found, err := ticketOf(a.tx, a.actor.Place, a.proposed.In(a.r.zone()).Format(time.DateOnly), number)
	if err != nil || !found {
		return err
	}
	t.Application = id
	return t.save(a.tx)
}

// TicketFilter says which numbers are asked for.
type TicketFilter struct {
	Place string
	Day   string      // yyyy-mm-dd; empty: today
	State TicketState // empty: all
	After int         // the last number seen
	Limit int
}

// Tickets are the numbers of a counter in their order.
func (r *Registry) Tickets(ctx context.Context, f TicketFilter) (list []Ticket, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if f.Day == "" {
			f.Day = (&act{r: r, tx: tx}).today()
		}
		list, err = tickets(tx, `where place = ? and day = ? and (? = '' or state = ?) and number > ? order by number limit ?`,
			ofDinas(f.Place), f.Day, f.State, f.State, f.After, f.Limit)
		return err
	})
	return list, err
}
