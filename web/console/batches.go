package console

import (
	"slices"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

var batchActions = []action{
	{Path: "/persetujuan/kumpulan", Page: "approvals", Op: func(f *form) (registry.Operation, error) {
		op := registry.DrawBatch{}
		for _, id := range f.r.PostForm["application"] {
			op.Applications = append(op.Applications, registry.ApplicationID(id))
		}
		if len(op.Applications) == 0 {
			f.refuse("application", "mark at least one")
		}
		return op, nil
	}, Did: func(v *view, _ registry.Result) string { return v.T("did.batch_drawn") },
		Next: func(_ *view, res registry.Result) string { return "/persetujuan/kumpulan/" + res.Answer }},
	{Path: "/persetujuan/kumpulan/{batch}/buka", Page: "batch", Op: func(f *form) (registry.Operation, error) {
		return registry.OpenSample{Batch: f.r.PathValue("batch"), Application: registry.ApplicationID(f.needed("application"))}, nil
	}, Did: func(v *view, _ registry.Result) string { return v.T("did.batch_opened") }, Next: func(v *view, _ registry.Result) string {
		return samplePath(v.r.PathValue("batch"), registry.ApplicationID(v.r.PostForm.Get("application")))
	}},
	{Path: "/persetujuan/kumpulan/{batch}/setuju", Page: "batch", Op: func(f *form) (registry.Operation, error) {
		return registry.ApproveBatch{Batch: f.r.PathValue("batch")}, nil
	}, Did: func(v *view, res registry.Result) string { return v.T("did.batch_approved", res.Answer) },
		Next: func(*view, registry.Result) string { return "/persetujuan" }},
}

// openBatches are those that who looks has drawn and not approved yet.
func (v *view) openBatches() (templ.Component, error) {
	if !v.Can(registry.Approve{}) {
		return templ.NopComponent, nil
	}
	list, err := v.Registry.OpenBatches(v.ctx(), v.Actor.ID, listed+1)
	t := tableView{Title: v.T("approvals.batches"), Heads: []string{v.T("page.batch"), v.T("batch.count"), v.T("batch.opened"), v.T("head.since")}}
	for _, b := range short(&t, list) {
		t.Rows = append(t.Rows, []cell{
			{Text: b.ID, Link: batchPath(b.ID), Class: "mono"}, {Text: v.Count(len(b.Applications)), Class: "number"},
			{Text: number(len(b.Opened)) + " / " + number(len(b.Sample))}, {Text: v.Ago(b.DrawnAt)},
		})
	}
	if len(t.Rows) == 0 {
		return templ.NopComponent, err
	}
	return table(v, t), err
}

// printReady are the records that wait to be let to print, of which several are marked at once, for who may let them.
func (v *view) printReady() (templ.Component, error) {
	if !v.Can(registry.Approve{}) {
		return templ.NopComponent, nil
	}
	v.keepPage()
	reserved, err := v.Registry.Reservation(v.ctx())
	if err != nil {
		return nil, err
	}
	in, err := v.Registry.ApplicationCounts(v.ctx())
	if err != nil {
		return nil, err
	}
	const word = "sesudah"
	ready, err := v.Registry.ApplicationsBehind(v.ctx(), registry.PrintReady, parseSeen(v.after(word)), approvalsShown+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Total: in[registry.PrintReady]}
	ready = cut(v, &t, approvalsShown, ready, word, seenIn(registry.PrintReady))
	labels, err := v.labels(idsOf(ready)...)
	if err != nil {
		return nil, err
	}
	return stack(v.shortOf(reserved), readyToPrint(v, t, ready, labels)), nil
}

func (v *view) batch() (templ.Component, error) { return v.LivePart("kumpulan"), nil }

// oneBatch is a set of records for one approval, whose sample has to be opened first.
func (v *view) oneBatch() (templ.Component, error) {
	b, err := v.Registry.Batch(v.ctx(), v.r.PathValue("batch"))
	if err != nil {
		return nil, err
	}
	labels, err := v.labels(b.Sample...)
	if err != nil {
		return nil, err
	}
	var those []registry.ApplicationID
	if b.State == "open" {
		those = b.Applications
	}
	reserved, err := v.Registry.Reservation(v.ctx(), those...)
	if err != nil {
		return nil, err
	}
	return stack(v.shortOf(reserved), batchPage(v, b, labels)), nil
}

func openedAll(b registry.Batch) bool {
	return !slices.ContainsFunc(b.Sample, func(id registry.ApplicationID) bool { return !slices.Contains(b.Opened, id) })
}

func batchPath(id string) string { return "/persetujuan/kumpulan/" + escaped(id) }

func samplePath(batch string, id registry.ApplicationID) string {
	return batchPath(batch) + "/" + escaped(string(id))
}

// sample is an opened application of the sample of a batch: its card as it will be, and its data.
func (v *view) sample() (templ.Component, error) {
	batch, id := v.r.PathValue("batch"), registry.ApplicationID(v.r.PathValue("application"))
	rec, err := v.Registry.OpenedSample(v.ctx(), v.Actor.ID, batch, id)
	if err != nil {
		return nil, err
	}
	list := []fact{{Name: v.T("head.application"), Value: string(id), Link: v.applicationPath(id)}, {Name: v.T("head.type"), Value: v.Say("type", rec.Type)}}
	for _, f := range ktp.CardFields {
		if f.Told(rec.Person) {
			list = append(list, fact{Name: v.Both(f.Label, f.English), Value: orDash(f.Of(rec.Person))})
		}
	}
	return samplePage(v, batch, id, list), nil
}
