package inspect_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"
)

// EF.SOD as a strict reader takes it apart (Doc 9303-10, 4.6.2; RFC 5652).
type (
	strictContentInfo struct {
		Type    asn1.ObjectIdentifier
		Content strictSignedData `asn1:"explicit,tag:0"`
	}
	strictSignedData struct {
		Version      int
		Digests      []strictAlgorithm `asn1:"set"`
		Content      strictContent
		Certificates asn1.RawValue  `asn1:"optional,tag:0"`
		CRLs         asn1.RawValue  `asn1:"optional,tag:1"`
		Signers      []strictSigner `asn1:"set"`
	}
	strictContent struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"explicit,tag:0"`
	}
	strictSigner struct {
		Version int
		ID      struct {
			Issuer asn1.RawValue
			Serial *big.Int
		}
		Digest     strictAlgorithm
		Attributes asn1.RawValue `asn1:"optional,tag:0"`
		Algorithm  strictAlgorithm
		Signature  []byte
		Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
	}
	strictAlgorithm struct {
		OID        asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	strictAttribute struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	strictLDS struct {
		Version int
		Digest  strictAlgorithm
		Hashes  []struct {
			Group int
			Hash  []byte
		}
		Info asn1.RawValue `asn1:"optional"`
	}
)

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidLDSObject     = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 1}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidDocumentTypes = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 6, 2}
)

// unmarshal takes DER apart; anything left over ends the test.
func (s *subject) unmarshal(der []byte, into any, params string) {
	s.t.Helper()
	if rest, err := asn1.UnmarshalWithParams(der, into, params); err != nil || len(rest) > 0 {
		s.t.Fatalf("%s: %d bytes left over, %v", s.name, len(rest), err)
	}
}

func (s *subject) sod() strictSignedData {
	s.t.Helper()
	var info strictContentInfo
	s.unmarshal(soleObject(s.t, s.files[0x011D], 0x77), &info, "")
	if !info.Type.Equal(oidSignedData) {
		s.t.Fatalf("%s: content type %v", s.name, info.Type)
	}
	return info.Content
}

func (s *subject) signer() strictSigner {
	s.t.Helper()
	sd := s.sod()
	if len(sd.Signers) != 1 {
		s.t.Fatalf("%s: %d signers", s.name, len(sd.Signers))
	}
	return sd.Signers[0]
}

func (s *subject) signerCertificate() *x509.Certificate {
	s.t.Helper()
	cert, err := x509.ParseCertificate(s.sod().Certificates.Bytes) // fails on a second one
	if err != nil {
		s.t.Fatalf("%s: %v", s.name, err)
	}
	return cert
}

func (s *subject) lds() strictLDS {
	s.t.Helper()
	var lds strictLDS
	s.unmarshal(s.sod().Content.Content, &lds, "")
	return lds
}

// attributes are the signed attributes by type, each once with one value, and the SET that is signed.
func (s *subject) attributes() (values map[string][]byte, set []byte) {
	s.t.Helper()
	set = bytes.Clone(s.signer().Attributes.FullBytes)
	if len(set) == 0 || set[0] != 0xA0 {
		s.t.Fatalf("%s: no signed attributes", s.name)
	}
	set[0] = 0x31
	var list []strictAttribute
	s.unmarshal(set, &list, "set")
	values = map[string][]byte{}
	for _, a := range list {
		if _, twice := values[a.Type.String()]; twice || len(a.Values) != 1 {
			s.t.Fatalf("%s: attribute %v", s.name, a.Type)
		}
		values[a.Type.String()] = a.Values[0].FullBytes
	}
	return values, set
}

// plainAlgorithm: parameters absent, or NULL (RFC 5754, 2).
func (a strictAlgorithm) is(oid asn1.ObjectIdentifier) bool {
	return a.OID.Equal(oid) && (len(a.Parameters.FullBytes) == 0 || bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes))
}

var sodRows = []strictRow{
	{name: "tag 77 around ContentInfo of SignedData, DER", who: "pymrtd, gmrtd", check: func(s *subject) {
		var info strictContentInfo
		der := soleObject(s.t, s.files[0x011D], 0x77)
		s.unmarshal(der, &info, "")
		again, err := asn1.Marshal(info)
		s.check(err == nil && bytes.Equal(again, der), "not in DER: %v", err)
	}},
	{name: "SignedData version 3", who: "pymrtd; Doc 9303-10, 4.6.2.2", check: func(s *subject) {
		v := s.sod().Version
		s.check(v == 3, "version %d", v)
	}},
	{name: "content type is that of the LDS security object", who: "pymrtd in strict mode, gmrtd", check: func(s *subject) {
		t := s.sod().Content.Type
		s.check(t.Equal(oidLDSObject), "content type %v", t)
	}},
	{name: "one digest algorithm, SHA-256", who: "Doc 9303-10, 4.6.2.2", check: func(s *subject) {
		list := s.sod().Digests
		s.check(len(list) == 1 && list[0].is(oidSHA256), "digest algorithms %v", list)
	}},
	{name: "one certificate inside, no revocation list", who: "Doc 9303-10, 4.6.2.2", check: func(s *subject) {
		sd := s.sod()
		s.check(sd.Certificates.IsCompound && len(sd.CRLs.FullBytes) == 0, "certificates %v", sd.Certificates.IsCompound)
		s.signerCertificate()
	}},
	{name: "signer info version 1 by issuer and serial number", who: "pymrtd (version 1 or 3, with the kind of signer id that belongs to it)", check: func(s *subject) {
		si, cert := s.signer(), s.signerCertificate()
		s.check(si.Version == 1, "version %d", si.Version)
		s.check(bytes.Equal(si.ID.Issuer.FullBytes, cert.RawIssuer) && si.ID.Serial.Cmp(cert.SerialNumber) == 0, "the id is not that of the certificate")
	}},
	{name: "digest SHA-256, signature ECDSA with SHA-256", who: "pymrtd, gmrtd, OpenSSL", check: func(s *subject) {
		si := s.signer()
		s.check(si.Digest.is(oidSHA256), "digest %v", si.Digest.OID)
		s.check(si.Algorithm.OID.Equal(oidECDSASHA256) && len(si.Algorithm.Parameters.FullBytes) == 0, "algorithm %v", si.Algorithm) // RFC 5758, 3.2
		s.check(len(si.Unsigned.FullBytes) == 0, "unsigned attributes")
	}},
	{name: "signed attributes content type, message digest and signing time", who: "pymrtd (the first two), OpenSSL", check: func(s *subject) {
		values, _ := s.attributes()
		s.check(len(values) == 3, "%d attributes", len(values))
		var kind asn1.ObjectIdentifier
		s.unmarshal(values[oidContentType.String()], &kind, "")
		s.check(kind.Equal(s.sod().Content.Type), "content type %v", kind)
		var digest []byte
		s.unmarshal(values[oidMessageDigest.String()], &digest, "")
		sum := sha256.Sum256(s.sod().Content.Content)
		s.check(bytes.Equal(digest, sum[:]), "message digest")
		var at time.Time
		s.unmarshal(values[oidSigningTime.String()], &at, "")
		cert := s.signerCertificate()
		s.check(at.After(cert.NotBefore) && at.Before(cert.NotAfter), "signed at %v", at)
	}},
	{name: "signed attributes are a SET in DER order", who: "pymrtd (it encodes them anew)", check: func(s *subject) {
		_, set := s.attributes()
		var list []asn1.RawValue
		s.unmarshal(set, &list, "set")
		s.check(slices.IsSortedFunc(list, func(a, b asn1.RawValue) int { return bytes.Compare(a.FullBytes, b.FullBytes) }), "not sorted")
	}},
	{name: "signature over the attributes as a SET", who: "pymrtd, gmrtd, OpenSSL", check: func(s *subject) {
		_, set := s.attributes()
		sum := sha256.Sum256(set)
		key, ok := s.signerCertificate().PublicKey.(*ecdsa.PublicKey)
		s.check(ok && ecdsa.VerifyASN1(key, sum[:], s.signer().Signature), "wrong")
	}},
	{name: "LDS security object version 0 without version info", who: "pymrtd (0 or 1)", check: func(s *subject) {
		lds := s.lds()
		s.check(lds.Version == 0 && len(lds.Info.FullBytes) == 0 && lds.Digest.is(oidSHA256), "version %d, digest %v", lds.Version, lds.Digest.OID)
	}},
	{name: "hashes in the order of the data groups, each once", who: "Doc 9303-10, 4.6.2.3", check: func(s *subject) {
		last := 0
		for _, h := range s.lds().Hashes {
			s.check(h.Group > last && h.Group <= 16 && len(h.Hash) == 32, "DG%d behind DG%d, %d bytes", h.Group, last, len(h.Hash))
			last = h.Group
		}
	}},
}

var signerRows = []strictRow{
	{name: "country in capitals, the issuing state of the zone", who: "gmrtd", check: func(s *subject) {
		const alpha2, alpha3 = "ID", "IDN" // ISO 3166-1
		cert := s.signerCertificate()
		for _, c := range [][]string{cert.Subject.Country, cert.Issuer.Country, s.csca.Subject.Country, s.csca.Issuer.Country} {
			s.check(len(c) == 1 && c[0] == alpha2, "country %v", c)
		}
		state := zoneLines(s.t, s.files[0x0101])[0][2:5]
		s.check(state == alpha3, "state %s", state)
	}},
	{name: "digital signature alone, and no authority", who: "pymrtd; Doc 9303-12, 7.1.1", check: func(s *subject) {
		cert := s.signerCertificate()
		s.check(cert.KeyUsage == x509.KeyUsageDigitalSignature && !cert.IsCA, "usage %b, authority %v", cert.KeyUsage, cert.IsCA)
	}},
	{name: "issued by the CSCA, named by its key identifier", who: "gmrtd, OpenSSL", check: func(s *subject) {
		cert := s.signerCertificate()
		s.check(cert.CheckSignatureFrom(s.csca) == nil && bytes.Equal(cert.RawIssuer, s.csca.RawSubject), "not by the CSCA")
		s.check(len(cert.AuthorityKeyId) > 0 && bytes.Equal(cert.AuthorityKeyId, s.csca.SubjectKeyId), "key identifier %X", cert.AuthorityKeyId)
	}},
	{name: "CSCA with path length 0 that may sign certificates and lists", who: "pymrtd", check: func(s *subject) {
		c := s.csca
		s.check(c.IsCA && c.MaxPathLen == 0 && c.MaxPathLenZero && c.KeyUsage&(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) == x509.KeyUsageCertSign|x509.KeyUsageCRLSign, "path length %d, usage %b", c.MaxPathLen, c.KeyUsage)
	}},
	{name: "document types name the code of the zone", who: "Doc 9303-12, 7.1.1.6 (pymrtd reads it)", check: func(s *subject) {
		var list struct {
			Version int
			Types   []asn1.RawValue `asn1:"set"`
		}
		for _, e := range s.signerCertificate().Extensions {
			if e.Id.Equal(oidDocumentTypes) {
				s.unmarshal(e.Value, &list, "")
			}
		}
		code := string(bytes.TrimRight([]byte(zoneLines(s.t, s.files[0x0101])[0][:2]), "<"))
		s.check(list.Version == 0 && len(list.Types) == 1 && list.Types[0].Tag == asn1.TagPrintableString && string(list.Types[0].Bytes) == code, "%+v", list)
	}},
}
