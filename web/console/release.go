package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/registry"
)

var releaseActions = []action{
	{Path: "/mulai/lepas", Page: "release", Op: func(f *form) (registry.Operation, error) {
		return registry.ReleaseStart{Start: f.needed("start")}, nil
	}},
	{Path: "/mulai/lepas-sendiri", Page: "release", Op: func(f *form) (registry.Operation, error) {
		return registry.ReleaseStartAlone{Start: f.needed("start")}, nil
	}},
	{Path: "/mulai/kuatkan", Page: "release", Op: func(f *form) (registry.Operation, error) {
		return registry.ConfirmStart{Start: f.needed("start")}, nil
	}},
	{Path: "/mulai/pemulihan", Page: "release", Op: func(*form) (registry.Operation, error) { return registry.AcceptRestoration{}, nil }},
}

// release is what stands between a start and the first card: the release of the lines, a ledger that was put
// back to an older copy.
func (v *view) release() (templ.Component, error) {
	restored, err := v.restored()
	if err != nil {
		return nil, err
	}
	return stack(restored, v.LivePart("mulai")), nil
}

// starts are those whose lines wait, or that nobody has confirmed, and the newest before them.
func (v *view) starts() (templ.Component, error) {
	const shown = 20
	list, err := v.Registry.Starts(v.ctx(), registry.StartFilter{Limit: shown})
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("release.starts"), Empty: v.T("release.no_starts"), Heads: []string{v.T("release.station"), v.T("head.time"), v.T("head.state"), v.T("release.two"), v.T("head.by"), v.T("head.do")}}
	for _, s := range list {
		var why []string
		for _, code := range s.Two {
			why = append(why, v.T("two."+code))
		}
		t.Rows = append(t.Rows, []cell{
			{Text: s.Station},
			{Text: v.Time(s.At)},
			{Text: v.T("release.state_" + startState(s))},
			{Text: orDash(strings.Join(why, "; "))},
			{Text: orDash(strings.Trim(s.ReleasedBy+", "+s.Second, ", "))},
			{Part: v.startButtons(s)},
		})
	}
	return table(v, t), nil
}

// startState is a word of release.state_.
func startState(s registry.Start) string {
	switch {
	case s.Ended != "":
		return "ended"
	case s.ReleasedAt.IsZero():
		return "waits"
	case s.ConfirmedAt.IsZero():
		return "unconfirmed"
	}
	return "released"
}

func (v *view) startButtons(s registry.Start) templ.Component {
	which := map[string]string{"start": s.ID}
	offer := func(id, path string, op registry.Operation, kind string) templ.Component {
		if !v.Can(op) {
			return nil
		}
		return button(v, id+"-"+s.ID, path, v.T("op."+string(op.Name())), kind, which)
	}
	switch startState(s) {
	case "waits":
		if len(s.Two) == 0 {
			return stack(offer("alone", "/mulai/lepas-sendiri", registry.ReleaseStartAlone{}, "main"), offer("two", "/mulai/lepas", registry.ReleaseStart{}, ""))
		}
		return offer("two", "/mulai/lepas", registry.ReleaseStart{}, "main")
	case "unconfirmed":
		return offer("confirm", "/mulai/kuatkan", registry.ConfirmStart{}, "main")
	}
	return nil
}

// restored says that the ledger was put back to an older copy, and what the center knows of since.
func (v *view) restored() (templ.Component, error) {
	r, rep, open, err := v.Registry.OpenRestoration(v.ctx())
	if err != nil || !open {
		return nil, err
	}
	t := tableView{Title: v.T("release.differences"), Empty: v.T("release.no_differences"), Heads: []string{v.T("head.application"), v.T("head.what"), v.T("release.center"), v.T("release.ledger")}}
	for _, d := range rep.Differences {
		t.Rows = append(t.Rows, []cell{{Text: string(d.ID), Link: v.applicationPath(d.ID)}, {Text: v.T("differs." + string(d.What))}, {Text: orDash(string(d.Center.Word))}, {Text: orDash(string(d.Station.Word))}})
	}
	found, err := v.Registry.FoundCards(v.ctx())
	if err != nil {
		return nil, err
	}
	f := tableView{Title: v.T("release.found"), Empty: v.T("release.found_none"), Heads: []string{v.T("print.chip"), v.T("head.application"), v.T("head.time"), v.T("head.by")}}
	for _, c := range found {
		of := cell{Text: orDash("")}
		if c.Application != "" {
			of = cell{Text: string(c.Application), Link: v.applicationPath(c.Application)}
		}
		f.Rows = append(f.Rows, []cell{{Text: string(c.Chip)}, of, {Text: v.Time(c.At)}, {Text: c.By}})
	}
	return stack(note(v, v.T("release.restored", v.Time(r.Copied), v.Time(r.At))), table(v, t), table(v, f), v.sheetOf("accept-ledger", "/mulai/pemulihan", registry.AcceptRestoration{})), nil
}
