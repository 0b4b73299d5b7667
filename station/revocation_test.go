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
	"strings"
	"testing"
	"time"
)

// The doctor warns thirty days before the last revocation list of the signer's authority ends, and says when there
// is none that holds; the metric tells the same.
func TestLastRevocationList(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(name, kind string, der []byte) string {
		path := filepath.Join(folder, name)
		must(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	now := time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return now.Add(time.Duration(n) * 24 * time.Hour) }
	made := func(name string, key, by *ecdsa.PrivateKey, ca bool, parent *x509.Certificate) *x509.Certificate {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name, Country: []string{"ID"}}, NotBefore: days(-400), NotAfter: days(4000),
			IsCA: ca, BasicConstraintsValid: true, SubjectKeyId: []byte(name), KeyUsage: x509.KeyUsageCRLSign | x509.KeyUsageCertSign,
		}
		if parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		must(err)
		out, err := x509.ParseCertificate(der)
		must(err)
		return out
	}
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(err)
		return k
	}
	root, other, own := key(), key(), key()
	authority := made("CSCA", root, root, true, nil)
	stranger := made("CSCA-B", other, other, true, nil)
	signer := made("DSC", own, root, false, authority)
	put("csca.pem", "CERTIFICATE", authority.Raw)
	put("other.pem", "CERTIFICATE", stranger.Raw)
	c := Config{Keys: KeysConfig{Kind: "pkcs11", Anchors: folder, Signer: put("signer.cer", "CERTIFICATE", signer.Raw)}}
	list := func(file string, n int64, by *x509.Certificate, key *ecdsa.PrivateKey, from, to int) {
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(n), ThisUpdate: days(from), NextUpdate: days(to)}, by, key)
		must(err)
		put(file, "X509 CRL", der)
	}
	look := func(want Level, age, left time.Duration, found bool) {
		t.Helper()
		x := &exam{Examination: Examination{Now: func() time.Time { return now }}, cfg: c}
		if f := x.revocations(t.Context()); f.Level != want || f.Seen.ID == "" || f.Seen.EN == "" || strings.Contains(f.Seen.EN, "%!") {
			t.Errorf("%+v, want %s", f, want)
		}
		if a, l, ok := c.revocationAge(now); a != age || l != left || ok != found {
			t.Errorf("age %s, left %s, %v; want %s, %s, %v", a, l, ok, age, left, found)
		}
	}
	day := 24 * time.Hour
	look(Missing, 0, 0, false)
	list("b.crl", 9, stranger, other, -1, 400) // of another authority
	look(Missing, 0, 0, false)
	list("1.crl", 1, authority, root, -90, -1)
	look(Missing, 90*day, 0, true)
	list("2.crl", 2, authority, root, -61, 29)
	look(Warning, 61*day, 29*day, true)
	list("3.crl", 3, authority, root, 0, 30)
	look(Fine, 0, 30*day, true)
	must(os.WriteFile(filepath.Join(folder, "4.crl"), []byte("none"), 0o600))
	look(Missing, 0, 0, false)
	c = Config{}
	look(Note, 0, 0, false)
}
