package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var suketActions = []action{
	ofApplication("suket", func(_ *form, id registry.ApplicationID) registry.Operation {
		return registry.IssueSuket{Application: id}
	}),
	ofApplication("suket-akhir", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.EndSuket{Number: f.needed("suket"), Because: f.because()}
	}),
}

// suketsOf are the temporary certificates of an application, with what ends one that is valid.
func (v *view) suketsOf(a applicationView) (templ.Component, error) {
	sukets, err := v.Registry.Sukets(v.ctx(), registry.SuketFilter{Application: a.Application.ID, Limit: listed})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("sukets.list"), Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.by"), v.T("head.until"), v.T("head.state")}}
	var valid []option
	for _, s := range sukets {
		state := v.T("sukets.ended")
		if s.Valid {
			state, valid = v.T("sukets.valid"), append(valid, option{s.Number, s.Number})
		}
		t.Rows = append(t.Rows, []cell{{Text: s.Number, Class: "mono"}, {Text: v.Time(s.IssuedAt)}, {Text: s.IssuedBy}, {Text: v.Day(s.ValidUntil)}, {Text: state}})
	}
	if len(valid) == 0 {
		return filled(v, t), nil
	}
	return stack(table(v, t), folds("", v.foldOf("end-suket", v.applicationPath(a.Application.ID)+"/suket-akhir", registry.EndSuket{},
		input{Name: "suket", Kind: "select", Options: valid, Needed: true}))), nil
}
