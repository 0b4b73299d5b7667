package magicard

import (
	"bytes"
	"encoding/binary"
)

// Columns and Rows of every panel, landscape, at 300 dpi: a page is 1016 lines, one for each dot
// along the long side, of 642 rows under a head of 672 dots.
const (
	Columns = 1016
	Rows    = 642
	DPI     = 300
	Levels  = 64 // of Y, M and C
)

const (
	headDots  = 672
	colorBits = 6 // 64 levels
	group     = 8 // dots of the head that are packed at once
)

// Head position of the status (field 16, FPP): the card begins at dot 65 - position; positions
// outside of the limits are taken as the nearest one (filter).
const (
	headOrigin   = 65
	headDefault  = 50
	headLowest   = 35
	headHighest  = 65
	groupsInHead = headDots / group
)

// layout says how a page is packed.
type layout struct {
	format Format
	first  int  // dot of the head over row 0
	back   bool // the printer has turned the card
}

// layoutOf places the card under the head.
func (m *Model) layoutOf(position int, back bool) layout {
	return layout{m.Format, headOrigin - min(max(position, headLowest), headHighest) + m.HeadShift, back}
}

// rowBytesKGE2 are 24 words of 32 bits.
const rowBytesKGE2 = 24 * 4

// rowBytes are the bytes of one bit of all dots of a line; for KEE the 672 dots alone.
func (f Format) rowBytes() int {
	if f == KGE2 {
		return rowBytesKGE2
	}
	return headDots / 8
}

// planeBytes is the size of a packed panel.
func (f Format) planeBytes(bits int) int { return Columns * bits * f.rowBytes() }

// bitsOf is the depth of a panel.
func bitsOf(letter byte) int {
	if letter == 'K' {
		return 1
	}
	return colorBits
}

// lineOfHead is a line of the head, a dot in each byte.
type lineOfHead [headDots]byte

// largestLine are the bytes of a line of six planes of one bit.
const largestLine = colorBits * rowBytesKGE2

// pack packs a landscape panel (row-major, one value per dot): each line as its planes of one bit,
// the least significant first. Line L is image column 1015-L with row 0 at the first dot; on a back
// it is column L with row 641 there, because the printer turns the card. nil dots pack as a panel
// without ink.
func (l layout) pack(dst, dots []byte, bits int) {
	if dots == nil {
		clear(dst)
		return
	}
	size := bits * l.format.rowBytes()
	var inked []int // rows of the image
	for r := range Rows {
		if bytes.Count(dots[r*Columns:(r+1)*Columns], []byte{0}) < Columns {
			inked = append(inked, r)
		}
	}
	// Eight image columns at a time, so that a row of the image is read in pieces that lie together.
	var head [8]lineOfHead
	for x := 0; x < Columns; x += 8 {
		for _, r := range inked {
			at := r
			if l.back {
				at = Rows - 1 - r
			}
			d := at + l.first
			if d < 0 || d >= headDots {
				continue // beside the head
			}
			var v [8]byte
			copy(v[:], dots[r*Columns+x:])
			for i := range v {
				head[i][d] = v[i]
			}
		}
		for i := range head {
			line := Columns - 1 - (x + i)
			if l.back {
				line = x + i
			}
			packed := l.format.packLine(&head[i], bits)
			copy(dst[line*size:(line+1)*size], packed[:])
		}
	}
}

// packLine packs one line. It touches nothing but its line, which the caller alone has: the race
// detector, which would look at it dot by dot, has nothing to see.
//
//go:norace
func (f Format) packLine(head *lineOfHead, bits int) (out [largestLine]byte) {
	width := f.rowBytes()
	for g := range groupsInHead {
		eight := binary.LittleEndian.Uint64(head[g*group:])
		if eight == 0 {
			continue
		}
		for b := range bits {
			f.put(out[b*width:], g, gather(eight>>b))
		}
	}
	return out
}

// gather makes a byte of the lowest bits of eight bytes, the first byte's bit the highest.
func gather(v uint64) byte {
	const low, fold = 0x0101010101010101, 0x8040201008040201
	return byte(v & low * fold >> 56)
}

// put lays eight dots of the head, group g of them, into a row of one bit.
//
// KEE has the dots in their order. KGE2 sends two halves of the head at once: dots 0 to 287 in the
// even bits of words 6 to 23, dots 288 to 671 in the odd bits of words 0 to 23, the highest bit of
// the first byte being bit 0.
//
//go:norace
func (f Format) put(row []byte, g int, eight byte) {
	const half = 288 / group
	switch {
	case f != KGE2:
		row[g] = eight
	case g < half:
		at := 6*4 + 2*g
		s := spread[eight]
		row[at] |= byte(s >> 8)
		row[at+1] |= byte(s)
	default:
		at := 2 * (g - half)
		s := spread[eight] >> 1
		row[at] |= byte(s >> 8)
		row[at+1] |= byte(s)
	}
}

// spread moves the bits of a byte to the even places of 16, the highest bit first.
var spread = func() (t [256]uint16) {
	for v := range t {
		for bit := range 8 {
			t[v] |= uint16(v>>bit&1) << (2*bit + 1)
		}
	}
	return t
}()
