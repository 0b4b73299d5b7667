package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// wholeLists are lists without a cursor, and why none is needed.
var wholeLists = map[string]string{
	"/v1/ageing":                     "one row for each state",
	"/v1/complaints/suspects":        "groups, the most suspicious first; since bounds them",
	"/v1/designs":                    "a few in the life of a station, newest first",
	"/v1/desks":                      "the computers of the counters",
	"/v1/destructions/{destruction}": "one list, as it is signed",
	"/v1/devices":                    "the devices of the station",
	"/v1/health/devices":             "the devices and links of the places, what is down first",
	"/v1/inspections/{inspection}":   "one sample, at most 1500 things",
	"/v1/lines":                      "the lines of the configuration",
	"/v1/places":                     "the places of the office",
	"/v1/questions":                  "one for each line",
	"/v1/reasons":                    "fixed by the program",
	"/v1/reservation":                "one row for each kind",
	"/v1/resident-lists":             "a few a year, newest first",
	"/v1/sams":                       "the SAMs of the places",
	"/v1/standard-versions":          "a few a year, newest first",
}

// Every list goes on behind its last item, by the document; a cursor that no list gave is refused by its name.
func TestEveryListHasACursor(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	token := r.everybody("everything")
	list, _ := r.addresses()
	whole := map[string]bool{}
	paged := 0
	for _, a := range list {
		if a.Method != http.MethodGet || !a.Table || strings.HasSuffix(a.Path, ".csv") {
			continue
		}
		cursor := false
		for _, p := range a.Parameters {
			cursor = cursor || p.Name == "cursor" || p.Name == "after"
		}
		if strings.Contains(a.Path, "}/") && !cursor {
			continue // what belongs to one thing is read whole
		}
		if !cursor {
			if whole[a.Path] = true; wholeLists[a.Path] == "" {
				t.Errorf("%s has no cursor", a.Path)
			}
			continue
		}
		paged++
		if strings.Contains(a.Path, "{") {
			continue
		}
		for _, bad := range []string{"cursor=%21", "limit=0", "limit=x", "nonsense=1"} {
			if _, after, _ := strings.Cut(bad, "cursor"); after != "" && (a.Path == "/v1/events" || a.Path == "/v1/tickets") {
				bad = "after=-1"
			}
			var p struct {
				Errors []struct{ Field, Reason string }
			}
			target := a.Path + "?" + bad
			if a.Path == "/v1/daily-book" {
				target += "&day=2026-11-23"
			}
			w := r.asks(token, target)
			name, _, _ := strings.Cut(bad, "=")
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnprocessableEntity || len(p.Errors) == 0 ||
				!strings.HasSuffix(p.Errors[0].Field, name) || p.Errors[0].Reason == "" {
				t.Errorf("%s: %d %s", target, w.Code, w.Body)
			}
		}
	}
	for path := range wholeLists {
		if !whole[path] {
			t.Errorf("%s has a cursor, or is no list", path)
		}
	}
	if paged < 25 {
		t.Errorf("%d lists with a cursor", paged)
	}
}
