package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// furtherActions are what is done with one application besides its way through the service: on its page they are
// folded up.
var furtherActions = []action{
	ofApplication("ambil", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.TakeThis{Application: id, Task: registry.Task(f.needed("task")), Because: f.because()}
	}),
	ofApplication("kembalikan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.GiveBack{Application: id, Task: registry.Task(f.needed("task"))}
	}),
	ofApplication("alihkan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Redirect{Application: id, Place: f.needed("to"), Because: f.because()}
	}),
	ofApplication("tandai", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.MarkOrder{Application: id, Mark: registry.OrderMark(f.needed("mark")), Because: f.because()}
	}),
	ofApplication("ingatkan", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.Remind{Application: id, Channel: registry.ReminderChannel(f.needed("channel"))}
	}),
	ofApplication("tak-diambil", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.LeaveUncollected{Application: id}
	}),
	ofApplication("panggil-kembali", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.RecallUncollected{Application: id, Because: f.because()}
	}),
	ofApplication("tutup", func(f *form, id registry.ApplicationID) registry.Operation {
		return registry.CloseReturned{Application: id, Because: f.because()}
	}),
}

// furtherOf offers what may be done with an application besides its way through the service, behind what is kept
// of it.
func (v *view) furtherOf(a applicationView) (templ.Component, error) {
	at, s := v.applicationPath(a.Application.ID), a.Application.State
	var list []templ.Component
	offer := func(id, path string, op registry.Operation, fields ...input) {
		if v.offered(op, s) {
			list = append(list, v.foldOf(id, at+path, op, fields...))
		}
	}
	for _, t := range registry.Tasks {
		if t.State == s && v.May(t.Who) {
			task := input{Name: "task", Kind: "hidden", Value: string(t.Task)}
			offer("take-this", "/ambil", registry.TakeThis{}, task)
			offer("give-back", "/kembalikan", registry.GiveBack{}, task)
		}
	}
	if v.offered(registry.Redirect{}, s) {
		places, err := v.Registry.Places(v.ctx())
		if err != nil {
			return nil, err
		}
		offer("redirect", "/alihkan", registry.Redirect{}, input{Name: "to", Kind: "select", Options: v.placeOptions(registry.Dinas, places), Value: a.Place.ID, Needed: true})
	}
	offer("mark", "/tandai", registry.MarkOrder{}, chooseOf(v, "mark", "mark", registry.MarkDisaster, registry.MarkBacklog))
	offer("suket", "/suket", registry.IssueSuket{})
	offer("remind", "/ingatkan", registry.Remind{}, chooseOf(v, "channel", "channel", registry.ReminderChannels...))
	offer("uncollected", "/tak-diambil", registry.LeaveUncollected{})
	offer("recall", "/panggil-kembali", registry.RecallUncollected{})
	offer("close-returned", "/tutup", registry.CloseReturned{})
	kept, err := v.keptOf(a)
	if err != nil {
		return nil, err
	}
	return stack(kept, folds(v.T("card.acts"), list...)), nil
}

// keptOf are the cards, fines, certificates and papers of an application, each with what ends it.
func (v *view) keptOf(a applicationView) (templ.Component, error) {
	list := []templ.Component{v.cardsOf(a)}
	for _, kept := range []func(applicationView) (templ.Component, error){v.finesOf, v.suketsOf, v.issuedOf, v.notesOf} {
		part, err := kept(a)
		if err != nil {
			return nil, err
		}
		list = append(list, part)
	}
	return stack(list...), nil
}

func (v *view) cardsOf(a applicationView) templ.Component {
	t := tableView{Title: v.T("field.cards"), Heads: []string{v.T("print.chip"), v.T("head.state"), v.T("card.made"), v.T("card.in_force"), v.T("card.retired")}}
	for _, c := range a.Cards {
		t.Rows = append(t.Rows, []cell{{Text: string(c.Chip), Link: cardPath(c.Chip), Class: "mono"}, {Text: v.Say("cardstate", string(c.State))}, {Text: v.Time(c.MadeAt)}, {Text: v.Time(c.InForceAt)}, {Text: v.Time(c.RetiredAt)}})
	}
	return filled(v, t)
}
