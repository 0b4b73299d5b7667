package chip

import (
	"encoding/binary"
	"errors"
)

// cbeff is a biometric information template of ISO/IEC 7816-11.
type cbeff struct {
	kind, subtype byte
	format        uint16
	data          []byte
}

// parseCBEFF reads the objects inside 7F60: A1 { .. } and 5F2E or 7F2E.
func parseCBEFF(b []byte) (cbeff, error) {
	list, err := parseTLVs(b)
	if err != nil {
		return cbeff{}, err
	}
	header, ok := find(list, 0xA1)
	if !ok {
		return cbeff{}, errors.New("biometric template without a header")
	}
	fields, err := parseTLVs(header)
	if err != nil {
		return cbeff{}, err
	}
	var c cbeff
	if v, ok := find(fields, 0x81); ok && len(v) > 0 {
		c.kind = v[len(v)-1]
	}
	if v, ok := find(fields, 0x82); ok && len(v) == 1 {
		c.subtype = v[0]
	}
	v, ok := find(fields, 0x88)
	if !ok || len(v) != 2 {
		return cbeff{}, errors.New("biometric template without a format type")
	}
	c.format = binary.BigEndian.Uint16(v)
	if c.data, ok = find(list, 0x5F2E); !ok {
		if c.data, ok = find(list, 0x7F2E); !ok {
			return cbeff{}, errors.New("biometric template without data")
		}
	}
	return c, nil
}

// CBEFF codes: biometric type (ISO/IEC 7816-11) and format type.
const (
	cbeffFace       = 0x02
	cbeffFinger     = 0x08
	cbeffFaceFormat = 0x0008
)
