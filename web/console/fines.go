package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var fineActions = []action{
	ofApplication("denda-hapus", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.WaiveFine{Fine: f.needed("fine"), Basis: f.needed("basis")}
	}),
	ofApplication("denda-lunas", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.SettleFine{Fine: f.needed("fine"), Receipt: f.needed("receipt")}
	}),
}

// finesOf are the fines of an application, with what settles or waives those that are open.
func (v *view) finesOf(a applicationView) (templ.Component, error) {
	at := v.applicationPath(a.Application.ID)
	fines, err := v.Registry.ListFines(v.ctx(), registry.FineFilter{Application: a.Application.ID, Limit: listed})
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
	if len(open) == 0 {
		return filled(v, t), nil
	}
	which := input{Name: "fine", Kind: "select", Options: open, Needed: true}
	return stack(table(v, t), folds(v.T("fines.decide"),
		v.foldOf("settle-fine", at+"/denda-lunas", registry.SettleFine{}, which, input{Name: "receipt", Needed: true}),
		v.foldOf("waive-fine", at+"/denda-hapus", registry.WaiveFine{}, which, input{Name: "basis", Needed: true}))), nil
}

// rupiah is an amount as it is written in this country.
func (v *view) rupiah(amount int64) string {
	return "Rp " + v.Count(int(amount))
}
