package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// ofSAM is an action of the page of one SAM.
func ofSAM(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/sam/{serial}/" + path, Page: "sam", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("serial")), nil
	}}
}

var samActions = []action{
	{Path: "/sam", Page: "sams", Op: func(f *form) (registry.Operation, error) {
		return registry.IssueSAM{
			Serial: upper(f.needed("serial")), Generation: f.number("generation"), Check: f.needed("check"), Place: f.text("place"), Seal: f.text("seal"),
			Uses: f.number("uses"), Days: f.number("days"),
		}, nil
	}},
	ofSAM("kembali", func(f *form, serial string) registry.Operation {
		return registry.TakeBackSAM{Serial: serial, Because: f.because()}
	}),
	ofSAM("ditemukan", func(f *form, serial string) registry.Operation {
		return registry.FindSAM{Serial: serial, Because: f.because()}
	}),
	ofSAM("hilang", func(f *form, serial string) registry.Operation {
		return registry.LoseSAM{Serial: serial, Because: f.because()}
	}),
}

// What a renewal grants unless something else is written.
const usualSAMUses, usualSAMDays = "500", "7"

// sams are the cards that read fingers from chips, and the form of another one.
func (v *view) sams() (templ.Component, error) {
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	return stack(v.LivePart("sam"), v.sheetOf("issue", "/sam", registry.IssueSAM{},
		input{Name: "serial", Label: v.T("sams.serial"), Needed: true}, input{Name: "generation", Kind: "number", Value: "1", Needed: true}, input{Name: "check", Needed: true},
		input{Name: "place", Kind: "select", Options: v.placeOptions("", places)}, input{Name: "seal"},
		input{Name: "uses", Kind: "number", Value: usualSAMUses, Needed: true}, input{Name: "days", Kind: "number", Value: usualSAMDays, Needed: true})), nil
}

// samList says where each SAM is, and how far it may still be used.
func (v *view) samList() (templ.Component, error) {
	list, err := v.Registry.SAMs(v.ctx())
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("sams.list"), Empty: v.T("sams.none"), Heads: []string{v.T("field.serial"), v.T("field.place"), v.T("head.state"), v.T("field.generation"), v.T("sams.renewals"), v.T("sams.spent"), v.T("head.until")}}
	for _, s := range list {
		t.Rows = append(t.Rows, []cell{
			{Text: s.Serial, Link: "/sam/" + escaped(s.Serial), Class: "mono"},
			{Text: v.placeName(s.Place)},
			{Text: v.T("sams.state_" + string(s.State))},
			{Text: number(s.Generation), Class: "number"},
			{Text: number(s.Renewals), Class: "number"},
			{Text: number(s.Spent), Class: "number"},
			{Text: v.Day(s.Until)},
		})
	}
	return table(v, t), nil
}

// sam is renewed as a whole: its desk renews it, and others take it back.
func (v *view) sam() (templ.Component, error) {
	if _, err := v.Registry.SAM(v.ctx(), v.r.PathValue("serial")); err != nil {
		return nil, err
	}
	return v.LivePart("satu-sam"), nil
}

// samState is one SAM: its renewals, the cards that it can read, and how its use ends.
func (v *view) samState() (templ.Component, error) {
	s, err := v.Registry.SAM(v.ctx(), v.r.PathValue("serial"))
	if err != nil {
		return nil, err
	}
	cards, err := v.Registry.CardsOfSAM(v.ctx(), s.Serial)
	if err != nil {
		return nil, err
	}
	renewals, err := v.Registry.SAMRenewals(v.ctx(), s.Serial)
	if err != nil {
		return nil, err
	}
	at := "/sam/" + escaped(s.Serial)
	of := []fact{
		{Name: v.T("field.serial"), Value: s.Serial, Class: "mono"},
		{Name: v.T("head.state"), Value: v.T("sams.state_" + string(s.State))},
		{Name: v.T("field.place"), Value: v.placeName(s.Place)},
		{Name: v.T("field.seal"), Value: orDash(s.Seal)},
		{Name: v.T("field.generation"), Value: number(s.Generation)},
		{Name: v.T("field.check"), Value: s.Check, Class: "mono"},
		{Name: v.T("sams.grant"), Value: v.T("sams.grants", s.Uses, s.Days)},
		{Name: v.T("sams.left"), Value: v.leftOf(s)},
		{Name: v.T("sams.cards"), Value: number(len(cards))},
		{Name: v.T("sams.issued"), Value: v.Time(s.IssuedAt) + " · " + s.IssuedBy},
	}
	if s.State != registry.SAMIssued {
		of = append(of, fact{Name: v.T("sams.ended"), Value: v.Time(s.EndedAt) + " · " + s.EndedBy}, fact{Name: v.T("head.why"), Value: v.reason(s.Reason)})
	}
	var receipt []printable // none of a lost one
	if s.State != registry.SAMLost {
		receipt = append(receipt, printable{Kind: registry.PaperSAM, Path: "/v1/sams/" + escaped(s.Serial) + "/papers/receipt"})
	}
	lose := warned(v, v.foldOf("lose", at+"/hilang", registry.LoseSAM{}), v.T("sams.lost_means", len(cards)))
	var acts templ.Component
	switch s.State {
	case registry.SAMLost:
		acts = folds(v.T("card.acts"), v.foldOf("find", at+"/ditemukan", registry.FindSAM{}))
	case registry.SAMIssued:
		acts = folds(v.T("card.acts"), v.foldOf("take-back", at+"/kembali", registry.TakeBackSAM{}), lose)
	case registry.SAMTakenBack: // it may be stolen from the Dinas, too
		acts = folds(v.T("card.acts"), lose)
	}
	t := tableView{Title: v.T("sams.renewals"), Empty: v.T("sams.no_renewals"), Heads: []string{v.T("head.time"), v.T("field.desk"), v.T("sams.spent"), v.T("sams.granted"), v.T("head.until")}}
	for _, n := range renewals {
		t.Rows = append(t.Rows, []cell{{Text: v.Time(n.At)}, {Text: n.Desk, Class: "mono"}, {Text: number(n.Spent), Class: "number"}, {Text: number(n.Uses), Class: "number"}, {Text: v.Day(n.Until)}})
	}
	return stack(facts(of), acts, table(v, t), papers(v, v.printables(receipt...))), nil
}

// leftOf is how many uses a SAM had left when it was renewed: what it has left since only its desk sees.
func (v *view) leftOf(s registry.SAM) string {
	if s.RenewedAt.IsZero() {
		return v.T("sams.untold")
	}
	return v.T("sams.left_renewed", s.Granted, v.Time(s.RenewedAt))
}

// warned is a form with what it brings about; nil where the form is not there.
func warned(v *view, form templ.Component, means string) templ.Component {
	if form == nil {
		return nil
	}
	return stack(form, soft(means))
}
