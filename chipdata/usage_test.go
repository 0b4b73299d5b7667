package chipdata_test

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"blanko/chipdata"
	"blanko/fault"
)

// signerUsed is a document signer of the authority whose private key is used from one month
// before at until two months after it, as ICAO Doc 9303-12 (7.1.1) wants: three months at most.
func signerUsed(t testing.TB, a authority, period any) chipdata.Signer {
	t.Helper()
	der, err := asn1.Marshal(period)
	if err != nil {
		t.Fatal(err)
	}
	own := a.document(t, "ID")
	c := &x509.Certificate{
		SerialNumber: big.NewInt(0x52), Subject: pkix.Name{Country: []string{"ID"}, CommonName: "DS 2"},
		NotBefore: at.AddDate(0, -1, 0), NotAfter: at.AddDate(10, 2, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 16}, Value: der}},
	}
	cert, err := x509.CreateCertificate(rand.Reader, c, a.csca, own.Key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return chipdata.Signer{Certificate: cert, Key: own.Key}
}

type period struct {
	NotBefore time.Time `asn1:"tag:0,generalized"`
	NotAfter  time.Time `asn1:"tag:1,generalized"`
}

// A signer out of use makes no card: it is found before a blank is fed, and again when EF.SOD is
// signed while the card is in the reader.
func TestSignerOutOfUse(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	p := profile(t, "ktpel-op-1-8k")
	used := signerUsed(t, a, period{at.AddDate(0, -1, 0), at.AddDate(0, 2, 0)})
	plain := a.signer // no period: the certificate alone bounds it, from one month before at on
	for _, c := range []struct {
		name   string
		signer chipdata.Signer
		when   time.Time
		good   bool
	}{
		{"first moment", used, at.AddDate(0, -1, 0), true},
		{"in use", used, at, true},
		{"last moment", used, at.AddDate(0, 2, 0), true},
		{"key used up, certificate valid", used, at.AddDate(0, 2, 0).Add(time.Second), false},
		{"not yet", used, at.AddDate(0, -1, 0).Add(-time.Second), false},
		{"certificate over", plain, at.AddDate(11, 0, 0), false},
		{"certificate not yet", plain, at.AddDate(-1, 0, 0), false},
		{"period unreadable", signerUsed(t, a, "three months"), at, false},
	} {
		is := issuance()
		is.PersonalizedAt = c.when
		_, err := chipdata.Prepare(p, record(t), is, aPortrait(), aSignature(), codec(t), c.signer)
		if c.good != (err == nil) || !c.good && fault.CodeOf(err) != "chipdata.signer_unusable" {
			t.Errorf("%s: prepare: %v", c.name, err)
		}
		is.PersonalizedAt = at
		plan, err := chipdata.Prepare(p, record(t), is, aPortrait(), aSignature(), codec(t), used)
		if err != nil {
			t.Fatal(err)
		}
		err = plan.Seal(chipdata.ChipKeys{}, c.signer, c.when)
		if c.good != (err == nil) || !c.good && fault.CodeOf(err) != "chipdata.signer_unusable" || c.good != plan.Sealed() {
			t.Errorf("%s: seal: %v", c.name, err)
		}
		if err != nil {
			continue
		}
		sod, err := chipdata.VerifySOD(fileOf(t, plan, 0x011D), []*x509.Certificate{a.csca})
		if err != nil || !sod.SignedInTime() {
			t.Errorf("%s: verify: %v", c.name, err)
		}
	}
}

// A reader sees that a SOD was signed after the signer's private key was used up.
func TestSignedAfterUse(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	s := chipdata.SOD{Anchor: a.csca, SigningTime: at.AddDate(0, 3, 0)}
	var err error
	if s.Signer, err = x509.ParseCertificate(signerUsed(t, a, period{at.AddDate(0, -1, 0), at.AddDate(0, 2, 0)}).Certificate); err != nil {
		t.Fatal(err)
	}
	if s.SignedInTime() {
		t.Error("signed three months after the key's last day, and nobody noticed")
	}
	if s.SigningTime = at; !s.SignedInTime() {
		t.Error("signed in time, and refused")
	}
}
