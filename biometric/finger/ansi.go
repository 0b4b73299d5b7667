package finger

import (
	"encoding/binary"
	"fmt"
)

// Sizes of ANSI/INCITS 378-2004, clause 6.4; a view and a minutia have the layout of ISO/IEC 19794-2.
const (
	ansiHeader     = 26 // with a length of two bytes
	ansiLongHeader = 30 // with two zero bytes and a length of four, for records beyond 65,535 bytes
	ansiSteps      = 180
)

// Format is how a record is written down.
type Format byte

// The formats that Read tells apart.
const (
	ISO  Format = iota // ISO/IEC 19794-2:2005, record format
	ANSI               // ANSI/INCITS 378-2004
)

// String is the short name of the standard.
func (f Format) String() string {
	if f == ANSI {
		return "ANSI/INCITS 378-2004"
	}
	return "ISO/IEC 19794-2:2005"
}

// FormatOf tells the two formats that share the magic apart by their length field at offset 8: ISO has
// four bytes, ANSI two, or two zero bytes and four. Anything else counts as ISO, which Parse refuses.
func FormatOf(b []byte) Format {
	if len(b) < 12 {
		return ISO
	}
	first, second := binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b[10:])
	if first >= ansiHeader || first == 0 && second < headerSize {
		return ANSI
	}
	return ISO
}

// Read reads a record of either format (see Parse and ParseANSI).
func Read(b []byte) (*Template, Format, error) {
	if FormatOf(b) == ANSI {
		t, err := ParseANSI(b)
		return t, ANSI, err
	}
	t, err := Parse(b)
	return t, ISO, err
}

// ParseANSI reads an ANSI/INCITS 378-2004 record; its angles, in steps of 2 degrees, become those of
// ISO, and the CBEFF product identifier is dropped, so it encodes as an ISO record. Refusals are those
// of Parse.
func ParseANSI(b []byte) (*Template, error) {
	const op = "finger.ParseANSI"
	header := ansiHeader
	if len(b) >= 10 && binary.BigEndian.Uint16(b[8:]) == 0 {
		header = ansiLongHeader
	}
	switch {
	case len(b) < header || len(b) > maxRecord:
		return nil, recordMalformed.At(op, nil).With("byte 0", "a record has %d to %d bytes, this has %d", header, maxRecord, len(b))
	case [8]byte(b) != magic:
		return nil, recordMalformed.At(op, nil).With("byte 0", "not an ANSI/INCITS 378-2004 record")
	}
	length := uint32(binary.BigEndian.Uint16(b[8:]))
	if header == ansiLongHeader {
		length = binary.BigEndian.Uint32(b[10:])
	}
	if length != uint32(len(b)) {
		return nil, recordMalformed.At(op, nil).With("byte 8", "the length field says %d bytes, the record has %d", length, len(b))
	}
	t, at, reason := parseBody(b, header-12, func(a byte) (byte, bool) {
		return byte((int(a)*256 + ansiSteps/2) / ansiSteps), a < ansiSteps
	})
	if reason != "" {
		return nil, recordMalformed.At(op, nil).With(fmt.Sprintf("byte %d", at), "%s", reason)
	}
	return t, nil
}
