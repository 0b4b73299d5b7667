package software

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"math/big"
	"time"

	"blanko/keys"
)

// names of the development authority. They are short, because
// the compact certificate lies on chips of 8 KB, and say what they are on every report.
var names = keys.Names{
	Authority: "DEV CA",
	Signer:    "DS",
	CRL:       "http://localhost/blanko-dev.crl",
}

// Serial numbers of the development certificates.
var serials = struct{ authority, full, compact *big.Int }{big.NewInt(1), big.NewInt(2), big.NewInt(3)}

// Signer is a document signer: certificate (DER) and key.
type Signer struct {
	Certificate []byte
	Key         *ecdsa.PrivateKey
}

// PKI is a development issuing authority with two document signers.
type PKI struct {
	CSCA    *x509.Certificate
	CSCAKey *ecdsa.PrivateKey
	Full    Signer // for chips of 32 KB and more
	Compact Signer // short certificate, for chips of 8 KB
}

// DevelopmentPKI makes the authority of a seed, valid from a day on. Certificates are
// deterministic; signatures made with the keys are so where the caller gives no randomness.
func DevelopmentPKI(seed []byte, from time.Time) (PKI, error) {
	var pki PKI
	var err error
	if pki.CSCAKey, err = ecKey(seed, "csca"); err != nil {
		return PKI{}, err
	}
	der, err := keys.Authority(nil, pki.CSCAKey, names, serials.authority, from)
	if err != nil {
		return PKI{}, err
	}
	if pki.CSCA, err = x509.ParseCertificate(der); err != nil {
		return PKI{}, keys.CertificateNotMade.At("software.DevelopmentPKI", err)
	}
	for _, s := range []struct {
		to      *Signer
		purpose string
		serial  *big.Int
		compact bool
	}{{&pki.Full, "signer", serials.full, false}, {&pki.Compact, "compact signer", serials.compact, true}} {
		if s.to.Key, err = ecKey(seed, s.purpose); err != nil {
			return PKI{}, err
		}
		s.to.Certificate, err = keys.DocumentSigner(nil, pki.CSCA, pki.CSCAKey, s.to.Key.Public(), names, s.serial, from, s.compact)
		if err != nil {
			return PKI{}, err
		}
	}
	return pki, nil
}

// ecKey is the P-256 key of a purpose: the first derived scalar in range.
func ecKey(seed []byte, purpose string) (*ecdsa.PrivateKey, error) {
	const scalar, tries = 32, 4 // one try fails with a chance of 2^-32
	var err error
	for n := range tries {
		var key *ecdsa.PrivateKey
		key, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), derive(seed, "p-256 "+purpose+string(rune('0'+n)), scalar))
		if err == nil {
			return key, nil
		}
	}
	return nil, keys.CertificateNotMade.At("software.ecKey", err)
}
