package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/yaml"

	"blanko/jobs"
)

// One answer of each kind, as it goes out.
func TestAnswers(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, c := range []struct {
		name, target string
		status       int
	}{
		{"lines", "/v1/lines", 200},
		{"orders", "/v1/orders", 200},
		{"orders-waiting", "/v1/orders?state=waiting", 200},
		{"attempts", "/v1/attempts", 200},
		{"attempts-spoiled", "/v1/attempts?state=spoiled&limit=1", 200},
		{"attempt", "/v1/attempts/" + r.made.Attempt.String(), 200},
		{"events", "/v1/events?after=3&limit=4", 200},
		{"events-of-application", "/v1/events?application=req-6&code=application.", 200},
		{"summary", "/v1/summary", 200},
		{"health", "/v1/health", 200},
		{"unknown-attempt", "/v1/attempts/00000000000000000000000000000001", 404},
		{"bad-limit", "/v1/orders?limit=0&state=lost", 422},
		{"no-such-page", "/v1/nothing", 404},
	} {
		w := r.ask(http.MethodGet, c.target)
		if w.Code != c.status {
			t.Errorf("%s: status %d, %s", c.name, w.Code, w.Body)
			continue
		}
		want := "application/json"
		if c.status >= 400 {
			want = "application/problem+json"
		}
		if got := w.Header().Get("Content-Type"); got != want {
			t.Errorf("%s: content type %q", c.name, got)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, bytes.TrimSpace(w.Body.Bytes()), "", "  "); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		pretty.WriteByte('\n')
		golden(t, c.name+".json", pretty.Bytes())
	}
}

// No answer carries a name, a NIK, the keyed hash of a person or a hash of a chip file.
func TestNoPersonalData(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	targets := []string{"/v1/lines", "/v1/orders", "/v1/attempts", "/v1/events?limit=1000", "/v1/summary", "/v1/health", "/v1/attempts/" + r.made.Attempt.String()}
	for _, target := range targets {
		body := r.ask(http.MethodGet, target).Body.String()
		if !strings.HasPrefix(body, "{") {
			t.Fatalf("%s: %s", target, body)
		}
		for _, secret := range []string{nikStem, nameStem, `"person"`, "a-hash-of-personal-data", "hashes", "$schema"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", target, secret)
			}
		}
	}
}

// The cursor of a list gives every item once, in the order of the whole list.
func TestCursors(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	type page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
		Next string `json:"next"`
	}
	read := func(target string) (p page) {
		t.Helper()
		w := r.ask(http.MethodGet, target)
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", target, w.Code, err)
		}
		return p
	}
	for _, list := range []string{"/v1/orders", "/v1/attempts"} {
		whole := read(list)
		if len(whole.Items) < 2 || whole.Next != "" {
			t.Fatalf("%s: %+v", list, whole)
		}
		var ids []string
		for cursor, turns := "", 0; turns <= len(whole.Items); turns++ {
			p := read(list + "?limit=1&cursor=" + cursor)
			for _, i := range p.Items {
				ids = append(ids, i.ID)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		for i, item := range whole.Items {
			if i >= len(ids) || ids[i] != item.ID {
				t.Fatalf("%s: pages gave %v", list, ids)
			}
		}
		if len(ids) != len(whole.Items) {
			t.Errorf("%s: %d items in pages, %d at once", list, len(ids), len(whole.Items))
		}
	}
}

// The event log by pages is the event log, without a gap.
func TestEventCursor(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var after, last int64
	for {
		var p struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
			Next int64 `json:"next"`
		}
		if err := json.Unmarshal(r.ask(http.MethodGet, fmt.Sprintf("/v1/events?limit=7&after=%d", after)).Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if len(p.Items) == 0 {
			if p.Next != after {
				t.Errorf("at the end next is %d, not %d", p.Next, after)
			}
			break
		}
		for _, e := range p.Items {
			if e.ID != last+1 {
				t.Fatalf("event %d after %d", e.ID, last)
			}
			last = e.ID
		}
		after = p.Next
	}
	rep, err := r.reg.VerifyEvents(t.Context())
	if err != nil || rep.Events != last {
		t.Errorf("%d events read, %d there, %v", last, rep.Events, err)
	}
}

// Every state of an attempt and an order can be asked for, and no other.
func TestStateFilters(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	status := func(path string, state string) int {
		return r.ask(http.MethodGet, path+"?state="+url.QueryEscape(state)).Code
	}
	for _, kind := range jobs.Kinds {
		table := jobs.Attempts(kind)
		for _, row := range table.Rows {
			for _, s := range []jobs.State{row.From, row.To} {
				if got := status("/v1/attempts", string(s)); got != http.StatusOK {
					t.Errorf("attempts in %q: %d", s, got)
				}
			}
		}
	}
	for _, s := range []jobs.OrderState{jobs.Waiting, jobs.Leased, jobs.Filled, jobs.Closed} {
		if got := status("/v1/orders", string(s)); got != http.StatusOK {
			t.Errorf("orders in %q: %d", s, got)
		}
	}
	for _, s := range []string{"OPEN", "in%20doubt", "open ", "none"} {
		if a, o := status("/v1/attempts", s), status("/v1/orders", s); a != http.StatusUnprocessableEntity || o != a {
			t.Errorf("state %q: %d, %d", s, a, o)
		}
	}
}

// Bad input is a 4xx problem that names a field and a reason, and never a 5xx.
func TestBadParameters(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	long := strings.Repeat("9", 600)
	wrong := []string{
		"-1", "0", "501", "1001", "1e3", "1.5", " 5", "0x10", "999999999999999999999", long, "null", "true", "[]", "{}", "'", `"`, "\x00", "\xff\xfe",
		"../../etc/passwd", "' or 1=1 --", "%", "🙂", "١",
	}
	for _, path := range []string{"/v1/orders", "/v1/attempts", "/v1/events"} {
		for _, v := range wrong {
			limitMayBe := path == "/v1/events" && v == "501"
			for _, name := range []string{"limit", "cursor", "after", "state", "attempt", "chip", "code", "nonsense"} {
				w := r.ask(http.MethodGet, path+"?"+name+"="+url.QueryEscape(v))
				fine := limitMayBe && name == "limit" || path == "/v1/events" && name == "after" && w.Code == http.StatusOK
				if w.Code == http.StatusOK && !fine || w.Code >= 500 {
					t.Errorf("%s %s=%.20q: %d %s", path, name, v, w.Code, w.Body)
				}
				if w.Code == http.StatusOK {
					continue
				}
				var p struct {
					Code   string `json:"code"`
					Status int    `json:"status"`
					Errors []struct{ Field, Reason string }
				}
				if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Code != "web.bad_parameter" ||
					len(p.Errors) == 0 || p.Errors[0].Field == "" || p.Errors[0].Reason == "" {
					t.Errorf("%s %s=%.20q: %s", path, name, v, w.Body)
				}
				if len(v) > 2 && strings.Contains(w.Body.String(), url.QueryEscape(long)) {
					t.Errorf("%s %s: the value is repeated", path, name)
				}
			}
		}
	}
	for _, v := range wrong {
		if w := r.ask(http.MethodGet, "/v1/attempts/"+url.PathEscape(v)); w.Code < 300 || w.Code >= 500 {
			t.Errorf("attempt %.20q: %d", v, w.Code)
		}
	}
	// A cursor of another list, and one that was bent.
	for _, cursor := range []string{"eyJyIjpbMV0sImkiOiJhIn0", "e30", "bnVsbA", "W10", "eyJyIjpbMSwyLDNdLCJpIjoxfQ"} {
		if w := r.ask(http.MethodGet, "/v1/orders?cursor="+cursor); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("cursor %s: %d %s", cursor, w.Code, w.Body)
		}
	}
	if w := r.ask(http.MethodGet, "/v1/orders?a=%zz"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("broken query: %d", w.Code)
	}
}

// What is only read takes no other method, and says which it takes.
func TestReadingOnly(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, path := range []string{"/v1/lines", "/v1/orders", "/v1/attempts", "/v1/events", "/v1/summary", "/v1/health", "/healthz", "/readyz", "/metrics", "/v1/openapi.json"} {
		for _, m := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			w := r.ask(m, path)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d, allow %q", m, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
	if w := r.ask(http.MethodGet, "/healthz"); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
		t.Errorf("healthz: %d %q", w.Code, w.Body)
	}
}

// A ledger that cannot be read is no secret, but what went wrong is.
func TestBrokenLedger(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.breakLedger()
	for _, path := range []string{"/v1/lines", "/v1/summary", "/v1/health", "/healthz", "/readyz", "/metrics"} {
		w := r.ask(http.MethodGet, path)
		body := w.Body.String()
		if w.Code != http.StatusInternalServerError || !strings.Contains(body, "web.unexpected") || !strings.Contains(body, "ref-") {
			t.Errorf("%s: %d %s", path, w.Code, body)
		}
		for _, inside := range []string{"sql", "database", "store"} {
			if strings.Contains(body, inside) {
				t.Errorf("%s shows %q: %s", path, inside, body)
			}
		}
	}
}

// The committed documents are the served ones.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, d := range []struct {
		name   string
		served []byte
		paths  int // at least
	}{
		{"openapi.yaml", r.ask(http.MethodGet, "/v1/openapi.json").Body.Bytes(), 7},
		{"openapi-public.yaml", knock(r.public(), http.MethodGet, "/public/v1/openapi.json", "192.0.2.1:1", "").Body.Bytes(), 3},
	} {
		var doc struct {
			OpenAPI string                    `json:"openapi"`
			Paths   map[string]map[string]any `json:"paths"`
		}
		if err := json.Unmarshal(d.served, &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < d.paths {
			t.Fatalf("%s: %v, %+v", d.name, err, doc)
		}
		var text bytes.Buffer
		r.must(yaml.Convert(&text, bytes.NewReader(d.served)))
		if *update {
			r.must(os.WriteFile(d.name, text.Bytes(), 0o644))
		}
		want, err := os.ReadFile(d.name)
		r.must(err)
		if !bytes.Equal(text.Bytes(), want) {
			t.Errorf("%s is not what is served: run go test ./web/api -run OpenAPI -update and read the difference", d.name)
		}
		if strings.Contains(text.String(), "ErrorModel") || strings.Contains(text.String(), "$schema") {
			t.Errorf("%s speaks of what never goes out", d.name)
		}
	}
}
