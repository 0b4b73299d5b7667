package finger

import (
	"encoding/binary"
	"fmt"

	"blanko/ktp"
)

// CardFormat is one of the two card formats of ISO/IEC 19794-2:2005, clause 8: minutiae without any
// header, as a card compares them. Quality, image size and resolution are not carried.
type CardFormat byte

// The card formats.
const (
	Compact CardFormat = 3 // 3 bytes a minutia: 0.1 mm, 5.625 degrees
	Normal  CardFormat = 5 // 5 bytes a minutia: 0.01 mm, 360/256 degrees
)

// cardGrid is what a format can tell: positions a centimeter, positions a side, angle steps lost.
type cardGrid struct {
	perCentimeter, side int
	angleShift          byte
}

var cardGrids = map[CardFormat]cardGrid{
	Compact: {perCentimeter: 100, side: 1 << 8, angleShift: 2},
	Normal:  {perCentimeter: 1000, side: 1 << positionBits},
}

// EncodeCard writes the minutiae of one view of t in their order: at most 255, and none further from
// the upper left corner than the format reaches (25.5 mm, 163.83 mm).
func (t *Template) EncodeCard(view int, f CardFormat) ([]byte, error) {
	bad := func(field, format string, args ...any) ([]byte, error) {
		return nil, recordMalformed.At("finger.EncodeCard", nil).With(field, format, args...)
	}
	g, known := cardGrids[f]
	switch {
	case !known:
		return bad("format", "%d bytes a minutia is no card format", f)
	case view < 0 || view >= len(t.Views):
		return bad("view", "there is no view %d", view)
	case t.ResX < 1 || t.ResY < 1:
		return bad("resolution", "the resolution is not positive")
	}
	list := t.Views[view].Minutiae
	if len(list) > maxMinutiae {
		return bad("minutiae", "%d minutiae, at most %d", len(list), maxMinutiae)
	}
	b := make([]byte, 0, int(f)*len(list))
	for i, m := range list {
		x, y := onGrid(m.X, g.perCentimeter, t.ResX), onGrid(m.Y, g.perCentimeter, t.ResY)
		if m.Type > maxMinutiaType || x < 0 || y < 0 || x >= g.side || y >= g.side {
			return bad(fmt.Sprintf("minutiae[%d]", i), "type or place cannot be told with %d bytes", f)
		}
		if f == Compact {
			step := byte((int(m.Angle) + 2) >> g.angleShift & 63)
			b = append(b, byte(x), byte(y), m.Type<<6|step)
			continue
		}
		b = binary.BigEndian.AppendUint16(b, uint16(m.Type)<<positionBits|uint16(x))
		b = binary.BigEndian.AppendUint16(b, uint16(y))
		b = append(b, m.Angle)
	}
	return b, nil
}

// onGrid takes a place in pixels to the nearest one of the grid.
func onGrid(pixels, perCentimeter, resolution int) int {
	return (2*pixels*perCentimeter + resolution) / (2 * resolution)
}

// ParseCard reads minutiae in a card format as a template of one view whose pixels are the steps of
// the format, so that it encodes to the same bytes. Refusals are those of Parse.
func ParseCard(b []byte, f CardFormat, position ktp.Finger) (*Template, error) {
	bad := func(at int, format string, args ...any) (*Template, error) {
		return nil, recordMalformed.At("finger.ParseCard", nil).With(fmt.Sprintf("byte %d", at), format, args...)
	}
	g, known := cardGrids[f]
	switch {
	case !known:
		return bad(0, "%d bytes a minutia is no card format", f)
	case len(b)%int(f) != 0 || len(b) > maxMinutiae*int(f):
		return bad(0, "%d bytes are not 0 to %d minutiae of %d", len(b), maxMinutiae, f)
	case position > ktp.LeftLittle:
		return bad(0, "finger position %d is none of 0 to 10", position)
	}
	t := &Template{Width: g.side, Height: g.side, ResX: g.perCentimeter, ResY: g.perCentimeter}
	v := View{Position: position, Minutiae: make([]Minutia, len(b)/int(f))}
	for i := range v.Minutiae {
		p := b[i*int(f):]
		m := Minutia{Type: p[2] >> 6, X: int(p[0]), Y: int(p[1]), Angle: p[2] << g.angleShift}
		if f == Normal {
			x, y := binary.BigEndian.Uint16(p), binary.BigEndian.Uint16(p[2:])
			if y>>positionBits != 0 {
				return bad(i*int(f)+2, "the reserved bits are not zero")
			}
			m = Minutia{Type: byte(x >> positionBits), X: int(x & positionMask), Y: int(y), Angle: p[4]}
		}
		if reason := reasonOf(t, m); reason != "" {
			return bad(i*int(f), "%s", reason)
		}
		v.Minutiae[i] = m
	}
	t.Views = []View{v}
	return t, nil
}
