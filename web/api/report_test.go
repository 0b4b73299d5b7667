package api_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The daily book page by page says what its file says, in the same order.
func TestDailyBookAndItsFile(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var pages, file []string
	for cursor := ""; ; {
		w := r.ask(http.MethodGet, "/v1/daily-book?limit=4&cursor="+cursor)
		var p struct {
			Items []struct{ Kind, Application, Type, Place string }
			Next  string
		}
		r.must(json.Unmarshal(w.Body.Bytes(), &p))
		for _, b := range p.Items {
			pages = append(pages, b.Kind+" "+b.Application+" "+b.Type+" "+b.Place)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	w := r.ask(http.MethodGet, "/v1/daily-book.csv")
	lines, err := csv.NewReader(w.Body).ReadAll()
	r.must(err)
	for _, l := range lines[1:] {
		file = append(file, l[2]+" "+l[4]+" "+l[5]+" "+l[3])
	}
	if len(pages) != 6 || pages[0] != "application req-1 new dinas" || !slices.Equal(pages, file) {
		t.Errorf("pages\n%s\nfile\n%s", strings.Join(pages, "\n"), strings.Join(file, "\n"))
	}
	if kind := w.Header().Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Errorf("type %q", kind)
	}
}

// A month counts what the day did; what is asked in other words is refused.
func TestReports(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var m struct {
		Tier   string
		Counts []struct {
			Table, Item string
			Count       int
		}
	}
	r.must(json.Unmarshal(r.ask(http.MethodGet, "/v1/reports/monthly?month=2026-11").Body.Bytes(), &m))
	sums := map[string]int{}
	for _, c := range m.Counts {
		sums[c.Table+" "+c.Item] += c.Count
	}
	if m.Tier != "dinas" || sums["received new"] != 6 || sums["spoiled applet.card_mute"] != 1 || sums["ended withdrawn"] != 1 {
		t.Errorf("%s %v", m.Tier, sums)
	}
	for target, status := range map[string]int{
		"/v1/reports/monthly": http.StatusUnprocessableEntity, "/v1/reports/monthly?month=2026-13": http.StatusUnprocessableEntity,
		"/v1/reports/monthly?month=2026-11&region=61": http.StatusUnprocessableEntity, "/v1/daily-book?day=2026-02-31": http.StatusUnprocessableEntity,
		"/v1/reports/forecast?days=0": http.StatusUnprocessableEntity, "/v1/reports/forecast.csv": http.StatusOK, "/v1/uncollected.csv": http.StatusOK,
		"/v1/uncollected?region=61.05.03": http.StatusOK, "/v1/reports/monthly.csv?month=2026-11&region=61.05.03": http.StatusOK,
		"/v1/uncollected?cursor=eyJyIjpudWxsLCJpIjoieCJ9": http.StatusUnprocessableEntity,
	} {
		if w := r.ask(http.MethodGet, target); w.Code != status {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

// An exception from the 1:1 is told of the officer who asked for it, with its reason: in the report, in its file, beside the
// tries and among the hand-overs outside the rule.
func TestExceptedMatchIsReported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	at := "/v1/applications/" + app
	o.agreed(tono, ratna, at+"/match-exception", map[string]any{"chip": chip, "reason": "worn_fingers"})
	o.done(sari, at+"/handover", map[string]any{"chip": chip})

	var m struct {
		Exceptions []struct {
			Actor, Kind, Code string
			Count             int
		}
	}
	month := o.clock.Now().Format("2006-01")
	o.must(json.Unmarshal(o.ask(http.MethodGet, "/v1/reports/monthly?month="+month).Body.Bytes(), &m))
	if len(m.Exceptions) == 0 || m.Exceptions[0].Actor != "tono" || m.Exceptions[0].Kind != "match" || m.Exceptions[0].Code != "worn_fingers" || m.Exceptions[0].Count != 1 {
		t.Errorf("%+v", m.Exceptions)
	}
	if file := o.ask(http.MethodGet, "/v1/reports/monthly.csv?month="+month).Body.String(); !strings.Contains(file, month+",exceptions,,,tono,match,worn_fingers,1") {
		t.Errorf("the file: %s", file)
	}
	var d struct {
		Tries    []struct{ Result, Cause string }
		Handover struct{ Matched bool }
	}
	o.see(sari, at, &d)
	if len(d.Tries) != 1 || d.Tries[0].Cause != "worn_fingers" || d.Handover.Matched {
		t.Errorf("%+v", d)
	}
	var outside struct {
		Items []struct{ Application string }
	}
	o.must(json.Unmarshal(o.ask(http.MethodGet, "/v1/handovers/exceptions").Body.Bytes(), &outside))
	if len(outside.Items) != 1 || outside.Items[0].Application != app {
		t.Errorf("outside the rule: %+v", outside.Items)
	}
	if w := o.printed(sari, at+"/papers/handover", "application/pdf", "receipt"); w.Code != http.StatusOK {
		t.Errorf("the receipt: %d %s", w.Code, w.Body)
	}
}
