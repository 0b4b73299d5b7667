package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/web"
)

// signedBy makes a certificate of a name, signed by its own key or by an authority.
func signedBy(t *testing.T, name pkix.Name, by *tls.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
		IsCA: by == nil && name.CommonName == "authority", BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	parent, signer := c, key
	if by != nil {
		parent, signer = by.Leaf, by.PrivateKey.(*ecdsa.PrivateKey)
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}
}

// Whoever shows no certificate, one of a known authority or that of a desk is let in by the listener; a
// certificate of another authority, or one that only bears the name of a desk, is not.
func TestListenTLS(t *testing.T) {
	t.Parallel()
	authority := signedBy(t, pkix.Name{CommonName: "authority"}, nil)
	stranger := signedBy(t, pkix.Name{CommonName: "authority"}, nil)
	server := signedBy(t, pkix.Name{CommonName: "localhost"}, &authority)
	folder := t.TempDir()
	write := func(name, kind string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, err := x509.MarshalPKCS8PrivateKey(server.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	s := web.Secured{Address: "127.0.0.1:0", Certificate: write("server.pem", "CERTIFICATE", server.Certificate[0]), Key: write("server.key", "PRIVATE KEY", key)}
	roots := x509.NewCertPool()
	roots.AddCert(authority.Leaf)
	for _, clients := range []string{"", write("clients.pem", "CERTIFICATE", authority.Certificate[0])} {
		s.Clients = clients
		ln, err := web.ListenTLS(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		tell := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := "nobody"
			if len(r.TLS.PeerCertificates) > 0 {
				name = r.TLS.PeerCertificates[0].Subject.CommonName
			}
			_, _ = io.WriteString(w, name)
		})
		go func() { _ = web.Serve(t.Context(), ln, tell, zap.NewNop()) }()
		for name, c := range map[string]struct {
			shows *tls.Certificate
			want  string
		}{
			"nobody":              {nil, "nobody"},
			"a desk":              {new(signedBy(t, web.DeskName, nil)), "Blanko desk"},
			"of the authority":    {new(signedBy(t, pkix.Name{CommonName: "center"}, &authority)), map[bool]string{true: "center"}[clients != ""]},
			"of another":          {new(signedBy(t, pkix.Name{CommonName: "center"}, &stranger)), ""},
			"bears a desk's name": {new(signedBy(t, web.DeskName, &stranger)), ""},
		} {
			cfg := &tls.Config{RootCAs: roots, ServerName: "localhost"}
			if c.shows != nil { // whatever the station asks for
				cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.shows, nil }
			}
			transport := &http.Transport{TLSClientConfig: cfg}
			got := ""
			if resp, err := (&http.Client{Transport: transport}).Get("https://" + ln.Addr().String()); err == nil {
				body, _ := io.ReadAll(resp.Body)
				got = string(body)
				_ = resp.Body.Close()
			}
			transport.CloseIdleConnections()
			if got != c.want {
				t.Errorf("authorities %v, %s: %q, want %q", clients != "", name, got, c.want)
			}
		}
	}
}
