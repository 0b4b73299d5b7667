package ktp

import "encoding/binary"

// MostScans bounds the scans of a JPEG that is decoded. A progressive one has some ten (libjpeg, jcparam.c,
// jpeg_simple_progression). The format bounds none, and each, also one of a dozen bytes, makes a decoder walk
// the whole picture.
const MostScans = 100

// Markers of a JPEG (ITU-T T.81, table B.1).
const (
	markerByte     = 0xFF // before every marker, and once more as often as one likes
	markerStuffed  = 0x00 // behind a byte of data that looks like the beginning of a marker
	markerRestart0 = 0xD0
	markerRestart7 = 0xD7
	markerStart    = 0xD8
	markerEnd      = 0xD9
	markerScan     = 0xDA
)

// Scans counts the scans of a JPEG from its markers alone. Nothing in other segments, such as a preview, and
// nothing behind the end of the picture counts; what is no JPEG has none.
func Scans(jpeg []byte) (n int) {
	const start = 2
	if len(jpeg) < start || jpeg[0] != markerByte || jpeg[1] != markerStart {
		return 0
	}
	for i := start; i+1 < len(jpeg); i++ {
		if jpeg[i] != markerByte {
			continue
		}
		switch m := jpeg[i+1]; {
		case m == markerByte || m == markerStuffed || m >= markerRestart0 && m <= markerRestart7:
			continue // no segment follows
		case m == markerEnd:
			return n
		case m == markerScan:
			n++
		}
		if i+3 < len(jpeg) {
			i += 1 + int(binary.BigEndian.Uint16(jpeg[i+2:])) // a length counts itself
		}
	}
	return n
}
