package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var issuedActions = []action{
	ofApplication("kertas-cabut", func(f *form, _ registry.ApplicationID) registry.Operation {
		return registry.WithdrawPaper{Number: f.needed("paper"), Because: f.because()}
	}),
}

// issuedOf are the papers that were issued for an application, with what declares one not valid; nil for who may
// not.
func (v *view) issuedOf(a applicationView) (templ.Component, error) {
	if !v.Can(registry.WithdrawPaper{}) {
		return nil, nil
	}
	issued, err := v.Registry.Papers(v.ctx(), registry.PaperFilter{Application: a.Application.ID, Limit: listed})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("papers.issued"), Heads: []string{v.T("head.number"), v.T("head.what"), v.T("head.time"), v.T("head.by"), v.T("head.state")}}
	var good []option
	for _, k := range issued {
		if k.State != registry.PaperWithdrawn {
			good = append(good, option{k.Number, k.Number + " · " + v.Say("paper", string(k.Kind))})
		}
		t.Rows = append(t.Rows, []cell{{Text: k.Number, Class: "mono"}, {Text: v.Say("paper", string(k.Kind))}, {Text: v.Time(k.IssuedAt)}, {Text: k.IssuedBy}, {Text: v.T("paperstate." + string(k.State))}})
	}
	if len(good) == 0 {
		return filled(v, t), nil
	}
	return stack(table(v, t), folds("", v.foldOf("withdraw-paper", v.applicationPath(a.Application.ID)+"/kertas-cabut", registry.WithdrawPaper{},
		input{Name: "paper", Kind: "select", Options: good, Needed: true}))), nil
}
