package station_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/station"
)

// authority writes a certificate of its own for 127.0.0.1 and gives the pool that trusts it.
func authority(t *testing.T, dir string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "dukcapil.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"dukcapil.example"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(k)
	must(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	pool = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	must(t, err)
	pool.AddCert(parsed)
	return cert, key, pool
}

// Other machines reach the API over TLS with a token, and the public listener without one; neither by
// plain HTTP, nor by another name.
func TestServeOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: fixed})
	c := w.config("")
	c.Center = station.CenterConfig{}
	cert, key, pool := authority(t, t.TempDir())
	c.Network = station.NetworkConfig{Listen: "127.0.0.1:0", Certificate: cert, Key: key, Clients: cert, Names: []string{"dukcapil.example"}}
	c.Public = station.NetworkConfig{Listen: "127.0.0.1:0", Certificate: cert, Key: key, Names: []string{"dukcapil.example"}}
	token := officer(t, c)
	where := map[string]string{}
	ready, ended := make(chan string, 1), make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		ended <- station.Serve(ctx, c, station.Service{Log: zap.NewNop(), Ready: func(a string) { ready <- a }, Others: func(what, a string) { where[what] = a }})
	}()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	case <-time.After(patience):
		t.Fatal("the station never served")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	ask := func(url, host, token string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		must(t, err)
		req.Host = host
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := client.Do(req)
		must(t, err)
		must(t, resp.Body.Close())
		return resp.StatusCode
	}
	api, public := "https://"+where["api"], "https://"+where["public"]
	for _, x := range []struct {
		url, host, token string
		status           int
	}{
		{api + "/v1/lines", "dukcapil.example", token, 200},
		{api + "/v1/lines", "dukcapil.example", "", 401},
		{api + "/v1/lines", "evil.example", token, 403},
		{public + "/public/v1/status/R000000000A", "dukcapil.example", "", 404},
		{public + "/v1/lines", "dukcapil.example", token, 404},
	} {
		if got := ask(x.url, x.host, x.token); got != x.status {
			t.Errorf("%s as %s: %d, want %d", x.url, x.host, got, x.status)
		}
	}
	if resp, err := http.Get("http://" + where["api"] + "/v1/health"); err == nil {
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("plain HTTP: %d", resp.StatusCode)
		}
		_ = resp.Body.Close()
	}
	stop()
	must(t, rig.Receive(t, "the end of the station", ended))

	c.Network.Key = cert
	if err := station.Serve(t.Context(), c, station.Service{}); fault.CodeOf(err) != "web.certificate_wrong" {
		t.Errorf("a key that is none: %v", err)
	}
}
