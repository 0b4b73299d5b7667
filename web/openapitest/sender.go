package openapitest

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
)

// Sender makes requests from a document: mostly what it asks for, sometimes not.
type Sender struct {
	*rand.Rand
	Document *Document
	// Known are values that the server knows, by the name of the parameter or property that takes them.
	Known map[string][]string
}

// wild are values that a program or a person may send by mistake, or not by mistake.
var wild = []any{
	nil, true, 0, -1, 1 << 40, 1e300, "", " ", "\x00", "x", strings.Repeat("ä", 3000), "'; drop table event; --", "../../etc/passwd", "<script>", "\u202e",
	[]any{},
	map[string]any{},
	[]any{[]any{[]any{}}},
	"6105014107900001", "0000A0B0C0D000000001", "req-1", "2026-13-45",
}

func (s Sender) chance(percent int) bool { return s.IntN(100) < percent }

// samples of patterns of the document.
var samples = map[string][]string{
	"20 hex digits": {"0000A0B0C0D000000001", "0123456789abcdef0123"}, "16 digits": {"6105014107900001"}, "64 hex digits": {strings.Repeat("a", 64)},
	"32 hex digits": {strings.Repeat("0", 32)}, "three digits": {"001"}, "three letters": {"IDN"}, "hex digits": {"0123456789abcdef0123"},
	"16 hex digits": {"0123456789abcdef"}, "128 hex digits": {strings.Repeat("a", 128)},
}

// value makes something for a schema.
func (s Sender) value(name string, schema map[string]any, depth int) any {
	schema = s.Document.resolve(schema)
	if s.chance(4) || depth > 6 {
		return wild[s.IntN(len(wild))]
	}
	if known := s.Known[name]; known != nil && s.chance(80) {
		return known[s.IntN(len(known))]
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
				out[name] = s.value(name, p.(map[string]any), depth+1)
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
			out = append(out, s.value(name, items, depth+1))
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

var names = regexp.MustCompile(`\{([a-zA-Z]+)\}`)

// Request is one for an operation.
func (s Sender) Request(op *Operation) *http.Request {
	target := names.ReplaceAllStringFunc(op.Path, func(n string) string {
		for _, p := range op.Parameters {
			if p.In == "path" && "{"+p.Name+"}" == n {
				return url.PathEscape(fmt.Sprint(s.value(p.Name, p.Schema, 3)))
			}
		}
		return "x"
	})
	target = strings.ReplaceAll(target, "//", "/x/")
	query := url.Values{}
	for _, p := range op.Parameters {
		if p.In == "query" && (s.chance(40) || p.Required && !s.chance(3)) {
			query.Set(p.Name, fmt.Sprint(s.value(p.Name, p.Schema, 3)))
		}
	}
	if s.chance(2) {
		query.Set("unknown", "1")
	}
	kind, body := s.body(op)
	req := httptest.NewRequest(op.Method, "http://127.0.0.1:8080/", bytes.NewReader(body))
	req.URL.Path, _ = url.PathUnescape(target)
	req.URL.RawPath, req.URL.RawQuery = target, query.Encode()
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !s.chance(2) {
		req.Header.Set("Idempotency-Key", fmt.Sprintf("key-of-a-sender-%d", s.IntN(5000)))
	}
	if s.chance(5) {
		req.Header.Set("If-Match", []string{`"e1"`, `"x"`, "*"}[s.IntN(3)])
	}
	return req
}

// body is what an operation takes, as JSON or as a form; sometimes cut short.
func (s Sender) body(op *Operation) (kind string, body []byte) {
	for _, kind = range []string{"application/json", "application/x-www-form-urlencoded"} {
		c := op.RequestBody.Content[kind]
		if c == nil {
			continue
		}
		v := s.value("", c.Schema, 0)
		body, _ = json.Marshal(v)
		if fields, ok := v.(map[string]any); ok && kind != "application/json" {
			form := url.Values{}
			for name, f := range fields {
				form.Set(name, fmt.Sprint(f))
			}
			body = []byte(form.Encode())
		}
		if s.chance(3) {
			body = body[:s.IntN(len(body)+1)]
		}
		return kind, body
	}
	return "", nil
}
