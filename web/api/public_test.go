package api_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/web"
	"blanko/web/api"
)

// public is the listener apart, over the ledger of the room.
func (r *room) public() http.Handler {
	problems := web.NewProblems(registry.Faults, nil, nil)
	mux := http.NewServeMux()
	r.must(api.Public(mux, api.Config{Registry: r.reg, Problems: problems, Version: "test", Now: r.clock.Now}, web.NewVisitors(web.Complaints{PerHour: 20, PerDay: 30}, r.clock.Now)))
	web.Rest(mux, problems)
	return judged(r.t, committedPublic, web.Guard(mux, problems, "dukcapil.example"))
}

func knock(h http.Handler, method, target, from, body string) *httptest.ResponseRecorder {
	return knockWith(h, rand.Text(), method, target, from, body)
}

// knockWith is knock with an idempotency key of its own; none is sent where it is empty.
func knockWith(h http.Handler, key, method, target, from, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "http://dukcapil.example"+target, strings.NewReader(body))
	req.RemoteAddr = from
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
		if key != "" {
			req.Header.Set("Idempotency-Key", key)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

// Anybody may complain and ask for a number's status; nothing of a person comes back, and nothing else is there.
func TestPublicListener(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	h := o.public()
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	in, _, err := o.reg.Intake(t.Context(), registry.ApplicationID(app))
	o.must(err)
	const here = "192.0.2.1:1000"
	w := knock(h, "GET", "/public/v1/status/"+in.Receipt, here, "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "SENT_FOR_ENROLLMENT") || strings.Contains(w.Body.String(), app) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, secret := range append([]string{person.NIK.Digits(), person.Street}, person.Names...) {
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("it tells %q", secret)
		}
	}
	w = knock(h, "POST", "/public/v1/complaints", here, `{"subject":"waiting","text":"ANTRE LAMA","name":"PELAPOR","contact":"0812000111"}`)
	var made struct{ Number string }
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 200 || made.Number == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w = knock(h, "GET", "/public/v1/status/"+made.Number, here, ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"received"`) || strings.Contains(w.Body.String(), "PELAPOR") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, c := range []struct {
		method, target, body string
		status               int
	}{
		{"GET", "/public/v1/status/R000000000A", "", 404},
		{"GET", "/public/v1/status/P" + made.Number[1:10] + other(made.Number[10]), "", 404},
		{"GET", "/public/v1/status/x", "", 422},
		{"POST", "/public/v1/complaints", `{"subject":"waiting","text":"x"}`, 422},
		{"POST", "/public/v1/complaints", `{"subject":"waiting","text":"` + strings.Repeat("x", 20000) + `","name":"a","contact":"0812"}`, 413},
		{"GET", "/v1/applications", "", 404},
		{"GET", "/v1/openapi.json", "", 404},
	} {
		if w := knock(h, c.method, c.target, "192.0.2.77:1", c.body); w.Code != c.status || w.Header().Get("Content-Type") != web.ProblemType {
			t.Errorf("%s %s: %d %s", c.method, c.target, w.Code, w.Body)
		}
	}
}

// A complaint that is sent again is taken once; without a key, or with one that was used for another, none is taken. The
// receipt of an application links it, and nobody is told whether there is one.
func TestPublicComplaintIsTakenOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	h := o.public()
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	in, _, err := o.reg.Intake(t.Context(), registry.ApplicationID(app))
	o.must(err)
	body := func(receipt string) string {
		return `{"subject":"waiting","text":"ANTRE LAMA","name":"PELAPOR","contact":"0812000111","receipt":"` + receipt + `"}`
	}
	sent := 0
	send := func(key, receipt string, status int) (number string) {
		t.Helper()
		sent++
		w := knockWith(h, key, "POST", "/public/v1/complaints", fmt.Sprintf("192.0.2.%d:1000", sent), body(receipt))
		var made map[string]string
		if w.Code != status || status == 200 && (json.Unmarshal(w.Body.Bytes(), &made) != nil || len(made) != 1) {
			t.Fatalf("%d %s, want %d", w.Code, w.Body, status)
		}
		return made["number"]
	}
	send("", in.Receipt, 422)
	send("short", in.Receipt, 422)
	key := rand.Text()
	first := send(key, in.Receipt, 200)
	if again := send(key, in.Receipt, 200); again != first {
		t.Errorf("sent again it is %s, not %s", again, first)
	}
	send(key, "", 409)
	send(rand.Text(), "R000000000A", 200)
	list, err := o.reg.ListComplaints(t.Context(), registry.ComplaintFilter{Limit: 10})
	o.must(err)
	linked := 0
	for _, c := range list {
		if string(c.Application) == app {
			linked++
		}
	}
	if len(list) != 2 || linked != 1 {
		t.Errorf("%d complaints, %d linked", len(list), linked)
	}
}

// other is a check character that does not fit.
func other(c byte) string {
	if c == '0' {
		return "1"
	}
	return "0"
}

// Who asks too often waits, alone.
func TestPublicListenerIsBounded(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	h := r.public()
	complain := func(from string) int {
		return knock(h, "POST", "/public/v1/complaints", from, `{"subject":"other","text":"x","name":"a","contact":"0812"}`).Code
	}
	n := 0
	for ; complain("192.0.2.1:1") == 200; n++ {
		if n > 100 {
			t.Fatal("never")
		}
	}
	if complain("192.0.2.1:2") != 429 || complain("192.0.2.2:1") != 200 {
		t.Errorf("after %d complaints", n)
	}
	r.clock.Advance(time.Hour)
	if complain("192.0.2.1:3") != 200 {
		t.Error("not after an hour")
	}
	for n = 0; knock(h, "GET", "/public/v1/status/R000000000A", "192.0.2.9:1", "").Code == 404; n++ {
		if n > 1000 {
			t.Fatal("never")
		}
	}
}

// A host that takes another address of its IPv6 network for every complaint sends no more of them than another; neither
// do all hosts together, whose complaints fill the ledger up to a bound and are asked to come later. Nothing but
// complaints waits.
func TestComplaintsOfAllAreBounded(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	h := r.public()
	complain := func(from string) *httptest.ResponseRecorder {
		return knock(h, "POST", "/public/v1/complaints", from, `{"subject":"other","text":"x","name":"a","contact":"0812"}`)
	}
	taken := 0
	for ; complain(fmt.Sprintf("[2001:db8::%x]:1", taken)).Code == 200; taken++ {
		if taken > 100 {
			t.Fatal("one network without end")
		}
	}
	if taken > 5 {
		t.Errorf("%d of one network", taken)
	}
	last, from := httptest.NewRecorder(), 1
	until := func(sum int) {
		t.Helper()
		for ; ; from++ {
			if last = complain(fmt.Sprintf("[2001:db8:0:%x::1]:1", from)); last.Code != 200 {
				break
			}
			if taken++; taken > 1000 {
				t.Fatal("all networks without end")
			}
		}
		if taken != sum || last.Code != 503 || last.Header().Get("Retry-After") != "3600" || !strings.Contains(last.Body.String(), "web.complaints_full") {
			t.Errorf("%d taken, want %d: %d %v %s", taken, sum, last.Code, last.Header(), last.Body)
		}
	}
	until(20)
	if code := knock(h, "GET", "/public/v1/status/R000000000A", "192.0.2.9:1", "").Code; code != 404 {
		t.Errorf("a question of a status: %d", code)
	}
	r.clock.Advance(time.Hour)
	until(31) // of the day, of which an hour has come back
	all, err := r.reg.ListComplaints(t.Context(), registry.ComplaintFilter{Limit: 99})
	if err != nil || len(all) != taken {
		t.Errorf("%d in the ledger, %v", len(all), err)
	}
}
