package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var residentActions = []action{
	{Path: "/daftar-wajib/pakai", Page: "residents", Op: func(f *form) (registry.Operation, error) {
		return registry.UseResidents{Version: f.needed("version"), Residents: f.number("residents")}, nil
	}},
}

// residents are the lists that applications are matched to, behind what came of a file.
func (v *view) residents() (templ.Component, error) {
	return stack(v.outcome(), v.LivePart("daftar-wajib")), nil
}

// residentLists are the versions of the list of obliged residents, and their forms.
func (v *view) residentLists() (templ.Component, error) {
	lists, err := v.Registry.ResidentLists(v.ctx(), listed)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("residents.lists"), Empty: v.T("residents.none"), Heads: []string{v.T("field.version"), v.T("head.state"), v.T("residents.count"), v.T("residents.root"), v.T("head.by"), v.T("head.time")}}
	var open []option
	for _, l := range lists {
		if l.State == registry.ListOpen {
			open = append(open, option{l.Version, l.Version})
		}
		t.Rows = append(t.Rows, []cell{
			{Text: l.Version, Class: "mono"},
			{Text: v.Say("list", string(l.State))},
			{Text: number(l.Residents), Class: "number"},
			{Text: shortHash(l.Root[:]), Class: "mono"},
			{Text: l.ChangedBy},
			{Text: v.Time(l.ChangedAt)},
		})
	}
	var use templ.Component
	if len(open) > 0 {
		use = v.sheetOf("use", "/daftar-wajib/pakai", registry.UseResidents{}, input{Name: "version", Kind: "select", Options: open, Needed: true}, input{Name: "residents", Kind: "number", Needed: true})
	}
	return stack(table(v, t), columns(append(v.listForms(listForm), use)...), soft(v.T("residents.how"))), nil
}
