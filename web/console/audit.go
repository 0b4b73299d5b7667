package console

import (
	"encoding/hex"
	"strconv"

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
	if n, err := strconv.ParseInt(q.Get("sesudah"), 10, 64); err == nil && n >= 0 {
		after = n
	}
	events, err := v.Registry.Events(v.ctx(), after, listed, filter)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("audit.events"), Empty: v.T("audit.none"), Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.what"), v.T("head.code"), v.T("head.by"), v.T("head.about"), v.T("head.detail")}}
	for _, e := range events {
		t.Rows = append(t.Rows, []cell{{Text: strconv.FormatInt(e.ID, 10), Class: "number"}, {Text: v.Time(e.At)}, {Text: v.Event(e.Code)}, {Text: e.Code, Class: "mono"}, {Text: e.Actor}, {Text: about(e)}, {Text: detail(e)}})
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
	return stack(auditTools(v, filter), chain, table(v, t)), nil
}

func chainMood(r audit.Report) string {
	if r.Sound() {
		return "good"
	}
	return "bad"
}
