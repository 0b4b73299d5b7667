package finger

import (
	"encoding/binary"
	"fmt"

	"blanko/ktp"
)

// Limits of a record on read and write (ISO/IEC 19794-2:2005, 7.3 to 7.5, and the house's own).
const (
	maxViews    = 16    // views in one record: a limit of the house
	maxMinutiae = 255   // minutiae in one view: the field has one byte
	maxQuality  = 100   // of a view and of a minutia; 0 tells nothing
	maxRecord   = 65535 // bytes of one record: a limit of the house
)

// Sizes in bytes (ISO/IEC 19794-2:2005, 7.3 to 7.5).
const (
	headerSize     = 24
	viewSize       = 4
	minutiaSize    = 6
	lengthSize     = 2 // of the extended data
	extensionSize  = 4 // type and length of one extended data area
	positionBits   = 14
	positionMask   = 1<<positionBits - 1
	maxImpression  = 15 // four bits
	maxViewNumber  = 15 // four bits
	maxMinutiaType = 2  // 0 other, 1 ending, 2 bifurcation; 3 is reserved
)

var magic = [8]byte{'F', 'M', 'R', 0, ' ', '2', '0', 0}

// Template is one minutiae record, record format (ISO/IEC 19794-2:2005).
type Template struct {
	Device        uint16 // four bits of certificates, twelve bits of device id
	Width, Height int    // pixels
	ResX, ResY    int    // pixels per centimeter; 197 is 500 dpi
	Views         []View
}

// String shows the size alone.
func (t Template) String() string { return fmt.Sprintf("Template(%d views)", len(t.Views)) }

// GoString shows the size alone.
func (t Template) GoString() string { return t.String() }

// View is one impression of one finger.
type View struct {
	Position   ktp.Finger // 0 unknown: accepted on read, never written on a card
	Number     byte       // view number, 0 to 15
	Impression byte       // 0 live plain, 1 live rolled, ... four bits
	Quality    byte       // 0 to 100
	Minutiae   []Minutia
	Extended   []byte // extended data areas as they stand; skipped, kept byte for byte
}

// String shows the finger and the size alone.
func (v View) String() string {
	return fmt.Sprintf("View(%s, %d minutiae)", v.Position, len(v.Minutiae))
}

// GoString shows the finger and the size alone.
func (v View) GoString() string { return v.String() }

// Minutia is one minutia point.
type Minutia struct {
	Type    byte // 0 other, 1 ridge ending, 2 bifurcation
	X, Y    int  // pixels from the top left corner
	Angle   byte // units of 360/256 degrees, counter-clockwise from the x axis
	Quality byte // 0 to 100; 0 tells nothing
}

// Parse reads a record. A record it accepts encodes to the same bytes. Anything else is
// fault code finger.record_malformed with the byte offset; ANSI/INCITS 378 records, which
// carry the same magic, are refused by their length field (see Read).
func Parse(b []byte) (*Template, error) {
	bad := func(at int, format string, args ...any) error {
		return recordMalformed.At("finger.Parse", nil).With(fmt.Sprintf("byte %d", at), format, args...)
	}
	if len(b) < headerSize || len(b) > maxRecord {
		return nil, bad(0, "a record has %d to %d bytes, this has %d", headerSize, maxRecord, len(b))
	}
	if [8]byte(b) != magic {
		return nil, bad(0, "not an ISO/IEC 19794-2:2005 record")
	}
	if n := binary.BigEndian.Uint32(b[8:]); n != uint32(len(b)) {
		return nil, bad(8, "the length field says %d bytes, the record has %d", n, len(b))
	}
	t, at, reason := parseBody(b, headerSize-12, func(a byte) (byte, bool) { return a, true })
	if reason != "" {
		return nil, bad(at, "%s", reason)
	}
	return t, nil
}

// angleOf turns the angle byte of a format into that of ISO; false where the format has no such angle.
type angleOf func(byte) (byte, bool)

// parseBody reads what both formats share, from the device at offset at to the end. A reason that is
// not empty is a refusal at the offset.
func parseBody(b []byte, at int, angle angleOf) (t *Template, offset int, reason string) {
	h := b[at:]
	t = &Template{
		Device: binary.BigEndian.Uint16(h),
		Width:  int(binary.BigEndian.Uint16(h[2:])), Height: int(binary.BigEndian.Uint16(h[4:])),
		ResX: int(binary.BigEndian.Uint16(h[6:])), ResY: int(binary.BigEndian.Uint16(h[8:])),
	}
	views := int(h[10])
	switch {
	case t.Width == 0 || t.Height == 0 || t.Width > positionMask+1 || t.Height > positionMask+1:
		return nil, at + 2, fmt.Sprintf("image size %d x %d is outside 1 to %d", t.Width, t.Height, positionMask+1)
	case t.ResX == 0 || t.ResY == 0:
		return nil, at + 6, "the resolution is zero"
	case views < 1 || views > maxViews:
		return nil, at + 10, fmt.Sprintf("%d views, allowed are 1 to %d", views, maxViews)
	case h[11] != 0:
		return nil, at + 11, "the reserved byte is not zero"
	}
	at += 12
	for range views {
		v, next, reason := parseView(t, b, at, angle)
		if reason != "" {
			return nil, next, reason
		}
		t.Views, at = append(t.Views, v), next
	}
	if at != len(b) {
		return nil, at, fmt.Sprintf("%d bytes after the last view", len(b)-at)
	}
	return t, at, ""
}

// parseView reads the view at offset at. A reason that is not empty is a refusal at offset next.
func parseView(t *Template, b []byte, at int, angle angleOf) (v View, next int, reason string) {
	if len(b)-at < viewSize {
		return v, at, "the view header is cut short"
	}
	v = View{Position: ktp.Finger(b[at]), Number: b[at+1] >> 4, Impression: b[at+1] & 15, Quality: b[at+2]}
	count := int(b[at+3])
	switch {
	case v.Position > ktp.LeftLittle:
		return v, at, fmt.Sprintf("finger position %d is none of 0 to 10", v.Position)
	case v.Quality > maxQuality:
		return v, at + 2, fmt.Sprintf("view quality %d is above %d", v.Quality, maxQuality)
	}
	at += viewSize
	if len(b)-at < count*minutiaSize+lengthSize {
		return v, at, fmt.Sprintf("%d minutiae do not fit in the bytes left", count)
	}
	v.Minutiae = make([]Minutia, count)
	for i := range v.Minutiae {
		p := b[at : at+minutiaSize]
		x, y := binary.BigEndian.Uint16(p), binary.BigEndian.Uint16(p[2:])
		m := Minutia{Type: byte(x >> positionBits), X: int(x & positionMask), Y: int(y & positionMask), Quality: p[5]}
		var known bool
		m.Angle, known = angle(p[4])
		switch {
		case y>>positionBits != 0:
			return v, at + 2, "the reserved bits are not zero"
		case !known:
			return v, at + 4, fmt.Sprintf("angle %d is no step of the format", p[4])
		case reasonOf(t, m) != "":
			return v, at, reasonOf(t, m)
		}
		v.Minutiae[i] = m
		at += minutiaSize
	}
	n := int(binary.BigEndian.Uint16(b[at:]))
	at += lengthSize
	if len(b)-at < n {
		return v, at, fmt.Sprintf("%d bytes of extended data do not fit in the bytes left", n)
	}
	if n > 0 {
		v.Extended = append([]byte(nil), b[at:at+n]...)
	}
	if !extensionsWhole(v.Extended) {
		return v, at, "the extended data areas do not add up"
	}
	return v, at + n, ""
}

// reasonOf says why a minutia cannot stand in a record of t, or "".
func reasonOf(t *Template, m Minutia) string {
	switch {
	case m.Type > maxMinutiaType:
		return fmt.Sprintf("minutia type %d is reserved", m.Type)
	case m.X < 0 || m.X >= t.Width || m.Y < 0 || m.Y >= t.Height:
		return fmt.Sprintf("a minutia at %d, %d is outside %d x %d", m.X, m.Y, t.Width, t.Height)
	case m.Quality > maxQuality:
		return fmt.Sprintf("minutia quality %d is above %d", m.Quality, maxQuality)
	}
	return ""
}

// extensionsWhole walks the areas type (2), length of the whole area (2), data
// (ISO/IEC 19794-2:2005, 7.5.1) and reports whether they fill b exactly.
func extensionsWhole(b []byte) bool {
	for len(b) > 0 {
		if len(b) < extensionSize {
			return false
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < extensionSize || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return true
}

// Encode writes the record; what Parse would not read is refused with the same fault code.
func (t *Template) Encode() ([]byte, error) {
	bad := func(field, format string, args ...any) ([]byte, error) {
		return nil, recordMalformed.At("finger.Encode", nil).With(field, format, args...)
	}
	if len(t.Views) < 1 || len(t.Views) > maxViews {
		return bad("views", "%d views, allowed are 1 to %d", len(t.Views), maxViews)
	}
	for _, n := range []int{t.Width, t.Height} {
		if n < 1 || n > positionMask+1 {
			return bad("size", "%d pixels are outside 1 to %d", n, positionMask+1)
		}
	}
	for _, n := range []int{t.ResX, t.ResY} {
		if n < 1 || n > 0xFFFF {
			return bad("resolution", "%d pixels per centimeter are outside 1 to 65535", n)
		}
	}
	b := append([]byte(nil), magic[:]...)
	b = append(b, 0, 0, 0, 0) // the length, known at the end
	for _, n := range []int{int(t.Device), t.Width, t.Height, t.ResX, t.ResY} {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	b = append(b, byte(len(t.Views)), 0)
	for i, v := range t.Views {
		field := fmt.Sprintf("views[%d]", i)
		switch {
		case v.Position > ktp.LeftLittle, v.Number > maxViewNumber, v.Impression > maxImpression, v.Quality > maxQuality:
			return bad(field, "position, number, impression or quality is out of range")
		case len(v.Minutiae) > maxMinutiae:
			return bad(field, "%d minutiae, at most %d", len(v.Minutiae), maxMinutiae)
		case len(v.Extended) > 0xFFFF || !extensionsWhole(v.Extended):
			return bad(field, "the extended data areas do not add up")
		}
		b = append(b, byte(v.Position), v.Number<<4|v.Impression, v.Quality, byte(len(v.Minutiae)))
		for _, m := range v.Minutiae {
			if reason := reasonOf(t, m); reason != "" {
				return bad(field, "%s", reason)
			}
			b = binary.BigEndian.AppendUint16(b, uint16(m.Type)<<positionBits|uint16(m.X))
			b = binary.BigEndian.AppendUint16(b, uint16(m.Y))
			b = append(b, m.Angle, m.Quality)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(len(v.Extended)))
		b = append(b, v.Extended...)
	}
	if len(b) > maxRecord {
		return bad("length", "%d bytes, at most %d", len(b), maxRecord)
	}
	binary.BigEndian.PutUint32(b[8:], uint32(len(b)))
	return b, nil
}
