package openapitest

import (
	"net/http/httptest"
	"testing"
)

// An answer that the document does not name is found, whatever is wrong with it.
func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	d, err := Read("../api/openapi.yaml", "GET /healthz")
	if err != nil {
		t.Fatal(err)
	}
	const cards = "/v1/foreign-cards"
	for _, c := range []struct {
		name, method, path string
		status             int
		kind, body         string
		fine               bool
	}{
		{"a list", "GET", cards, 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a"}],"next":""}`, true},
		{"another enum", "GET", cards, 200, "application/json", `{"items":[{"id":"1","kind":"passport","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a"}]}`, false},
		{"no time", "GET", cards, 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"now","actor":"a"}]}`, false},
		{"something missing", "GET", cards, 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z"}]}`, false},
		{"something more", "GET", cards, 200, "application/json", `{"items":[{"id":"1","kind":"ktp_el","state":"kept","at":"2026-11-23T08:00:00Z","actor":"a","name":"X"}]}`, false},
		{"another type", "GET", cards, 200, "text/html", ``, false},
		{"another status", "GET", cards, 204, "", ``, false},
		{"nothing changed", "GET", cards, 304, "", ``, true},
		{"a problem without a code", "GET", cards, 404, "application/problem+json", `{"title":"t"}`, false},
		{"a table", "GET", cards, 200, "text/csv; charset=utf-8", "id,kind,chip,application,state,at,actor\r\n", true},
		{"another column", "GET", cards, 200, "text/csv; charset=utf-8", "id,kind,chip,application,state,at,actor,name\r\n", false},
		{"an address of no document", "GET", "/v1/secrets", 200, "application/json", `{}`, false},
		{"a method of no document", "DELETE", cards, 204, "", ``, false},
		{"another failure at an address of no document", "GET", "/v1/secrets", 500, "application/problem+json", `{}`, false},
		{"no such address, and no problem", "GET", "/v1/secrets", 404, "text/plain", `404`, false},
		{"known to be in no document", "GET", "/healthz", 200, "text/plain", `ok`, true},
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", c.kind)
		w.WriteHeader(c.status)
		_, _ = w.WriteString(c.body)
		if err := d.judge(httptest.NewRequest(c.method, c.path, nil), w); (err == nil) != c.fine {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
