package center

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"
	"time"
)

// Only TLS 1.3 with a certificate of the center's authority, and only for one's own office.
func TestTLS(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1, Offices: []string{"61.05", "61.71"}})
	server, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	own, err := server.Client("61.05")
	if err != nil {
		t.Fatal(err)
	}
	client := func(cfg *tls.Config) station {
		return station{t, server.URL, &http.Client{Transport: &http.Transport{TLSClientConfig: cfg}}}
	}
	s := client(own.TLS)
	if status, page := s.call("/center/v1/feed?limit=1", nil); status != 200 || len(names(page)) != 1 {
		t.Errorf("own office: %d", status)
	}
	if status, _ := s.call("/center/v1/feed?office=61.71", nil); status != 403 {
		t.Errorf("other office: %d", status)
	}
	for _, l := range c.Account() {
		want := map[string]int{"61.05": 200, "61.71": 404}[l.Office]
		if status, _ := s.call("/center/v1/records/"+l.ID, nil); status != want {
			t.Errorf("record of %s: %d", l.Office, status)
		}
	}
	pair, err := tls.X509KeyPair(own.Certificate, own.Key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(own.CA) {
		t.Fatal("no certificate in the PEM of the authority")
	}
	now := func() time.Time { return testNow }
	if status, _ := client(&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: now}).call("/center/v1/keys", nil); status != 200 {
		t.Errorf("from PEM: %d", status)
	}
	stranger, err := testCenter(t, Config{Seed: 8}).ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Close() })
	other, err := stranger.Client("61.05")
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]*tls.Config{
		"no certificate":            {RootCAs: pool, Time: now},
		"certificate of a stranger": {RootCAs: pool, Certificates: other.TLS.Certificates, Time: now},
		"TLS 1.2":                   {RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: now, MaxVersion: tls.VersionTLS12},
		"authority not known":       {Certificates: []tls.Certificate{pair}, Time: now},
	} {
		if status, _, err := client(cfg).try("/center/v1/keys", nil); err == nil {
			t.Errorf("%s: %d", name, status)
		}
	}
}
