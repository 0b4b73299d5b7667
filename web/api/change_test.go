package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

var guard = access.Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}

// token makes somebody of the register and a token for them.
func (r *room) token(who access.Actor, second access.Actor) string {
	r.t.Helper()
	r.do(guard, registry.SetPerson{ID: who.ID, FullName: "PETUGAS " + who.ID, Roles: who.Roles, Place: who.Place, Active: true, Second: second})
	text, hash, err := access.NewToken(nil)
	r.must(err)
	r.do(guard, registry.IssueToken{ID: "t-" + who.ID, Person: who.ID, Kind: access.APIToken, Hash: hexOf(hash[:]), ExpiresAt: r.clock.Now().AddDate(1, 0, 0), Second: second})
	return text
}

// send posts a body as somebody.
func (r *room) send(token, target, key string, body any, header ...string) (int, map[string]any) {
	r.t.Helper()
	text, err := json.Marshal(body)
	r.must(err)
	if body == nil {
		text = nil
	}
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+target, bytes.NewReader(text))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, req)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		r.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return w.Code, out
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for _, c := range b {
		s.WriteByte(digits[c>>4])
		s.WriteByte(digits[c&15])
	}
	return s.String()
}

func code(out map[string]any) any { return out["code"] }

// Two persons change who works here: one proposes, the other decides; every refusal says why.
func TestProposalOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	other := access.Actor{ID: "boss-2", Roles: boss.Roles}
	g, b := r.token(access.Actor{ID: "guard-2", Roles: guard.Roles}, other), r.token(boss, other)
	wish := map[string]any{"name": "PETUGAS BARU", "roles": []string{"service_officer"}, "active": true}

	if status, out := r.send("", "/v1/people/baru", "k0", wish); status != 403 && status != 401 {
		t.Errorf("without a token: %d %v", status, code(out))
	}
	if status, out := r.send(g, "/v1/people/baru", "", wish); status != 422 {
		t.Errorf("without a key: %d %v", status, code(out))
	}
	if status, out := r.send(b, "/v1/people/baru", "k1", wish); status != 403 || code(out) != "registry.not_allowed" {
		t.Errorf("by a supervisor: %d %v", status, code(out))
	}
	if status, out := r.send(g, "/v1/people/BARU%20", "k2", wish); status != 422 || code(out) != "web.bad_parameter" {
		t.Errorf("a bad id: %d %v", status, code(out))
	}
	status, made := r.send(g, "/v1/people/baru", "k3", wish)
	id, _ := made["proposal"].(string)
	if status != http.StatusAccepted || id == "" {
		t.Fatalf("%d %v", status, made)
	}
	if status, again := r.send(g, "/v1/people/baru", "k3", wish); status != http.StatusAccepted || again["proposal"] != id || again["replayed"] != true {
		t.Errorf("again: %d %v", status, again)
	}
	if status, out := r.send(g, "/v1/proposals/"+id+"/decision", "k4", map[string]any{"agree": true}); status != 403 || code(out) != "registry.same_person" {
		t.Errorf("decided by the first: %d %v", status, code(out))
	}
	if status, out := r.send(b, "/v1/proposals/"+id+"/decision", "k5", map[string]any{"agree": true}); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	people, err := r.reg.Persons(t.Context(), "", 10)
	r.must(err)
	if len(people) != 3 || people[0].ID != "baru" {
		t.Errorf("%v", people)
	}
}

// An application approved over the API: by who may, once, and not by somebody who has not seen the newest state.
func TestBatchOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	b := r.token(boss, access.Actor{ID: "boss-2", Roles: boss.Roles})
	status, drawn := r.send(b, "/v1/batches", "k1", map[string]any{"applications": []string{"req-5"}})
	if status != 200 {
		t.Fatalf("%d %v", status, drawn)
	}
	id, _ := drawn["answer"].(string)
	if status, out := r.send(b, "/v1/batches/"+id+"/approval", "k2", nil); status != 409 || code(out) != "registry.sample_unopened" {
		t.Errorf("unopened: %d %v", status, code(out))
	}
	if status, out := r.send(b, "/v1/batches/"+id+"/sample/req-5", "k3", nil); status != 200 {
		t.Errorf("opened: %d %v", status, out)
	}
	if status, out := r.send(b, "/v1/batches/"+id+"/approval", "k4", nil); status != 200 {
		t.Errorf("approved: %d %v", status, out)
	}
}

// onceOnly are changes whose body holds what is good for one act, the open code of a desk, the ticket of a try;
// challenges, of which every one is fresh; and renewals of a SAM, which hold its nonce.
var onceOnly = []string{"/v1/desks/pairing", "/v1/desk/ticket", "/v1/desk/match", "/v1/desk/challenge", "/v1/desk/shown", "/v1/desk/examination", "/v1/desk/sam", "/v1/cards/{chip}/challenge"}

// Every address that changes something names an operation of the table, and asks for a key.
func TestChangesAskForAKey(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct {
				Name     string
				In       string
				Required bool
			}
			Security []map[string][]string
		}
	}
	r.must(json.Unmarshal(r.ask(http.MethodGet, "/v1/openapi.json").Body.Bytes(), &doc))
	for path, methods := range doc.Paths {
		op, changes := methods["post"]
		if !changes || strings.HasPrefix(path, "/v1/public/") || slices.Contains(onceOnly, path) {
			continue
		}
		asked := false
		for _, p := range op.Parameters {
			asked = asked || p.Name == "Idempotency-Key" && p.Required
		}
		if !asked || len(op.Security) == 0 {
			t.Errorf("%s: no key or no sign-in", path)
		}
		for _, name := range strings.Split(path, "/") {
			if !strings.HasPrefix(name, "{") {
				continue
			}
			found := false
			for _, p := range op.Parameters {
				found = found || "{"+p.Name+"}" == name && p.In == "path"
			}
			if !found {
				t.Errorf("%s: %s is not documented", path, name)
			}
		}
	}
}
