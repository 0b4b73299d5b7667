package console

import (
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"blanko/registry/audit"
)

// audit is the searchable event log and the state of its chain.
func (v *view) audit() (templ.Component, error) {
	q := v.r.URL.Query()
	newest, err := v.Registry.NewestEvent(v.ctx())
	if err != nil {
		return nil, err
	}
	after := max(0, newest-listed)
	filter := audit.Filter{Application: q.Get("application"), Code: q.Get("code")}
	if filter != (audit.Filter{}) {
		after = 0
	}
	if n, said := v.behind(); said {
		after = n
	}
	events, err := v.Registry.Events(v.ctx(), after, listed, filter)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("audit.events"), Empty: v.T("audit.none"), Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.what"), v.T("head.code"), v.T("head.by"), v.T("head.about"), v.T("head.detail")}}
	for _, e := range events {
		t.Rows = append(t.Rows, []cell{{Text: strconv.FormatInt(e.ID, 10), Class: "number"}, {Text: v.Time(e.At), Class: "when"}, {Text: v.Event(e.Code)}, {Text: e.Code, Class: "mono"}, {Text: e.Actor, Class: "when"}, {Text: about(e)}, {Text: v.detail(e)}})
	}
	if len(events) == listed {
		t.More = "/audit?sesudah=" + strconv.FormatInt(events[len(events)-1].ID, 10) + "&application=" + escaped(filter.Application) + "&code=" + escaped(filter.Code)
	}
	var chain templ.Component
	if q.Has("periksa") {
		rep, err := v.Registry.VerifyEvents(v.ctx())
		if err != nil {
			return nil, err
		}
		chain = chainState(v, rep, hex.EncodeToString(rep.Head.Hash[:]))
	}
	anchors, err := v.anchors()
	if err != nil {
		return nil, err
	}
	return stack(auditTools(v, filter), chain, table(v, t), anchors), nil
}

// anchors are the heads of the chain day by day, newest first, as they were told outside the station.
func (v *view) anchors() (templ.Component, error) {
	const shown = 31
	list, err := v.Registry.Anchors(v.ctx(), false)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("audit.anchors"), Empty: v.T("audit.no_anchors"), Heads: []string{v.T("audit.day"), v.T("head.number"), v.T("designs.hash"), v.T("audit.told")}}
	for _, a := range slices.Backward(list[max(0, len(list)-shown):]) {
		day, told := a.Day, v.T("audit.untold")
		if d, err := time.Parse(time.DateOnly, a.Day); err == nil {
			day = v.Day(d)
		}
		if !a.Told.IsZero() {
			told = v.Time(a.Told)
		}
		t.Rows = append(t.Rows, []cell{{Text: day}, {Text: strconv.FormatInt(a.ID, 10), Class: "number"}, {Text: hex.EncodeToString(a.Hash[:]), Class: "mono"}, {Text: told}})
	}
	return table(v, t), nil
}

func chainMood(r audit.Report) string {
	if r.Sound() {
		return "good"
	}
	return "bad"
}
