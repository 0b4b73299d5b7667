package chip

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// SecurityObject is EF.SOD: CMS SignedData over the LDS security object (Doc 9303-10, 4.6.2,
// RFC 5652).
type SecurityObject struct {
	Version       int            `json:"version"`     // of SignedData
	LDSVersion    int            `json:"lds_version"` // of the LDS security object
	Digests       map[int]string `json:"digests"`     // SHA-256 in hex per data group
	Subject       string         `json:"subject"`     // of the signer certificate
	Issuer        string         `json:"issuer"`
	Country       string         `json:"country"`
	Serial        string         `json:"serial"` // hex
	NotBefore     time.Time      `json:"not_before"`
	NotAfter      time.Time      `json:"not_after"`
	SigningTime   *time.Time     `json:"signing_time,omitempty"`
	SignatureGood bool           `json:"signature_good"`
	Certificate   []byte         `json:"-"` // DER

	signature error // why the signature is not good
}

// Object identifiers of RFC 5652, RFC 5754, RFC 5758 and Doc 9303-10.
var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidLDSSecurity   = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 1}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

type algorithmIdentifier struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type encapsulatedContent struct {
	Type    asn1.ObjectIdentifier
	Content []byte `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Algorithms   []algorithmIdentifier `asn1:"set"`
	Content      encapsulatedContent
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Revocations  asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version            int
	SignerID           asn1.RawValue
	DigestAlgorithm    algorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional,tag:0"`
	SignatureAlgorithm algorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

type ldsSecurityObject struct {
	Version   int
	Algorithm algorithmIdentifier
	Digests   []dataGroupDigest
	Info      asn1.RawValue `asn1:"optional"`
}

type dataGroupDigest struct {
	Number int
	Digest []byte
}

// exactASN1 decodes one value of DER to the last byte.
func exactASN1(b []byte, to any) error {
	rest, err := asn1.Unmarshal(b, to)
	if err == nil && len(rest) != 0 {
		err = fmt.Errorf("%d bytes behind the value", len(rest))
	}
	return err
}

func parseSOD(b []byte) (*SecurityObject, error) {
	body, err := unwrapTLV(b, 0x77)
	if err != nil {
		return nil, err
	}
	var info contentInfo
	if err := exactASN1(body, &info); err != nil {
		return nil, fmt.Errorf("ContentInfo: %w", err)
	}
	if !info.Type.Equal(oidSignedData) {
		return nil, fmt.Errorf("content type %v is not SignedData", info.Type)
	}
	var sd signedData
	if err := exactASN1(info.Content.Bytes, &sd); err != nil {
		return nil, fmt.Errorf("SignedData: %w", err)
	}
	s := &SecurityObject{Version: sd.Version, Digests: map[int]string{}}
	if sd.Version != 3 {
		return s, fmt.Errorf("SignedData version %d instead of 3", sd.Version)
	}
	if !sd.Content.Type.Equal(oidLDSSecurity) {
		return s, fmt.Errorf("content %v is no LDS security object", sd.Content.Type)
	}
	if err := s.readDigests(sd.Content.Content); err != nil {
		return s, err
	}
	if len(sd.Signers) != 1 {
		return s, fmt.Errorf("%d signers", len(sd.Signers))
	}
	s.Certificate = sd.Certificates.Bytes
	cert, err := x509.ParseCertificate(s.Certificate)
	if err != nil {
		return s, fmt.Errorf("signer certificate: %w", err)
	}
	s.Subject, s.Issuer = cert.Subject.String(), cert.Issuer.String()
	if len(cert.Subject.Country) == 1 {
		s.Country = cert.Subject.Country[0]
	}
	s.Serial = cert.SerialNumber.Text(16)
	s.NotBefore, s.NotAfter = cert.NotBefore, cert.NotAfter
	s.signature = s.verify(sd.Signers[0], cert, sd.Content.Content)
	s.SignatureGood = s.signature == nil
	return s, nil
}

func (s *SecurityObject) readDigests(b []byte) error {
	var o ldsSecurityObject
	if err := exactASN1(b, &o); err != nil {
		return fmt.Errorf("LDS security object: %w", err)
	}
	s.LDSVersion = o.Version
	if !o.Algorithm.OID.Equal(oidSHA256) {
		return fmt.Errorf("digest algorithm %v is not SHA-256", o.Algorithm.OID)
	}
	for _, d := range o.Digests {
		if _, twice := s.Digests[d.Number]; twice || d.Number < 1 || d.Number > len(dgTags) || len(d.Digest) != sha256.Size {
			return fmt.Errorf("digest of %d bytes for data group %d", len(d.Digest), d.Number)
		}
		s.Digests[d.Number] = hex.EncodeToString(d.Digest)
	}
	return nil
}

// verify checks the one signer info against the certificate and the content.
func (s *SecurityObject) verify(info signerInfo, cert *x509.Certificate, content []byte) error {
	if err := sameSigner(info, cert); err != nil {
		return err
	}
	if !info.DigestAlgorithm.OID.Equal(oidSHA256) || !info.SignatureAlgorithm.OID.Equal(oidECDSASHA256) {
		return fmt.Errorf("signature algorithm %v over %v", info.SignatureAlgorithm.OID, info.DigestAlgorithm.OID)
	}
	if len(info.SignedAttributes.FullBytes) == 0 {
		return errors.New("no signed attributes")
	}
	// The signature covers the attributes as a SET, not under their tag [0] (RFC 5652, 5.4).
	signed := bytes.Clone(info.SignedAttributes.FullBytes)
	signed[0] = 0x31
	if err := s.readAttributes(signed, content); err != nil {
		return err
	}
	key, ok := cert.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return errors.New("the signer's key is not on P-256")
	}
	digest := sha256.Sum256(signed)
	if !ecdsa.VerifyASN1(key, digest[:], info.Signature) {
		return errors.New("the signature is wrong")
	}
	return nil
}

// sameSigner compares the signer identifier with the certificate: issuer and serial number in
// version 1, subject key identifier in version 3.
func sameSigner(info signerInfo, cert *x509.Certificate) error {
	if info.Version == 3 && info.SignerID.Class == asn1.ClassContextSpecific && info.SignerID.Tag == 0 {
		if len(cert.SubjectKeyId) > 0 && bytes.Equal(info.SignerID.Bytes, cert.SubjectKeyId) {
			return nil
		}
		return errors.New("the signer's key identifier is not that of the certificate")
	}
	var id issuerAndSerial
	if err := exactASN1(info.SignerID.FullBytes, &id); err != nil || info.Version != 1 {
		return fmt.Errorf("signer identifier of version %d: %v", info.Version, err)
	}
	if id.Serial.Cmp(cert.SerialNumber) != 0 || !bytes.Equal(id.Issuer.FullBytes, cert.RawIssuer) {
		return errors.New("issuer and serial number are not those of the certificate")
	}
	return nil
}

// readAttributes checks contentType and messageDigest and keeps signingTime.
func (s *SecurityObject) readAttributes(set, content []byte) error {
	var list []attribute
	rest, err := asn1.UnmarshalWithParams(set, &list, "set")
	if err != nil || len(rest) != 0 {
		return fmt.Errorf("signed attributes: %v", err)
	}
	seen := map[string]bool{}
	for _, a := range list {
		name := a.Type.String()
		if seen[name] {
			return fmt.Errorf("attribute %s twice", name)
		}
		seen[name] = true
		switch {
		case a.Type.Equal(oidContentType):
			var oid asn1.ObjectIdentifier
			if err := exactASN1(a.Values.Bytes, &oid); err != nil || !oid.Equal(oidLDSSecurity) {
				return errors.New("attribute contentType is not that of the content")
			}
		case a.Type.Equal(oidMessageDigest):
			var digest []byte
			want := sha256.Sum256(content)
			if err := exactASN1(a.Values.Bytes, &digest); err != nil || !bytes.Equal(digest, want[:]) {
				return errors.New("attribute messageDigest is not that of the content")
			}
		case a.Type.Equal(oidSigningTime):
			var at time.Time
			if err := exactASN1(a.Values.Bytes, &at); err != nil {
				return fmt.Errorf("attribute signingTime: %w", err)
			}
			s.SigningTime = &at
		}
	}
	if !seen[oidContentType.String()] || !seen[oidMessageDigest.String()] {
		return errors.New("contentType or messageDigest is not signed")
	}
	return nil
}
