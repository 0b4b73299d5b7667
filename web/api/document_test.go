package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/goccy/go-yaml"
)

// document is the committed OpenAPI document, made ready to judge answers.
type document struct {
	huma.Registry // only references are followed
	schemas       map[string]*huma.Schema
	addresses     *http.ServeMux // by method and path, as the served one
	answers       map[string]map[string]response
}

// response is one that the document names.
type response struct {
	Content map[string]*content
}

// content is what an answer of one type is.
type content struct {
	Schema map[string]any
	schema *huma.Schema // the same
}

func (d *document) SchemaFromRef(ref string) *huma.Schema {
	return d.schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
}

// committed reads openapi.yaml.
var committed = sync.OnceValues(func() (*document, error) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	if text, err = yaml.YAMLToJSON(text); err != nil {
		return nil, err
	}
	var read struct {
		Components struct{ Schemas map[string]map[string]any }
		Paths      map[string]map[string]struct{ Responses map[string]response }
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	d := &document{schemas: map[string]*huma.Schema{}, addresses: http.NewServeMux(), answers: map[string]map[string]response{}}
	for name, s := range read.Components.Schemas {
		d.schemas[name] = schemaOf(s)
	}
	for path, methods := range read.Paths {
		for method, op := range methods {
			pattern := strings.ToUpper(method) + " " + path
			d.addresses.Handle(pattern, http.NotFoundHandler())
			d.answers[pattern] = op.Responses
			for _, answer := range op.Responses {
				for _, c := range answer.Content {
					c.schema = schemaOf(maps.Clone(c.Schema))
				}
			}
		}
	}
	return d, nil
})

// schemaOf is a schema of the document. Where it names properties, no other may be in an answer: the document allows
// more for the sake of later versions, but what goes out today stands in it.
func schemaOf(m map[string]any) *huma.Schema {
	if m == nil {
		return nil
	}
	s := &huma.Schema{}
	if list, ok := m["type"].([]any); ok {
		m["type"], s.Nullable = list[0], true
	}
	more, properties, items := m["additionalProperties"], m["properties"], m["items"]
	delete(m, "additionalProperties")
	delete(m, "properties")
	delete(m, "items")
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(text, s); err != nil {
		panic(err)
	}
	s.Ref, _ = m["$ref"].(string)
	if inner, ok := items.(map[string]any); ok {
		s.Items = schemaOf(inner)
	}
	if inner, ok := properties.(map[string]any); ok {
		s.Properties, s.AdditionalProperties = map[string]*huma.Schema{}, false
		for name, p := range inner {
			s.Properties[name] = schemaOf(p.(map[string]any))
		}
	}
	if inner, ok := more.(map[string]any); ok {
		s.AdditionalProperties = schemaOf(inner)
	}
	s.PrecomputeMessages()
	return s
}

// judge tells what is wrong with an answer; nothing where the document names it as it is.
func (d *document) judge(pattern string, w *httptest.ResponseRecorder) error {
	answers := d.answers[pattern]
	named, ok := answers[fmt.Sprint(w.Code)]
	if !ok && w.Code >= 400 {
		named, ok = answers["default"]
	}
	if !ok {
		return fmt.Errorf("%d is not in the document", w.Code)
	}
	kind := w.Header().Get("Content-Type")
	content, ok := named.Content[kind]
	if short, _, err := mime.ParseMediaType(kind); !ok && err == nil {
		kind = short
		content, ok = named.Content[kind]
	}
	body := w.Body.Bytes()
	switch {
	case !ok && len(named.Content) == 0 && len(body) == 0:
		return nil
	case !ok:
		return fmt.Errorf("%d as %q is not in the document", w.Code, kind)
	case strings.HasSuffix(kind, "json"):
		return d.judgeJSON(content.schema, body)
	case kind == "text/csv":
		return judgeTable(content.Schema, body)
	case kind == "application/pdf" && !bytes.HasPrefix(body, []byte("%PDF-")):
		return fmt.Errorf("%.40q is no PDF", body)
	}
	return nil
}

func (d *document) judgeJSON(schema *huma.Schema, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	found := &huma.ValidateResult{}
	huma.Validate(d, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, found)
	if len(found.Errors) > 0 {
		return fmt.Errorf("%v", found.Errors)
	}
	return nil
}

// judgeTable compares the header of a table with the columns that the document names.
func judgeTable(schema map[string]any, body []byte) error {
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return err
	}
	told, _ := schema["description"].(string)
	if columns, ok := strings.CutPrefix(told, "Columns: "); ok && (len(lines) == 0 || !strings.HasPrefix(columns, strings.Join(lines[0], ", ")+". ")) {
		return fmt.Errorf("a table without the columns of %q", told)
	}
	return nil
}

// met are the addresses that answered a test with success.
var met struct {
	sync.Mutex
	well map[string]bool
}

// judged is a handler of which every answer in a test is one that the document names.
func judged(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	d, err := committed()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		answer, ok := w.(*httptest.ResponseRecorder)
		_, pattern := d.addresses.Handler(r)
		if !ok || d.answers[pattern] == nil {
			return
		}
		if err := d.judge(pattern, answer); err != nil {
			t.Errorf("%s %s: %v: %.400s", r.Method, r.URL, err, answer.Body)
		}
		if answer.Code < 300 && t.Name() != "TestRandomRequests" { // what chance meets may not be met tomorrow
			met.Lock()
			defer met.Unlock()
			if met.well == nil {
				met.well = map[string]bool{}
			}
			met.well[pattern] = true
		}
	})
}

// An answer that the document does not name is found, whatever is wrong with it.
func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	d, err := committed()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, pattern string
		status        int
		kind, body    string
		fine          bool
	}{
		{"a list", "GET /v1/foreign-cards", 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a"}],"next":""}`, true},
		{"another enum", "GET /v1/foreign-cards", 200, "application/json", `{"items":[{"id":"1","kind":"passport","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a"}]}`, false},
		{"no time", "GET /v1/foreign-cards", 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"now","actor":"a"}]}`, false},
		{"something missing", "GET /v1/foreign-cards", 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z"}]}`, false},
		{"something more", "GET /v1/foreign-cards", 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a","name":"X"}]}`, false},
		{"another type", "GET /v1/foreign-cards", 200, "text/html", ``, false},
		{"another status", "GET /v1/foreign-cards", 204, "", ``, false},
		{"nothing changed", "GET /v1/foreign-cards", 304, "", ``, true},
		{"a problem without a code", "GET /v1/foreign-cards", 404, "application/problem+json", `{"title":"t"}`, false},
		{"a table", "GET /v1/foreign-cards", 200, "text/csv; charset=utf-8", "id,kind,chip,application,state,at,actor\r\n", true},
		{"another column", "GET /v1/foreign-cards", 200, "text/csv; charset=utf-8", "id,kind,chip,application,state,at,actor,name\r\n", false},
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", c.kind)
		w.WriteHeader(c.status)
		_, _ = w.WriteString(c.body)
		if err := d.judge(c.pattern, w); (err == nil) != c.fine {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
