package osia_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/openapitest"
)

// Whatever a system sends, no answer is a failure of the server, and each is one that the document names.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	r.queued(r.created(0))
	first := r.made("0000CAFE000000000021", jobs.Eject)
	r.queued(r.created(1))
	doc, err := committed()
	must(t, err)
	stranger := system
	stranger.Scopes = nil
	s := openapitest.Sender{Rand: rand.New(rand.NewPCG(1, 2)), Document: doc, Known: map[string][]string{
		"credentialRequestId": r.ids, "credentialId": {first.String()}, "attributes": {"status", "status,others", "nothing"}, "reason": {"lost", "a word"},
	}}
	met := map[int]int{}
	for range 60 {
		for _, op := range doc.Operations {
			req := s.Request(op)
			if op.Method != http.MethodGet && s.IntN(4) == 0 && strings.HasSuffix(op.Path, "{credentialRequestId}") {
				req.Body = io.NopCloser(strings.NewReader(string(r.records[s.IntN(len(r.records))])))
			}
			who := []access.Actor{system, system, system, system, system, system, boss, stranger, {}}[s.IntN(9)]
			w := httptest.NewRecorder()
			r.http.ServeHTTP(w, req.WithContext(web.WithActor(req.Context(), who)))
			met[w.Code]++
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d %s", op.Method, req.URL, w.Code, w.Body)
			}
		}
	}
	t.Logf("answered %v", met)
	for _, status := range []int{200, 201, 204, 400, 401, 403, 404, 409} {
		if met[status] == 0 {
			t.Errorf("%d was not met: %v", status, met)
		}
	}
	if rep, err := r.reg.VerifyEvents(t.Context()); err != nil || len(rep.Findings) > 0 {
		t.Errorf("the log: %+v, %v", rep, err)
	}
}
