package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
)

// seldomActions are what is done with one application seldom: on its page they are folded up.
var seldomActions = []action{
	ofApplication("ambil", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.TakeThis{Application: id, Task: registry.Task(f.needed("task")), Reason: f.needed("reason")}
	}),
	ofApplication("kembalikan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.GiveBack{Application: id, Task: registry.Task(f.needed("task"))}
	}),
	ofApplication("alihkan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Redirect{Application: id, Place: f.needed("to"), Reason: f.needed("reason")}
	}),
	ofApplication("tandai", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.MarkOrder{Application: id, Mark: registry.OrderMark(f.needed("mark")), Reason: f.needed("reason")}
	}),
	ofApplication("suket", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.IssueSuket{Application: id}
	}),
	ofApplication("suket-akhir", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.EndSuket{Number: f.needed("suket"), Reason: f.needed("reason")}
	}),
	ofApplication("denda-hapus", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.WaiveFine{Fine: f.needed("fine"), Basis: f.needed("basis")}
	}),
	ofApplication("denda-lunas", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.SettleFine{Fine: f.needed("fine"), Receipt: f.needed("receipt")}
	}),
	ofApplication("tak-diambil", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.LeaveUncollected{Application: id}
	}),
	ofApplication("panggil-kembali", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.RecallUncollected{Application: id, Reason: f.needed("reason")}
	}),
	ofApplication("tutup", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.CloseReturned{Application: id, Reason: f.needed("reason")}
	}),
	ofApplication("kertas-cabut", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.WithdrawPaper{Number: f.needed("paper"), Reason: f.needed("reason")}
	}),
}

// seldomOf is what may be done with an application besides its way through the service.
func (v *view) seldomOf(a applicationView) (templ.Component, error) {
	at, reason, s := v.applicationPath(a.Application.ID), input{Name: "reason", Needed: true}, a.Application.State
	var list []templ.Component
	offer := func(id, path string, op registry.Operation, fields ...input) {
		if v.offered(op, s) {
			list = append(list, v.foldOf(id, at+path, op, fields...))
		}
	}
	for _, t := range registry.Tasks {
		if t.State == s && v.May(t.Who) {
			task := input{Name: "task", Kind: "hidden", Value: string(t.Task)}
			offer("take-this", "/ambil", registry.TakeThis{}, task, reason)
			offer("give-back", "/kembalikan", registry.GiveBack{}, task)
		}
	}
	if v.offered(registry.Redirect{}, s) {
		places, err := v.Registry.Places(v.ctx())
		if err != nil {
			return nil, err
		}
		to := v.placeOptions(places)
		to[0].Value = registry.Dinas
		offer("redirect", "/alihkan", registry.Redirect{}, input{Name: "to", Kind: "select", Options: to, Value: a.Place.ID, Needed: true}, reason)
	}
	offer("mark", "/tandai", registry.MarkOrder{}, chooseOf(v, "mark", "mark", registry.MarkDisaster, registry.MarkBacklog), reason)
	offer("suket", "/suket", registry.IssueSuket{})
	offer("uncollected", "/tak-diambil", registry.LeaveUncollected{})
	offer("recall", "/panggil-kembali", registry.RecallUncollected{}, reason)
	offer("close-returned", "/tutup", registry.CloseReturned{}, reason)
	kept, err := v.keptOf(a)
	if err != nil {
		return nil, err
	}
	return stack(kept, folds(v.T("card.acts"), list...)), nil
}

// keptOf are the cards, fines, certificates and papers of an application, each with what ends it.
func (v *view) keptOf(a applicationView) (templ.Component, error) {
	id, at, reason := a.Application.ID, v.applicationPath(a.Application.ID), input{Name: "reason", Needed: true}
	cards := tableView{Title: v.T("field.cards"), Heads: []string{v.T("print.chip"), v.T("head.state"), v.T("card.made"), v.T("card.in_force"), v.T("card.retired")}}
	for _, c := range a.Cards {
		cards.Rows = append(cards.Rows, []cell{{Text: string(c.Chip), Link: cardPath(c.Chip), Class: "mono"}, {Text: v.Say("cardstate", string(c.State))}, {Text: v.Time(c.MadeAt)}, {Text: v.Time(c.InForceAt)}, {Text: v.Time(c.RetiredAt)}})
	}
	list := []templ.Component{filled(v, cards)}

	fines, err := v.Registry.ListFines(v.ctx(), registry.FineFilter{Application: id, Limit: listed})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("fines.list"), Heads: []string{v.T("head.what"), v.T("fines.amount"), v.T("fines.days"), v.T("field.basis"), v.T("head.state"), v.T("head.decided")}}
	var open []option
	for _, f := range fines {
		if f.State == registry.FineAssessed {
			open = append(open, option{f.ID, v.Say("fine", f.Code) + " · " + v.rupiah(f.Amount)})
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Say("fine", f.Code)}, {Text: v.rupiah(f.Amount), Class: "number"}, {Text: number(f.Days), Class: "number"}, {Text: f.Basis}, {Text: v.T("finestate." + string(f.State))}, {Text: orDash(f.DecidedBy)}})
	}
	list = append(list, filled(v, t))
	if len(open) > 0 {
		which := input{Name: "fine", Kind: "select", Options: open, Needed: true}
		list = append(list, folds(v.T("fines.decide"),
			v.foldOf("settle-fine", at+"/denda-lunas", registry.SettleFine{}, which, input{Name: "receipt", Needed: true}),
			v.foldOf("waive-fine", at+"/denda-hapus", registry.WaiveFine{}, which, input{Name: "basis", Needed: true})))
	}

	sukets, err := v.Registry.Sukets(v.ctx(), registry.SuketFilter{Application: id, Limit: listed})
	if err != nil {
		return nil, err
	}
	c := tableView{Title: v.T("sukets.list"), Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.by"), v.T("head.until"), v.T("head.state")}}
	var valid []option
	for _, s := range sukets {
		state := v.T("sukets.ended")
		if s.Valid {
			state, valid = v.T("sukets.valid"), append(valid, option{s.Number, s.Number})
		}
		c.Rows = append(c.Rows, []cell{{Text: s.Number, Class: "mono"}, {Text: v.Time(s.IssuedAt)}, {Text: s.IssuedBy}, {Text: v.Day(s.ValidUntil)}, {Text: state}})
	}
	list = append(list, filled(v, c))
	if len(valid) > 0 {
		list = append(list, folds("", v.foldOf("end-suket", at+"/suket-akhir", registry.EndSuket{}, input{Name: "suket", Kind: "select", Options: valid, Needed: true}, reason)))
	}
	if v.May(access.SecondInService) { // who may declare a paper not valid
		issued, err := v.Registry.Papers(v.ctx(), registry.PaperFilter{Application: id, Limit: listed})
		if err != nil {
			return nil, err
		}
		p := tableView{Title: v.T("papers.issued"), Heads: []string{v.T("head.number"), v.T("head.what"), v.T("head.time"), v.T("head.by"), v.T("head.state")}}
		var good []option
		for _, k := range issued {
			if k.State != registry.PaperWithdrawn {
				good = append(good, option{k.Number, k.Number + " · " + v.Say("paper", string(k.Kind))})
			}
			p.Rows = append(p.Rows, []cell{{Text: k.Number, Class: "mono"}, {Text: v.Say("paper", string(k.Kind))}, {Text: v.Time(k.IssuedAt)}, {Text: k.IssuedBy}, {Text: v.T("paperstate." + string(k.State))}})
		}
		list = append(list, filled(v, p))
		if len(good) > 0 {
			list = append(list, folds("", v.foldOf("withdraw-paper", at+"/kertas-cabut", registry.WithdrawPaper{}, input{Name: "paper", Kind: "select", Options: good, Needed: true}, reason)))
		}
	}
	return stack(list...), nil
}

// filled is a table that has rows; nil: it has none, and says nothing.
func filled(v *view, t tableView) templ.Component {
	if len(t.Rows) == 0 {
		return nil
	}
	return table(v, t)
}

// rupiah is an amount as it is written in this country.
func (v *view) rupiah(amount int64) string {
	text := number(int(amount))
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + v.Both(".", ",") + text[i:]
	}
	return "Rp " + text
}
