package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/registry/access"
)

// sender makes requests from the document: mostly what it asks for, sometimes not.
type sender struct {
	*rand.Rand
	doc map[string]any
}

// wild are values that a program or a person may send by mistake, or not by mistake.
var wild = []any{
	nil, true, 0, -1, 1 << 40, 1e300, "", " ", "\x00", "x", strings.Repeat("ä", 3000), "'; drop table event; --", "../../etc/passwd", "<script>", "\u202e",
	[]any{},
	map[string]any{},
	[]any{[]any{[]any{}}},
	"6105014107900001", "0000A0B0C0D000000001", "req-1", "2026-13-45",
}

func (s sender) chance(percent int) bool { return s.IntN(100) < percent }

// resolve follows a reference of the document.
func (s sender) resolve(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		var at any = s.doc
		for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		schema = at.(map[string]any)
	}
}

// samples of patterns of the document.
var samples = map[string][]string{
	"20 hex digits": {"0000A0B0C0D000000001", "0123456789abcdef0123"}, "16 digits": {"6105014107900001"}, "64 hex digits": {strings.Repeat("a", 64)},
	"32 hex digits": {strings.Repeat("0", 32)}, "three digits": {"001"}, "three letters": {"IDN"}, "hex digits": {"0123456789abcdef0123"},
	"16 hex digits": {"0123456789abcdef"}, "128 hex digits": {strings.Repeat("a", 128)},
}

// value makes something for a schema.
func (s sender) value(schema map[string]any, depth int) any {
	schema = s.resolve(schema)
	if s.chance(4) || depth > 6 {
		return wild[s.IntN(len(wild))]
	}
	if enum, ok := schema["enum"].([]any); ok && !s.chance(3) {
		return enum[s.IntN(len(enum))]
	}
	kind, _ := schema["type"].(string)
	if list, ok := schema["type"].([]any); ok {
		kind, _ = list[0].(string)
	}
	switch kind {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		required, _ := schema["required"].([]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			p := properties[name]
			if slices.Contains(required, any(name)) && !s.chance(3) || s.chance(60) {
				out[name] = s.value(p.(map[string]any), depth+1)
			}
		}
		if s.chance(2) {
			out["unknown"] = 1
		}
		return out
	case "array":
		items, _ := schema["items"].(map[string]any)
		out := []any{}
		for range s.IntN(4) {
			out = append(out, s.value(items, depth+1))
		}
		return out
	case "integer", "number":
		low, _ := schema["minimum"].(float64)
		return int(low) + s.IntN(12)
	case "boolean":
		return s.chance(50)
	}
	if known, ok := samples[fmt.Sprint(schema["patternDescription"])]; ok {
		return known[s.IntN(len(known))]
	}
	switch schema["format"] {
	case "date-time":
		return []string{"2026-11-23T08:00:00Z", "2026-11-30T08:00:00+07:00", "9999-12-31T23:59:59Z"}[s.IntN(3)]
	case "date":
		return []string{"1990-07-01", "2008-02-29"}[s.IntN(2)]
	}
	return []string{"req-1", "req-5", "line-1", "LOT-A", "dinas", "misprint", "x", "KARTU"}[s.IntN(8)]
}

var names = regexp.MustCompile(`\{([a-z]+)\}`)

// request is one for an address.
func (s sender) request(a address) *http.Request {
	target := names.ReplaceAllStringFunc(a.Path, func(n string) string {
		for _, p := range a.Parameters {
			if p.In == "path" && "{"+p.Name+"}" == n {
				return url.PathEscape(fmt.Sprint(s.value(p.Schema, 3)))
			}
		}
		return "x"
	})
	target = strings.ReplaceAll(target, "//", "/x/")
	query := url.Values{}
	for _, p := range a.Parameters {
		if p.In == "query" && s.chance(40) {
			query.Set(p.Name, fmt.Sprint(s.value(p.Schema, 3)))
		}
	}
	if s.chance(2) {
		query.Set("unknown", "1")
	}
	var body []byte
	if a.Body != nil {
		var schema map[string]any
		_ = json.Unmarshal(a.Body, &schema)
		body, _ = json.Marshal(s.value(schema, 0))
		if s.chance(3) {
			body = body[:s.IntN(len(body)+1)]
		}
	}
	req := httptest.NewRequest(a.Method, "http://127.0.0.1:8080/", bytes.NewReader(body))
	req.URL.Path, _ = url.PathUnescape(target)
	req.URL.RawPath, req.URL.RawQuery = target, query.Encode()
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !s.chance(2) {
		req.Header.Set("Idempotency-Key", fmt.Sprintf("k%d", s.IntN(5000)))
	}
	if s.chance(5) {
		req.Header.Set("If-Match", []string{`"e1"`, `"x"`, "*"}[s.IntN(3)])
	}
	return req
}

// Whatever is sent, no answer is a failure of the server, and each is one that the document names; a
// refused request is a problem with a code.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	list, doc := r.addresses()
	second := access.Actor{ID: "second-1", Roles: []access.Role{access.Supervisor}}
	everything := access.Actor{ID: "everything", Roles: nil}
	for _, row := range access.Roles {
		if row.Role != access.System {
			everything.Roles = append(everything.Roles, row.Role)
		}
	}
	tokens := []string{r.token(everything, second), r.token(access.Actor{ID: "everything-2", Roles: everything.Roles}, second), r.token(access.Actor{ID: "machine", Roles: []access.Role{access.System}}, second)}
	s := sender{rand.New(rand.NewPCG(1, 2)), doc}
	met := map[int]int{}
	for range rounds {
		for _, a := range list {
			if strings.HasSuffix(a.Path, "/stream") {
				continue
			}
			req := s.request(a)
			req.Header.Set("Authorization", "Bearer "+tokens[s.IntN(len(tokens))])
			w := httptest.NewRecorder()
			r.http.ServeHTTP(w, req)
			met[w.Code]++
			if w.Code == http.StatusTooManyRequests {
				r.clock.Advance(1e9)
				continue
			}
			if w.Code >= 500 {
				t.Errorf("%s %s: %d %s", a.Method, req.URL, w.Code, w.Body)
			}
			if w.Code < 400 && !a.Statuses[fmt.Sprint(w.Code)] {
				t.Errorf("%s %s: %d is not in the document", a.Method, a.Path, w.Code)
			}
			var problem struct{ Code, Title string }
			if w.Code >= 400 && (w.Header().Get("Content-Type") != "application/problem+json" || json.Unmarshal(w.Body.Bytes(), &problem) != nil || problem.Code == "") {
				t.Errorf("%s %s: %d is no problem: %s", a.Method, req.URL, w.Code, w.Body)
			}
		}
	}
	sent := 0
	for _, n := range met {
		sent += n
	}
	t.Logf("%d requests to %d addresses, answered %v", sent, len(list), met)
	if met[200] == 0 || met[422] == 0 || met[202] == 0 || met[409] == 0 {
		t.Errorf("too little was met: %v", met)
	}
	if rep, err := r.reg.VerifyEvents(t.Context()); err != nil || len(rep.Findings) > 0 {
		t.Errorf("the log: %+v, %v", rep, err)
	}
}
