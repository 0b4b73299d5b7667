package desk

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
	"slices"
	"testing"
	"time"
)

// A revocation list that comes while the desk runs is taken; an older one, and one that cannot be read, are not.
func TestNewerRevocationListIsTaken(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	now := time.Now()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CSCA", Country: []string{"ID"}}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1},
	}, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CSCA", Country: []string{"ID"}}, SubjectKeyId: []byte{1}}, &key.PublicKey, key)
	must(err)
	authority, err := x509.ParseCertificate(der)
	must(err)
	must(os.WriteFile(filepath.Join(folder, "csca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	list := func(number int64, revoked ...int64) []byte {
		template := &x509.RevocationList{Number: big.NewInt(number), ThisUpdate: now, NextUpdate: now.Add(time.Hour)}
		for _, n := range revoked {
			template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: now})
		}
		der, err := x509.CreateRevocationList(rand.Reader, template, authority, key)
		must(err)
		return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})
	}
	put := func(name string, text []byte) { must(os.WriteFile(filepath.Join(folder, name), text, 0o600)) }
	put("one.crl", list(1))
	c := RunCommand{CSCA: folder}
	trust, err := c.trust()
	must(err)
	a := &Agent{Config: Config{Trust: trust, Anchors: c.trust}}
	numbers := func() (out []int64) {
		for _, l := range a.trust().Revoked {
			out = append(out, l.Number.Int64())
		}
		slices.Sort(out)
		return out
	}
	for _, step := range []struct {
		what string
		do   func()
		err  bool
		want []int64
	}{
		{"as at the start", func() {}, false, []int64{1}},
		{"a newer one beside it", func() { put("two.crl", list(2, 77)) }, false, []int64{1, 2}},
		{"a newer one in its place", func() { put("two.crl", list(3, 77)); must(os.Remove(filepath.Join(folder, "one.crl"))) }, false, []int64{3}},
		{"no list", func() { put("two.crl", []byte("none")) }, true, []int64{3}},
		{"an older one in its place", func() { put("two.crl", list(1)) }, false, []int64{1, 3}},
		{"taken away", func() { must(os.Remove(filepath.Join(folder, "two.crl"))) }, false, []int64{1, 3}},
	} {
		step.do()
		if err := a.trustAnew(); (err != nil) != step.err || !slices.Equal(numbers(), step.want) {
			t.Errorf("%s: lists %v, want %v; %v", step.what, numbers(), step.want, err)
		}
	}
}
