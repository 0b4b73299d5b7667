package keys

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"slices"
	"time"
)

// crlDays is how long a revocation list holds: ICAO Doc 9303-12, section 8, wants a new one at least
// every 90 days.
const crlDays = 90

// UsePeriod is the time in which the private key of a certificate may sign (RFC 3280, 4.2.1.4).
func UsePeriod(c *x509.Certificate) (from, to time.Time, limited bool, err error) {
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidPrivateKeyUsage) {
			continue
		}
		var p struct {
			NotBefore time.Time `asn1:"tag:0,generalized"`
			NotAfter  time.Time `asn1:"tag:1,generalized"`
		}
		if rest, err := asn1.Unmarshal(e.Value, &p); err != nil || len(rest) > 0 {
			return from, to, true, CertificateNotMade.At("keys.UsePeriod", err).With("privateKeyUsagePeriod", "it cannot be read")
		}
		return p.NotBefore, p.NotAfter, true, nil
	}
	return from, to, false, nil
}

// mayIssue refuses an authority outside the time of its private key.
func mayIssue(op string, authority *x509.Certificate, at time.Time) error {
	from, to, limited, err := UsePeriod(authority)
	switch {
	case err != nil:
		return err
	case !authority.IsCA:
		return AuthorityUnfit.At(op, nil).With("authority", "it is not one")
	case !limited, at.Before(from), at.After(to):
		return AuthorityUnfit.At(op, nil).With("authority", "its key may be used from %s to %s, today is %s",
			from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly), at.UTC().Format(time.DateOnly))
	}
	return nil
}

// Revocation is one certificate that is revoked.
type Revocation struct {
	Serial *big.Int
	At     time.Time
}

// RevokedAt tells by the lists of a signer's authority when it was revoked, zero: it was not; and whether
// one of the lists holds at a time. A list counts that an authority of the signer's issuer's name has
// signed: the authorities of a country follow one another under one name, and the newest alone signs, for
// the certificates of all (ICAO Doc 9303-12, section 7.1.4).
func RevokedAt(signer *x509.Certificate, authorities []*x509.Certificate, lists []*x509.RevocationList, at time.Time) (since time.Time, current bool) {
	for _, list := range lists {
		if !listOf(list, signer.RawIssuer, authorities) {
			continue
		}
		current = current || !at.After(list.NextUpdate)
		for _, e := range list.RevokedCertificateEntries {
			if e.SerialNumber.Cmp(signer.SerialNumber) == 0 && (since.IsZero() || e.RevocationTime.Before(since)) {
				since = e.RevocationTime
			}
		}
	}
	return since, current
}

// NewestList is the one of the highest number of those lists that authorities of this name have signed; nil:
// there is none.
func NewestList(name []byte, authorities []*x509.Certificate, lists []*x509.RevocationList) (newest *x509.RevocationList) {
	for _, list := range lists {
		if list.Number != nil && listOf(list, name, authorities) && (newest == nil || list.Number.Cmp(newest.Number) > 0) {
			newest = list
		}
	}
	return newest
}

// LastList is the one of the lists of a signer's authority that holds longest; nil: there is none.
func LastList(signer *x509.Certificate, authorities []*x509.Certificate, lists []*x509.RevocationList) (last *x509.RevocationList) {
	for _, list := range lists {
		if listOf(list, signer.RawIssuer, authorities) && (last == nil || list.NextUpdate.After(last.NextUpdate)) {
			last = list
		}
	}
	return last
}

// listOf reports whether one of these authorities that has this name has signed a list.
func listOf(list *x509.RevocationList, name []byte, authorities []*x509.Certificate) bool {
	return bytes.Equal(list.RawIssuer, name) && slices.ContainsFunc(authorities, func(a *x509.Certificate) bool {
		return bytes.Equal(a.RawSubject, name) && list.CheckSignatureFrom(a) == nil
	})
}

// RevocationList makes the next list of an authority: what stands in the last one, nil at first, and
// more. Its number is one higher (ICAO Doc 9303-12, section 7.1.4). The last one may be of one of the
// authorities before it, of the same name.
func RevocationList(random io.Reader, authority *x509.Certificate, key crypto.Signer, before []*x509.Certificate, last *x509.RevocationList, more []Revocation, at time.Time) ([]byte, error) {
	const op = "keys.RevocationList"
	if err := mayIssue(op, authority, at); err != nil {
		return nil, err
	}
	at = at.UTC().Truncate(time.Second)
	list := &x509.RevocationList{
		SignatureAlgorithm: x509.ECDSAWithSHA256, Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, crlDays),
	}
	if last != nil {
		switch {
		case !listOf(last, authority.RawSubject, append([]*x509.Certificate{authority}, before...)):
			return nil, CRLWrong.At(op, nil).With("crl", "the last one is not of this authority")
		case last.Number == nil || at.Before(last.ThisUpdate):
			return nil, CRLWrong.At(op, nil).With("crl", "the last one is of %s, or has no number", last.ThisUpdate.UTC().Format(time.DateOnly))
		}
		list.Number.Add(last.Number, big.NewInt(1))
		for _, e := range last.RevokedCertificateEntries {
			list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: e.SerialNumber, RevocationTime: e.RevocationTime})
		}
	}
	for _, r := range more {
		if slices.ContainsFunc(list.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool { return e.SerialNumber.Cmp(r.Serial) == 0 }) {
			return nil, CRLWrong.At(op, nil).With("serial", "%X is revoked already", r.Serial)
		}
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: r.Serial, RevocationTime: r.At.UTC().Truncate(time.Second)})
	}
	der, err := x509.CreateRevocationList(random, list, authority, key)
	if err != nil {
		return nil, CRLWrong.At(op, err)
	}
	return der, nil
}
