package chipdata

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"maps"
	"math/big"
	"slices"
	"time"
)

// EF.SOD: CMS SignedData version 3 (RFC 5652, 5.1) around an LDSSecurityObject (Doc 9303-10,
// 4.6.2): ECDSA P-256 with SHA-256, signed attributes contentType, messageDigest and
// signingTime, the signer certificate inside, signer id issuerAndSerialNumber.

var (
	oidSignedData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidLDS             = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 1}
	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidContentType     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
)

const (
	cmsVersion    = 3  // because the content is not id-data
	signerVersion = 1  // because the signer id is issuerAndSerialNumber
	maxSignature  = 72 // bytes of an ECDSA signature on P-256 in DER, at most
	maxGroups     = 16
	country       = "ID" // of the signer: the state of the zone, IDN, in two letters
)

type algorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content signedData `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      []algorithm `asn1:"set"`
	Encapsulated encapsulated
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Signers      []signerInfo  `asn1:"set"`
}

type encapsulated struct {
	Type    asn1.ObjectIdentifier
	Content []byte `asn1:"explicit,tag:0"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type signerInfo struct {
	Version    int
	ID         issuerAndSerial
	Digest     algorithm
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm  algorithm
	Signature  []byte
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type groupHash struct {
	Number int
	Hash   []byte
}

type ldsSecurityObject struct {
	Version int
	Digest  algorithm
	Hashes  []groupHash
}

// encodeSOD builds EF.SOD over the hashes of the data groups. sign gets the SHA-256 of the
// signed attributes and returns a DER signature.
func encodeSOD(hashes map[int][]byte, cert *x509.Certificate, at time.Time, sign func(digest []byte) ([]byte, error)) ([]byte, error) {
	const op = "chipdata.encodeSOD"
	lds := ldsSecurityObject{Digest: algorithm{OID: oidSHA256}}
	for _, n := range slices.Sorted(maps.Keys(hashes)) {
		lds.Hashes = append(lds.Hashes, groupHash{n, hashes[n]})
	}
	content, err := asn1.Marshal(lds)
	if err != nil {
		return nil, signerUnusable.At(op, err)
	}
	attributes, err := signedAttributes(content, at)
	if err != nil {
		return nil, signerUnusable.At(op, err)
	}
	digest := sha256.Sum256(attributes)
	signature, err := sign(digest[:])
	if err != nil {
		return nil, signerUnusable.At(op, err)
	}
	implicit := slices.Clone(attributes)
	implicit[0] = derContext0 // [0] IMPLICIT in place of SET
	der, err := asn1.Marshal(contentInfo{oidSignedData, signedData{
		Version: cmsVersion, Digests: []algorithm{{OID: oidSHA256}},
		Encapsulated: encapsulated{oidLDS, content},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: cert.Raw},
		Signers: []signerInfo{{
			Version: signerVersion, ID: issuerAndSerial{asn1.RawValue{FullBytes: cert.RawIssuer}, cert.SerialNumber},
			Digest: algorithm{OID: oidSHA256}, Attributes: asn1.RawValue{FullBytes: implicit},
			Algorithm: algorithm{OID: oidECDSAWithSHA256}, Signature: signature,
		}},
	}})
	if err != nil {
		return nil, signerUnusable.At(op, err)
	}
	return AppendTLV(nil, 0x77, der...), nil
}

// signedAttributes is the DER of the SET that is signed.
func signedAttributes(content []byte, at time.Time) ([]byte, error) {
	sum := sha256.Sum256(content)
	var list []attribute
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidLDS}, {oidMessageDigest, sum[:]}, {oidSigningTime, at.UTC()}} {
		der, err := asn1.Marshal(a.value)
		if err != nil {
			return nil, err
		}
		list = append(list, attribute{a.oid, []asn1.RawValue{{FullBytes: der}}})
	}
	return asn1.MarshalWithParams(list, "set")
}

// certificateOf reads the signer's certificate and checks that the signer can make a SOD of
// the profile at a time: P-256, country ID, digitalSignature, certificate and private key in use.
func certificateOf(s Signer, at time.Time) (*x509.Certificate, error) {
	const op = "chipdata.certificateOf"
	cert, err := x509.ParseCertificate(s.Certificate)
	if err != nil {
		return nil, signerUnusable.At(op, err).With("certificate", "cannot be read")
	}
	if reason := signerReason(cert); reason != "" {
		return nil, signerUnusable.At(op, nil).With("certificate", "%s", reason)
	}
	if !maySignAt(cert, at) {
		return nil, signerUnusable.At(op, nil).With("certificate", "it or its private key may not be used at %s", at.UTC().Format(time.RFC3339))
	}
	if s.Key == nil {
		return nil, signerUnusable.At(op, nil).With("key", "is missing")
	}
	if pub, ok := s.Key.Public().(*ecdsa.PublicKey); !ok || !pub.Equal(cert.PublicKey) {
		return nil, signerUnusable.At(op, nil).With("key", "is not the one of the certificate")
	}
	return cert, nil
}

// signerReason says why a certificate cannot sign documents, or "".
func signerReason(cert *x509.Certificate) string {
	pub, ok := cert.PublicKey.(*ecdsa.PublicKey)
	switch {
	case !ok || pub.Curve.Params().BitSize != 256 || pub.Curve.Params().Name != "P-256":
		return "its key is not on P-256"
	case len(cert.Subject.Country) != 1 || cert.Subject.Country[0] != country || len(cert.Issuer.Country) != 1 || cert.Issuer.Country[0] != country:
		return "its country is not " + country
	case cert.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return "it may not sign documents"
	case cert.IsCA:
		return "it is an authority, not a signer"
	case len(cert.UnhandledCriticalExtensions) > 0:
		return "it has a critical extension that is not known"
	}
	return ""
}

// sealSOD signs with the signer and checks the signature against the certificate at once.
func sealSOD(hashes map[int][]byte, s Signer, at time.Time) ([]byte, error) {
	cert, err := certificateOf(s, at)
	if err != nil {
		return nil, err
	}
	return encodeSOD(hashes, cert, at, func(digest []byte) ([]byte, error) {
		sig, err := s.Key.Sign(nil, digest, crypto.SHA256)
		if err != nil {
			return nil, err
		}
		if !ecdsa.VerifyASN1(cert.PublicKey.(*ecdsa.PublicKey), digest, sig) {
			return nil, signerUnusable.At("chipdata.sealSOD", nil).With("signature", "does not verify under the certificate")
		}
		return sig, nil
	})
}

// sodReserve is the size that EF.SOD has at most with this certificate and so many data groups.
func sodReserve(groups []int, cert *x509.Certificate) (int, error) {
	hashes := map[int][]byte{}
	for _, n := range groups {
		hashes[n] = make([]byte, hashSize)
	}
	long := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // the length of UTCTime does not depend on the time
	b, err := encodeSOD(hashes, cert, long, func([]byte) ([]byte, error) { return make([]byte, maxSignature), nil })
	return len(b), err
}

// SOD is EF.SOD after passive authentication.
type SOD struct {
	Hashes      map[int][]byte // data group number to SHA-256
	Signer      *x509.Certificate
	Anchor      *x509.Certificate // the CSCA that issued Signer; nil from ParseSOD
	SigningTime time.Time         // what the signer says
}

// SignedInTime reports whether the signing time lies in the validity of signer and anchor, and in
// the time in which the signer's private key might be used.
func (s SOD) SignedInTime() bool {
	if s.Signer == nil || s.Anchor == nil || s.SigningTime.Before(s.Anchor.NotBefore) || s.SigningTime.After(s.Anchor.NotAfter) {
		return false
	}
	return maySignAt(s.Signer, s.SigningTime)
}

// Check compares a data group with its hash.
func (s SOD) Check(group int, file []byte) bool {
	sum := sha256.Sum256(file)
	return bytes.Equal(s.Hashes[group], sum[:])
}

// ParseSOD reads EF.SOD and checks everything that needs no anchor: its form, the digest of the
// content and the signature under the certificate inside. It proves nothing about the card.
func ParseSOD(b []byte) (SOD, error) {
	const op, file = "chipdata.ParseSOD", "EF.SOD"
	der, err := only(b, 0x77)
	if err != nil {
		return SOD{}, inFile(op, file, err)
	}
	var ci contentInfo
	if rest, err := asn1.Unmarshal(der, &ci); err != nil || len(rest) > 0 {
		return SOD{}, malformed(op, file, "no CMS SignedData")
	}
	if again, err := asn1.Marshal(ci); err != nil || !bytes.Equal(again, der) {
		return SOD{}, malformed(op, file, "not in DER")
	}
	sd := ci.Content
	switch {
	case !ci.Type.Equal(oidSignedData) || sd.Version != cmsVersion || !sd.Encapsulated.Type.Equal(oidLDS):
		return SOD{}, malformed(op, file, "not SignedData version %d of an LDSSecurityObject", cmsVersion)
	case len(sd.Digests) != 1 || !sd.Digests[0].OID.Equal(oidSHA256):
		return SOD{}, malformed(op, file, "the digest is not SHA-256 alone")
	case len(sd.Signers) != 1:
		return SOD{}, malformed(op, file, "%d signers, expected 1", len(sd.Signers))
	case !sd.Certificates.IsCompound:
		return SOD{}, malformed(op, file, "no certificates")
	}
	cert, err := x509.ParseCertificate(sd.Certificates.Bytes)
	if err != nil {
		return SOD{}, fileMalformed.At(op, err).With(file, "not exactly one signer certificate inside")
	}
	if reason := signerReason(cert); reason != "" {
		return SOD{}, sodUntrusted.At(op, nil).With(file, "the signer certificate: %s", reason)
	}
	s := SOD{Signer: cert}
	if s.SigningTime, err = checkSigner(sd.Signers[0], sd.Encapsulated.Content, cert); err != nil {
		return SOD{}, err
	}
	if s.Hashes, err = parseLDS(sd.Encapsulated.Content); err != nil {
		return SOD{}, err
	}
	return s, nil
}

func parseLDS(content []byte) (map[int][]byte, error) {
	const op, file = "chipdata.ParseSOD", "EF.SOD"
	var lds ldsSecurityObject
	if rest, err := asn1.Unmarshal(content, &lds); err != nil || len(rest) > 0 || lds.Version != 0 || !lds.Digest.OID.Equal(oidSHA256) {
		return nil, malformed(op, file, "no LDSSecurityObject version 0 with SHA-256")
	}
	if again, err := asn1.Marshal(lds); err != nil || !bytes.Equal(again, content) {
		return nil, malformed(op, file, "the LDSSecurityObject is not in DER")
	}
	out, last := map[int][]byte{}, 0
	for _, h := range lds.Hashes {
		if h.Number <= last || h.Number > maxGroups || len(h.Hash) != hashSize {
			return nil, malformed(op, file, "the data groups are not in order or a hash has the wrong size")
		}
		out[h.Number], last = h.Hash, h.Number
	}
	if len(out) == 0 {
		return nil, malformed(op, file, "no data group is listed")
	}
	return out, nil
}

// checkSigner checks the signer info against content and certificate and returns the signing time.
func checkSigner(si signerInfo, content []byte, cert *x509.Certificate) (at time.Time, err error) {
	const op, file = "chipdata.ParseSOD", "EF.SOD"
	switch {
	case si.Version != signerVersion || !bytes.Equal(si.ID.Issuer.FullBytes, cert.RawIssuer) || si.ID.Serial == nil || si.ID.Serial.Cmp(cert.SerialNumber) != 0:
		return at, malformed(op, file, "the signer id is not the certificate inside")
	case !si.Digest.OID.Equal(oidSHA256) || !si.Algorithm.OID.Equal(oidECDSAWithSHA256):
		return at, malformed(op, file, "not ECDSA with SHA-256")
	case len(si.Attributes.FullBytes) == 0 || si.Attributes.FullBytes[0] != derContext0:
		return at, malformed(op, file, "no signed attributes")
	}
	set := slices.Clone(si.Attributes.FullBytes)
	set[0] = derSet
	var list []attribute
	if rest, err := asn1.UnmarshalWithParams(set, &list, "set"); err != nil || len(rest) > 0 {
		return at, malformed(op, file, "the signed attributes cannot be read")
	}
	if again, err := asn1.MarshalWithParams(list, "set"); err != nil || !bytes.Equal(again, set) {
		return at, malformed(op, file, "the signed attributes are not in DER")
	}
	values := map[string][]byte{}
	for _, a := range list {
		if _, twice := values[a.Type.String()]; twice || len(a.Values) != 1 {
			return at, malformed(op, file, "a signed attribute stands twice or has not one value")
		}
		values[a.Type.String()] = a.Values[0].FullBytes
	}
	var kind asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(values[oidContentType.String()], &kind); err != nil || len(rest) > 0 || !kind.Equal(oidLDS) {
		return at, malformed(op, file, "the attribute contentType is missing or wrong")
	}
	if rest, err := asn1.Unmarshal(values[oidSigningTime.String()], &at); err != nil || len(rest) > 0 {
		return at, malformed(op, file, "the attribute signingTime is missing or wrong")
	}
	var digest []byte
	if rest, err := asn1.Unmarshal(values[oidMessageDigest.String()], &digest); err != nil || len(rest) > 0 {
		return at, malformed(op, file, "the attribute messageDigest is missing or wrong")
	}
	if sum := sha256.Sum256(content); !bytes.Equal(digest, sum[:]) {
		return at, sodUntrusted.At(op, nil).With(file, "the content is not the one that was signed")
	}
	sum := sha256.Sum256(set)
	if !ecdsa.VerifyASN1(cert.PublicKey.(*ecdsa.PublicKey), sum[:], si.Signature) {
		return at, sodUntrusted.At(op, nil).With(file, "the signature is wrong")
	}
	return at, nil
}

// VerifySOD is passive authentication of EF.SOD (Doc 9303-11, 5.1) against the CSCA anchors:
// ParseSOD, and the signer certificate issued by one of them. The caller compares the data
// groups (SOD.Check) and judges the time (SOD.SignedInTime). A wrong signature or an unknown issuer is
// fault code chipdata.sod_untrusted, a wrong form chipdata.file_malformed.
func VerifySOD(b []byte, anchors []*x509.Certificate) (SOD, error) {
	s, err := ParseSOD(b)
	if err != nil {
		return SOD{}, err
	}
	for _, a := range anchors {
		if a.IsCA && bytes.Equal(a.RawSubject, s.Signer.RawIssuer) && s.Signer.CheckSignatureFrom(a) == nil {
			s.Anchor = a
			return s, nil
		}
	}
	return SOD{}, sodUntrusted.At("chipdata.VerifySOD", nil).With("EF.SOD", "no anchor issued the signer certificate")
}
