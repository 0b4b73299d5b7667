package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

var inspectionActions = []action{
	{Path: "/inspeksi", Page: "inspection", Op: func(f *form) (registry.Operation, error) {
		return registry.DrawInspection{Seed: f.needed("seed"), Cards: f.number("cards"), Blanks: f.number("blanks"), Rolls: f.number("rolls")}, nil
	}, Next: func(_ *view, res registry.Result) string { return "/inspeksi?nomor=" + escaped(res.Answer) }},
	{Path: "/inspeksi/tunjukkan", Page: "inspection", Op: func(f *form) (registry.Operation, error) {
		return registry.PresentItem{Inspection: f.needed("inspection"), Item: upper(f.needed("item"))}, nil
	}},
	{Path: "/inspeksi/tutup", Page: "inspection", Op: func(f *form) (registry.Operation, error) {
		return registry.CloseInspection{Inspection: f.needed("inspection")}, nil
	}},
}

// inspection draws a sample by the seed that the inspector brings, and ticks what is presented.
func (v *view) inspection() (templ.Component, error) {
	id := v.r.URL.Query().Get("nomor")
	draw := v.sheetOf("draw", "/inspeksi", registry.DrawInspection{}, input{Name: "seed", Needed: true}, input{Name: "cards", Kind: "number", Value: "5", Needed: true},
		input{Name: "blanks", Kind: "number", Value: "5", Needed: true}, input{Name: "rolls", Kind: "number", Value: "0", Needed: true})
	if id == "" {
		return draw, nil
	}
	i, err := v.Registry.InspectionByID(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("inspection.items"), Empty: v.T("inspection.empty"), Heads: []string{v.T("field.item"), v.T("head.type"), v.T("field.place"), v.T("inspection.seen")}}
	for _, x := range i.Items {
		seen := v.T("inspection.not_yet")
		if !x.PresentedAt.IsZero() {
			seen = v.Time(x.PresentedAt) + " · " + x.PresentedBy
		}
		t.Rows = append(t.Rows, []cell{{Text: x.Item, Class: "mono"}, {Text: v.Say("item", x.Kind)}, {Text: v.Say("place", x.Place)}, {Text: seen}})
	}
	which := input{Name: "inspection", Kind: "hidden", Value: id}
	return stack(facts([]fact{{Name: v.T("field.inspection"), Value: i.ID, Class: "mono"}, {Name: v.T("field.seed"), Value: i.Seed}, {Name: v.T("head.by"), Value: i.DrawnBy}, {Name: v.T("head.state"), Value: v.Say("shift", i.State)}}),
		table(v, t), columns(v.sheetOf("present", "/inspeksi/tunjukkan", registry.PresentItem{}, which, input{Name: "item", Needed: true}),
			v.sheetOf("close", "/inspeksi/tutup", registry.CloseInspection{}, which)),
		papers(v, v.printables(printable{Kind: registry.PaperInspection, Path: "/v1/inspections/" + id + "/papers/report", List: true})), draw), nil
}
