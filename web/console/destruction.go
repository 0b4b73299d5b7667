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
	{Path: "/pemusnahan", Page: "destruction", Op: func(*form) (registry.Operation, error) { return registry.OpenDestruction{}, nil }, Next: func(_ *view, res registry.Result) string { return "/pemusnahan/" + res.Answer }},
	{Path: "/pemusnahan/{destruction}/tambah", Page: "destruction_one", Files: true, Op: func(f *form) (registry.Operation, error) {
		op := registry.AddToDestruction{Destruction: f.r.PathValue("destruction"), Item: f.text("foreign")}
		if op.Item == "" {
			op.Item = upper(f.needed("item"))
			op.Picture = f.picture("picture", op)
		}
		return op, nil
	}},
	ofDestruction("hitung", func(f *form, id string) registry.Operation {
		return registry.CountIn{Destruction: id, Count: f.number("count")}
	}),
	ofDestruction("buka", func(_ *form, id string) registry.Operation { return registry.ReopenDestruction{Destruction: id} }),
	ofDestruction("batal", func(_ *form, id string) registry.Operation { return registry.CancelDestruction{Destruction: id} }),
	ofDestruction("kirim", func(f *form, id string) registry.Operation {
		return registry.SendDestruction{Destruction: id, Count: f.number("count"), Seal: f.text("seal")}
	}),
	ofDestruction("diterima", func(f *form, id string) registry.Operation {
		return registry.AcknowledgeDestruction{Destruction: id, Reference: f.needed("reference")}
	}),
	{Path: "/pemusnahan/{destruction}/musnah", Page: "destruction_one", Files: true, Op: func(f *form) (registry.Operation, error) {
		op := registry.DestroyAll{Destruction: f.r.PathValue("destruction"), Count: f.number("count")}
		for l := range strings.Lines(f.r.PostForm.Get("witnesses")) {
			name, position, _ := strings.Cut(strings.TrimSpace(l), ";")
			if name != "" {
				op.Witnesses = append(op.Witnesses, registry.Witness{Name: strings.TrimSpace(name), Position: strings.TrimSpace(position)})
			}
		}
		op.Pictures = f.pictures("pictures", op)
		return op, nil
	}},
}

func (v *view) destructions() (templ.Component, error) {
	return stack(v.LivePart("pemusnahan"), v.sheetOf("open", "/pemusnahan", registry.OpenDestruction{}), v.LivePart("pemusnahan-selesai")), nil
}

func (v *view) openDestructions() (templ.Component, error) {
	v.keepPage()
	t, err := v.destructionList(false)
	return table(v, t), err
}

func (v *view) overDestructions() (templ.Component, error) {
	v.keepPage()
	t, err := v.destructionList(true)
	return stack(filled(v, t)), err
}

// destructionList are the lists that have not come to an end, or those that have, newest first.
func (v *view) destructionList(over bool) (tableView, error) {
	t := tableView{
		Title: v.T("destruction.list"), Empty: v.T("destruction.none"), Older: true,
		Heads: []string{v.T("head.list"), v.T("field.policy"), v.T("head.state"), v.T("head.by"), v.T("head.since")},
	}
	if over {
		t.Title = v.T("destruction.over")
	}
	list, err := worklist(v, &t, registry.Worklist{Over: over}, v.Registry.DestructionsIn, func(d registry.Destruction) string { return d.ID })
	for _, d := range list {
		t.Rows = append(t.Rows, []cell{{Text: d.ID, Link: "/pemusnahan/" + escaped(d.ID)}, {Text: v.Say("policy", d.Policy)}, {Text: v.Say("destruction", string(d.State))}, {Text: d.OpenedBy}, {Text: v.Time(d.OpenedAt)}})
	}
	return t, err
}

// destruction is one list. The desk that reads chips stands between what is on it and what comes next.
func (v *view) destruction() (templ.Component, error) {
	d, _, err := v.Registry.Destruction(v.ctx(), v.r.PathValue("destruction"))
	if err != nil {
		return nil, err
	}
	var chips templ.Component
	if d.State == registry.DestructionOpen {
		if chips, err = v.chipDesk(""); err != nil {
			return nil, err
		}
	}
	return stack(v.LivePart("isi-pemusnahan"), chips, v.LivePart("pemusnahan-langkah"), pictureTools(v)), nil
}

// destructionNext is what comes next for a list, and what is printed of it.
func (v *view) destructionNext() (templ.Component, error) {
	d, _, err := v.Registry.Destruction(v.ctx(), v.r.PathValue("destruction"))
	if err != nil {
		return nil, err
	}
	return stack(columns(v.destructionForms(d)...), papers(v, v.printables(destructionPapers(d)...))), nil
}

func (v *view) destructionState() (templ.Component, error) {
	d, items, err := v.Registry.Destruction(v.ctx(), v.r.PathValue("destruction"))
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("destruction.items"), Empty: v.T("destruction.empty"), Heads: []string{v.T("field.item"), v.T("head.type"), v.T("field.chip_state")}}
	for _, i := range items {
		t.Rows = append(t.Rows, []cell{{Text: i.Item, Class: "mono"}, {Text: v.Say("item", i.Kind)}, {Text: v.Say("chipstate", orDash(string(i.ChipState)))}})
	}
	foreign, err := v.keptForeign(d)
	if err != nil {
		return nil, err
	}
	nameless, err := v.nameless(d)
	if err != nil {
		return nil, err
	}
	return stack(facts([]fact{
		{Name: v.T("head.list"), Value: d.ID, Class: "mono"},
		{Name: v.T("field.policy"), Value: v.Say("policy", d.Policy)},
		{Name: v.T("head.state"), Value: v.Say("destruction", string(d.State))},
		{Name: v.T("head.by"), Value: d.OpenedBy},
		{Name: v.T("destruction.counted_by"), Value: orDash(d.CountedBy)},
		{Name: v.T("destruction.ended_by"), Value: orDash(d.EndedBy)},
	}), table(v, t), foreign, nameless), nil
}

// destructionPapers are those of a list that has come to its end.
func destructionPapers(d registry.Destruction) []printable {
	at := "/v1/destructions/" + d.ID + "/papers/"
	switch d.State {
	case registry.DestructionDestroyed:
		return []printable{{Kind: registry.PaperMinutes, Path: at + "berita-acara", List: true}}
	case registry.DestructionSent, registry.DestructionAcknowledged:
		return []printable{{Kind: registry.PaperReturnList, Path: at + "return", List: true}}
	}
	return nil
}

// destructionForms are what comes next for a list in its state.
func (v *view) destructionForms(d registry.Destruction) []templ.Component {
	at, count := "/pemusnahan/"+escaped(d.ID), input{Name: "count", Kind: "number", Needed: true}
	switch {
	case d.State == registry.DestructionOpen:
		return []templ.Component{
			note(v, v.T("destruction.examine_first")),
			v.sheetOf("add", at+"/tambah", registry.AddToDestruction{}, input{Name: "item", Needed: true, Scan: true}, input{Name: "picture", Kind: "picture"}),
			v.sheetOf("count", at+"/hitung", registry.CountIn{}, count),
			v.sheetOf("cancel", at+"/batal", registry.CancelDestruction{}),
		}
	case d.State == registry.DestructionCounted && d.Policy == registry.ReturnToCenter:
		return []templ.Component{v.sheetOf("send", at+"/kirim", registry.SendDestruction{}, count, input{Name: "seal"}), v.sheetOf("reopen", at+"/buka", registry.ReopenDestruction{})}
	case d.State == registry.DestructionCounted:
		return []templ.Component{
			v.sheetOf("destroy", at+"/musnah", registry.DestroyAll{}, count, input{Name: "witnesses", Kind: "text", Needed: true}, input{Name: "pictures", Kind: "picture", Many: true, Needed: true}),
			v.sheetOf("reopen", at+"/buka", registry.ReopenDestruction{}),
		}
	case d.State == registry.DestructionSent:
		return []templ.Component{v.sheetOf("acknowledge", at+"/diterima", registry.AcknowledgeDestruction{}, input{Name: "reference", Needed: true})}
	}
	return nil
}

// nameless are the blanks whose chip nobody has read, test cards among them, each with a button that puts it on an open
// list.
func (v *view) nameless(d registry.Destruction) (templ.Component, error) {
	if d.State != registry.DestructionOpen || !v.Can(registry.AddToDestruction{}) {
		return nil, nil
	}
	list, err := v.Registry.NamelessBlanks(v.ctx(), 0, listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("destruction.nameless"), Heads: []string{v.T("head.number"), v.T("field.lot"), v.T("stock.for"), v.T("field.place"), v.T("head.since"), v.T("head.do")}}
	for _, b := range short(&t, list) {
		add := button(v, "nameless-"+b.Item, "/pemusnahan/"+escaped(d.ID)+"/tambah", v.T("op.destruction.add"), "", map[string]string{"foreign": b.Item})
		t.Rows = append(t.Rows, []cell{{Text: b.Item, Class: "mono"}, {Text: b.Lot, Class: "mono", Link: lotPath(b.Lot)}, {Text: v.T(purposeWord(b.Test))}, {Text: v.heapPlace(b.Place)}, {Text: v.Time(b.Since)}, {Part: add}})
	}
	return filled(v, t), nil
}

// keptForeign are the cards from elsewhere that wait, each with a button that puts it on an open list.
func (v *view) keptForeign(d registry.Destruction) (templ.Component, error) {
	if d.State != registry.DestructionOpen || !v.Can(registry.AddToDestruction{}) {
		return nil, nil
	}
	list, err := v.Registry.ForeignCards(v.ctx(), registry.ForeignFilter{State: registry.ForeignKept, Limit: listed + 1})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("destruction.foreign"), Heads: []string{v.T("head.number"), v.T("field.foreign_kind"), v.T("head.time"), v.T("head.by"), v.T("head.do")}}
	for _, c := range short(&t, list) {
		add := button(v, "foreign-"+c.ID, "/pemusnahan/"+escaped(d.ID)+"/tambah", v.T("op.destruction.add"), "", map[string]string{"foreign": c.ID})
		t.Rows = append(t.Rows, []cell{{Text: c.ID, Class: "mono"}, {Text: v.T("foreign." + c.Kind)}, {Text: v.Time(c.At)}, {Text: c.Actor}, {Part: add}})
	}
	return filled(v, t), nil
}
