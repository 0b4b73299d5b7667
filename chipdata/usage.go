package chipdata

import (
	"crypto/x509"
	"encoding/asn1"
	"time"
)

// oidPrivateKeyUsage is PrivateKeyUsagePeriod (RFC 3280, 4.2.1.4): how long the private key of a
// document signer may sign, three months at most, while its certificate lives on (ICAO Doc 9303-12,
// 7.1.1). crypto/x509 does not read it.
var oidPrivateKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 16}

// usagePeriod is PrivateKeyUsagePeriod ::= SEQUENCE { [0] notBefore, [1] notAfter }, both optional.
type usagePeriod struct {
	NotBefore time.Time `asn1:"tag:0,generalized,optional"`
	NotAfter  time.Time `asn1:"tag:1,generalized,optional"`
}

// usageOf reads the period; ok is false where the extension cannot be read. A certificate without
// one has the zero period.
func usageOf(cert *x509.Certificate) (p usagePeriod, ok bool) {
	for _, e := range cert.Extensions {
		if !e.Id.Equal(oidPrivateKeyUsage) {
			continue
		}
		rest, err := asn1.Unmarshal(e.Value, &p)
		return p, err == nil && len(rest) == 0
	}
	return p, true
}

// maySignAt reports whether certificate and private key of a signer are in use at a time.
func maySignAt(cert *x509.Certificate, at time.Time) bool {
	p, ok := usageOf(cert)
	inside := func(from, to time.Time) bool {
		return (from.IsZero() || !at.Before(from)) && (to.IsZero() || !at.After(to))
	}
	return ok && inside(cert.NotBefore, cert.NotAfter) && inside(p.NotBefore, p.NotAfter)
}
