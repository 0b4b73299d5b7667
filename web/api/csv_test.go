package api_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/web"
)

// in asks for a type, as somebody; without a token as the auditor.
func (r *room) in(accept, token, target string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, req)
	return w
}

// The most wanted type of those offered (RFC 9110, 12.5.1): the closest range decides, 0 is never, and what is
// not offered is refused.
func TestTypesByWish(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, c := range []struct{ target, accept, want string }{
		{"/v1/applications", "", "application/json"},
		{"/v1/applications", "*/*", "application/json"},
		{"/v1/applications", "text/csv", "text/csv; charset=utf-8"},
		{"/v1/applications", "text/*", "text/csv; charset=utf-8"},
		{"/v1/applications", "text/html, application/json;q=0.4, text/csv; q=0.8", "text/csv; charset=utf-8"},
		{"/v1/applications", "text/csv;q=0.3, */*", "application/json"},
		{"/v1/applications", "application/json;q=0, */*;q=0.1", "text/csv; charset=utf-8"},
		{"/v1/applications", "application/pdf", ""},
		{"/v1/applications", "text/csv;q=0", ""},
		{"/v1/applications", "text/csv;q=2", ""},
		{"/v1/applications/req-1", "text/csv", ""},
		{"/v1/summary", "application/json", "application/json"},
		{"/v1/summary", "text/csv, application/xml", ""},
	} {
		w := r.in(c.accept, "", c.target)
		status, kind := http.StatusOK, c.want
		if kind == "" {
			status, kind = http.StatusNotAcceptable, web.ProblemType
		}
		if w.Code != status || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s as %q: %d %s %s", c.target, c.accept, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
	if w := r.in("text/csv", "", "/v1/applications?limit=0"); w.Code != 422 || w.Header().Get("Content-Type") != web.ProblemType || !json.Valid(w.Body.Bytes()) {
		t.Errorf("a problem in CSV: %d %s", w.Code, w.Body)
	}
}

// A table says line by line what JSON says, page by page, and hides what JSON hides.
func TestListsAsTables(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, _ := o.resident(0)
	o.listed("dpt-1", person)
	list, _ := o.addresses()
	seen, persons := 0, 0
	for _, a := range list {
		if !a.Table || strings.Contains(a.Path, "{") {
			continue
		}
		seen++
		target, token := a.Path, ""
		if target == "/v1/residents" {
			token = o.tokens["Sari, service officer"]
		}
		var body struct{ Items []any }
		asJSON := o.in("application/json", token, target)
		if asJSON.Code != 200 {
			continue // it needs parameters
		}
		o.must(json.Unmarshal(asJSON.Body.Bytes(), &body))
		w := o.in("text/csv", token, target)
		text := w.Body.String()
		lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		o.must(err)
		if w.Code != 200 || len(lines) != len(body.Items)+1 || !strings.HasPrefix(a.TableText, "Columns: "+strings.Join(lines[0], ", ")+". ") {
			t.Errorf("%s: %d, %d lines of %d, columns %v, documented %q", target, w.Code, len(lines), len(body.Items), lines[0], a.TableText)
		}
		if token != "" && len(lines) == 2 {
			persons++
		}
		for _, secret := range append([]string{person.NIK.Digits(), person.Street}, person.Names...) {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q", target, secret)
			}
		}
	}
	if seen < 20 || persons != 1 {
		t.Errorf("%d tables alone, %d with persons", seen, persons)
	}
	var pages []string
	for next := "/v1/applications?limit=2"; next != ""; {
		w := o.in("text/csv", "", next)
		lines, err := csv.NewReader(w.Body).ReadAll()
		o.must(err)
		for _, l := range lines[1:] {
			pages = append(pages, l[0])
		}
		next = ""
		if link, found := strings.CutSuffix(w.Header().Get("Link"), `>; rel="next"`); found {
			next = strings.TrimPrefix(link, "<")
		}
	}
	if got := strings.Join(pages, " "); got != "req-1 req-2 req-3 req-4 req-5 req-6" {
		t.Errorf("pages: %s", got)
	}
}
