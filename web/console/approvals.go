package console

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/audit"
	"blanko/web/console/words"
)

var approvalActions = []action{
	{Path: "/persetujuan/{proposal}/setuju", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.Decide{Proposal: f.r.PathValue("proposal"), Agree: true}, nil
	}},
	{Path: "/persetujuan/{proposal}/tolak", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.Decide{Proposal: f.r.PathValue("proposal"), Because: f.because()}, nil
	}},
	{Path: "/persetujuan/{proposal}/tarik", Page: "proposal", Op: func(f *form) (registry.Operation, error) {
		return registry.TakeBack{Proposal: f.r.PathValue("proposal")}, nil
	}},
}

// approvalsShown is how many the page lists.
const approvalsShown = 200

// approvals is what waits for a second person, and the records that wait to be let to print.
func (v *view) approvals() (templ.Component, error) {
	return stack(v.LivePart("usulan"), v.LivePart("terbuka"), v.LivePart("siap")), nil
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

func (v *view) proposal() (templ.Component, error) { return v.LivePart("satu-usulan"), nil }

// oneProposal is one operation that waits, with exactly what it would change now.
func (v *view) oneProposal() (templ.Component, error) {
	p, op, err := v.Registry.Proposal(v.ctx(), v.r.PathValue("proposal"))
	if err != nil {
		return nil, err
	}
	var events []audit.Event
	var refused error
	blind := registry.SecondCounts(p.Operation)
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
