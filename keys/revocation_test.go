package keys

import (
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/internal/rig"
)

// Lists follow one another; every revocation stays in them.
func TestRevocationList(t *testing.T) {
	t.Parallel()
	f := newFit(t)
	var last *x509.RevocationList
	for n := range 3 {
		der, err := RevocationList(nil, f.authority, f.authorityKey, nil, last, []Revocation{{big.NewInt(int64(100 + n)), now}}, now.AddDate(0, 0, n))
		if err != nil {
			t.Fatal(err)
		}
		if last, err = x509.ParseRevocationList(der); err != nil {
			t.Fatal(err)
		}
		if last.Number.Int64() != int64(n+1) || len(last.RevokedCertificateEntries) != n+1 || last.CheckSignatureFrom(f.authority) != nil ||
			last.NextUpdate.Sub(last.ThisUpdate) > 90*24*time.Hour || len(last.AuthorityKeyId) != 20 {
			t.Errorf("list %d: number %s, %d entries", n+1, last.Number, len(last.RevokedCertificateEntries))
		}
	}
	next, nextKey := f.successor(t, testNames)
	der, err := RevocationList(nil, next, nextKey, []*x509.Certificate{f.authority}, last, []Revocation{{big.NewInt(200), now}}, now.AddDate(0, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	if l, err := x509.ParseRevocationList(der); err != nil || l.CheckSignatureFrom(next) != nil || l.Number.Int64() != 4 || len(l.RevokedCertificateEntries) != 4 {
		t.Errorf("the list of the authority that follows: %+v, %v", l, err)
	}
	other := newFit(t)
	for name, c := range map[string]struct {
		make func() ([]byte, error)
		want fault.Entry
	}{
		"revoked twice": {func() ([]byte, error) {
			return RevocationList(nil, f.authority, f.authorityKey, nil, last, []Revocation{{big.NewInt(100), now}}, now.AddDate(0, 0, 9))
		}, CRLWrong},
		"of one before that is not named": {func() ([]byte, error) {
			return RevocationList(nil, next, nextKey, nil, last, nil, now.AddDate(0, 0, 9))
		}, CRLWrong},
		"of another": {func() ([]byte, error) {
			return RevocationList(nil, other.authority, other.authorityKey, nil, last, nil, now.AddDate(0, 0, 9))
		}, CRLWrong},
		"older":    {func() ([]byte, error) { return RevocationList(nil, f.authority, f.authorityKey, nil, last, nil, now) }, CRLWrong},
		"a signer": {func() ([]byte, error) { return RevocationList(nil, f.Signer, f.signer, nil, nil, nil, now) }, AuthorityUnfit},
		"key's time over": {func() ([]byte, error) {
			return RevocationList(nil, f.authority, f.authorityKey, nil, nil, nil, testFrom.AddDate(5, 0, 1))
		}, AuthorityUnfit},
		"key's time to come": {func() ([]byte, error) {
			return RevocationList(nil, f.authority, f.authorityKey, nil, nil, nil, testFrom.AddDate(0, 0, -1))
		}, AuthorityUnfit},
		"a signer behind the authority's time": {func() ([]byte, error) {
			return DocumentSigner(nil, f.authority, f.authorityKey, &f.signer.PublicKey, testNames, big.NewInt(3), testFrom.AddDate(5, 0, 1), true)
		}, AuthorityUnfit},
	} {
		if _, err := c.make(); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// OpenSSL takes the authority, both profiles of signers, the request and the list, and refuses a signer
// that stands in the list.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	rig.Need(t, "openssl", rig.Tool{Program: "openssl", Package: "openssl"})
	f := newFit(t)
	dir := t.TempDir()
	file := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	openssl := func(args ...string) string {
		out, err := exec.Command("openssl", args...).CombinedOutput()
		text := string(out)
		if err != nil {
			text += "\n" + err.Error()
		}
		return text
	}
	authority := file("csca.pem", "CERTIFICATE", f.authority.Raw)
	full, err := DocumentSigner(nil, f.authority, f.authorityKey, &f.signer.PublicKey, testNames, big.NewInt(78), testFrom, false)
	if err != nil {
		t.Fatal(err)
	}
	request, err := Request(nil, f.signer, "TEST DS")
	if err != nil {
		t.Fatal(err)
	}
	if public, name, err := Requested(request); err != nil || name != "TEST DS" || !public.Equal(&f.signer.PublicKey) {
		t.Errorf("request of %q: %v", name, err)
	}
	request[len(request)-1] ^= 1
	if _, _, err := Requested(request); !fault.Is(err, CertificateNotMade) {
		t.Errorf("changed request: %v", err)
	}
	request[len(request)-1] ^= 1
	der, err := RevocationList(nil, f.authority, f.authorityKey, nil, nil, []Revocation{{big.NewInt(78), now}}, now)
	if err != nil {
		t.Fatal(err)
	}
	list := file("crl.pem", "X509 CRL", der)
	moment := []string{"verify", "-attime", big.NewInt(now.Unix()).String(), "-CAfile", authority}
	compactFile, fullFile := file("compact.pem", "CERTIFICATE", f.Signer.Raw), file("full.pem", "CERTIFICATE", full)
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"compact signer", append(moment, "-x509_strict", compactFile), "compact.pem: OK"},
		{"full signer", append(moment, "-x509_strict", fullFile), "full.pem: OK"},
		{"list", []string{"crl", "-in", list, "-CAfile", authority, "-noout"}, "verify OK"},
		{"signer that is not revoked", append(moment, "-crl_check", "-CRLfile", list, compactFile), "compact.pem: OK"},
		{"signer that is revoked", append(moment, "-crl_check", "-CRLfile", list, fullFile), "certificate revoked"},
		{"request", []string{"req", "-in", file("ds.csr", "CERTIFICATE REQUEST", request), "-verify", "-noout", "-subject"}, "subject=C = ID, CN = TEST DS"},
		{"period of the key", []string{"x509", "-in", authority, "-noout", "-text"}, "Not Before: Mar  1 00:00:00 2026 GMT, Not After: Mar  1 00:00:00 2031 GMT"},
		{"country of the zone", []string{"x509", "-in", fullFile, "-noout", "-text"}, "L=IDN"},
	} {
		if got := openssl(c.args...); !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q in\n%s", c.name, c.want, got)
		}
	}
}

func TestSerial(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		s := Serial()
		if s.Sign() <= 0 || len(s.Bytes()) != 16 || s.Bit(127) != 0 || seen[s.String()] {
			t.Fatalf("%X", s)
		}
		seen[s.String()] = true
	}
}
