package console

import (
	"strconv"

	"github.com/a-h/templ"

	"blanko/registry"
)

var counterActions = []action{
	{Path: "/loket/nomor", Page: "counter", Op: func(f *form) (registry.Operation, error) {
		return registry.TakeTicket{Place: f.Actor.Place}, nil
	}},
	{Path: "/loket/panggil", Page: "counter", Op: func(*form) (registry.Operation, error) { return registry.CallNext{}, nil }},
	{Path: "/loket/dahulukan", Page: "counter", Op: func(f *form) (registry.Operation, error) {
		return registry.CallThis{Number: f.number("number"), Because: f.because()}, nil
	}},
	{Path: "/loket/selesai", Page: "counter", Op: func(f *form) (registry.Operation, error) {
		return registry.EndTicket{Number: f.number("number"), Came: f.yes("came")}, nil
	}},
}

// counter is the queue of a counter today: who waits, who was called.
func (v *view) counter() (templ.Component, error) {
	return stack(columns(
		v.sheetOf("take", "/loket/nomor", registry.TakeTicket{}),
		v.sheetOf("call", "/loket/panggil", registry.CallNext{}),
	), v.LivePart("loket")), nil
}

// ticketOrder is who comes first on the page: who is at a counter, then who waits.
var ticketOrder = []registry.TicketState{registry.TicketCalled, registry.TicketWaiting, registry.TicketServed, registry.TicketLeft}

func (v *view) tickets() (templ.Component, error) {
	t := tableView{Title: v.T("counter.today"), Empty: v.T("counter.none"), Heads: []string{v.T("head.number"), v.T("head.state"), v.T("head.waiting"), v.T("head.by"), v.T("head.application"), v.T("head.do")}}
	var list []registry.Ticket
	for _, s := range ticketOrder {
		in, err := v.Registry.Tickets(v.ctx(), registry.TicketFilter{Place: v.Actor.Place, State: s, Limit: listed + 1})
		if err != nil {
			return nil, err
		}
		list = append(list, short(&t, in)...)
	}
	var waiting []option
	for _, k := range list {
		n := number(k.Number)
		var do templ.Component
		switch {
		case k.State == registry.TicketCalled && v.Can(registry.EndTicket{}):
			do = stack(
				button(v, "served-"+n, "/loket/selesai", v.T("counter.served"), "main", map[string]string{"number": n, "came": "yes"}),
				button(v, "left-"+n, "/loket/selesai", v.T("counter.left"), "", map[string]string{"number": n}))
		case k.State == registry.TicketWaiting:
			waiting = append(waiting, option{n, n})
		}
		app := cell{Text: orDash(string(k.Application))}
		if k.Application != "" {
			app.Link = v.applicationPath(k.Application)
		}
		t.Rows = append(t.Rows, []cell{{Text: n, Class: "number"}, {Text: v.T("ticket." + string(k.State))}, {Text: v.Ago(k.TakenAt)}, {Text: orDash(k.CalledBy)}, app, {Part: do}})
	}
	var first templ.Component
	if len(waiting) > 1 { // the only one that waits is the next
		first = folds("", v.foldOf("first", "/loket/dahulukan", registry.CallThis{}, input{Name: "number", Kind: "select", Options: waiting, Needed: true}))
	}
	return stack(table(v, t), first), nil
}

// ticketCalled is the number that who looks has called last, for the form of a new application; empty: none.
func (v *view) ticketCalled() (string, error) {
	list, err := v.Registry.Tickets(v.ctx(), registry.TicketFilter{Place: v.Actor.Place, State: registry.TicketCalled, Limit: listed})
	if err != nil {
		return "", err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].CalledBy == v.Actor.ID {
			return strconv.Itoa(list[i].Number), nil
		}
	}
	return "", nil
}
