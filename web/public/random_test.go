package public_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"blanko/registry"
	"blanko/store/storetest"
	"blanko/web"
	"blanko/web/openapitest"
	"blanko/web/public"
)

const documentAt = "/openapi.yaml"

var committed = sync.OnceValues(func() (*openapitest.Document, error) {
	return openapitest.Read("openapi.yaml", "GET "+documentAt)
})

// room is the pages over an empty ledger.
type room struct {
	http  http.Handler // of which every answer is judged
	reg   *registry.Registry
	clock *storetest.Clock
	doc   *openapitest.Document
}

func newRoom(t *testing.T) *room {
	t.Helper()
	db := storetest.Any(t)
	doc, err := committed()
	if err != nil {
		t.Fatal(err)
	}
	r := &room{reg: registry.New(db.Open(t), registry.Config{Office: "61.05", Rand: rand.NewChaCha8([32]byte{7}), Poll: time.Hour}, nil), clock: db.Clock, doc: doc}
	problems, mux := web.NewProblems(registry.Faults, nil, nil), http.NewServeMux()
	public.Mount(mux, public.Config{Registry: r.reg, Problems: problems, Office: "61.05", Visitors: web.NewVisitors(web.Complaints{PerHour: 60, PerDay: 300}, db.Clock.Now)})
	web.Rest(mux, problems)
	r.http = doc.Judged(t, web.Guard(mux, problems))
	return r
}

// The served document is the committed one; what it says of a page is what a visitor meets.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, at, accept, kind string
		status                   int
	}{
		{"GET", documentAt, "", "application/yaml", 200},
		{"GET", "/", "", "text/html; charset=utf-8", 200},
		{"GET", "/en/", "", "text/html; charset=utf-8", 200},
		{"GET", "/en/status", "", "text/html; charset=utf-8", 200},
		{"GET", "/status?nomor=R000000000A", "", "text/html; charset=utf-8", 404},
		{"GET", "/en/pengaduan", "", "text/html; charset=utf-8", 200},
		{"POST", "/pengaduan", "", "text/html; charset=utf-8", 422},
		{"GET", "/rahasia", "", web.ProblemType, 404},
		{"GET", "/rahasia", "text/html", "text/html; charset=utf-8", 404},
		{"DELETE", "/status", "", web.ProblemType, 405},
	} {
		req, w := httptest.NewRequest(c.method, "http://127.0.0.1"+c.at, nil), httptest.NewRecorder()
		req.Header.Set("Accept", c.accept)
		r.http.ServeHTTP(w, req)
		if w.Code != c.status || w.Header().Get("Content-Type") != c.kind || c.at == documentAt && !bytes.Equal(w.Body.Bytes(), want) {
			t.Errorf("%s %s: %d %s, %d bytes", c.method, c.at, w.Code, w.Header().Get("Content-Type"), w.Body.Len())
		}
	}
}

// Whatever a visitor sends, no answer is a failure of the server, and each is one that the document names.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	made, err := r.reg.Do(t.Context(), web.Visitor, registry.RegisterComplaint{
		Channel: "website", Subject: "waiting", Text: "ANTRE LAMA", FullName: "PELAPOR", Contact: "0812000111",
	}, "complaint-of-the-test")
	if err != nil {
		t.Fatal(err)
	}
	s := openapitest.Sender{Rand: rand.New(rand.NewPCG(1, 2)), Document: r.doc, Known: map[string][]string{"nomor": {made.Answer, "R000000000A"}}}
	met := map[int]int{}
	for range 100 {
		for _, op := range r.doc.Operations {
			req, w := s.Request(op), httptest.NewRecorder()
			req.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", s.IntN(50))
			if s.IntN(20) == 0 {
				req.Header.Set("Sec-Fetch-Site", "cross-site")
			}
			r.http.ServeHTTP(w, req)
			met[w.Code]++
			if w.Code >= http.StatusInternalServerError && w.Code != http.StatusServiceUnavailable {
				t.Errorf("%s %s: %d %s", op.Method, req.URL, w.Code, w.Body)
			}
			r.clock.Advance(time.Minute)
		}
	}
	t.Logf("answered %v", met)
	for _, status := range []int{200, 403, 404, 422} {
		if met[status] == 0 {
			t.Errorf("%d was not met: %v", status, met)
		}
	}
}
