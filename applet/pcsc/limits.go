package pcsc

import (
	"encoding/binary"

	"blanko/applet"
)

// Limits are the longest APDUs that the reader says it carries; zeros where it does not say.
type Limits = applet.Limits

// PC/SC part 10, 2.2 and 2.6.14: the features of a reader and its properties, as tag, length, value.
const (
	featureRequest    = 0x42000000 + 3400 // CM_IOCTL_GET_FEATURE_REQUEST of pcsc-lite
	featureProperties = 0x12              // FEATURE_GET_TLV_PROPERTIES
	maxAPDUData       = 0x0A              // dwMaxAPDUDataSize, 4 bytes, least significant first
)

// Lengths of an APDU beside its data field (ISO/IEC 7816-4, section 5.1).
const (
	shortData, extendedData   = 256, 65536
	longBeside                = 9 // header, Lc, and Le of extended length
	longestShort, statusBytes = 261, 2
)

// limitsOf asks a reader for the longest APDU that it and its driver carry.
func limitsOf(h handle) Limits {
	features, err := h.control(featureRequest)
	if err != nil {
		return Limits{}
	}
	code := property(features, featureProperties)
	if len(code) != 4 {
		return Limits{}
	}
	properties, err := h.control(binary.BigEndian.Uint32(code))
	if err != nil {
		return Limits{}
	}
	size := property(properties, maxAPDUData)
	if len(size) != 4 {
		return Limits{}
	}
	n := binary.LittleEndian.Uint32(size)
	if n <= shortData { // zero: short APDUs alone
		return Limits{Command: longestShort, Answer: shortData + statusBytes}
	}
	n = min(n, extendedData)
	return Limits{Command: int(n) + longBeside, Answer: int(n) + statusBytes}
}

// property finds the value of a tag in a list of tag, length, value with one byte each.
func property(list []byte, tag byte) []byte {
	for len(list) >= 2 {
		n := int(list[1])
		if len(list) < 2+n {
			return nil
		}
		if list[0] == tag {
			return list[2 : 2+n]
		}
		list = list[2+n:]
	}
	return nil
}
