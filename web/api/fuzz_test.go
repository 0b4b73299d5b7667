package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web/openapitest"
)

// Whatever is sent, no answer is a failure of the server, and each is one that the document names; a
// refused request is a problem with a code.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	doc, err := committed()
	r.must(err)
	second := access.Actor{ID: "second-1", Roles: []access.Role{access.Supervisor}}
	everything := access.Actor{ID: "everything", Roles: nil}
	for _, row := range access.Roles {
		if row.Role != access.System {
			everything.Roles = append(everything.Roles, row.Role)
		}
	}
	tokens := []string{r.token(everything, second), r.token(access.Actor{ID: "everything-2", Roles: everything.Roles}, second), r.token(access.Actor{ID: "machine", Roles: []access.Role{access.System}}, second)}
	s := openapitest.Sender{Rand: rand.New(rand.NewPCG(1, 2)), Document: doc}
	met := map[int]int{}
	for range rounds {
		for _, a := range doc.Operations {
			if strings.HasSuffix(a.Path, "/stream") {
				continue
			}
			req := s.Request(a)
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
	t.Logf("%d requests to %d addresses, answered %v", sent, len(doc.Operations), met)
	if met[200] == 0 || met[422] == 0 || met[202] == 0 || met[409] == 0 {
		t.Errorf("too little was met: %v", met)
	}
	if rep, err := r.reg.VerifyEvents(t.Context()); err != nil || len(rep.Findings) > 0 {
		t.Errorf("the log: %+v, %v", rep, err)
	}
}

// The same of the public listener, where everybody may send anything.
func TestRandomRequestsOfVisitors(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	in, _, err := o.reg.Intake(t.Context(), registry.ApplicationID(o.taken(person, fingers, nil)))
	o.must(err)
	doc, err := committedPublic()
	o.must(err)
	h := o.public()
	s := openapitest.Sender{Rand: rand.New(rand.NewPCG(1, 2)), Document: doc, Known: map[string][]string{"number": {in.Receipt, "R000000000A"}, "receipt": {in.Receipt}}}
	met := map[int]int{}
	for range 10 * rounds {
		for _, op := range doc.Operations {
			req := s.Request(op)
			req.Host, req.RemoteAddr = "dukcapil.example", fmt.Sprintf("192.0.2.%d:1", s.IntN(50))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			met[w.Code]++
			if w.Code >= http.StatusInternalServerError && w.Code != http.StatusServiceUnavailable {
				t.Errorf("%s %s: %d %s", op.Method, req.URL, w.Code, w.Body)
			}
			for _, secret := range append([]string{person.NIK.Digits(), person.Street}, person.Names...) {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("%s %s tells %q", op.Method, req.URL, secret)
				}
			}
			o.clock.Advance(10 * time.Minute)
		}
	}
	t.Logf("answered %v", met)
	for _, status := range []int{200, 404, 422} {
		if met[status] == 0 {
			t.Errorf("%d was not met: %v", status, met)
		}
	}
}
