package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"blanko/registry/access"
)

// notRead are things that an operation names in its address and that have no address of their own, by what stands
// before the name: there is nothing to have seen, or it is seen elsewhere.
var notRead = map[string]string{
	"/v1/tasks":             "work in somebody's hands; the application has an address",
	"/v1/deny-list":         "a chip is on it or not",
	"/v1/blanks":            "where a blank was tells its history",
	"/v1/lots":              "what lies of a lot tells the stock; it is counted, not read",
	"/v1/notes":             "a note never changes",
	"/v1/chip-examinations": "an examination never changes",
	"/v1/resident-lists":    "rows are only added, and one operation puts it into use",
	"/v1/tickets":           "numbers of a day at one place, called and ended once",
	"/v1/tokens":            "a token is issued and revoked, once each",
}

// Every answer has an ETag and every operation about something that can be read takes it, by the document.
func TestEveryThingHasATag(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	list, doc := r.addresses()
	things, missed := map[string]bool{}, map[string]bool{}
	document := func(a address) map[string]any {
		return doc["paths"].(map[string]any)[a.Path].(map[string]any)[strings.ToLower(a.Method)].(map[string]any)
	}
	takes := func(a address, header string) bool {
		for _, p := range a.Parameters {
			if p.Name == header && p.In == "header" {
				return true
			}
		}
		return false
	}
	for _, a := range list {
		if a.Method != http.MethodGet {
			continue
		}
		ok, _ := document(a)["responses"].(map[string]any)["200"].(map[string]any)
		content, _ := ok["content"].(map[string]any)
		if content["application/json"] == nil {
			continue
		}
		if headers, _ := ok["headers"].(map[string]any); headers["ETag"] == nil || !takes(a, "If-None-Match") || !a.Statuses["304"] {
			t.Errorf("%s: no ETag", a.Path)
		}
		things[a.Path] = strings.HasSuffix(a.Path, "}")
	}
	changes := 0
	for _, a := range list {
		thing, _, named := strings.Cut(a.Path, "}")
		if a.Method != http.MethodPost || !named {
			continue
		}
		if things[thing+"}"] {
			changes++
			if (!takes(a, "If-Match") || !a.Statuses["412"]) && a.Operation != "" {
				t.Errorf("%s takes no If-Match", a.Path)
			}
			continue
		}
		before, _, _ := strings.Cut(thing, "/{")
		if missed[before] = true; notRead[before] == "" {
			t.Errorf("%s: %s} cannot be read", a.Path, thing)
		}
	}
	for before := range notRead {
		if !missed[before] {
			t.Errorf("%s can be read", before)
		}
	}
	if changes < 100 {
		t.Errorf("%d operations about something that can be read", changes)
	}
}

// asks reads an address as somebody.
func (r *room) asks(token, target string, header ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, req)
	return w
}

// everybody is a token of somebody with all roles.
func (r *room) everybody(id string) string {
	who := access.Actor{ID: id}
	for _, row := range access.Roles {
		if row.Role != access.System {
			who.Roles = append(who.Roles, row.Role)
		}
	}
	return r.token(who, access.Actor{ID: "second-1", Roles: boss.Roles})
}

// madeCard is the finished card of the room.
const madeCard = "/v1/cards/0000A0B0C0D000000001"

// things of the room, by their addresses.
func (r *room) things(token string) []string {
	return []string{
		"/v1/applications/req-5", "/v1/applications/req-1", madeCard, "/v1/attempts/" + r.made.Attempt.String(), "/v1/orders/" + string(r.made.ID),
		"/v1/lines/line-1", "/v1/places/dinas", "/v1/people/" + boss.ID, "/v1/standard/new",
	}
}

// The ETag of a thing stays as long as the thing does, whatever the time; who has it already is told so.
func TestTagsOfThings(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	token := r.everybody("everything")
	r.token(boss, access.Actor{ID: "second-1", Roles: boss.Roles})
	tags := map[string]string{}
	for _, target := range r.things(token) {
		w := r.asks(token, target)
		tag := w.Header().Get("ETag")
		if w.Code != http.StatusOK || len(tag) < 10 {
			t.Errorf("%s: %d, ETag %q: %s", target, w.Code, tag, w.Body)
		}
		if tags[tag] != "" {
			t.Errorf("%s and %s have one ETag", target, tags[tag])
		}
		tags[tag] = target
	}
	r.clock.Advance(time.Hour)
	lines, err := r.reg.Lines(t.Context())
	r.must(err)
	for _, l := range lines { // of which something is heard all the time
		r.must(r.reg.Beat(t.Context(), l.ID, l.Station))
	}
	for tag, target := range tags {
		for condition, status := range map[string]int{tag: 304, "W/" + tag: 304, "*": 304, `"other", ` + tag: 304, `"other"`: 200, "": 200} {
			w := r.asks(token, target, "If-None-Match", condition)
			if w.Code != status || w.Header().Get("ETag") != tag || (status == 304) != (w.Body.Len() == 0) {
				t.Errorf("%s, If-None-Match %s: %d, ETag %q, %d bytes", target, condition, w.Code, w.Header().Get("ETag"), w.Body.Len())
			}
		}
	}
	asJSON, asCSV := r.asks(token, "/v1/orders"), r.asks(token, "/v1/orders", "Accept", "text/csv")
	if asJSON.Header().Get("ETag") == asCSV.Header().Get("ETag") {
		t.Error("two types of one address have one ETag")
	}
}

// Two persons have one thing before them: what the second one wants is refused and changes nothing, once the first
// one has changed it; seen anew, it is done.
func TestTwoPersonsOnOneThing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	one, two := r.everybody("person-1"), r.everybody("person-2")
	place := func(name string) map[string]any {
		return map[string]any{"kind": "kecamatan", "name": name, "parent": "dinas", "region": "61.05.01", "active": true}
	}
	if status, out := r.send(one, "/v1/places/kec-1", "k0", place("SATU")); status != http.StatusOK {
		t.Fatalf("%d %v", status, out)
	}
	for _, c := range []struct {
		thing, first, second string
		firstBody, body      map[string]any
		status               int
	}{
		{"/v1/lines/line-1", "/pause", "/pause", map[string]any{"reason": "cleaning"}, map[string]any{"reason": "supplies"}, 200},
		{madeCard, "/hold", "/freeing", map[string]any{"reason": "court"}, nil, 200},
		{"/v1/places/kec-1", "", "", place("DUA"), place("TIGA"), 200},
		{"/v1/applications/req-5", "/approval", "/marks", nil, map[string]any{"mark": "backlog", "reason": "waits_long"}, 202}, // by two persons
	} {
		seen := r.asks(two, c.thing).Header().Get("ETag")
		var body any
		if c.firstBody != nil {
			body = c.firstBody
		}
		if status, out := r.send(one, c.thing+c.first, "first "+c.thing, body, "If-Match", seen); status != http.StatusOK {
			t.Errorf("%s%s: %d %v", c.thing, c.first, status, out)
			continue
		}
		now := r.asks(two, c.thing)
		head, err := r.reg.NewestEvent(t.Context())
		r.must(err)
		if body = nil; c.body != nil {
			body = c.body
		}
		status, out := r.send(two, c.thing+c.second, "second "+c.thing, body, "If-Match", seen)
		text, _ := out["text"].(map[string]any)
		if status != http.StatusPreconditionFailed || code(out) != "registry.changed" || text["id"] == "" || text["en"] == "" || text["id"] == text["en"] {
			t.Errorf("%s%s: %d %v", c.thing, c.second, status, out)
		}
		after, err := r.reg.NewestEvent(t.Context())
		r.must(err)
		if again := r.asks(two, c.thing); after != head || again.Body.String() != now.Body.String() {
			t.Errorf("%s was changed", c.thing)
		}
		if status, out := r.send(two, c.thing+c.second, "second "+c.thing, body, "If-Match", `"other", `+now.Header().Get("ETag")); status != c.status {
			t.Errorf("%s%s, seen anew: %d %v", c.thing, c.second, status, out)
		}
		if status, out := r.send(two, c.thing+c.second, "second "+c.thing, body, "If-Match", seen); status != c.status || out["replayed"] != true {
			t.Errorf("%s%s, once more: %d %v", c.thing, c.second, status, out)
		}
	}
	if status, out := r.send(one, "/v1/batches", "k9", map[string]any{"applications": []string{"req-5"}}, "If-Match", "*"); status != http.StatusPreconditionFailed {
		t.Errorf("what is not there yet: %d %v", status, out)
	}
	if status, out := r.send(one, "/v1/lines/line-1/resume", "k10", nil, "If-Match", "*"); status != http.StatusOK {
		t.Errorf("whatever it is: %d %v", status, out)
	}
}

// Of many who saw the same, one changes it: the condition holds in the transaction of the change, not before it.
func TestOneOfManyChangesAThing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	token := r.everybody("everything")
	seen := r.asks(token, "/v1/lines/line-1").Header().Get("ETag")
	var done, refused atomic.Int32
	var all sync.WaitGroup
	const many = 8
	for n := range many {
		all.Go(func() {
			status, _ := r.send(token, "/v1/lines/line-1/pause", "k"+string(rune('0'+n)), map[string]any{"reason": []string{"cleaning", "supplies"}[n%2]}, "If-Match", seen)
			switch status {
			case http.StatusOK:
				done.Add(1)
			case http.StatusPreconditionFailed:
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if done.Load() != 1 || refused.Load() != many-1 {
		t.Errorf("%d did it, %d were refused", done.Load(), refused.Load())
	}
}
