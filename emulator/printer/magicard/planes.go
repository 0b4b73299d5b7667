package magicard

import "bytes"

// The raster of every model: 1016 lines along the long side, 642 rows of the card, a head of 672
// dots.
const (
	lines     = 1016
	rows      = 642
	headDots  = 672
	colorBits = 6
)

func bitsOf(letter byte) int {
	if letter == 'K' {
		return 1
	}
	return colorBits
}

// inkOf is the dye that a plane's letter stands for.
var inkOf = map[byte]byte{'B': 'Y', 'G': 'M', 'R': 'C', 'K': 'K'}

// format packs the dots of a line.
type format Format

// rowBytes is one bit of every dot of a line.
func (f format) rowBytes() int {
	if f == format(KGE2) {
		return 24 * 4 // words of 32 bits
	}
	return headDots / 8
}

func (f format) planeBytes(bits int) int { return lines * bits * f.rowBytes() }

// dotOf is the dot of the head that bit n of a row of bits belongs to, counted from the most
// significant bit of the first byte; -1: none.
func (f format) dotOf(n int) int {
	if f != format(KGE2) {
		return n
	}
	const first, half = 6, headDots - 24*16 // words without even bits, dots that sit in even bits
	word, bit := n/32, n%32
	switch {
	case bit%2 == 1:
		return half + 16*word + bit/2
	case word >= first:
		return 16*(word-first) + bit/2
	}
	return -1
}

// raster is how one page of this printer lies on the card.
type raster struct {
	format format
	first  int  // dot of the head that prints the first row
	back   bool // of a card that the printer has turned
}

// firstDot is the dot of the head over the first row of the card, for a head at position p.
func (d *Device) firstDot() int {
	p := min(max(d.cfg.Head, 35), 65)
	first := 65 - p
	if d.cfg.Model.Format == KEE && !d.cfg.NoShift {
		first++
	}
	return first
}

// unpack turns a plane into the landscape picture on the card.
func (r raster) unpack(bits int) func([]byte) []byte {
	width := r.format.rowBytes()
	// Where each bit of a row lands; -1: beside the card.
	row := make([]int, 8*width)
	for n := range row {
		row[n] = r.format.dotOf(n) - r.first
		if r.format.dotOf(n) < 0 || row[n] >= rows {
			row[n] = -1
		}
	}
	return func(packed []byte) []byte { return r.picture(bytes.Clone(packed), bits, row) }
}

// picture unpacks planes that are its own. Nobody else has them, nor the picture: the race detector, which would look
// dot by dot, has nothing to see.
//
//go:norace
func (r raster) picture(packed []byte, bits int, row []int) []byte {
	width := r.format.rowBytes()
	picture := make([]byte, lines*rows)
	for line := range lines {
		column := lines - 1 - line
		if r.back {
			column = line
		}
		for plane := range bits {
			sent := packed[(line*bits+plane)*width:][:width]
			if bytes.Count(sent, []byte{0}) == width {
				continue
			}
			for i, b := range sent {
				for n := 8 * i; b != 0; n++ {
					at := row[n]
					if r.back {
						at = rows - 1 - at
					}
					if row[n] >= 0 {
						picture[at*lines+column] |= b >> 7 << plane // the least significant plane comes first
					}
					b <<= 1
				}
			}
		}
	}
	return picture
}

// overcoat draws the areas without the holes.
func overcoat(areas, holes []rect) func([]byte) []byte {
	return func([]byte) []byte {
		picture := make([]byte, lines*rows)
		fill := func(r rect, v byte) {
			across := min(r.right, lines-1) + 1 - r.left
			for y := rows - 1 - r.top; y <= rows-1-r.bottom && across > 0; y++ {
				copy(picture[y*lines+r.left:], bytes.Repeat([]byte{v}, across))
			}
		}
		for _, r := range areas {
			fill(r, 1)
		}
		for _, r := range holes {
			fill(r, 0)
		}
		return picture
	}
}
