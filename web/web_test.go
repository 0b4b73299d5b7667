package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"blanko/fault"
	"blanko/web"
)

func entry(code fault.Code, k fault.Kind) fault.Entry {
	return fault.Entry{Code: code, Kind: k, ID: "kalimat " + string(code), EN: "sentence " + string(code), StepsID: []string{"langkah"}, StepsEN: []string{"step"}}
}

// Every kind has its status, and every answer its stable code, both languages and steps.
func TestProblemOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   fault.Kind
		status int
	}{
		{fault.Invalid, 422}, {fault.NotFound, 404}, {fault.Conflict, 409}, {fault.Denied, 403}, {fault.Transient, 503}, {fault.Device, 502}, {fault.InDoubt, 409},
	} {
		e := entry("room.word", c.kind)
		p := web.NewProblems([]fault.Entry{e}, nil, func() string { return "ref" })
		w := httptest.NewRecorder()
		p.Write(w, e.At("room.Func", errors.New("inner secret")).With("limit", "too large"))
		body := w.Body.String()
		var got web.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || got.Status != c.status || got.Code != "room.word" || got.Kind != c.kind.String() || got.Reference != "ref" ||
			got.Text != (web.Text{ID: e.ID, EN: e.EN}) || len(got.Steps.ID) != 1 || len(got.Steps.EN) != 1 ||
			len(got.Errors) != 1 || got.Errors[0] != (web.Wrong{Field: "limit", Reason: "too large", ReasonID: "too large"}) {
			t.Errorf("%s: %d %s", c.kind, w.Code, body)
		}
		if w.Header().Get("Content-Type") != web.ProblemType || strings.Contains(body, "inner secret") || strings.Contains(body, "room.Func") {
			t.Errorf("%s: %s", c.kind, body)
		}
		if again := w.Header().Get("Retry-After") != ""; again != (c.kind == fault.Transient) {
			t.Errorf("%s: Retry-After %v", c.kind, again)
		}
	}
}

// What is internal, foreign or unlisted shows nothing of itself; the log has it under the reference.
func TestInternalShowsNothing(t *testing.T) {
	t.Parallel()
	inner := entry("store.broken", fault.Internal)
	for name, err := range map[string]error{
		"internal": inner.At("store.Open", errors.New("secret")).With("path", "secret"),
		"foreign":  errors.New("secret"),
		"unlisted": entry("other.secret", fault.Conflict).At("other.Secret", nil),
		"wrapped":  errors.Join(errors.New("secret"), inner.At("store.Open", nil)),
	} {
		core, logged := observer.New(zapcore.InfoLevel)
		p := web.NewProblems([]fault.Entry{inner}, zap.New(core), nil)
		got := p.Of(err)
		text, _ := json.Marshal(got)
		if got.Status != 500 || got.Code != "web.unexpected" || strings.Contains(string(text), "secret") || strings.Contains(string(text), "store.") {
			t.Errorf("%s: %s", name, text)
		}
		all := logged.FilterField(zap.String("reference", got.Reference)).All()
		if len(all) != 1 || len(got.Reference) != 12 || all[0].Level != zapcore.ErrorLevel {
			t.Errorf("%s: logged %v", name, logged.All())
		}
	}
	c := web.NewProblems([]fault.Entry{inner, entry("a.b", fault.Device)}, nil, nil)
	if got := c.Explain("store.broken"); got.Text != nil || got.Code != "store.broken" {
		t.Errorf("internal cause: %+v", got)
	}
	if got := c.Explain("a.b"); got.Text == nil || got.Text.EN != "sentence a.b" {
		t.Errorf("cause: %+v", got)
	}
	if c.Explain("") != nil {
		t.Error("no code, yet a cause")
	}
}

// Nothing but this machine's own addresses is listened on.
func TestListenOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]fault.Code{
		"0.0.0.0:0": web.NotLoopback.Code, ":0": web.NotLoopback.Code, "[::]:0": web.NotLoopback.Code, "192.168.1.10:0": web.NotLoopback.Code,
		"example.org:0": web.NotLoopback.Code, "127.0.0.1": web.AddressWrong.Code, "127.0.0.1:http-ish": web.AddressWrong.Code, "": web.AddressWrong.Code,
		"127.0.0.1:99999": web.AddressWrong.Code,
	} {
		ln, err := web.Listen(t.Context(), address)
		if fault.CodeOf(err) != want {
			t.Errorf("%q: %v", address, err)
		}
		if ln != nil {
			t.Errorf("%q is listened on", address)
		}
	}
	first, err := web.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := web.Listen(t.Context(), first.Addr().String()); fault.CodeOf(err) != web.AddressTaken.Code {
		t.Errorf("a port in use: %v", err)
	}
}

// A request that runs when the end is asked for is answered; then the server is gone.
func TestServeEndsGracefully(t *testing.T) {
	t.Parallel()
	ln, err := web.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	running := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(running)
		<-ctx.Done()
		_, _ = io.WriteString(w, "done")
	})
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, ln, h, zap.NewNop()) }()
	go func() {
		<-running
		stop()
	}()
	resp, err := http.Get("http://" + ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "done" {
		t.Errorf("%q, %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("it still listens")
	}
}

// The guard: headers on every answer, no other host's name, no panic gets out, bodies are bounded.
func TestGuard(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	p := web.NewProblems(nil, nil, func() string { return "ref" })
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("secret") })
	mux.HandleFunc("POST /read", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err == nil || n > 16<<20 {
			t.Errorf("%d bytes of a body were read, %v", n, err)
		}
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	})
	web.Rest(mux, p)
	h := web.Guard(mux, p)
	for _, c := range []struct {
		method, target, host string
		status               int
		code                 string
	}{
		{"GET", "/panic", "127.0.0.1:8080", 500, "web.unexpected"},
		{"GET", "/panic", "localhost", 500, "web.unexpected"},
		{"GET", "/panic", "[::1]:8080", 500, "web.unexpected"},
		{"GET", "/panic", "evil.example:8080", 403, "web.host_refused"},
		{"GET", "/panic", "192.168.0.5", 403, "web.host_refused"},
		{"GET", "/panic", "", 403, "web.host_refused"},
		{"GET", "/nothing", "127.0.0.1", 404, "web.no_such_page"},
		{"DELETE", "/panic", "127.0.0.1", 405, "web.method_refused"},
		{"GET", "/panic?x=%", "127.0.0.1", 422, "web.bad_parameter"},
		{"POST", "/read", "127.0.0.1", 413, ""},
	} {
		var body io.Reader
		if c.method == "POST" {
			body = strings.NewReader(strings.Repeat("x", 17<<20))
		}
		r := httptest.NewRequest(c.method, c.target, body)
		r.Host = c.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s %s (%s): %d %s", c.method, c.target, c.host, w.Code, w.Body)
		}
		for _, name := range []string{"X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "X-Frame-Options", "Referrer-Policy"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s %s: no %s", c.method, c.target, name)
			}
		}
	}
}

func TestFaultsAreWhole(t *testing.T) {
	t.Parallel()
	for _, e := range web.Faults {
		if e.Code == "" || e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%q lacks a text or a step", e.Code)
		}
	}
}
