package icao

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"

	"blanko/chipdata"
)

// Object identifiers of the protocols (Doc 9303-11, 9.2; BSI TR-03110-3, A.1).
var (
	oidPACE      = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 4, 2, 2} // id-PACE-ECDH-GM-AES-CBC-CMAC-128
	oidChipAuth  = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 3, 2, 2} // id-CA-ECDH-AES-CBC-CMAC-128
	oidPKECDH    = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 1, 2}    // id-PK-ECDH
	oidActive    = asn1.ObjectIdentifier{2, 23, 136, 1, 1, 5}               // id-icao-mrtd-security-aaProtocolObject
	oidECKey     = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}            // id-ecPublicKey
	oidPrime     = asn1.ObjectIdentifier{1, 2, 840, 10045, 1, 1}            // prime-field
	oidPlainECDS = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 3} // ecdsa-plain-SHA256
)

// SecurityInfos is what EF.CardAccess or DG14 announces, as far as this reader knows it. What it does
// not know is left out; that is no error.
type SecurityInfos struct {
	PACE       []int // parameter ids under which PACE is offered as this reader speaks it
	sets       int   // sets of parameters for this protocol, known or not
	chipAuth   []chipAuth
	keys       []chipKey
	ActiveAuth bool // ecdsa-plain-SHA256
	Others     int  // infos that this reader does not know
}

// chipAuth is ChipAuthenticationInfo with AES-128.
type chipAuth struct{ keyID *big.Int }

// chipKey is ChipAuthenticationPublicKeyInfo.
type chipKey struct {
	keyID  *big.Int
	curve  *curve
	public point
}

// OffersPACE reports whether PACE can be run with this reader.
func (s SecurityInfos) OffersPACE() bool { return len(s.PACE) > 0 }

// Agrees reports whether everything that EF.CardAccess announced for PACE is announced here too, in the
// signed DG14 (Doc 9303-11, 4.4.2): what was announced in the open may have been altered.
func (s SecurityInfos) Agrees(cardAccess SecurityInfos) bool {
	for _, id := range cardAccess.PACE {
		if !slices.Contains(s.PACE, id) {
			return false
		}
	}
	return true
}

// chipAuthentication picks the first info that has its key.
func (s SecurityInfos) chipAuthentication() (chipAuth, chipKey, bool) {
	for _, ca := range s.chipAuth {
		for _, k := range s.keys {
			if ca.keyID == nil || k.keyID != nil && ca.keyID.Cmp(k.keyID) == 0 {
				return ca, k, true
			}
		}
	}
	return chipAuth{}, chipKey{}, false
}

// Limits on what a card may announce.
const (
	maxInfos     = 64
	maxInfosSize = 8192 // bytes; EF.CardAccess of issued documents has 20 to 300
	maxKeyID     = 8    // bytes
)

// Versions that this reader speaks. Version 2 of chip authentication belongs to identity cards with
// terminal authentication.
const (
	versionPACE = 2
	versionCA   = 1
)

type securityInfo struct {
	Protocol asn1.ObjectIdentifier
	Required asn1.RawValue
	Optional asn1.RawValue `asn1:"optional"`
}

// ParseSecurityInfos reads SecurityInfos ::= SET OF SecurityInfo, the content of EF.CardAccess. A form
// that is not DER, or a known info of the wrong form, is fault code icao.answer_malformed.
func ParseSecurityInfos(b []byte) (SecurityInfos, error) {
	const op = "icao.ParseSecurityInfos"
	bad := func(format string, args ...any) (SecurityInfos, error) {
		return SecurityInfos{}, AnswerMalformed.At(op, nil).With("SecurityInfos", format, args...)
	}
	if len(b) > maxInfosSize {
		return bad("%d bytes, at most %d", len(b), maxInfosSize)
	}
	var list []securityInfo
	if rest, err := asn1.UnmarshalWithParams(b, &list, "set"); err != nil || len(rest) > 0 || len(list) > maxInfos {
		return bad("no SET of at most %d infos", maxInfos)
	}
	var out SecurityInfos
	for _, i := range list {
		switch {
		case i.Protocol.Equal(oidPACE):
			version, ok := smallInt(i.Required)
			if !ok {
				return bad("the version of PACEInfo is no small number")
			}
			id, ok := smallInt(i.Optional)
			if !ok && len(i.Optional.FullBytes) > 0 {
				return bad("the parameter id of PACEInfo is no small number")
			}
			if version == versionPACE {
				out.sets++
			}
			if version != versionPACE || !ok || curveByParam(id) == nil {
				out.Others++
				continue
			}
			out.PACE = append(out.PACE, id)
		case i.Protocol.Equal(oidChipAuth):
			version, ok := smallInt(i.Required)
			if !ok {
				return bad("the version of ChipAuthenticationInfo is no small number")
			}
			id, ok := keyID(i.Optional)
			if !ok {
				return bad("the key id of ChipAuthenticationInfo is no number")
			}
			if version != versionCA {
				out.Others++
				continue
			}
			out.chipAuth = append(out.chipAuth, chipAuth{id})
		case i.Protocol.Equal(oidPKECDH):
			k, known, reason := publicKey(i)
			if reason != "" {
				return bad("ChipAuthenticationPublicKeyInfo: %s", reason)
			}
			if !known {
				out.Others++
				continue
			}
			out.keys = append(out.keys, k)
		case i.Protocol.Equal(oidActive):
			var alg asn1.ObjectIdentifier
			rest, err := asn1.Unmarshal(i.Optional.FullBytes, &alg)
			if version, ok := smallInt(i.Required); !ok || version != 1 || err != nil || len(rest) > 0 {
				return bad("ActiveAuthenticationInfo is not of version 1 with an algorithm")
			}
			out.ActiveAuth = out.ActiveAuth || alg.Equal(oidPlainECDS)
		default:
			out.Others++
		}
	}
	return out, nil
}

// ParseDG14 reads the SecurityInfos of DG14.
func ParseDG14(b []byte) (SecurityInfos, error) {
	const op, tag = "icao.ParseDG14", 0x6E
	t, rest, err := chipdata.NextTLV(b)
	if err != nil || t.Tag != tag || len(rest) > 0 {
		return SecurityInfos{}, AnswerMalformed.At(op, err).With("DG14", "not one data object %X", tag)
	}
	return ParseSecurityInfos(t.Value)
}

// smallInt reads an INTEGER from 0 to 255.
func smallInt(v asn1.RawValue) (n int, ok bool) {
	if len(v.FullBytes) == 0 {
		return 0, false
	}
	rest, err := asn1.Unmarshal(v.FullBytes, &n)
	return n, err == nil && len(rest) == 0 && n >= 0 && n <= 0xFF
}

// keyID reads an optional INTEGER of zero or more; nil where there is none.
func keyID(v asn1.RawValue) (n *big.Int, ok bool) {
	if len(v.FullBytes) == 0 {
		return nil, true
	}
	rest, err := asn1.Unmarshal(v.FullBytes, &n)
	if err != nil || len(rest) > 0 || n.Sign() < 0 || len(n.Bytes()) > maxKeyID {
		return nil, false
	}
	return n, true
}

func curveByParam(id int) *curve {
	for _, c := range curves {
		if c.paramID == id {
			return c
		}
	}
	return nil
}

type subjectPublicKey struct {
	Algorithm struct {
		OID        asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	Key asn1.BitString
}

// explicitCurve is SpecifiedECDomain (X9.62; Doc 9303-12 asks for it).
type explicitCurve struct {
	Version int
	Field   struct {
		Type  asn1.ObjectIdentifier
		Prime *big.Int
	}
	Curve struct {
		A, B []byte
		Seed asn1.BitString `asn1:"optional"`
	}
	Generator []byte
	Order     *big.Int
	Cofactor  *big.Int `asn1:"optional"`
}

// publicKey reads the key of a ChipAuthenticationPublicKeyInfo. known is false for a key on a curve
// that this reader does not have.
func publicKey(i securityInfo) (k chipKey, known bool, reason string) {
	var spki subjectPublicKey
	if rest, err := asn1.Unmarshal(i.Required.FullBytes, &spki); err != nil || len(rest) > 0 {
		return k, false, "no SubjectPublicKeyInfo"
	}
	id, ok := keyID(i.Optional)
	if !ok {
		return k, false, "the key id is no number"
	}
	if k.keyID = id; !spki.Algorithm.OID.Equal(oidECKey) {
		return k, false, ""
	}
	if k.curve, reason = curveOf(spki.Algorithm.Parameters); k.curve == nil {
		return k, false, reason
	}
	if k.public, ok = k.curve.decode(spki.Key.Bytes); !ok || spki.Key.BitLength != len(spki.Key.Bytes)*8 {
		return k, false, "the key is no uncompressed point on its curve"
	}
	return k, true, ""
}

// curveOf finds the curve by its name or by its explicit parameters; nil without a reason for one
// that is not known.
func curveOf(v asn1.RawValue) (c *curve, reason string) {
	var name asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(v.FullBytes, &name); err == nil && len(rest) == 0 {
		for _, c := range curves {
			if c.namedByOID == name.String() {
				return c, ""
			}
		}
		return nil, ""
	}
	var e explicitCurve
	if rest, err := asn1.Unmarshal(v.FullBytes, &e); err != nil || len(rest) > 0 || e.Field.Prime == nil || e.Order == nil {
		return nil, "the parameters of its curve cannot be read"
	}
	for _, c := range curves {
		if e.Field.Type.Equal(oidPrime) && e.Field.Prime.Cmp(c.p) == 0 {
			same := new(big.Int).SetBytes(e.Curve.A).Cmp(c.a) == 0 && new(big.Int).SetBytes(e.Curve.B).Cmp(c.b) == 0 &&
				e.Order.Cmp(c.n) == 0 && bytes.Equal(e.Generator, c.encode(c.generator())) && (e.Cofactor == nil || e.Cofactor.Cmp(big.NewInt(1)) == 0)
			if !same { // a known field with other numbers is no accident
				return nil, "its curve is not the one whose prime it has"
			}
			return c, ""
		}
	}
	return nil, ""
}
