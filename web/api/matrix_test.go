package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// address is one of the document.
type address struct {
	Method, Path, Operation string
	Description             string
	Body                    json.RawMessage
	Parameters              []parameter
	Statuses                map[string]bool
	Table                   bool // it answers in CSV
	TableText               string
}

type parameter struct {
	Name, In string
	Required bool
	Schema   map[string]any
}

// addresses reads the document.
func (r *room) addresses() (list []address, doc map[string]any) {
	r.t.Helper()
	text := r.ask(http.MethodGet, "/v1/openapi.json").Body.Bytes()
	var d struct {
		Paths map[string]map[string]struct {
			Operation   string `json:"x-operation"`
			Description string
			Parameters  []parameter
			RequestBody struct {
				Content map[string]struct{ Schema json.RawMessage }
			} `json:"requestBody"`
			Responses map[string]struct {
				Content map[string]struct{ Schema struct{ Description string } }
			}
		}
	}
	r.must(json.Unmarshal(text, &d))
	r.must(json.Unmarshal(text, &doc))
	for path, methods := range d.Paths {
		for method, op := range methods {
			a := address{Method: strings.ToUpper(method), Path: path, Operation: op.Operation, Description: op.Description, Parameters: op.Parameters, Statuses: map[string]bool{}}
			a.Body = op.RequestBody.Content["application/json"].Schema
			for s := range op.Responses {
				a.Statuses[s] = true
			}
			table, ok := op.Responses["200"].Content["text/csv"]
			a.Table, a.TableText = ok, table.Schema.Description
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(x, y address) int { return strings.Compare(x.Path+x.Method, y.Path+y.Method) })
	return list, doc
}

var inPath = regexp.MustCompile(`\{[a-z]+\}`)

// Every address by every role: who is not in the matrix is refused before anything else of the request
// is looked at, and an attempt to change something stands in the log.
func TestWhoMayAtEveryAddress(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	list, _ := r.addresses()
	second := access.Actor{ID: "second-1", Roles: []access.Role{access.Supervisor}}
	tokens := map[access.Role]string{}
	for _, row := range access.Roles {
		id := "only-" + strings.ReplaceAll(string(row.Role), "_", "-")
		tokens[row.Role] = r.token(access.Actor{ID: id, Roles: []access.Role{row.Role}}, second)
	}
	denied, cases := 0, 0
	for _, a := range list {
		target := inPath.ReplaceAllString(a.Path, "x")
		for _, row := range access.Roles {
			req := httptest.NewRequest(a.Method, "http://127.0.0.1:8080"+target, nil)
			req.Header.Set("Authorization", "Bearer "+tokens[row.Role])
			w := httptest.NewRecorder()
			if strings.HasSuffix(a.Path, "/stream") {
				continue // its own test; it would not end
			}
			r.http.ServeHTTP(w, req)
			cases++
			// The document names the roles: it is made from the same matrix, and so is the answer.
			allowed := a.Description == "For everybody who can reach the station." ||
				slices.Contains(regexp.MustCompile(`[a-z_]+`).FindAllString(strings.Split(a.Description, " A second person")[0], -1), string(row.Role))
			refused := w.Code == http.StatusForbidden
			if refused == allowed {
				t.Errorf("%s %s by %s: %d, allowed %v", a.Method, a.Path, row.Role, w.Code, allowed)
			}
			if refused && a.Method == http.MethodPost {
				denied++
			}
			if a.Operation != "" {
				if may := slices.Contains(access.Matrix[registry.RowOf(registry.Name(a.Operation)).Who], row.Role); may != allowed {
					t.Errorf("%s: the document says %v of %s, the matrix %v", a.Path, allowed, row.Role, may)
				}
			}
		}
		req := httptest.NewRequest(a.Method, "http://127.0.0.1:8080"+target, nil)
		req.Header.Set("Authorization", "Bearer blanko_wrong")
		w := httptest.NewRecorder()
		r.http.ServeHTTP(w, req)
		if w.Code != http.StatusUnauthorized && w.Code != http.StatusTooManyRequests {
			t.Errorf("%s %s with a wrong token: %d", a.Method, a.Path, w.Code)
		}
	}
	t.Logf("%d addresses, %d cases, %d refusals in the log", len(list), cases, denied)
	events, err := r.reg.Events(t.Context(), 0, 100000, audit.Filter{Code: "operation.denied"})
	r.must(err)
	if len(events) != denied {
		t.Errorf("%d refusals, %d in the log", denied, len(events))
	}
}
