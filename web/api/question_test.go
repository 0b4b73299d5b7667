package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
)

// A person sees what a line asks, looks at the expected face and answers; who may not, neither sees nor
// answers. S-74: the answer carries who gave it and when, into the event log.
func TestFaceIsAcceptedOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	o := r.next()
	const chip = "0000A0B0C0D000000003"
	for _, step := range []jobs.Step{jobs.Feed, jobs.Claim, jobs.Write, jobs.ReadBack, jobs.Print} {
		e := jobs.Evidence{Chip: chip}
		if step == jobs.Feed {
			e.Chip = ""
		}
		if step != jobs.ReadBack {
			r.must(r.reg.Intend(t.Context(), o, step, e))
		}
		r.must(r.reg.Settle(t.Context(), o, step, jobs.Outcome{Result: jobs.Done, Chip: e.Chip}))
	}
	r.must(r.reg.Intend(t.Context(), o, jobs.Accept, jobs.Evidence{Chip: chip}))
	answered := make(chan registry.Question, 1)
	go func() {
		q, _ := r.reg.Ask(t.Context(), "line-1", registry.AskFace, "")
		answered <- q
	}()
	for {
		changed := r.reg.Changed()
		list, err := r.reg.Questions(t.Context())
		if r.must(err); len(list) == 1 {
			break
		}
		<-changed
	}
	second := access.Actor{ID: "second-1", Roles: []access.Role{access.Supervisor}}
	person, other := r.token(access.Actor{ID: "cetak.wati", Roles: []access.Role{access.Administrator}}, second), r.token(access.Actor{ID: "audit.adi", Roles: []access.Role{access.Auditor}}, second)
	address := "/v1/attempts/" + o.Attempt.String() + "/face"
	get := func(token, target string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
		req.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		r.http.ServeHTTP(w, req)
		return w
	}
	golden(t, "questions.json", get(other, "/v1/questions").Body.Bytes())
	if w := get(other, address); w.Code != http.StatusForbidden {
		t.Errorf("the auditor sees a face: %d", w.Code)
	}
	w := get(person, address)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" || !strings.HasSuffix(w.Body.String(), "face of "+o.Record.ID) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	if code, _ := r.send(other, address, "1", map[string]any{"good": true}); code != http.StatusForbidden {
		t.Errorf("the auditor accepts a face: %d", code)
	}
	if code, body := r.send(person, address, "2", map[string]any{"good": false, "cause": "ugly"}); code/100 != 4 {
		t.Errorf("%d %v", code, body)
	}
	code, body := r.send(person, address, "3", map[string]any{"good": true})
	if code != http.StatusOK || body["operation"] != "face.accept" || body["answer"] != registry.AnswerDone {
		t.Errorf("%d %v", code, body)
	}
	if code, body := r.send(person, address, "3", map[string]any{"good": true}); code != http.StatusOK || body["replayed"] != true {
		t.Errorf("%d %v", code, body)
	}
	if code, _ := r.send(person, address, "4", map[string]any{"good": false, "cause": "blurred"}); code != http.StatusConflict {
		t.Errorf("answered twice: %d", code)
	}
	if w := get(person, address); w.Code != http.StatusOK { // the card is in work still
		t.Errorf("the face is not shown on the strip any more: %d", w.Code)
	}
	if q := <-answered; !q.Good || q.By != "cetak.wati" {
		t.Errorf("%+v", q)
	}
}
