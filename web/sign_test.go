package web_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry/access"
	"blanko/web"
)

var refused = fault.Entry{
	Code: "registry.not_signed_in", Kind: fault.Denied, ID: "x", EN: "x", StepsID: []string{"x"}, StepsEN: []string{"x"},
}

// signed is a server that tells who asks; the token "good" and one certificate are known.
func signed(guest access.Actor, now func() time.Time) http.Handler {
	cert := sha256.Sum256([]byte("certificate"))
	auth := func(_ context.Context, kind access.TokenKind, hash [sha256.Size]byte) (access.Actor, error) {
		switch {
		case kind == access.APIToken && hash == sha256.Sum256([]byte("good")):
			return access.Actor{ID: "officer-1"}, nil
		case kind == access.ClientCertificate && hash == cert:
			return access.Actor{ID: "desk-1"}, nil
		}
		return access.Actor{}, refused.At("auth", nil)
	}
	tell := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(web.ActorOf(r.Context()).ID)) })
	return web.SignIn(tell, auth, guest, web.NewProblems([]fault.Entry{refused}, nil, nil), now)
}

func still() time.Time { return time.Unix(0, 0) }

func TestSignIn(t *testing.T) {
	t.Parallel()
	connection := func(raw string) *tls.ConnectionState {
		return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte(raw)}}}
	}
	for name, c := range map[string]struct {
		header string
		tls    *tls.ConnectionState
		status int
		who    string
	}{
		"nobody":                   {"", nil, 200, "guest"},
		"token":                    {"Bearer good", nil, 200, "officer-1"},
		"scheme in other letters":  {"bearer good", nil, 200, "officer-1"},
		"unknown token":            {"Bearer bad", nil, 401, ""},
		"no token":                 {"Bearer ", nil, 401, ""},
		"another scheme":           {"Basic Z29vZA==", nil, 401, ""},
		"certificate":              {"", connection("certificate"), 200, "desk-1"},
		"unknown certificate":      {"", connection("other"), 401, ""},
		"token before certificate": {"Bearer good", connection("certificate"), 200, "officer-1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.TLS = c.tls
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		w := httptest.NewRecorder()
		signed(access.Actor{ID: "guest"}, still).ServeHTTP(w, r)
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.who {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if c.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: not told how to sign in", name)
		}
	}
}

// Guessing ends soon, for that address; a good token goes on, from there too.
func TestGuessingIsBounded(t *testing.T) {
	t.Parallel()
	h := signed(access.Actor{}, still)
	ask := func(from, token string) int {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = from
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	n := 0
	for ; ask("192.0.2.1:1000", "bad") == 401; n++ {
		if n > 1000 {
			t.Fatal("never")
		}
	}
	if n < 5 || ask("192.0.2.1:2000", "good") != 200 || ask("192.0.2.2:1000", "good") != 200 {
		t.Errorf("after %d guesses", n)
	}
}

func TestLimiterFillsWithTime(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := web.NewLimiter(60, 2, func() time.Time { return now })
	take := func() bool {
		ok := l.May("a")
		if ok {
			l.Take("a")
		}
		return ok
	}
	for i, want := range []bool{true, true, false} {
		if take() != want {
			t.Errorf("take %d: %v", i, !want)
		}
	}
	now = now.Add(time.Second)
	if !take() || take() {
		t.Error("one a second")
	}
	now = now.Add(-time.Hour) // a clock that jumps back gives nothing and takes nothing
	if take() {
		t.Error("filled by a clock that ran backward")
	}
}
