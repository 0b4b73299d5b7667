package datacenter_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry/datacenter"
)

// counting is a server that counts what reaches it.
func counting(t *testing.T, start func(*httptest.Server), answer http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		answer(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes that are to fail
	start(s)
	t.Cleanup(s.Close)
	return s, &n
}

func empty(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"items":[],"next":"a"}`)
}

// A report names persons' requests and chips: it goes to the center of the configuration or nowhere.
func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, seen := counting(t, (*httptest.Server).Start, empty)
	front, _ := counting(t, (*httptest.Server).Start, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	client := datacenter.New(datacenter.Config{URL: front.URL, Office: office})
	if _, err := client.Feed(t.Context(), "", 10, 0); fault.CodeOf(err) != datacenter.CenterRefused.Code {
		t.Errorf("feed: %v", err)
	}
	if _, err := client.Report(t.Context(), []datacenter.Report{{Key: "k", ID: "R-1"}}); fault.CodeOf(err) != datacenter.CenterRefused.Code {
		t.Errorf("report: %v", err)
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("%d requests went to another server", n)
	}
}

// Plain HTTP is for the virtual center on this machine.
func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for address, safe := range map[string]bool{
		"http://203.0.113.7": false, "http://center.example": false, "http://127.0.0.1.example:80": false, "ftp://127.0.0.1": false,
		"http://[2001:db8::1]:80": false, "": false, "http://%zz": false,
		"http://127.0.0.1:1": true, "http://[::1]:1": true, "http://localhost:1": true, "https://127.0.0.1:1": true,
	} {
		client := datacenter.New(datacenter.Config{URL: address, Office: office, Timeout: time.Second})
		_, err := client.Report(t.Context(), nil)
		if refused := fault.CodeOf(err) == datacenter.Insecure.Code; refused == safe {
			t.Errorf("%q: %v", address, err)
		}
		if _, err = client.Record(t.Context(), "R-1"); (fault.CodeOf(err) == datacenter.Insecure.Code) == safe {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// The center is who the configured authority says, by TLS 1.3, and knows the office by its
// certificate; there is no way around (threat T-5 of the security notes).
func TestTLSWithoutFallback(t *testing.T) {
	t.Parallel()
	c, err := center.New(center.Config{Seed: 7, Records: 1, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	cred, err := s.Client(office)
	if err != nil {
		t.Fatal(err)
	}
	old, hits := counting(t, func(h *httptest.Server) {
		h.TLS = &tls.Config{MaxVersion: tls.VersionTLS12}
		h.StartTLS()
	}, empty)
	oldRoots := x509.NewCertPool()
	oldRoots.AddCert(old.Certificate())
	strange, _ := counting(t, (*httptest.Server).StartTLS, empty)
	strangeRoots := x509.NewCertPool()
	strangeRoots.AddCert(strange.Certificate())
	with := func(change func(*tls.Config)) *tls.Config {
		cfg := cred.TLS.Clone()
		change(cfg)
		return cfg
	}
	for name, l := range map[string]struct {
		url  string
		tls  *tls.Config
		good bool
	}{
		"as configured":                        {cred.URL, cred.TLS, true},
		"another authority":                    {cred.URL, with(func(c *tls.Config) { c.RootCAs = strangeRoots }), false},
		"no certificate of the office":         {cred.URL, with(func(c *tls.Config) { c.Certificates = nil }), false},
		"right authority, another name":        {cred.URL, with(func(c *tls.Config) { c.ServerName = "center.example" }), false},
		"certificate over":                     {cred.URL, with(func(c *tls.Config) { c.Time = func() time.Time { return today.AddDate(300, 0, 0) } }), false},
		"TLS 1.2 only":                         {old.URL, &tls.Config{RootCAs: oldRoots}, false},
		"TLS 1.2 asked for by a configuration": {old.URL, &tls.Config{RootCAs: oldRoots, MinVersion: tls.VersionTLS12}, false},
	} {
		_, err := datacenter.New(datacenter.Config{URL: l.url, Office: office, TLS: l.tls, Timeout: 5 * time.Second}).Feed(t.Context(), "", 10, 0)
		if l.good != (err == nil) || !l.good && fault.CodeOf(err) != datacenter.CenterAway.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if hits.Load() != 0 {
		t.Error("a request went over TLS 1.2")
	}
}
