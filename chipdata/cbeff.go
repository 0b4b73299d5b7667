package chipdata

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"blanko/ktp"
)

// CBEFF header of a biometric data block (Doc 9303-10, 4.7.2; ISO/IEC 7816-11): type 81,
// subtype 82, format owner 87, format type 88.
const (
	cbeffFinger        = 0x08
	cbeffFormatMinutia = 0x0001 // format type of a minutiae record
	cbeffOwner         = 0x0101 // ISO/IEC JTC 1/SC 37
)

type cbeff struct {
	kind, subtype byte
	format        uint16
	data          []byte
}

// biometricTemplate is 7F60: header A1 and data block 5F2E; 26 bytes before the data block when it
// has more than 255 bytes.
func biometricTemplate(kind, subtype byte, format uint16, data []byte) []byte {
	h := AppendTLV(nil, 0x81, kind)
	h = AppendTLV(h, 0x82, subtype)
	h = AppendTLV(h, 0x87, byte(cbeffOwner>>8), byte(cbeffOwner&0xFF))
	h = AppendTLV(h, 0x88, byte(format>>8), byte(format))
	body := AppendTLV(nil, 0xA1, h...)
	return AppendTLV(nil, 0x7F60, AppendTLV(body, 0x5F2E, data...)...)
}

// biometricGroup is 7F61 with one template.
func biometricGroup(kind, subtype byte, format uint16, data []byte) []byte {
	body := AppendTLV(nil, 0x02, 1)
	return AppendTLV(nil, 0x7F61, append(body, biometricTemplate(kind, subtype, format, data)...)...)
}

// parseCBEFF reads the value of a 7F60. A patron header version 80 before the type is let pass,
// other issuers write it.
func parseCBEFF(value []byte) (cbeff, error) {
	const op = "chipdata.parseCBEFF"
	list, err := ParseTLV(value)
	if err != nil {
		return cbeff{}, err
	}
	if len(list) != 2 || list[0].Tag != 0xA1 || (list[1].Tag != 0x5F2E && list[1].Tag != 0x7F2E) {
		return cbeff{}, malformed(op, "7F60", "not a header A1 and a data block")
	}
	header, err := ParseTLV(list[0].Value)
	if err != nil {
		return cbeff{}, err
	}
	if len(header) > 0 && header[0].Tag == 0x80 {
		header = header[1:]
	}
	sizes := []struct {
		tag  uint16
		size int
	}{{0x81, 1}, {0x82, 1}, {0x87, 2}, {0x88, 2}}
	if len(header) != len(sizes) {
		return cbeff{}, malformed(op, "7F60", "the header has %d elements, expected %d", len(header), len(sizes))
	}
	for i, s := range sizes {
		if header[i].Tag != s.tag || len(header[i].Value) != s.size {
			return cbeff{}, malformed(op, "7F60", "header element %d is not tag %X of %d bytes", i+1, s.tag, s.size)
		}
	}
	if binary.BigEndian.Uint16(header[2].Value) != cbeffOwner {
		return cbeff{}, malformed(op, "7F60", "the format owner is not ISO/IEC JTC 1/SC 37")
	}
	return cbeff{header[0].Value[0], header[1].Value[0], binary.BigEndian.Uint16(header[3].Value), list[1].Value}, nil
}

// FingerFile is EF.FPR or EF.FPL taken apart.
type FingerFile struct {
	Subtype byte       // CBEFF subtype, ISO/IEC 7816-11
	Finger  ktp.Finger // position code of the record, the same finger as Subtype
	Count   int        // minutiae of the one view
	Record  []byte     // ISO/IEC 19794-2:2005 record, byte for byte as delivered
}

// String shows the finger and the size alone.
func (f FingerFile) String() string {
	return fmt.Sprintf("FingerFile(%s, %d minutiae)", f.Finger, f.Count)
}

// GoString shows the finger and the size alone.
func (f FingerFile) GoString() string { return f.String() }

// EncodeFingerFile wraps a minutiae record: 26 bytes and the record. The subtype follows the
// record's own position code.
func EncodeFingerFile(record []byte) ([]byte, error) {
	finger, _, reason := fingerRecord(record)
	if reason != "" {
		return nil, fingerUnusable.At("chipdata.EncodeFingerFile", nil).With("record", "%s", reason)
	}
	return biometricTemplate(cbeffFinger, finger.CBEFF(), cbeffFormatMinutia, record), nil
}

// ParseFingerFile reads EF.FPR or EF.FPL. Subtype and position code must name the same finger.
func ParseFingerFile(b []byte) (FingerFile, error) {
	const op = "chipdata.ParseFingerFile"
	body, err := only(b, 0x7F60)
	if err != nil {
		return FingerFile{}, inFile(op, "finger", err)
	}
	c, err := parseCBEFF(body)
	if err != nil {
		return FingerFile{}, inFile(op, "finger", err)
	}
	if c.kind != cbeffFinger || c.format != cbeffFormatMinutia {
		return FingerFile{}, malformed(op, "finger", "the data block is no minutiae record")
	}
	finger, count, reason := fingerRecord(c.data)
	if reason != "" {
		return FingerFile{}, malformed(op, "finger", "%s", reason)
	}
	if finger.CBEFF() != c.subtype {
		return FingerFile{}, malformed(op, "finger", "subtype %02X and position code %d are not the same finger", c.subtype, finger)
	}
	return FingerFile{c.subtype, finger, count, c.data}, nil
}

// Offsets in a minutiae record of one view (ISO/IEC 19794-2:2005, 7.3 and 7.4).
const (
	recordViews    = 22
	recordPosition = 24
	recordMinutiae = 27
	recordBody     = 28
	recordMinutia  = 6
	recordTail     = 2 // length of the extended data
)

// fingerRecord reads what the card file needs of a minutiae record: one view, a known finger,
// the number of minutiae. The full reading is the business of biometric/finger. A reason that
// is not empty is a refusal.
func fingerRecord(b []byte) (f ktp.Finger, count int, reason string) {
	switch {
	case len(b) < recordBody+recordTail || !bytes.HasPrefix(b, []byte("FMR\x00 20\x00")):
		return 0, 0, "not an ISO/IEC 19794-2:2005 record"
	case binary.BigEndian.Uint32(b[8:]) != uint32(len(b)):
		return 0, 0, "the length field of the record is wrong"
	case b[recordViews] != 1:
		return 0, 0, "the record has not exactly one view"
	case !ktp.Finger(b[recordPosition]).Valid():
		return 0, 0, "the finger position is unknown"
	}
	f, count = ktp.Finger(b[recordPosition]), int(b[recordMinutiae])
	end := recordBody + count*recordMinutia
	if len(b) < end+recordTail || len(b) != end+recordTail+int(binary.BigEndian.Uint16(b[end:])) {
		return 0, 0, "the number of minutiae disagrees with the length of the record"
	}
	return f, count, ""
}
