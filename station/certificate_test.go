package station

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"blanko/web/api"
)

// Every certificate that is configured is told with what is left of it: of a file the first that ends, of the authorities
// that of the signer alone; the doctor looks at the same.
func TestCertificatesLeft(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	now := time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, list ...*x509.Certificate) string {
		var text []byte
		for _, c := range list {
			text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	made := func(name string, left time.Duration, key, by *ecdsa.PrivateKey, parent *x509.Certificate) *x509.Certificate {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-1000 * day), NotAfter: now.Add(left),
			IsCA: parent == nil, BasicConstraintsValid: true, SubjectKeyId: []byte(name), KeyUsage: x509.KeyUsageCertSign,
		}
		if parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	own := func(name string, left time.Duration) *x509.Certificate { return made(name, left, key, key, nil) }
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := own("CSCA", 900*day)
	put("csca.pem", authority)
	put("old.pem", made("CSCA-OLD", -day, other, other, nil)) // its cards are still about
	c := Config{
		Center:  CenterConfig{ClientCertificate: put("client.cer", own("client", 40*day), own("its authority", 29*day))},
		Keys:    KeysConfig{Signer: put("signer.cer", made("DSC", 90*day, other, key, authority)), Anchors: folder},
		Network: NetworkConfig{Certificate: put("console.cer", own("console", -day))},
		Public:  NetworkConfig{Certificate: filepath.Join(folder, "none")},
	}
	want := []api.CertificateLeft{
		{Name: "center.client_certificate", Left: 29 * day}, {Name: "keys.signer", Left: 90 * day},
		{Name: "network.certificate"}, {Name: "public.certificate"}, {Name: "keys.anchors", Left: 900 * day},
	}
	if got := c.certificatesLeft(now); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	look := func(want Level) {
		t.Helper()
		x := &exam{Examination: Examination{Now: func() time.Time { return now }}, cfg: c}
		if f := x.certificates(t.Context()); f.Level != want {
			t.Errorf("%+v, want %s", f, want)
		}
	}
	look(Missing)
	c.Public, c.Network = NetworkConfig{}, NetworkConfig{}
	look(Warning)
	c.Center = CenterConfig{}
	look(Fine)
}
