package osia_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/emulator/center"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
	"blanko/store/storetest"
	"blanko/web"
	service "blanko/web/osia"
)

const office = "61.05"

var (
	system = access.Actor{ID: "center", Roles: []access.Role{access.System}, Scopes: access.Scopes}
	boss   = access.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
)

type room struct {
	t       *testing.T
	reg     *registry.Registry
	http    http.Handler      // of which every answer is judged
	records []json.RawMessage // signed, of an independent center
	ids     []string
	checker osia.Checker
	key     *ecdsa.PrivateKey // opens what is encrypted
	kid     string
	now     func() time.Time
	keys    int
}

func newRoom(t *testing.T) *room {
	t.Helper()
	db := storetest.Any(t)
	c, err := center.New(center.Config{Seed: 7, Records: 3, Offices: []string{office}, Now: db.Clock.Now})
	must(t, err)
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client := datacenter.New(datacenter.Config{URL: server.URL, Office: office})
	anchor, err := datacenter.Anchor(c.Anchor().Public)
	must(t, err)
	trust, err := client.Keys(t.Context(), anchor, db.Clock.Now())
	must(t, err)
	page, err := client.Feed(t.Context(), "", 10, 0)
	must(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	must(t, err)
	kid, err := osia.KeyID(&key.PublicKey)
	must(t, err)
	keys := osia.Keys{kid: key}
	mux := http.NewServeMux()
	r := &room{t: t, checker: osia.Checker{Trust: trust, Office: office, Keys: keys}, key: key, kid: kid, now: db.Clock.Now}
	for _, i := range page.Items {
		r.records, r.ids = append(r.records, i.Record), append(r.ids, i.ID)
	}
	r.reg = registry.New(db.Open(t), registry.Config{Office: office, Production: true, ConfirmAtHandOver: true, Rand: rand.NewChaCha8([32]byte{7}), Poll: time.Hour, Chips: inspecttest.NewChips()}, nil)
	service.Mount(mux, service.Config{
		Registry: r.reg, Problems: web.NewProblems(registry.Faults, nil, func() string { return "ref" }), Keys: keys, Now: db.Clock.Now, Authority: "DINAS", Place: "SINTANG",
		Checker: func(context.Context) (osia.Checker, error) {
			return r.checker, nil
		},
	})
	d, err := committed()
	must(t, err)
	r.http = d.Judged(t, mux)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) ask(who access.Actor, method, path, body string) (int, string) {
	r.t.Helper()
	if !strings.Contains(path, "?") {
		r.keys++
		path += fmt.Sprintf("?transactionId=t-%d", r.keys)
	}
	req := httptest.NewRequest(method, service.Base+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, req.WithContext(web.WithActor(req.Context(), who)))
	if w.Code >= 400 { // the error body: code and message, nothing else
		var e map[string]any
		must(r.t, json.Unmarshal(w.Body.Bytes(), &e))
		_, number := e["code"].(float64)
		text, _ := e["message"].(string)
		if len(e) != 2 || !number || text == "" {
			r.t.Errorf("%s %s: error body %s", method, path, w.Body)
		}
	}
	return w.Code, w.Body.String()
}

func (r *room) wants(status int, who access.Actor, method, path, body string) string {
	r.t.Helper()
	before, err := r.reg.NewestEvent(r.t.Context())
	must(r.t, err)
	got, text := r.ask(who, method, path, body)
	if got != status {
		r.t.Errorf("%s %s: %d %s, want %d", method, path, got, text, status)
	}
	if after, err := r.reg.NewestEvent(r.t.Context()); err != nil || status >= 400 && after != before {
		r.t.Errorf("%s %s was refused and wrote %d events, %v", method, path, after-before, err)
	}
	return text
}

// every operation as cms.yaml 1.3.0 and sheet 3 have it: its row, its scope, whether it takes ?attributes, the status
// of a success, and a path and body that get as far as the thing itself.
var every = []struct {
	clause, method, path, body string
	scope                      access.Scope
	attributes                 bool
	success                    int
	missing                    int // status where there is no such thing
}{
	{"3.1 createCredentialRequest", "POST", "/v1/credentialRequests/nothing", `{}`, access.RequestWrite, false, 201, 400},
	{"3.2 readCredentialRequest", "GET", "/v1/credentialRequests/nothing", "", access.RequestRead, true, 200, 404},
	{"3.3 updateCredentialRequest", "PUT", "/v1/credentialRequests/nothing", `{}`, access.RequestWrite, false, 204, 404},
	{"3.4 cancelCredentialRequest", "POST", "/v1/credentialRequests/nothing/cancel", "", access.RequestWrite, false, 204, 404},
	{"3.5 findCredentials", "POST", "/v1/credentials", `[]`, access.CredentialRead, true, 200, 200},
	{"3.6 readCredential", "GET", "/v1/credentials/nothing", "", access.CredentialRead, true, 200, 404},
	{"3.7 updateCredential", "PUT", "/v1/credentials/nothing", `{}`, access.CredentialWrite, false, 204, 404},
	{"3.8 suspendCredential", "POST", "/v1/credentials/nothing/suspend", `{"reason":"x"}`, access.CredentialWrite, false, 204, 404},
	{"3.9 unsuspendCredential", "POST", "/v1/credentials/nothing/unsuspend", `{"reason":"x"}`, access.CredentialWrite, false, 204, 404},
	{"3.10 revokeCredential", "POST", "/v1/credentials/nothing/revoke", `{"reason":"x"}`, access.CredentialWrite, false, 204, 404},
	{"3.11 setCredentialStatus", "POST", "/v1/credentials/nothing/status", `{"status":"REVOKED","reason":"x"}`, access.CredentialWrite, false, 204, 404},
	{"3.12 findCredentialProfiles", "POST", "/v1/credentialProfiles", `[]`, access.ProfileRead, true, 200, 200},
}

// Nobody gets in without a token, without the scope, without being a system; none without the
// transactionId or with parameters and bodies that the specification does not have.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, op := range every {
		r.wants(401, access.Actor{}, op.method, op.path, op.body)
		only := system
		only.Scopes = []access.Scope{op.scope}
		r.wants(op.missing, only, op.method, op.path, op.body)
		other := system
		other.Scopes = slices.DeleteFunc(slices.Clone(access.Scopes), func(s access.Scope) bool { return s == op.scope })
		r.wants(403, other, op.method, op.path, op.body)
		person := boss
		person.Scopes = access.Scopes
		r.wants(403, person, op.method, op.path, op.body)
		r.wants(400, system, op.method, op.path+"?x=1", op.body)
		r.wants(400, system, op.method, op.path+"?transactionId=", op.body)
		r.wants(400, system, op.method, op.path+"?transactionId=a&transactionId=b", op.body)
		r.wants(400, system, op.method, op.path+"?transactionId=a&more=1", op.body)
		chosen := map[bool]int{true: op.missing, false: 400}[op.attributes]
		r.wants(chosen, system, op.method, op.path+"?transactionId=a&attributes=status", op.body)
		r.wants(op.missing, system, op.method, op.path, op.body)
		if op.body != "" {
			r.wants(400, system, op.method, op.path, "")
		}
	}
	r.wants(404, system, "DELETE", "/v1/credentials", "")
	r.wants(404, system, "GET", "/v1/nothing", "")
}

// A request from its creation to its cancellation.
func TestRequest(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	one, body := "/v1/credentialRequests/"+r.ids[0], string(r.records[0])
	unknown := strings.Replace(body, `{`, `{"unknown":1,`, 1)
	r.wants(400, system, "POST", one, unknown)
	r.wants(400, system, "POST", one, strings.Replace(body, `"address":"`, `"address":"X`, 1))
	var bare map[string]json.RawMessage
	must(t, json.Unmarshal(r.records[0], &bare))
	delete(bare, "integrity")
	unsigned, err := json.Marshal(bare)
	must(t, err)
	r.wants(400, system, "POST", one, string(unsigned))
	r.wants(400, system, "POST", "/v1/credentialRequests/3201010101900001", body)
	r.wants(404, system, "GET", one, "")

	r.wants(201, system, "POST", one+"?transactionId=same", body)
	r.wants(409, system, "POST", one+"?transactionId=same", body) // there, also by the same transaction
	r.wants(409, system, "POST", one, body)
	text := r.wants(200, system, "GET", one, "")
	var got struct {
		Status, PersonID string
		RequestData      struct {
			Priority            int
			CredentialProfileID string
			Others              struct{ Blanko struct{ State string } }
		}
	}
	must(t, json.Unmarshal([]byte(text), &got))
	if got.Status != "PENDING" || got.RequestData.Others.Blanko.State != "print ready" {
		t.Errorf("%s", text)
	}
	var rec osia.CredentialRequest
	must(t, json.Unmarshal(r.records[0], &rec))
	for _, secret := range []string{rec.BiographicData.NIK, rec.BiographicData.Name, rec.BiographicData.Address} {
		if strings.Contains(text, secret) {
			t.Error("the answer shows personal data")
		}
	}
	if text := r.wants(200, system, "GET", one+"?transactionId=a&attributes=status", ""); strings.TrimSpace(text) != `{"status":"PENDING"}` {
		t.Errorf("attributes: %s", text)
	}

	change := func(priority int, person, more string) string {
		return fmt.Sprintf(`{"requestData":{"priority":%d,"credentialProfileId":%q,"requestType":%q%s},"personId":%q,"biographicData":{}}`,
			priority, rec.RequestData.CredentialProfileID, rec.RequestData.RequestType, more, person)
	}
	r.wants(204, system, "PUT", one, change(9, rec.BiographicData.NIK, ""))
	if app, err := r.reg.Application(t.Context(), registry.ApplicationID(r.ids[0])); err != nil || app.Application.Priority != 9 {
		t.Errorf("%+v, %v", app.Application, err)
	}
	r.wants(400, system, "PUT", one, change(10, rec.BiographicData.NIK, ""))
	r.wants(400, system, "PUT", one, change(1, "somebody", ""))
	r.wants(400, system, "PUT", one, change(1, rec.BiographicData.NIK, `,"issuingAuthority":"X"`))
	r.wants(400, system, "PUT", one, change(1, rec.BiographicData.NIK, `,"deliveryOffice":"nowhere"`))
	r.wants(400, system, "PUT", one, strings.Replace(change(1, rec.BiographicData.NIK, ""), `"biographicData":{}`, `"biographicData":{"name":"LAIN"}`, 1))
	r.wants(400, system, "PUT", one, `{"requestData":null,"personId":"x","biographicData":{}}`)

	r.wants(204, system, "POST", one+"/cancel", "")
	r.wants(204, system, "POST", one+"/cancel", "")
	if text := r.wants(200, system, "GET", one+"?transactionId=a&attributes=status", ""); strings.TrimSpace(text) != `{"status":"CANCELLED"}` {
		t.Errorf("cancelled: %s", text)
	}
	r.wants(400, system, "PUT", one, change(1, rec.BiographicData.NIK, ""))
	r.wants(409, system, "POST", one, body) // the tombstone stays
	events, err := r.reg.Events(t.Context(), 0, 100, audit.Filter{Code: "record.received"})
	if err != nil || len(events) != 1 || events[0].Detail["transaction"] != "same" {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, c := range []struct {
		body   string
		status int
	}{
		{`[{"attributeName":"status","operator":"=","value":"NEW"}]`, 200},
		{`[{"attributeName":"personId","operator":"!=","value":"x"},{"attributeName":"issuedDate","operator":">=","value":"2026-01-01T00:00:00Z"}]`, 200},
		{`[{"attributeName":"expiryDate","operator":"<","value":"2030-01-01T00:00:00Z"}]`, 200},
		{`[{"attributeName":"credentialNumber","operator":"=","value":"1"}]`, 200},
		{`[{"attributeName":"issuingPlace","operator":"=","value":"SINTANG"}]`, 200},
		{`[{"attributeName":"status","operator":"<","value":"NEW"}]`, 400},
		{`[{"attributeName":"status","operator":"=","value":1}]`, 400},
		{`[{"attributeName":"status","operator":"=","value":true}]`, 400},
		{`[{"attributeName":"issuedDate","operator":"=","value":"today"}]`, 400},
		{`[{"attributeName":"name","operator":"=","value":"x"}]`, 400},
		{`[{"attributeName":"status","operator":"like","value":"x"}]`, 400},
		{`[{"attributeName":"status","operator":"=","value":"NEW","more":1}]`, 400},
		{`{}`, 400},
	} {
		r.wants(c.status, system, "POST", "/v1/credentials", c.body)
	}
	if text := r.wants(200, system, "POST", "/v1/credentialProfiles", `[{"attributeName":"credentialProfileId","operator":"=","value":"ktp-el-oa"}]`); strings.Count(text, "credentialProfileId") != 1 {
		t.Errorf("profiles: %s", text)
	}
	r.wants(400, system, "POST", "/v1/credentialProfiles", `[{"attributeName":"defaultLifetime","operator":"=","value":1}]`)
}
