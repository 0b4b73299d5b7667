package console

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/web"
	"blanko/web/console/words"
)

var approvalActions = []action{
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
	{Path: "/persetujuan/{proposal}/setuju", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.Decide{Proposal: f.r.PathValue("proposal"), Agree: true}, nil
	}},
	{Path: "/persetujuan/{proposal}/tolak", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.Decide{Proposal: f.r.PathValue("proposal"), Because: f.because()}, nil
	}},
	{Path: "/persetujuan/{proposal}/tarik", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.TakeBack{Proposal: f.r.PathValue("proposal")}, nil
	}},
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

// approvalsShown is how many the page lists.
const approvalsShown = 200

// approvals is what waits for a second person, and the records that wait to be let to print.
func (v *view) approvals() (templ.Component, error) {
	return stack(v.LivePart("usulan"), v.LivePart("terbuka"), v.LivePart("siap")), nil
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
	ready, err := v.Registry.ApplicationsBehind(v.ctx(), registry.PrintReady, placeOf(v.after(word)), approvalsShown+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Total: in[registry.PrintReady]}
	ready = cut(v, &t, approvalsShown, ready, word, placeIn(registry.PrintReady))
	labels, err := v.labels(idsOf(ready)...)
	if err != nil {
		return nil, err
	}
	return stack(v.shortOf(reserved), readyToPrint(v, t, ready, labels)), nil
}

func (v *view) openProposals() (templ.Component, error) {
	const word = "usulan"
	v.keepPage()
	open, err := v.Registry.Proposals(v.ctx(), registry.ProposalFilter{State: registry.ProposalOpen, After: v.after(word), Limit: approvalsShown + 1})
	if err != nil {
		return nil, err
	}
	t := tableView{
		Title: v.T("approvals.waiting"), Empty: v.T("approvals.none"),
		Heads: []string{v.T("head.what"), v.T("head.about"), v.T("head.by"), v.T("head.since"), v.T("head.until"), v.T("head.state")},
	}
	open = cut(v, &t, approvalsShown, open, word, func(p registry.Proposal) string { return p.ID })
	var ids []registry.ApplicationID
	for _, p := range open {
		ids = append(ids, registry.ApplicationID(p.Subject))
	}
	labels, err := v.labels(ids...)
	if err != nil {
		return nil, err
	}
	for _, p := range open {
		state := v.T("proposal.other")
		switch {
		case p.ProposedBy == v.Actor.ID:
			state = v.T("proposal.own")
		case v.May(registry.RowOf(p.Operation).Second):
			state = v.T("proposal.yours")
		}
		t.Rows = append(t.Rows, []cell{
			{Text: v.Say("op", string(p.Operation)), Link: "/persetujuan/" + escaped(p.ID)},
			{Text: v.subject(p.Subject, labels)},
			{Text: p.ProposedBy},
			{Text: v.Ago(p.ProposedAt)},
			{Text: v.Time(p.ExpiresAt)},
			{Text: state},
		})
	}
	return table(v, t), nil
}

// subject is what an operation is about: an application by what tells it from others, all else by its number, after the
// word for its kind where it has one.
func (v *view) subject(id string, labels map[registry.ApplicationID]registry.Label) string {
	if l, is := labels[registry.ApplicationID(id)]; is {
		return v.labelText(l)
	}
	if kind, which, is := strings.Cut(id, ":"); is && words.Has("field."+kind) {
		return v.T("field."+kind) + " " + which
	}
	return orDash(id)
}

// blindCounts are operations whose second person counts unseen: what they would change is not told before.
var blindCounts = []registry.Name{"shift.open", "shift.close", "shift.settle", "destruction.destroy", "destruction.send"}

func (v *view) proposal() (templ.Component, error) { return v.LivePart("satu-usulan"), nil }

// oneProposal is one operation that waits, with exactly what it would change now.
func (v *view) oneProposal() (templ.Component, error) {
	p, op, err := v.Registry.Proposal(v.ctx(), v.r.PathValue("proposal"))
	if err != nil {
		return nil, err
	}
	var events []audit.Event
	var refused error
	blind := slices.Contains(blindCounts, p.Operation)
	second := p.State == registry.ProposalOpen && p.ProposedBy != v.Actor.ID && v.May(registry.RowOf(p.Operation).Second)
	if second && !blind {
		_, events, refused = v.Registry.DryRun(v.ctx(), v.Actor, registry.Decide{Proposal: p.ID, Agree: true})
	}
	labels, err := v.labels(registry.ApplicationID(p.Subject))
	if err != nil {
		return nil, err
	}
	var picture templ.Component
	if design, is := op.(registry.ApproveDesign); is {
		d, err := v.proposedDesign(design)
		if err != nil {
			return nil, err
		}
		second = second && !d.Foreign
		picture = designCard(v, d)
	}
	return proposalPage(v, p, v.subject(p.Subject, labels), second, blind, picture, events, refused), nil
}

// proofsOf are the pictures that events name.
func proofsOf(events []audit.Event) (digests []string) {
	for _, e := range events {
		for _, name := range []string{"picture", "proof"} {
			if d := e.Detail[name]; len(d) == sha256.Size*2 && !slices.Contains(digests, d) {
				digests = append(digests, d)
			}
		}
	}
	return digests
}

// changes are the events that a dry run would write.
func (v *view) changes(events []audit.Event) tableView {
	t := tableView{Title: v.T("proposal.changes"), Heads: []string{v.T("head.what"), v.T("head.about"), v.T("head.detail")}, Empty: v.T("proposal.no_changes")}
	for _, e := range events {
		if e.Code == "proposal.decided" {
			continue
		}
		t.Rows = append(t.Rows, []cell{{Text: v.Event(e.Code)}, {Text: about(e)}, {Text: v.detail(e), Class: "detail"}})
	}
	return t
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

// sampleFace is the expected face of an opened application of a sample.
func (c *console) sampleFace(v *view, w http.ResponseWriter) error {
	const op = "console.sampleFace"
	if !v.May(access.Approve) {
		return web.PageDenied.At(op, nil).With("page", "needs a role for %s", access.Approve)
	}
	rec, err := c.Registry.OpenedSample(v.ctx(), v.Actor.ID, v.r.PathValue("batch"), registry.ApplicationID(v.r.PathValue("application")))
	if err == nil && c.Face == nil {
		err = web.Gone.At(op, nil)
	}
	if err != nil {
		return err
	}
	png, err := c.Face(v.ctx(), rec)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(png) // who asked has gone
	return nil
}
