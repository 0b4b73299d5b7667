package desk

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet"
	"blanko/fault"
	"blanko/ktp"
)

const ours = "https://station.example:8443"

// bare is a desk without any device.
type bare struct{}

func (bare) Look(context.Context) []Device {
	return []Device{{Kind: CardReader, Missing: say(ReaderMissing.At("test", nil))}, {Kind: SAM, Missing: say(SAMMissing.At("test", nil))}}
}

func (bare) Open(context.Context) (card, module applet.Transport, err error) {
	return nil, nil, SAMMissing.At("test", nil)
}

// stationOf is the identity of a desk whose station answers so.
func stationOf(t *testing.T, answer http.HandlerFunc) Identity {
	t.Helper()
	s := httptest.NewTLSServer(answer)
	t.Cleanup(s.Close)
	i := Identity{Station: s.URL, Authority: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))}
	var err error
	if i.certificate, err = newCertificate(time.Now()); err != nil {
		t.Fatal(err)
	}
	return i
}

func agent(t *testing.T) *Agent {
	t.Helper()
	identity := stationOf(t, func(w http.ResponseWriter, r *http.Request) {
		var wish struct{ Act, Ticket string }
		if err := json.NewDecoder(r.Body).Decode(&wish); err != nil || r.URL.Path != "/v1/desk/ticket" || wish.Ticket != "of "+wish.Act {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"code":"registry.ticket_over","text":{"id":"Kedaluwarsa.","en":"Run out."},"steps":{"id":["Ulangi."],"en":["Again."]}}`)
		}
	})
	identity.Origins, identity.Desk, identity.Place = []string{ours}, "loket-1", "kec-01"
	a, err := New(Config{
		Identity: identity,
		Devices:  Devices{Readers: bare{}, Finger: Program{Kind: FingerScanner}, Iris: Program{Kind: IrisScanner}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A page of the station gets answers, and no other page anything: neither from another origin, nor without
// one, nor by a name that somebody points to this computer.
func TestWhoIsAnswered(t *testing.T) {
	t.Parallel()
	h := agent(t).Handler()
	for name, c := range map[string]struct {
		method, host, origin, kind, body string
		status                           int
	}{
		"a page of the station":    {"GET", "127.0.0.1:7610", ours, "", "", 200},
		"by the name localhost":    {"GET", "localhost:7610", ours, "", "", 200},
		"by IPv6":                  {"GET", "[::1]:7610", ours, "", "", 200},
		"what a browser asks for":  {"OPTIONS", "127.0.0.1:7610", ours, "", "", 204},
		"another page":             {"GET", "127.0.0.1:7610", "https://evil.example", "", "", 403},
		"another page asks before": {"OPTIONS", "127.0.0.1:7610", "https://evil.example", "", "", 403},
		"another port":             {"GET", "127.0.0.1:7610", "https://station.example", "", "", 403},
		"without TLS":              {"GET", "127.0.0.1:7610", "http://station.example:8443", "", "", 403},
		"a sandboxed page":         {"GET", "127.0.0.1:7610", "null", "", "", 403},
		"no page":                  {"GET", "127.0.0.1:7610", "", "", "", 403},
		"a name pointed here":      {"GET", "evil.example:7610", ours, "", "", 403},
		"another computer":         {"GET", "192.0.2.1:7610", ours, "", "", 403},
		"a form":                   {"POST", "127.0.0.1:7610", ours, "text/plain", "{}", 400},
		"no JSON":                  {"POST", "127.0.0.1:7610", ours, "application/json", "{", 400},
		"too much":                 {"POST", "127.0.0.1:7610", ours, "application/json", `{"x":"` + strings.Repeat("x", mostAsked) + `"}`, 400},
	} {
		r := httptest.NewRequest(c.method, "http://"+c.host+map[string]string{"GET": "/v1/desk", "OPTIONS": "/v1/desk", "POST": "/v1/match"}[c.method], strings.NewReader(c.body))
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		r.Header.Set("Content-Type", c.kind)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); (got == ours) != (c.status != 403) || got != "" && got != ours {
			t.Errorf("%s: the browser lets %q read", name, got)
		}
	}
}

// Each device that is not there is named, with what to do, in both languages.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	a := agent(t)
	ask := func(method, path, body string) (int, []byte) {
		r := httptest.NewRequest(method, "http://127.0.0.1:7610"+path, strings.NewReader(body))
		r.Host = "127.0.0.1:7610"
		r.Header.Set("Origin", ours)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.Bytes()
	}
	var s state
	status, body := ask("GET", "/v1/desk", "")
	if err := json.Unmarshal(body, &s); err != nil || status != http.StatusOK || s.Desk != "loket-1" || len(s.Devices) != 4 {
		t.Fatalf("%d %s %v", status, body, err)
	}
	for _, d := range s.Devices {
		if d.Present || d.Missing == nil || d.Missing.ID == "" || d.Missing.EN == "" || len(d.Missing.StepsID) == 0 || len(d.Missing.StepsID) != len(d.Missing.StepsEN) {
			t.Errorf("%+v", d)
		}
	}
	for _, c := range []struct{ path, body, code string }{
		{"/v1/card", `{"ticket":"of card"}`, "desk.anchors_missing"},
		{"/v1/match", `{"reading":"x","ticket":"of match"}`, "desk.read_again"},
		{"/v1/capture", `{"part":"finger.2","ticket":"of capture"}`, "desk.scanner_missing"},
		{"/v1/capture", `{"part":"iris.left","ticket":"of capture"}`, "desk.scanner_missing"},
		{"/v1/capture", `{"part":"finger.11","ticket":"of capture"}`, "desk.request_wrong"},
		{"/v1/capture", `{"part":"portrait","ticket":"of capture"}`, "desk.request_wrong"},
	} {
		status, body := ask("POST", c.path, c.body)
		var said Said
		if err := json.Unmarshal(body, &said); err != nil || said.Code != c.code || status < 400 {
			t.Errorf("%s %s: %d %s", c.path, c.body, status, body)
		}
	}
}

// A program of the same computer that writes the Origin of the station's pages gets nothing: no card, no finger,
// no comparison without a ticket of the station for just that.
func TestNoProgramWithoutATicket(t *testing.T) {
	t.Parallel()
	a := agent(t)
	a.Devices.Readers, a.Devices.Finger = untouched{t}, unlaid{a.Devices.Finger, t}
	a.reading = &reading{id: "x", at: time.Now(), holds: []ktp.Finger{ktp.RightIndex}}
	for _, c := range []struct{ path, body, code string }{
		{"/v1/card", `{}`, "desk.ticket_missing"},
		{"/v1/card", `{"ticket":"made up"}`, "registry.ticket_over"},
		{"/v1/card", `{"ticket":"of capture"}`, "registry.ticket_over"},
		{"/v1/capture", `{"part":"finger.2"}`, "desk.ticket_missing"},
		{"/v1/capture", `{"part":"finger.2","ticket":"of card"}`, "registry.ticket_over"},
		{"/v1/match", `{"reading":"x","finger":2}`, "desk.ticket_missing"},
		{"/v1/match", `{"reading":"x","finger":2,"ticket":"made up"}`, "registry.ticket_over"},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:7610"+c.path, strings.NewReader(c.body))
		r.Header.Set("Origin", ours)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		var said Said
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Code != c.code || w.Code != http.StatusForbidden {
			t.Errorf("%s %s: %d %s", c.path, c.body, w.Code, w.Body)
		}
	}
}

// untouched are devices that nobody may use.
type untouched struct{ t *testing.T }

func (u untouched) Look(context.Context) []Device { return nil }

func (u untouched) Open(context.Context) (card, module applet.Transport, err error) {
	u.t.Error("the card was read")
	return nil, nil, ReaderMissing.At("test", nil)
}

type unlaid struct {
	Scanner
	t *testing.T
}

func (u unlaid) Capture(context.Context, string) (Picture, error) {
	u.t.Error("a finger was taken")
	return Picture{}, ScannerMissing.At("test", nil)
}

// looking is a scanner that is asked how it is until the test lets it answer.
type looking struct {
	Scanner
	asked, answer chan struct{}
}

func (l looking) Look(ctx context.Context) Device {
	close(l.asked)
	<-l.answer
	return l.Scanner.Look(ctx)
}

// A page that opens looks at the devices; an act of another begins when the look ends. Two acts at once are
// one too many.
func TestLookMakesNoPageWait(t *testing.T) {
	t.Parallel()
	a := agent(t)
	l := looking{a.Devices.Finger, make(chan struct{}), make(chan struct{})}
	a.Devices.Finger = l
	go a.Look(t.Context())
	<-l.asked
	began := make(chan error)
	go func() {
		done, err := a.use("test")
		if err == nil {
			_, second := a.use("test")
			if !fault.Is(second, busy) {
				err = errors.Join(errors.New("two pages use the devices"), second)
			}
			done()
		}
		began <- err
	}()
	for a.page.TryLock() { // until the act has the page
		a.page.Unlock()
		runtime.Gosched()
	}
	close(l.answer)
	if err := <-began; err != nil {
		t.Error(err)
	}
	if done, err := a.use("test"); err != nil {
		t.Error(err)
	} else {
		done()
	}
}

// The agent listens on this computer alone.
func TestListensOnTheLoopback(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "0.0.0.0:0", ":0", "192.0.2.1:0", "localhost:0", "[::]:0", "127.0.0.1"} {
		if ln, err := Listen(t.Context(), wrong); fault.CodeOf(err) != AddressWrong.Code {
			t.Errorf("%q: %v, %v", wrong, ln, err)
		}
	}
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), ln.Addr().String()); fault.CodeOf(err) != AddressWrong.Code {
		t.Errorf("an address twice: %v", err)
	}
	if err := ln.Close(); err != nil {
		t.Error(err)
	}
}

// Nothing is kept of a pairing that did not happen, and a damaged one is not taken for none.
func TestIdentity(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "desk")
	for _, p := range []Pairing{
		{Station: "http://127.0.0.1:1"}, {Station: "127.0.0.1"}, {Station: "https://127.0.0.1:1/x"}, {Station: "https://127.0.0.1:1", Origins: []string{"127.0.0.1"}},
	} {
		p.Folder = folder
		if _, err := Pair(t.Context(), p); fault.CodeOf(err) != AddressWrong.Code {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if _, err := Pair(t.Context(), Pairing{Folder: folder, Station: "https://127.0.0.1:1", Code: "X"}); fault.CodeOf(err) != StationAway.Code {
		t.Errorf("a station that is away: %v", err)
	}
	if _, err := LoadIdentity(folder); fault.CodeOf(err) != NotPaired.Code {
		t.Errorf("an identity without a pairing: %v", err)
	}
	made, err := newCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := (Identity{Station: ours, Desk: "loket-1", certificate: made}).save(folder); err != nil {
		t.Fatal(err)
	}
	if i, err := LoadIdentity(folder); err != nil || i.Desk != "loket-1" || !slices.Equal(i.certificate.Certificate[0], made.Certificate[0]) {
		t.Errorf("%+v, %v", i, err)
	}
	for _, name := range []string{keyFile, certificateFile, identityFile} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadIdentity(folder); fault.CodeOf(err) != FolderUnusable.Code {
			t.Errorf("a damaged %s: %v", name, err)
		}
	}
}

// The program that holds the agent builds for Windows, where scard needs no C compiler.
func TestBuildsForWindows(t *testing.T) {
	t.Parallel()
	c := exec.Command("go", "build", "-ldflags=-w", "-o", os.DevNull, "blanko/cmd/blanko")
	c.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
