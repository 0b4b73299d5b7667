package console

import (
	"crypto/sha256"
	"slices"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/audit"
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
	}, Next: func(_ *view, res registry.Result) string { return "/persetujuan/kumpulan/" + res.Answer }},
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
	}, Next: func(v *view, _ registry.Result) string {
		return v.applicationPath(registry.ApplicationID(v.r.PostForm.Get("application"))) + "?kumpulan=" + escaped(v.r.PathValue("batch"))
	}},
	{Path: "/persetujuan/kumpulan/{batch}/setuju", Page: "batch", Op: func(f *form) (registry.Operation, error) {
		return registry.ApproveBatch{Batch: f.r.PathValue("batch")}, nil
	}, Next: func(*view, registry.Result) string { return "/persetujuan" }},
}

// approvalsShown is how many the page lists.
const approvalsShown = 200

// approvals is what waits for a second person, and the records that wait to be let to print.
func (v *view) approvals() (templ.Component, error) {
	return stack(v.LivePart("usulan"), v.LivePart("siap")), nil
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
	ready, err := v.Registry.ListApplications(v.ctx(), registry.PrintReady, registry.ApplicationID(v.after(word)), approvalsShown+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Total: in[registry.PrintReady]}
	ready = cut(v, &t, approvalsShown, ready, word, func(a registry.Application) string { return string(a.ID) })
	var ids []registry.ApplicationID
	for _, a := range ready {
		ids = append(ids, a.ID)
	}
	labels, err := v.labels(ids...)
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

// subject is what an operation is about: an application by what tells it from others, all else by its number.
func (v *view) subject(id string, labels map[registry.ApplicationID]registry.Label) string {
	if l, is := labels[registry.ApplicationID(id)]; is {
		return v.labelText(l)
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
