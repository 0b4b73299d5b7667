package chip

import (
	"crypto/ecdh"
	"crypto/elliptic"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
)

// PublicKey is a key of the chip as DG14 or DG15 publishes it.
type PublicKey struct {
	Curve string `json:"curve"`
	Point string `json:"point"` // uncompressed, hex
}

// SecurityInfos is DG14 (Doc 9303-11, 9.2).
type SecurityInfos struct {
	OIDs               []string   `json:"oids"` // in file order
	ChipAuthentication *PublicKey `json:"chip_authentication,omitempty"`
}

var (
	oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidP256        = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidPKECDH      = asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 1, 2} // id-PK-ECDH
)

type subjectPublicKeyInfo struct {
	Algorithm struct {
		OID   asn1.ObjectIdentifier
		Curve asn1.ObjectIdentifier
	}
	Key asn1.BitString
}

// parsePublicKey reads a SubjectPublicKeyInfo on the named curve P-256 and checks the point.
func parsePublicKey(der []byte) (*PublicKey, error) {
	var spki subjectPublicKeyInfo
	if err := exactASN1(der, &spki); err != nil {
		return nil, fmt.Errorf("SubjectPublicKeyInfo: %w", err)
	}
	if !spki.Algorithm.OID.Equal(oidECPublicKey) || !spki.Algorithm.Curve.Equal(oidP256) {
		return nil, fmt.Errorf("key %v on curve %v is not P-256", spki.Algorithm.OID, spki.Algorithm.Curve)
	}
	if _, err := ecdh.P256().NewPublicKey(spki.Key.Bytes); err != nil || spki.Key.BitLength != 8*pointSize {
		return nil, errors.New("the point is not on P-256")
	}
	return &PublicKey{Curve: elliptic.P256().Params().Name, Point: hex.EncodeToString(spki.Key.Bytes)}, nil
}

func parseDG15(b []byte) (*PublicKey, error) {
	body, err := unwrapTLV(b, 0x6F)
	if err != nil {
		return nil, err
	}
	return parsePublicKey(body)
}

func parseDG14(b []byte) (*SecurityInfos, error) {
	body, err := unwrapTLV(b, 0x6E)
	if err != nil {
		return nil, err
	}
	var set []asn1.RawValue
	if rest, err := asn1.UnmarshalWithParams(body, &set, "set"); err != nil || len(rest) != 0 {
		return nil, fmt.Errorf("SecurityInfos: %v", err)
	}
	s := &SecurityInfos{OIDs: []string{}}
	for _, info := range set {
		var oid asn1.ObjectIdentifier
		rest, err := asn1.Unmarshal(info.Bytes, &oid)
		if err != nil {
			return s, fmt.Errorf("SecurityInfo: %w", err)
		}
		s.OIDs = append(s.OIDs, oid.String())
		if !oid.Equal(oidPKECDH) {
			continue
		}
		var spki asn1.RawValue
		if _, err := asn1.Unmarshal(rest, &spki); err != nil {
			return s, fmt.Errorf("chip authentication key: %w", err)
		}
		if s.ChipAuthentication, err = parsePublicKey(spki.FullBytes); err != nil {
			return s, err
		}
	}
	return s, nil
}
