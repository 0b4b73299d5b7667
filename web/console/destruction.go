package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

// ofDestruction is an action of the page of one destruction.
func ofDestruction(path string, op func(*form, string) registry.Operation) action {
	return action{Path: "/pemusnahan/{destruction}/" + path, Page: "destruction_one", Op: func(f *form) (registry.Operation, error) {
		return op(f, f.r.PathValue("destruction")), nil
	}}
}

var destructionActions = []action{
	{Path: "/pemusnahan", Page: "destruction", Op: func(f *form) (registry.Operation, error) {
		return registry.OpenDestruction{Policy: f.needed("policy")}, nil
	}, Next: func(_ *view, res registry.Result) string { return "/pemusnahan/" + res.Answer }},
	ofDestruction("tambah", func(f *form, id string) registry.Operation {
		return registry.AddToDestruction{Destruction: id, Item: upper(f.needed("item")), ChipState: f.text("chip_state")}
	}),
	ofDestruction("hitung", func(f *form, id string) registry.Operation {
		return registry.CountIn{Destruction: id, Count: f.number("count")}
	}),
	ofDestruction("buka", func(_ *form, id string) registry.Operation { return registry.ReopenDestruction{Destruction: id} }),
	ofDestruction("batal", func(_ *form, id string) registry.Operation { return registry.CancelDestruction{Destruction: id} }),
	ofDestruction("musnah", func(f *form, id string) registry.Operation {
		op := registry.DestroyAll{Destruction: id, Count: f.number("count"), Pictures: f.list("pictures")}
		for l := range strings.Lines(f.r.PostForm.Get("witnesses")) {
			name, position, _ := strings.Cut(strings.TrimSpace(l), ";")
			if name != "" {
				op.Witnesses = append(op.Witnesses, registry.Witness{Name: strings.TrimSpace(name), Position: strings.TrimSpace(position)})
			}
		}
		return op
	}),
}

func (v *view) destructions() (templ.Component, error) {
	list, err := v.Registry.DestructionsOf(v.ctx(), registry.DestructionFilter{Limit: listed})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("destruction.list"), Empty: v.T("destruction.none"), Heads: []string{v.T("head.list"), v.T("field.policy"), v.T("head.state"), v.T("head.by"), v.T("head.since")}}
	for _, d := range list {
		t.Rows = append(t.Rows, []cell{{Text: d.ID, Link: "/pemusnahan/" + escaped(d.ID)}, {Text: v.Say("policy", d.Policy)}, {Text: v.Say("destruction", string(d.State))}, {Text: d.OpenedBy}, {Text: v.Time(d.OpenedAt)}})
	}
	return stack(table(v, t), v.sheetOf("open", "/pemusnahan", registry.OpenDestruction{}, input{Name: "policy", Kind: "select", Options: []option{
		{"DESTROY_LOCALLY", v.T("policy.DESTROY_LOCALLY")}, {"RETURN_TO_CENTER", v.T("policy.RETURN_TO_CENTER")},
	}})), nil
}

func (v *view) destruction() (templ.Component, error) {
	d, items, err := v.Registry.Destruction(v.ctx(), v.r.PathValue("destruction"))
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("destruction.items"), Empty: v.T("destruction.empty"), Heads: []string{v.T("field.item"), v.T("head.type"), v.T("field.chip_state")}}
	for _, i := range items {
		t.Rows = append(t.Rows, []cell{{Text: i.Item, Class: "mono"}, {Text: v.Say("item", i.Kind)}, {Text: v.Say("chipstate", orDash(i.ChipState))}})
	}
	at := "/pemusnahan/" + escaped(d.ID)
	count := input{Name: "count", Kind: "number", Needed: true}
	return stack(facts([]fact{
		{Name: v.T("head.list"), Value: d.ID, Class: "mono"},
		{Name: v.T("field.policy"), Value: v.Say("policy", d.Policy)},
		{Name: v.T("head.state"), Value: v.Say("destruction", string(d.State))},
		{Name: v.T("head.by"), Value: d.OpenedBy},
		{Name: v.T("destruction.counted_by"), Value: orDash(d.CountedBy)},
		{Name: v.T("destruction.ended_by"), Value: orDash(d.EndedBy)},
	}), table(v, t), columns(
		v.sheetOf("add", at+"/tambah", registry.AddToDestruction{}, input{Name: "item", Needed: true}, input{Name: "chip_state", Kind: "select", Options: []option{
			{"", v.T("chipstate.mute")}, {"terminated", v.T("chipstate.terminated")}, {"blocked", v.T("chipstate.blocked")},
		}}),
		v.sheetOf("count", at+"/hitung", registry.CountIn{}, count),
		v.sheetOf("destroy", at+"/musnah", registry.DestroyAll{}, count, input{Name: "witnesses", Kind: "text", Needed: true}, input{Name: "pictures", Kind: "text"}),
		v.sheetOf("reopen", at+"/buka", registry.ReopenDestruction{}),
		v.sheetOf("cancel", at+"/batal", registry.CancelDestruction{}),
	), papers(v, v.printables(printable{Kind: registry.PaperMinutes, Path: "/v1/destructions/" + d.ID + "/papers/berita-acara", List: true}))), nil
}
