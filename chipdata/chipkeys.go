package chipdata

import (
	"bytes"
	"crypto/ecdh"
	"slices"
)

// DG14 and DG15 hold the public keys that the card made: P-256 with a named curve.
const pointSize = 65 // uncompressed point 04 x y

// spkiP256 is SubjectPublicKeyInfo of a P-256 key up to the point (RFC 5480): id-ecPublicKey,
// prime256v1.
var spkiP256 = []byte{
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
	0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
}

// SecurityInfos of DG14, all but the key (BSI TR-03110-3, A.1; Doc 9303-11, 9.2).
var (
	// PACEInfo: id-PACE-ECDH-GM-AES-CBC-CMAC-128, version 2, parameter id 12 (P-256); the copy of EF.CardAccess.
	paceInfo = []byte{
		0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02,
		0x02, 0x01, 0x02, 0x02, 0x01, 0x0C,
	}
	// ChipAuthenticationInfo: id-CA-ECDH-AES-CBC-CMAC-128, version 1.
	chipAuthInfo = []byte{
		0x30, 0x0F, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02,
		0x02, 0x01, 0x01,
	}
	// ActiveAuthenticationInfo: id-icao-mrtd-security-aaProtocolObject, version 1, ecdsa-plain-SHA256.
	activeAuthInfo = []byte{
		0x30, 0x17, 0x06, 0x06, 0x67, 0x81, 0x08, 0x01, 0x01, 0x05, 0x02, 0x01, 0x01,
		0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03,
	}
	// oidPKECDH is id-PK-ECDH, of ChipAuthenticationPublicKeyInfo.
	oidPKECDH = []byte{0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02}
)

const (
	derSequence = 0x30
	derSet      = 0x31
	derContext0 = 0xA0 // [0], constructed
)

// checkPoint refuses what is not an uncompressed point on P-256.
func checkPoint(op, field string, point []byte) error {
	if len(point) != pointSize {
		return chipKeyInvalid.At(op, nil).With(field, "%d bytes, an uncompressed point has %d", len(point), pointSize)
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return chipKeyInvalid.At(op, err).With(field, "not a point on P-256")
	}
	return nil
}

// EncodeDG14 writes DG14 for the chip authentication key: 172 bytes.
func EncodeDG14(chipAuth []byte) ([]byte, error) {
	if err := checkPoint("chipdata.EncodeDG14", "DG14", chipAuth); err != nil {
		return nil, err
	}
	infos := [][]byte{paceInfo, chipAuthInfo, activeAuthInfo, chipAuthKey(chipAuth)}
	slices.SortFunc(infos, bytes.Compare) // SET OF in DER (X.690, 11.6)
	return AppendTLV(nil, 0x6E, AppendTLV(nil, derSet, bytes.Join(infos, nil)...)...), nil
}

func chipAuthKey(point []byte) []byte {
	return AppendTLV(nil, derSequence, slices.Concat(oidPKECDH, spkiP256, point)...)
}

// ParseDG14 reads the chip authentication key of a DG14 as EncodeDG14 writes it.
func ParseDG14(b []byte) (chipAuth []byte, err error) {
	const op, file = "chipdata.ParseDG14", "DG14"
	body, err := only(b, 0x6E)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	set, err := only(body, derSet)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	infos, err := ParseTLV(set)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	head := slices.Concat(oidPKECDH, spkiP256)
	for _, i := range infos {
		if i.Tag == derSequence && bytes.HasPrefix(i.Value, head) && len(i.Value) == len(head)+pointSize {
			chipAuth = i.Value[len(head):]
		}
	}
	if chipAuth == nil {
		return nil, malformed(op, file, "no chip authentication key on P-256")
	}
	if again, err := EncodeDG14(chipAuth); err != nil || !bytes.Equal(again, b) {
		return nil, malformed(op, file, "not the security infos of the profile")
	}
	return chipAuth, nil
}

// EncodeDG15 writes DG15 for the active authentication key: 93 bytes.
func EncodeDG15(activeAuth []byte) ([]byte, error) {
	if err := checkPoint("chipdata.EncodeDG15", "DG15", activeAuth); err != nil {
		return nil, err
	}
	return AppendTLV(nil, 0x6F, slices.Concat(spkiP256, activeAuth)...), nil
}

// ParseDG15 reads the active authentication key of DG15.
func ParseDG15(b []byte) (activeAuth []byte, err error) {
	const op, file = "chipdata.ParseDG15", "DG15"
	body, err := only(b, 0x6F)
	if err != nil {
		return nil, inFile(op, file, err)
	}
	if !bytes.HasPrefix(body, spkiP256) {
		return nil, malformed(op, file, "not a P-256 key with a named curve")
	}
	if err := checkPoint(op, file, body[len(spkiP256):]); err != nil {
		return nil, inFile(op, file, err)
	}
	return body[len(spkiP256):], nil
}
