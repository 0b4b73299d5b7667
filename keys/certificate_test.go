package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"slices"
	"testing"
	"time"

	"blanko/fault"
)

var (
	testNames = Names{Authority: "TEST CSCA", Signer: "TEST DS", CRL: "http://localhost/test.crl"}
	testFrom  = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
)

func testAuthority(t *testing.T) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := Authority(nil, key, testNames, big.NewInt(1), testFrom)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// ICAO Doc 9303-12, table 6: what a CSCA certificate holds.
func TestAuthority(t *testing.T) {
	t.Parallel()
	c, _ := testAuthority(t)
	if err := c.CheckSignatureFrom(c); err != nil {
		t.Error(err)
	}
	if !c.IsCA || !c.BasicConstraintsValid || c.MaxPathLen != 0 || !c.MaxPathLenZero ||
		c.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign || len(c.SubjectKeyId) != 20 {
		t.Errorf("CA %v, path %d, usage %v, key id %X", c.IsCA, c.MaxPathLen, c.KeyUsage, c.SubjectKeyId)
	}
	if !slices.Equal(c.Subject.Country, []string{"ID"}) {
		t.Errorf("country %v", c.Subject.Country)
	}
	if c.NotAfter != testFrom.AddDate(16, 0, 0) {
		t.Errorf("valid to %s", c.NotAfter)
	}
}

// Both profiles of a document signer: full as ICAO Doc 9303-12 has it, compact without the CRL
// distribution point and both alternative names, and short enough for a chip of 8 KB.
func TestDocumentSigner(t *testing.T) {
	t.Parallel()
	authority, authorityKey := testAuthority(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	for _, c := range []struct {
		name    string
		compact bool
		most    int // bytes: card profile KTPEL-OP 1, section 3.1, and the budgets of its two profiles
		want    []string
	}{
		{"full", false, 640, []string{"2.5.29.15", "2.5.29.14", "2.5.29.35", "2.5.29.31", "2.5.29.16", "2.23.136.1.1.6.2", "2.5.29.17", "2.5.29.18"}},
		{"compact", true, 430, []string{"2.5.29.15", "2.5.29.35", "2.5.29.16", "2.23.136.1.1.6.2"}},
	} {
		der, err := DocumentSigner(nil, authority, authorityKey, key.Public(), testNames, big.NewInt(2), testFrom, c.compact)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DocumentSigner(nil, authority, authorityKey, key.Public(), testNames, big.NewInt(2), testFrom, c.compact)
		if err != nil || string(again) != string(der) {
			t.Errorf("%s: not deterministic: %v", c.name, err)
		}
		if len(der) > c.most {
			t.Errorf("%s: %d bytes, at most %d", c.name, len(der), c.most)
		}
		s, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: testFrom.AddDate(0, 1, 0), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for _, e := range s.Extensions {
			got = append(got, e.Id.String())
			if critical := e.Id.String() == "2.5.29.15"; e.Critical != critical {
				t.Errorf("%s: extension %s critical %v", c.name, e.Id, e.Critical)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: extensions %v, want %v", c.name, got, c.want)
		}
		if s.IsCA || s.KeyUsage != x509.KeyUsageDigitalSignature || !slices.Equal(s.Subject.Country, []string{"ID"}) ||
			s.NotAfter != testFrom.AddDate(0, 3, 0).AddDate(10, 0, 0) {
			t.Errorf("%s: CA %v, usage %v, country %v, to %s", c.name, s.IsCA, s.KeyUsage, s.Subject.Country, s.NotAfter)
		}
	}
}

// The encoded extensions, byte by byte (RFC 5280 4.2.1.6; RFC 3280 4.2.1.4; Doc 9303-12, 7.1.1.5 and 7.1.1.6).
func TestExtensionBytes(t *testing.T) {
	t.Parallel()
	made, err := extensions(altName(oidSubjectAltName), documentTypes(), privateKeyUsage(testFrom, testFrom.AddDate(0, 3, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"3012A410300E310C300A060355040713" + "0349444E",
		"3008020100310313" + "0149",
		"3022800F32303236303330313030303030305A810F32303236303630313030303030305A",
	} {
		if upper(made[i].Value) != want {
			t.Errorf("%s: %X, want %s", made[i].Id, made[i].Value, want)
		}
	}
}

func TestCertificateRefusesOtherCurves(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Authority(nil, key, testNames, big.NewInt(1), testFrom); !fault.Is(err, CertificateNotMade) {
		t.Errorf("%v", err)
	}
	authority, authorityKey := testAuthority(t)
	if _, err := DocumentSigner(nil, authority, authorityKey, key.Public(), testNames, big.NewInt(1), testFrom, true); !fault.Is(err, CertificateNotMade) {
		t.Errorf("%v", err)
	}
}
