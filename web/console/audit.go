package console

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"blanko/registry/audit"
)

// audit is the searchable event log, newest first, and the state of its chain.
func (v *view) audit() (templ.Component, error) {
	filter := audit.Filter{
		Application: v.after("application"), Code: v.after("code"), Chip: upper(v.after("chip")), Attempt: strings.ToLower(v.after("attempt")),
	}
	before, err := v.eventsBefore()
	if err != nil {
		return nil, err
	}
	events, err := v.Registry.EventsBefore(v.ctx(), before, listed+1, filter)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("audit.events"), Empty: v.T("audit.none"), Older: true, Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.what"), v.T("head.code"), v.T("head.by"), v.T("head.about"), v.T("head.detail")}}
	for _, e := range cut(v, &t, listed, events, "sebelum", func(e audit.Event) string { return strconv.FormatInt(e.ID, 10) }) {
		t.Rows = append(t.Rows, []cell{{Text: strconv.FormatInt(e.ID, 10), Class: "number"}, {Text: v.Time(e.At), Class: "when"}, {Text: v.Event(e.Code)}, {Text: e.Code, Class: "mono"}, {Text: e.Actor, Class: "when"}, {Text: about(e), Class: "long"}, {Text: v.detail(e), Class: "detail"}})
	}
	var chain templ.Component
	if v.r.URL.Query().Has("periksa") {
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

// auditSaid is what the log is searched for, in words; empty: nothing.
func (v *view) auditSaid(f audit.Filter) string {
	var said []string
	for _, x := range []fact{
		{Name: v.T("head.application"), Value: f.Application}, {Name: v.T("print.chip"), Value: f.Chip}, {Name: v.T("audit.attempt"), Value: f.Attempt},
		{Name: v.T("audit.code"), Value: f.Code}, {Name: v.T("audit.until"), Value: v.after("day")},
	} {
		if x.Value != "" {
			said = append(said, x.Name+" "+x.Value)
		}
	}
	return strings.Join(said, " · ")
}

// eventsBefore is what the page begins before: the event that was seen last, or the first one after a day; 0: the end of
// the log.
func (v *view) eventsBefore() (int64, error) {
	if n, err := strconv.ParseInt(v.after("sebelum"), 10, 64); err == nil {
		return n, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, v.after("day"), v.zone()); err == nil {
		last, err := v.Registry.EventsUntil(v.ctx(), day.AddDate(0, 0, 1))
		return last + 1, err
	}
	return 0, nil
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
		t.Rows = append(t.Rows, []cell{{Text: day}, {Text: strconv.FormatInt(a.ID, 10), Link: "/audit?sebelum=" + strconv.FormatInt(a.ID+1, 10), Class: "number"}, {Text: hex.EncodeToString(a.Hash[:]), Class: "mono"}, {Text: told}})
	}
	return table(v, t), nil
}

func chainMood(r audit.Report) string {
	if r.Sound() {
		return "good"
	}
	return "bad"
}
