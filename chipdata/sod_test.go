package chipdata_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"testing"

	"blanko/chipdata"
	"blanko/fault"
)

// deaf signs nothing, liar signs something else.
type (
	deaf struct{ crypto.Signer }
	liar struct{ crypto.Signer }
)

func (deaf) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("token not present")
}

func (l liar) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	other := bytes.Clone(digest)
	other[0] ^= 1
	return l.Signer.Sign(r, other, o)
}

// Passive authentication: whoever did not issue the signer is no anchor.
func TestAnchors(t *testing.T) {
	t.Parallel()
	a, other := newAuthority(t, "ID"), newAuthority(t, "ID")
	sod := fileOf(t, sealed(t, "ktpel-op-1-8k", record(t), a), 0x011D)
	s, err := chipdata.VerifySOD(sod, []*x509.Certificate{other.csca, a.csca})
	if err != nil || !s.Anchor.Equal(a.csca) || len(s.Hashes) != 5 {
		t.Errorf("%v, %v", s.Hashes, err)
	}
	for name, anchors := range map[string][]*x509.Certificate{"none": nil, "of the same name": {other.csca}, "the signer itself": {s.Signer}} {
		if _, err := chipdata.VerifySOD(sod, anchors); fault.CodeOf(err) != "chipdata.sod_untrusted" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := chipdata.ParseSOD(sod); err != nil || p.Anchor != nil || p.SignedInTime() {
		t.Errorf("without an anchor: %v", err)
	}
	if s.Check(1, []byte("another file")) || s.Check(16, nil) {
		t.Error("a file that the SOD does not list passes")
	}
	s.SigningTime = s.Signer.NotAfter.AddDate(0, 0, 1)
	if s.SignedInTime() {
		t.Error("signed after the end of the certificate")
	}
}

// One bit changed anywhere is never trusted.
func TestEveryBitOfSOD(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	sod := fileOf(t, sealed(t, "ktpel-op-1-8k", record(t), a), 0x011D)
	anchors := []*x509.Certificate{a.csca}
	b := bytes.Clone(sod)
	for bit := range 8 * len(sod) {
		i, mask := bit/8, byte(1)<<(bit%8)
		b[i] ^= mask
		if s, err := chipdata.VerifySOD(b, anchors); err == nil {
			t.Fatalf("byte %d xor %02X: trusted, signed %v", i, mask, s.SigningTime)
		} else if c := fault.CodeOf(err); c != "chipdata.file_malformed" && c != "chipdata.sod_untrusted" {
			t.Fatalf("byte %d xor %02X: %v", i, mask, err)
		}
		b[i] ^= mask
	}
	for i := range sod {
		if _, err := chipdata.ParseSOD(sod[:i]); err == nil {
			t.Fatalf("cut at %d", i)
		}
	}
}

// Signers that passive authentication does not accept, whoever issued them.
func TestSignerCertificates(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	p := profile(t, "ktpel-op-1-8k")
	template := func() *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{Country: []string{"ID"}}, NotBefore: at, NotAfter: at.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	}
	key := func(c elliptic.Curve) *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	for name, c := range map[string]struct {
		curve elliptic.Curve
		spoil func(*x509.Certificate)
		ok    bool
	}{
		"good":          {elliptic.P256(), func(*x509.Certificate) {}, true},
		"P-384":         {elliptic.P384(), func(*x509.Certificate) {}, false},
		"no key usage":  {elliptic.P256(), func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, false},
		"no country":    {elliptic.P256(), func(c *x509.Certificate) { c.Subject.Country = nil }, false},
		"small country": {elliptic.P256(), func(c *x509.Certificate) { c.Subject.Country = []string{"id"} }, false},
		"two countries": {elliptic.P256(), func(c *x509.Certificate) { c.Subject.Country = []string{"ID", "MY"} }, false},
		"authority":     {elliptic.P256(), func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }, false},
		"critical object": {elliptic.P256(), func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: documentTypeList.Id, Critical: true, Value: []byte{5, 0}}}
		}, false},
	} {
		k, tpl := key(c.curve), template()
		c.spoil(tpl)
		s := chipdata.Signer{Certificate: issue(t, tpl, a.csca, k, a.key).Raw, Key: k}
		_, err := chipdata.Prepare(p, record(t), issuance(), aPortrait(), aSignature(), codec(t), s)
		if (err == nil) != c.ok || err != nil && fault.CodeOf(err) != "chipdata.signer_unusable" {
			t.Errorf("%s: %v", name, err)
		}
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template(), a.csca, &rsaKey.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chipdata.Prepare(p, record(t), issuance(), aPortrait(), aSignature(), codec(t), chipdata.Signer{Certificate: der, Key: rsaKey}); fault.CodeOf(err) != "chipdata.signer_unusable" {
		t.Errorf("RSA: %v", err)
	}
}

// The center's signature over the statement that the card's own bytes give.
func TestIdentityFromTheChip(t *testing.T) {
	t.Parallel()
	a, r := newAuthority(t, "ID"), record(t)
	center, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	digest := sum(r.IdentityClaim().Statement())
	x, y, err := ecdsa.Sign(rand.Reader, center, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	x.FillBytes(r.Identity.Signature[:32])
	y.FillBytes(r.Identity.Signature[32:])
	for _, name := range profileNames {
		pl := sealed(t, name, r, a)
		d, err := chipdata.ParseDG11(fileOf(t, pl, 0x010B))
		if err != nil {
			t.Fatal(err)
		}
		m, err := chipdata.ParseDG13(fileOf(t, pl, 0x010D))
		if err != nil {
			t.Fatal(err)
		}
		var records [2][]byte
		for slot := range records {
			f, err := chipdata.ParseFingerFile(fileOf(t, pl, uint16(0x0201+slot)))
			if err != nil {
				t.Fatal(err)
			}
			records[slot] = f.Record
		}
		id, err := chipdata.RebuildIdentity(d, m, records)
		if err != nil || !chipdata.VerifyIdentity(id, *m.Center, &center.PublicKey) {
			t.Errorf("%s: the center's signature does not verify from the card: %v", name, err)
		}
		if chipdata.VerifyIdentity(id, *m.Center, &a.key.PublicKey) || chipdata.VerifyIdentity(id, *m.Center, nil) {
			t.Errorf("%s: another key verifies", name)
		}
		swapped := [2][]byte{records[1], records[0]}
		if id, err := chipdata.RebuildIdentity(d, m, swapped); err == nil && chipdata.VerifyIdentity(id, *m.Center, &center.PublicKey) {
			t.Errorf("%s: swapped fingers verify", name)
		}
		if _, err := chipdata.RebuildIdentity(d, m, [2][]byte{records[0], nil}); fault.CodeOf(err) != "chipdata.file_malformed" {
			t.Errorf("%s: a finger that the manifest lists is not there: %v", name, err)
		}
	}
}
