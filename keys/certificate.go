package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"time"
)

// Life of keys and certificates (ICAO Doc 9303-12, section 4). A certificate is valid as long as
// its private key is used plus as long as the last card signed under it may be read.
const (
	signerUseMonths    = 3  // private key of a document signer, at most
	authorityUseYears  = 5  // private key of the CSCA, 3 to 5 years
	cardReadYears      = 10 // how long a card is read against its signer before it is renewed
	authorityReadYears = cardReadYears + 1
)

// Country is the two-letter country in every subject; the signer's must be the issuing state of
// the MRZ (IDN).
const (
	Country      = "ID"
	countryInMRZ = "IDN"
)

// documentCode is the document code of the MRZ of a card, the entry of documentTypeList.
const documentCode = "I"

// Object identifiers of extensions that crypto/x509 does not name.
var (
	oidSubjectAltName   = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidIssuerAltName    = asn1.ObjectIdentifier{2, 5, 29, 18}
	oidPrivateKeyUsage  = asn1.ObjectIdentifier{2, 5, 29, 16}
	oidDocumentTypeList = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 6, 2}
	oidLocality         = asn1.ObjectIdentifier{2, 5, 4, 7}
)

// Names of an issuing authority's two certificates and where its revocation list is published.
type Names struct {
	Authority string // common name of the CSCA
	Signer    string // common name of the document signer
	CRL       string // address of the revocation list; not in compact certificates
}

// Authority makes the self-signed certificate of a country signing authority (CSCA), profile
// of ICAO Doc 9303-12: named curve P-256, path length 0. random may be nil: the signature is
// then deterministic (RFC 6979), where the key can do that.
func Authority(random io.Reader, key crypto.Signer, names Names, serial *big.Int, from time.Time) ([]byte, error) {
	const op = "keys.Authority"
	public, id, err := publicKey(op, key.Public())
	if err != nil {
		return nil, err
	}
	from = from.UTC().Truncate(time.Second)
	use := from.AddDate(authorityUseYears, 0, 0)
	template := &x509.Certificate{
		SerialNumber: serial, SignatureAlgorithm: x509.ECDSAWithSHA256,
		Subject:   subject(names.Authority),
		NotBefore: from, NotAfter: use.AddDate(authorityReadYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: id, AuthorityKeyId: id,
		CRLDistributionPoints: []string{names.CRL},
	}
	if template.ExtraExtensions, err = extensions(
		privateKeyUsage(from, use), altName(oidSubjectAltName), altName(oidIssuerAltName),
	); err != nil {
		return nil, CertificateNotMade.At(op, err)
	}
	der, err := x509.CreateCertificate(random, template, template, public, key)
	if err != nil {
		return nil, CertificateNotMade.At(op, err)
	}
	return der, nil
}

// DocumentSigner makes the certificate of a document signer under the authority. The full profile
// follows ICAO Doc 9303-12; compact is the declared deviation for chips of 8 KB: it leaves out
// the CRL distribution point and both alternative names (card profile KTPEL-OP 1, section 3.1).
// Both have a named curve.
func DocumentSigner(random io.Reader, authority *x509.Certificate, authorityKey crypto.Signer, key crypto.PublicKey, names Names, serial *big.Int, from time.Time, compact bool) ([]byte, error) {
	const op = "keys.DocumentSigner"
	public, id, err := publicKey(op, key)
	if err != nil {
		return nil, err
	}
	from = from.UTC().Truncate(time.Second)
	if err := mayIssue(op, authority, from); err != nil {
		return nil, err
	}
	use := from.AddDate(0, signerUseMonths, 0)
	template := &x509.Certificate{
		SerialNumber: serial, SignatureAlgorithm: x509.ECDSAWithSHA256,
		Subject:   subject(names.Signer),
		NotBefore: from, NotAfter: use.AddDate(cardReadYears, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	made := []extension{privateKeyUsage(from, use), documentTypes()}
	if !compact {
		template.SubjectKeyId = id
		template.CRLDistributionPoints = []string{names.CRL}
		made = append(made, altName(oidSubjectAltName), altName(oidIssuerAltName))
	}
	if template.ExtraExtensions, err = extensions(made...); err != nil {
		return nil, CertificateNotMade.At(op, err)
	}
	der, err := x509.CreateCertificate(random, template, authority, public, authorityKey)
	if err != nil {
		return nil, CertificateNotMade.At(op, err)
	}
	return der, nil
}

// Request asks an authority for a document signer's certificate (PKCS #10); the key signs it, which
// proves that it is there.
func Request(random io.Reader, key crypto.Signer, common string) ([]byte, error) {
	const op = "keys.Request"
	if _, _, err := publicKey(op, key.Public()); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificateRequest(random, &x509.CertificateRequest{SignatureAlgorithm: x509.ECDSAWithSHA256, Subject: subject(common)}, key)
	if err != nil {
		return nil, CertificateNotMade.At(op, err)
	}
	return der, nil
}

// Requested is the key of a request whose signature proves it, and the name asked for.
func Requested(der []byte) (*ecdsa.PublicKey, string, error) {
	const op = "keys.Requested"
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, "", CertificateNotMade.At(op, err).With("request", "it cannot be read")
	}
	public, _, err := publicKey(op, r.PublicKey)
	switch {
	case err != nil:
		return nil, "", err
	case r.CheckSignature() != nil:
		return nil, "", CertificateNotMade.At(op, nil).With("request", "its signature is wrong")
	case len(r.Subject.Country) != 1 || r.Subject.Country[0] != Country:
		return nil, "", SignerForeign.At(op, nil).With("request", "its country is %v, not %s", r.Subject.Country, Country)
	}
	return public, r.Subject.CommonName, nil
}

// Serial is a new serial number: 127 random bits, at most 16 bytes in DER (RFC 5280, 4.1.2.2).
func Serial() *big.Int {
	const size = 16
	b := make([]byte, size)
	rand.Read(b) // it never fails (crypto/rand)
	b[0] = b[0]&0x7F | 0x40
	return new(big.Int).SetBytes(b)
}

func subject(common string) pkix.Name {
	return pkix.Name{Country: []string{Country}, CommonName: common}
}

// publicKey accepts P-256 alone and returns the key and its identifier.
func publicKey(op string, key crypto.PublicKey) (*ecdsa.PublicKey, []byte, error) {
	public, ok := key.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() {
		return nil, nil, CertificateNotMade.At(op, nil).With("key", "an ECDSA key on P-256 is needed")
	}
	id, err := Identifier(public)
	if err != nil {
		return nil, nil, CertificateNotMade.At(op, err)
	}
	return public, id, nil
}

// Identifier is the key identifier of a public key: SHA-1 of the point (RFC 5280, section 4.2.1.2,
// method 1).
func Identifier(public *ecdsa.PublicKey) ([]byte, error) {
	point, err := public.Bytes()
	if err != nil {
		return nil, err
	}
	id := sha1.Sum(point)
	return id[:], nil
}

// extension is one extension before encoding.
type extension struct {
	id    asn1.ObjectIdentifier
	value any
}

func extensions(list ...extension) ([]pkix.Extension, error) {
	var out []pkix.Extension
	for _, e := range list {
		der, err := asn1.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		out = append(out, pkix.Extension{Id: e.id, Value: der})
	}
	return out, nil
}

// privateKeyUsage is PrivateKeyUsagePeriod ::= SEQUENCE { [0] GeneralizedTime, [1] GeneralizedTime }.
func privateKeyUsage(from, to time.Time) extension {
	type period struct {
		NotBefore time.Time `asn1:"tag:0,generalized"`
		NotAfter  time.Time `asn1:"tag:1,generalized"`
	}
	return extension{oidPrivateKeyUsage, period{from, to}}
}

// documentTypes is DocumentTypeListSyntax ::= SEQUENCE { version 0, SET OF PrintableString }.
func documentTypes() extension {
	type list struct {
		Version int
		Types   []string `asn1:"set"`
	}
	return extension{oidDocumentTypeList, list{0, []string{documentCode}}}
}

// altName is GeneralNames with one directoryName ([4] EXPLICIT, Name being a CHOICE) whose
// locality is the issuing state of the MRZ.
func altName(id asn1.ObjectIdentifier) extension {
	type names struct {
		Directory pkix.RDNSequence `asn1:"tag:4,explicit"`
	}
	return extension{id, names{pkix.RDNSequence{{{Type: oidLocality, Value: countryInMRZ}}}}}
}
