package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/stock"
)

// ofInspection is an action of the page of one inspection.
func ofInspection(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/inspeksi/{inspection}/" + path, Page: "inspection_one", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("inspection")), nil
	}}
}

var inspectionActions = []action{
	{Path: "/inspeksi", Page: "inspection", Op: func(f *form) (registry.Operation, error) {
		return registry.DrawInspection{Seed: f.needed("seed"), Cards: f.number("cards"), Blanks: f.number("blanks"), Rolls: f.number("rolls")}, nil
	}, Next: func(_ *view, res registry.Result) string { return inspectionPath(res.Answer) }},
	ofInspection("tunjukkan", func(f *form, id string) registry.Operation {
		return registry.PresentItem{Inspection: id, Item: upper(f.needed("item"))}
	}),
	ofInspection("tutup", func(_ *form, id string) registry.Operation { return registry.CloseInspection{Inspection: id} }),
}

func inspectionPath(id string) string { return "/inspeksi/" + escaped(id) }

// inspections lists them, and draws the sample of another by the seed that the inspector brings.
func (v *view) inspections() (templ.Component, error) {
	list, err := v.Registry.Inspections(v.ctx(), listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("inspection.list"), Empty: v.T("inspection.none"), Heads: []string{v.T("field.inspection"), v.T("head.state"), v.T("head.by"), v.T("head.since"), v.T("inspection.seen")}}
	for _, i := range short(&t, list) {
		t.Rows = append(t.Rows, []cell{
			{Text: i.ID, Link: inspectionPath(i.ID), Class: "mono"}, {Text: v.Say("shift", i.State)}, {Text: i.DrawnBy}, {Text: v.Time(i.DrawnAt)}, {Text: number(i.Presented()) + " / " + number(len(i.Items)), Class: "number"},
		})
	}
	return stack(table(v, t), v.sheetOf("draw", "/inspeksi", registry.DrawInspection{}, input{Name: "seed", Needed: true}, input{Name: "cards", Kind: "number", Value: "5", Needed: true},
		input{Name: "blanks", Kind: "number", Value: "5", Needed: true}, input{Name: "rolls", Kind: "number", Value: "0", Needed: true})), nil
}

// inspection is one, and what is done with it.
func (v *view) inspection() (templ.Component, error) {
	i, err := v.Registry.InspectionByID(v.ctx(), v.r.PathValue("inspection"))
	if err != nil {
		return nil, err
	}
	var forms templ.Component
	if i.ClosedAt.IsZero() {
		forms = columns(v.sheetOf("present", inspectionPath(i.ID)+"/tunjukkan", registry.PresentItem{}, input{Name: "item", Needed: true, Scan: true}), v.sheetOf("close", inspectionPath(i.ID)+"/tutup", registry.CloseInspection{}))
	}
	return stack(v.LivePart("isi-inspeksi"), forms, papers(v, v.printables(printable{Kind: registry.PaperInspection, Path: "/v1/inspections/" + i.ID + "/papers/report", List: true}))), nil
}

// inspectionState is its sample, and what of it was presented.
func (v *view) inspectionState() (templ.Component, error) {
	i, err := v.Registry.InspectionByID(v.ctx(), v.r.PathValue("inspection"))
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("inspection.items"), Empty: v.T("inspection.empty"), Heads: []string{v.T("field.item"), v.T("head.type"), v.T("field.place"), v.T("inspection.seen")}}
	for _, x := range i.Items {
		seen := v.T("inspection.not_yet")
		if !x.PresentedAt.IsZero() {
			seen = v.Time(x.PresentedAt) + " · " + x.PresentedBy
		}
		t.Rows = append(t.Rows, []cell{{Text: x.Item, Class: "mono"}, {Text: v.Say("item", x.Kind)}, {Text: v.heapPlace(stock.PlaceOf(x.Place))}, {Text: seen}})
	}
	return stack(facts([]fact{
		{Name: v.T("field.inspection"), Value: i.ID, Class: "mono"}, {Name: v.T("field.seed"), Value: i.Seed}, {Name: v.T("head.by"), Value: i.DrawnBy}, {Name: v.T("head.state"), Value: v.Say("shift", i.State)},
		{Name: v.T("inspection.seen"), Value: number(i.Presented()) + " / " + number(len(i.Items))},
	}), table(v, t)), nil
}
