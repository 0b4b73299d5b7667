package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

var uniquenessActions = []action{
	{Path: "/ketunggalan/baca", Page: "uniqueness", Op: func(f *form) (registry.Operation, error) {
		return registry.ReadResult{Application: f.application()}, nil
	}},
}

// uniqueness hands out the next pair of persons, above what the search brought.
func (v *view) uniqueness() (templ.Component, error) {
	results := v.LivePart("ketunggalan")
	if !v.Can(registry.TakeNext{}) {
		return results, nil
	}
	return stack(nextToJudge(v), results), nil
}

// searched lists the results of the 1:N search that nobody has read, and the desks of duplicates and
// adjudication, each leading to where the persons stand side by side; and how the way to the data center is.
func (v *view) searched() (templ.Component, error) {
	unread, err := v.Registry.UnreadResults(v.ctx(), registry.Seen{}, listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("uniqueness.unread"), Empty: v.T("uniqueness.none"), Heads: []string{v.T("head.application"), v.T("head.result"), v.T("head.why"), v.T("head.since"), v.T("head.do")}}
	for _, r := range short(&t, unread) {
		t.Rows = append(t.Rows, []cell{
			{Text: string(r.Application), Link: v.applicationPath(r.Application)},
			{Text: v.Say("result", string(r.Result))},
			{Text: v.causeText(r.Reason)},
			{Text: v.Ago(r.At)},
			{Part: button(v, "read-"+string(r.Application), "/ketunggalan/baca", v.T("op.uniqueness.read"), "main", map[string]string{"application": string(r.Application)})},
		})
	}
	list := []templ.Component{table(v, t)}
	for _, s := range []registry.State{registry.Adjudicate, registry.Duplicate, registry.SearchFailure, registry.EnrollFailure} {
		apps, err := v.Registry.ApplicationsBehind(v.ctx(), s, registry.Seen{}, listed+1)
		if err != nil {
			return nil, err
		}
		d := tableView{Title: v.Say("state", string(s)), Empty: v.T("uniqueness.empty"), Heads: []string{v.T("head.application"), v.T("uniqueness.candidates"), v.T("head.since")}}
		for _, a := range v.firstIn(&d, s, apps) {
			found, err := v.Registry.Candidates(v.ctx(), a.ID)
			if err != nil {
				return nil, err
			}
			var names []string
			for _, c := range found {
				names = append(names, string(c.Application)+" ("+number(c.Score)+")")
			}
			d.Rows = append(d.Rows, []cell{{Text: string(a.ID), Link: comparisonPath(a.ID)}, {Text: orDash(strings.Join(names, ", "))}, {Text: v.Ago(a.Since)}})
		}
		list = append(list, table(v, d))
	}
	link, err := v.centerLink()
	if err != nil {
		return nil, err
	}
	return stack(append(list, link)...), nil
}
