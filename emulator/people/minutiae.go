package people

import (
	"encoding/binary"
	"fmt"

	"blanko/ktp"
)

// minutia is one feature of a finger record: pixels from the upper left corner, angle in
// 360/256 degrees counter-clockwise from the x axis, quality 0 to 100.
type minutia struct {
	kind    byte // 0 other, 1 ridge ending, 2 bifurcation
	x, y    int
	angle   byte
	quality byte
}

// Sizes of ISO/IEC 19794-2:2005, clause 8 (record format).
const (
	fmrHeader      = 24
	fmrView        = 4
	fmrMinutia     = 6
	fmrExtension   = 2
	fmrMaxMinutiae = 255
	fmrMaxPosition = 1<<14 - 1
	perCentimeter  = 197 // pixels per cm at 500 dpi
)

// encodeFMR writes one finger view as an ISO/IEC 19794-2:2005 record:
//
//	"FMR\0" " 20\0" length(4) device(2) width(2) height(2) resX(2) resY(2) views(1) 00
//	position(1) view|impression(1) quality(1) count(1)
//	{ kind<<14|x (2) 00<<14|y (2) angle(1) quality(1) } per minutia
//	extension length 0000
//
// The impression is a plain live scan (0), the capture device is not told (0).
func encodeFMR(finger ktp.Finger, width, height int, quality byte, list []minutia) ([]byte, error) {
	if len(list) > fmrMaxMinutiae {
		return nil, fmt.Errorf("a finger view holds at most %d minutiae, not %d", fmrMaxMinutiae, len(list))
	}
	size := fmrHeader + fmrView + fmrMinutia*len(list) + fmrExtension
	b := make([]byte, 0, size)
	b = append(b, "FMR\x00 20\x00"...)
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	for _, v := range []int{0, width, height, perCentimeter, perCentimeter} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	b = append(b, 1, 0, byte(finger), 0, quality, byte(len(list)))
	for i, m := range list {
		if m.x < 0 || m.y < 0 || m.x >= width || m.y >= height || width > fmrMaxPosition || height > fmrMaxPosition {
			return nil, fmt.Errorf("minutia %d lies outside the image", i)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(m.kind)<<14|uint16(m.x))
		b = binary.BigEndian.AppendUint16(b, uint16(m.y))
		b = append(b, m.angle, m.quality)
	}
	return binary.BigEndian.AppendUint16(b, 0), nil
}
