package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"blanko/registry/access"
)

// Wherever one may say from when a list is wanted, one may say until when.
func TestEverySinceHasAnUntil(t *testing.T) {
	t.Parallel()
	list, _ := newRoom(t).addresses()
	found := 0
	for _, a := range list {
		names := map[string]bool{}
		for _, p := range a.Parameters {
			names[p.Name] = true
		}
		if names["since"] {
			found++
		}
		if names["since"] != names["until"] {
			t.Errorf("%s %s: since and until come together", a.Method, a.Path)
		}
	}
	if found < 6 {
		t.Errorf("%d lists with since", found)
	}
}

// Attempts are narrowed by their line and the time of their start, waiting cards by the place they go to.
func TestAttemptsAndWaitingCardsAreNarrowed(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	type item struct {
		ID, Application, Line, Place string
		StartedAt                    time.Time
	}
	read := func(target string) (items []item) {
		t.Helper()
		w := r.ask(http.MethodGet, target)
		var p struct{ Items []item }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		return p.Items
	}
	all := read("/v1/attempts")
	if len(all) < 2 {
		t.Fatalf("%d attempts", len(all))
	}
	narrowed := func(target string, keep func(item) bool) {
		t.Helper()
		want := slices.DeleteFunc(slices.Clone(all), func(i item) bool { return !keep(i) })
		if got := read("/v1/attempts?" + target); !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", target, got, want)
		}
	}
	for _, line := range []string{"line-1", "line-2"} {
		narrowed("line="+line, func(i item) bool { return i.Line == line })
	}
	narrowed("line=line-1&state=spoiled", func(i item) bool { return i.ID == all[len(all)-1].ID })
	kept := map[bool]int{}
	for _, i := range all {
		for _, cut := range []time.Time{i.StartedAt.Add(-time.Microsecond), i.StartedAt, i.StartedAt.Add(time.Microsecond)} {
			at := url.QueryEscape(cut.Format(time.RFC3339Nano))
			narrowed("since="+at, func(i item) bool { kept[!i.StartedAt.Before(cut)]++; return !i.StartedAt.Before(cut) })
			narrowed("until="+at, func(i item) bool { return i.StartedAt.Before(cut) })
			narrowed("line=line-1&since="+at+"&until="+at, func(item) bool { return false })
		}
	}
	if kept[true] == 0 || kept[false] == 0 {
		t.Errorf("the cuts divide nothing: %v", kept)
	}

	waiting := read("/v1/handovers/waiting")
	if len(waiting) == 0 {
		t.Fatal("no card waits")
	}
	if got := read("/v1/handovers/waiting?limit=1&place=" + waiting[0].Place); len(got) != 1 || got[0] != waiting[0] {
		t.Errorf("%s: %+v", waiting[0].Place, got)
	}
	if w := r.ask(http.MethodGet, "/v1/handovers/waiting?place=nowhere"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown place: %d %s", w.Code, w.Body)
	}
}

// Breaches are narrowed by their state.
func TestBreachesAreNarrowed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}})
	var ids []string
	for _, what := range []string{"SATU", "DUA"} {
		ids = append(ids, o.done("guard", "/v1/breaches", map[string]any{"what": what, "how": "ditemukan", "people": 1})["answer"].(string))
	}
	o.done("guard", "/v1/breaches/"+ids[0]+"/notice", nil)
	for state, want := range map[string][]string{"open": ids[1:], "notified": ids[:1], "closed": nil} {
		if got := o.pages("guard", "/v1/breaches?state="+state, "id"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", state, got, want)
		}
	}
	if got := o.pages("guard", "/v1/breaches?", "id"); len(got) != len(ids) {
		t.Errorf("all: %v", got)
	}
}
