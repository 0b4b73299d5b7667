package console

import (
	"blanko/registry"
)

// besideWrong names the card of a wrong person, those before and after it, and where each lies.
func (v *view) besideWrong(w registry.WrongFound) tableView {
	t := tableView{Title: v.T("beside.title"), Heads: []string{v.T("head.what"), v.T("head.application"), v.T("print.chip"), v.T("head.state"), v.T("pulls.lies")}}
	row := func(what string, l registry.Lying) {
		t.Rows = append(t.Rows, []cell{
			{Text: v.T("beside." + what)}, v.applicationCell(registry.ApplicationID(l.Application)), {Text: orDash(string(l.Chip)), Class: "mono"}, {Text: v.Say("attempt", string(l.State))}, {Text: v.lies(l.Where)},
		})
	}
	none := func(what string) {
		t.Rows = append(t.Rows, []cell{{Text: v.T("beside." + what)}, {Text: v.T("beside.none")}, {Text: "–"}, {Text: "–"}, {Text: "–"}})
	}
	if w.Before == nil {
		none("before")
	} else {
		row("before", *w.Before)
	}
	row("card", w.Card)
	for _, l := range w.After {
		row("after", l)
	}
	if len(w.After) == 0 {
		none("after")
	}
	return t
}
