package chipdata

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"

	"blanko/ktp"
)

// File ids that the manifest names, and the fingers that stand in the two slots by default.
const (
	fidFinger1 = 0x0201
	fidFinger2 = 0x0202
	fidBIO     = 0x0203

	manifestVersion = 1
	hashSize        = 32
	signatureSize   = 64
	keyIDSize       = 8
	stateSize       = 3
	maxValidity     = 32 // bytes of the validity text
)

// DefaultFingers stand in slot 1 and slot 2 unless the record says otherwise.
var DefaultFingers = [2]ktp.Finger{ktp.RightIndex, ktp.LeftIndex}

// Manifest is DG13: hashes of the files that the SOD does not list, the biometric exceptions,
// the center's own signature and national fields as codes (card profile KTPEL-OP 1, 3.3).
type Manifest struct {
	Files       []FileHash            // A1, one per 02xx data file on the card
	Exceptions  []ktp.FingerException // A2, one per default finger that is not on the card
	Center      *CenterSignature      // A3; nil on a specimen
	Religion    ktp.Religion
	Marital     ktp.MaritalStatus
	Blood       ktp.BloodType
	Nationality string // three letters as in the zone
	Validity    string // SEUMUR HIDUP or DD-MM-YYYY
}

// FileHash is the SHA-256 of a whole file.
type FileHash struct {
	FID  uint16
	Hash [32]byte
}

// CenterSignature is the data center's signature over the identity statement.
type CenterSignature struct {
	KeyID     [8]byte
	Signature [64]byte     // r and s
	Other     [2]*[32]byte // per slot: hash of the delivered record that is not on the card; nil: there is none
}

// Hash finds the hash of a file.
func (m Manifest) Hash(fid uint16) ([32]byte, bool) {
	for _, f := range m.Files {
		if f.FID == fid {
			return f.Hash, true
		}
	}
	return [32]byte{}, false
}

// EncodeDG13 writes DG13. What ParseDG13 would refuse is refused.
func EncodeDG13(m Manifest) ([]byte, error) {
	if reason := m.check(); reason != "" {
		return nil, recordIncomplete.At("chipdata.EncodeDG13", nil).With("DG13", "%s", reason)
	}
	b := AppendTLV(nil, 0x80, manifestVersion)
	for _, f := range m.Files {
		e := AppendTLV(nil, 0x80, byte(f.FID>>8), byte(f.FID))
		b = AppendTLV(b, 0xA1, AppendTLV(e, 0x81, f.Hash[:]...)...)
	}
	for _, x := range m.Exceptions {
		e := AppendTLV(nil, 0x80, byte(x.Finger))
		b = AppendTLV(b, 0xA2, AppendTLV(e, 0x81, byte(x.Reason))...)
	}
	if c := m.Center; c != nil {
		e := AppendTLV(nil, 0x80, c.KeyID[:]...)
		e = AppendTLV(e, 0x81, c.Signature[:]...)
		for slot, tag := range []uint16{0x82, 0x83} {
			if h := c.Other[slot]; h != nil {
				e = AppendTLV(e, tag, h[:]...)
			}
		}
		b = AppendTLV(b, 0xA3, e...)
	}
	b = AppendTLV(b, 0xC0, byte(m.Religion))
	b = AppendTLV(b, 0xC1, byte(m.Marital))
	b = AppendTLV(b, 0xC2, byte(m.Blood))
	b = AppendTLV(b, 0xC3, []byte(m.Nationality)...)
	b = AppendTLV(b, 0xC4, []byte(m.Validity)...)
	return AppendTLV(nil, 0x6D, b...), nil
}

// ParseDG13 reads DG13. Fingers on the card and empty slots must add up to two, and every
// default finger that cannot be on the card needs its exception; whether a substitute stands
// in a slot is seen in the finger files.
func ParseDG13(b []byte) (Manifest, error) {
	const op, file = "chipdata.ParseDG13", "DG13"
	body, err := only(b, 0x6D)
	if err != nil {
		return Manifest{}, inFile(op, file, err)
	}
	list, err := ParseTLV(body)
	if err != nil {
		return Manifest{}, inFile(op, file, err)
	}
	var m Manifest
	take := func(tag uint16) ([]byte, bool) {
		if len(list) == 0 || list[0].Tag != tag {
			return nil, false
		}
		v := list[0].Value
		list = list[1:]
		return v, true
	}
	if v, ok := take(0x80); !ok || len(v) != 1 || v[0] != manifestVersion {
		return Manifest{}, malformed(op, file, "not a manifest of version %d", manifestVersion)
	}
	for v, ok := take(0xA1); ok; v, ok = take(0xA1) {
		p, err := sequence(v, 0x80, 0x81)
		if err != nil {
			return Manifest{}, inFile(op, file, err)
		}
		if len(p[0]) != 2 || len(p[1]) != hashSize {
			return Manifest{}, malformed(op, file, "a file hash of the wrong size")
		}
		m.Files = append(m.Files, FileHash{binary.BigEndian.Uint16(p[0]), [32]byte(p[1])})
	}
	for v, ok := take(0xA2); ok; v, ok = take(0xA2) {
		p, err := sequence(v, 0x80, 0x81)
		if err != nil {
			return Manifest{}, inFile(op, file, err)
		}
		if len(p[0]) != 1 || len(p[1]) != 1 {
			return Manifest{}, malformed(op, file, "an exception of the wrong size")
		}
		m.Exceptions = append(m.Exceptions, ktp.FingerException{Finger: ktp.Finger(p[0][0]), Reason: ktp.MissingReason(p[1][0])})
	}
	if v, ok := take(0xA3); ok {
		if m.Center, err = parseCenter(v); err != nil {
			return Manifest{}, inFile(op, file, err)
		}
	}
	for _, f := range []struct {
		tag         uint16
		least, most int
		into        func(v []byte)
	}{
		{0xC0, 1, 1, func(v []byte) { m.Religion = ktp.Religion(v[0]) }},
		{0xC1, 1, 1, func(v []byte) { m.Marital = ktp.MaritalStatus(v[0]) }},
		{0xC2, 1, 1, func(v []byte) { m.Blood = ktp.BloodType(v[0]) }},
		{0xC3, stateSize, stateSize, func(v []byte) { m.Nationality = string(v) }},
		{0xC4, 1, maxValidity, func(v []byte) { m.Validity = string(v) }},
	} {
		v, ok := take(f.tag)
		if !ok || len(v) < f.least || len(v) > f.most {
			return Manifest{}, malformed(op, file, "field %X is missing or of the wrong size", f.tag)
		}
		f.into(v)
	}
	if len(list) > 0 {
		return Manifest{}, malformed(op, file, "tag %X is out of place", list[0].Tag)
	}
	if reason := m.check(); reason != "" {
		return Manifest{}, malformed(op, file, "%s", reason)
	}
	return m, nil
}

func parseCenter(b []byte) (*CenterSignature, error) {
	const op = "chipdata.ParseDG13"
	list, err := ParseTLV(b)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 || list[0].Tag != 0x80 || list[1].Tag != 0x81 || len(list[0].Value) != keyIDSize || len(list[1].Value) != signatureSize {
		return nil, malformed(op, "A3", "no key id of %d and signature of %d bytes", keyIDSize, signatureSize)
	}
	c := &CenterSignature{KeyID: [8]byte(list[0].Value), Signature: [64]byte(list[1].Value)}
	last := uint16(0x81)
	for _, t := range list[2:] {
		if (t.Tag != 0x82 && t.Tag != 0x83) || t.Tag <= last || len(t.Value) != hashSize {
			return nil, malformed(op, "A3", "tag %X is out of place or of the wrong size", t.Tag)
		}
		h := [32]byte(t.Value)
		c.Other[t.Tag-0x82], last = &h, t.Tag
	}
	return c, nil
}

// check says which rule of the manifest is broken, or "".
func (m Manifest) check() string {
	slots, last := [2]bool{}, uint16(0)
	for _, f := range m.Files {
		if f.FID <= last || f.FID < fidFinger1 || f.FID > fidBIO {
			return "the files are not 0201, 0202, 0203 in order"
		}
		last = f.FID
		if f.FID <= fidFinger2 {
			slots[f.FID-fidFinger1] = true
		}
	}
	var missing []ktp.Finger
	for _, x := range m.Exceptions {
		if !slices.Contains(DefaultFingers[:], x.Finger) || slices.Contains(missing, x.Finger) {
			return "an exception is for no default finger or stands twice"
		}
		if x.Reason < ktp.FingerMissing || x.Reason > ktp.FingerOther {
			return "an exception has no known reason"
		}
		missing = append(missing, x.Finger)
	}
	empty := 0
	for slot, used := range slots {
		if used {
			continue
		}
		empty++
		if m.Center != nil && m.Center.Other[slot] != nil {
			return "an empty slot has a hash of another record"
		}
	}
	if len(missing) < empty {
		return "an empty slot has no exception"
	}
	if len(m.Nationality) != stateSize || !letters(m.Nationality) || m.Validity == "" || len(m.Validity) > maxValidity || !utf8.ValidString(m.Validity) {
		return "nationality or validity is missing or malformed"
	}
	return ""
}
