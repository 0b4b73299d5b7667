package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// ofConsignment is an action of the page of one consignment.
func ofConsignment(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/pengiriman/{consignment}/" + path, Page: "consignment", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("consignment")), nil
	}}
}

var shippingActions = []action{
	{Path: "/pengiriman", Page: "shipping", Op: func(f *form) (registry.Operation, error) {
		return registry.OpenConsignment{Kind: registry.ConsignmentKind(f.needed("consignment_kind")), To: f.needed("to")}, nil
	}, Next: func(_ *view, res registry.Result) string { return "/pengiriman/" + res.Answer }},
	ofConsignment("isi", func(f *form, id string) registry.Operation {
		return registry.Pack{Consignment: id, Chip: f.chip("chip")}
	}),
	ofConsignment("keluarkan", func(f *form, id string) registry.Operation {
		return registry.Unpack{Consignment: id, Chip: f.chip("chip"), Because: f.because()}
	}),
	ofConsignment("segel", func(f *form, id string) registry.Operation {
		return registry.SealConsignment{Consignment: id, Seal: upper(f.needed("seal"))}
	}),
	ofConsignment("buka-segel", func(_ *form, id string) registry.Operation { return registry.UnsealConsignment{Consignment: id} }),
	ofConsignment("kirim", func(_ *form, id string) registry.Operation { return registry.ShipConsignment{Consignment: id} }),
	ofConsignment("batal", func(_ *form, id string) registry.Operation { return registry.CancelConsignment{Consignment: id} }),
	ofConsignment("terima", func(f *form, id string) registry.Operation {
		return registry.ReceiveConsignment{Consignment: id, Seal: upper(f.text("seal")), Chips: f.chips("chips")}
	}),
	{Path: "/pengiriman/penyelidikan", Page: "shipping", Op: func(f *form) (registry.Operation, error) {
		return registry.CloseInvestigation{Investigation: f.needed("investigation"), Outcome: f.needed("outcome")}, nil
	}},
	ofConsignment("hilang", func(f *form, id string) registry.Operation {
		return registry.LoseConsignment{Consignment: id, Because: f.because()}
	}),
}

func (v *view) shipping() (templ.Component, error) {
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	var kinds []option
	for _, k := range []registry.ConsignmentKind{registry.ConsignmentOut, registry.ConsignmentOnward, registry.ConsignmentBack, registry.ConsignmentRedirect} {
		kinds = append(kinds, option{string(k), v.Say("consignment", string(k))})
	}
	var to []option
	for _, p := range places {
		if p.Active {
			to = append(to, option{p.ID, p.Name})
		}
	}
	form := v.sheetOf("open", "/pengiriman", registry.OpenConsignment{},
		input{Name: "consignment_kind", Kind: "select", Options: kinds}, input{Name: "to", Kind: "select", Options: to, Needed: true})
	if len(to) == 0 && v.Can(registry.OpenConsignment{}) {
		form = nowhereToSend(v)
	}
	return stack(v.LivePart("kiriman"), form, v.LivePart("kiriman-selesai")), nil
}

// underWay are the consignments that are not over, what is looked for, and cards that have to be pulled out.
func (v *view) underWay() (templ.Component, error) {
	v.keepPage()
	pull, err := v.pullsNote("")
	if err != nil {
		return nil, err
	}
	open, err := v.consignments(false)
	if err != nil {
		return nil, err
	}
	looked, err := v.investigations()
	return stack(pull, table(v, open), table(v, looked)), err
}

func (v *view) arrived() (templ.Component, error) {
	v.keepPage()
	t, err := v.consignments(true)
	return stack(filled(v, t)), err
}

// consignments are those under way or those that are over, newest first; who works at a place is shown its own.
func (v *view) consignments(over bool) (tableView, error) {
	t := tableView{
		Title: v.T("shipping.list"), Empty: v.T("shipping.none"), Older: true,
		Heads: []string{v.T("head.consignment"), v.T("field.consignment_kind"), v.T("head.from"), v.T("head.to"), v.T("head.state"), v.T("head.since")},
	}
	if over {
		t.Title = v.T("shipping.over")
	}
	l := registry.Worklist{Over: over}
	if v.Actor.Place != registry.Dinas {
		l.Place = v.Actor.Place
	}
	list, err := worklist(v, &t, l, v.Registry.ConsignmentsIn, func(c registry.Consignment) string { return c.ID })
	for _, c := range list {
		t.Rows = append(t.Rows, []cell{
			{Text: c.ID, Link: "/pengiriman/" + escaped(c.ID)},
			{Text: v.Say("consignment", string(c.Kind))},
			{Text: v.placeName(c.From)},
			{Text: v.placeName(c.To)},
			{Text: v.Say("shipment", string(c.State))},
			{Text: v.Time(c.OpenedAt)},
		})
	}
	return t, err
}

// investigations are those that are open.
func (v *view) investigations() (tableView, error) {
	t := tableView{
		Title: v.T("shipping.investigations"), Empty: v.T("shipping.no_investigations"),
		Heads: []string{v.T("head.what"), v.T("head.consignment"), v.T("print.chip"), v.T("head.application"), v.T("head.since"), v.T("head.do")},
	}
	const word = "penyelidikan"
	list, err := v.Registry.Investigations(v.ctx(), registry.InvestigationFilter{State: "open", After: v.after(word), Limit: listed + 1})
	for _, i := range cut(v, &t, listed, list, word, func(i registry.Investigation) string { return i.ID }) {
		t.Rows = append(t.Rows, []cell{
			{Text: v.T("investigation." + i.Kind)}, {Text: orDash(i.Consignment)}, {Text: orDash(string(i.Chip)), Class: "mono"}, v.applicationCell(i.Application), {Text: v.Time(i.OpenedAt)}, {Part: v.outcomes(i)},
		})
	}
	return t, err
}

// consignment is one, packed and received by scanning.
func (v *view) consignment() (templ.Component, error) {
	return stack(v.LivePart("isi-kiriman"), v.LivePart("kiriman-langkah")), nil
}

func (v *view) consignmentState() (templ.Component, error) {
	c, cards, err := v.Registry.Consignment(v.ctx(), v.r.PathValue("consignment"))
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("shipping.cards"), Empty: v.T("shipping.empty"), Heads: []string{v.T("print.chip"), v.T("head.application"), v.T("head.state"), v.T("head.time")}}
	for _, k := range cards {
		t.Rows = append(t.Rows, []cell{{Text: string(k.Chip), Class: "mono"}, {Text: orDash(string(k.Application)), Link: v.applicationPath(k.Application)}, {Text: v.Say("packed", string(k.State))}, {Text: v.Time(k.At)}})
	}
	pull, err := v.pullsNote(c.ID)
	if err != nil {
		return nil, err
	}
	return stack(facts([]fact{
		{Name: v.T("head.consignment"), Value: c.ID, Class: "mono"},
		{Name: v.T("field.consignment_kind"), Value: v.Say("consignment", string(c.Kind))},
		{Name: v.T("head.from"), Value: v.placeName(c.From)},
		{Name: v.T("head.to"), Value: v.placeName(c.To)},
		{Name: v.T("head.state"), Value: v.Say("shipment", string(c.State))},
		{Name: v.T("field.seal"), Value: orDash(c.Seal)},
	}), pull, table(v, t)), nil
}

// consignmentNext is what comes next for a consignment in its state, and what is printed of it.
func (v *view) consignmentNext() (templ.Component, error) {
	c, _, err := v.Registry.Consignment(v.ctx(), v.r.PathValue("consignment"))
	if err != nil {
		return nil, err
	}
	at := "/pengiriman/" + escaped(c.ID)
	chip := input{Name: "chip", Needed: true}
	var forms []templ.Component
	switch c.State {
	case "open":
		forms = append(forms, v.sheetOf("pack", at+"/isi", registry.Pack{}, input{Name: "chip", Needed: true, Scan: true}), v.sheetOf("seal", at+"/segel", registry.SealConsignment{}, input{Name: "seal", Needed: true}),
			v.sheetOf("unpack", at+"/keluarkan", registry.Unpack{}, chip), v.sheetOf("cancel", at+"/batal", registry.CancelConsignment{}))
	case "sealed":
		forms = append(forms, v.sheetOf("ship", at+"/kirim", registry.ShipConsignment{}), v.sheetOf("unseal", at+"/buka-segel", registry.UnsealConsignment{}))
	case "shipped":
		forms = append(forms, v.sheetOf("receive", at+"/terima", registry.ReceiveConsignment{}, input{Name: "seal"}, input{Name: "chips", Kind: "text", Scan: true}),
			v.sheetOf("lose", at+"/hilang", registry.LoseConsignment{}))
	}
	sheets := []printable{
		{Kind: registry.PaperManifest, Path: "/v1/consignments/" + c.ID + "/papers/manifest", List: true},
		{Kind: registry.PaperDelivery, Path: "/v1/consignments/" + c.ID + "/papers/delivery-note", List: true},
		{Kind: registry.PaperArrival, Path: "/v1/consignments/" + c.ID + "/papers/receipt", List: true},
	}
	if c.State == registry.ConsignmentLost {
		sheets = append(sheets, printable{Kind: registry.PaperLostBag, Path: "/v1/consignments/" + c.ID + "/papers/loss", List: true})
	}
	return stack(columns(forms...), papers(v, v.printables(sheets...))), nil
}

// outcomes end an investigation, each by a button; nil for who may not.
func (v *view) outcomes(i registry.Investigation) templ.Component {
	if !v.Can(registry.CloseInvestigation{}) {
		return nil
	}
	list := []string{registry.OutcomeExplained}
	if i.Application != "" {
		list = []string{registry.OutcomeFound, registry.OutcomeLost}
	}
	if i.Consignment != "" && i.Application != "" && i.Kind == registry.InvestigateMissing {
		list = append(list, registry.OutcomeFoundHere)
	}
	if i.Application != "" && i.Explainable() {
		list = append(list, registry.OutcomeExplained)
	}
	var do []templ.Component
	for _, o := range list {
		do = append(do, button(v, o+"-"+i.ID, "/pengiriman/penyelidikan", v.T("outcome."+o), "", map[string]string{"investigation": i.ID, "outcome": o}))
	}
	return stack(do...)
}

// applicationCell names an application and leads to it.
func (v *view) applicationCell(id registry.ApplicationID) cell {
	if id == "" {
		return cell{Text: "–"}
	}
	return cell{Text: string(id), Link: v.applicationPath(id)}
}
