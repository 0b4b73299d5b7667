package evolis

import "bytes"

// Columns and Rows of every panel, landscape, at 300 dpi (Programming Guide A5013 Rev E,
// raster commands; qzind/tray Evolis.java). The printer's raster runs across the short side:
// 1016 lines of 648 dots.
const (
	Columns = 1016
	Rows    = 648
	DPI     = 300
)

// bitsOf is the depth on the wire of a number of levels. 256 levels are known of newer
// firmware only by hearsay, and their token not at all, so they are not here.
var bitsOf = map[int]int{2: 1, 32: 5, 64: 6, 128: 7}

// group is how many dots fill whole bytes at every depth; a line of 648 dots is 81 groups.
const group = 8

// panelBytes is the size of a packed panel.
func panelBytes(bits int) int { return Columns * lineBytes(bits) }

func lineBytes(bits int) int { return Rows / group * bits }

// pack turns a landscape panel (row-major, one value per dot) by 90 degrees clockwise and
// packs it without gaps, most significant bit first: raster line x is image column x, dot j
// of the line is image row 647-j. It returns the bitwise or of all dots beside the bytes, so
// that the caller sees ink (not zero) and values over the depth (bits above it).
func pack(dst, dots []byte, bits int) (used byte) {
	clear(dst)
	// The eight image rows of a group of dots, the first dot's row first.
	var rows [group][Columns]byte
	for g := range Rows / group {
		ink := 0
		for i := range rows {
			y := Rows - 1 - (g*group + i)
			row := dots[y*Columns : (y+1)*Columns]
			copy(rows[i][:], row)
			ink += Columns - bytes.Count(row, noInk)
		}
		if ink > 0 {
			used |= packRows(dst, g, &rows, bits)
		}
	}
	return used
}

// packRows packs one group of dots of every line. Whoever packs has rows and dst alone: the race detector, which would
// look at them dot by dot, has nothing to see.
//
//go:norace
func packRows(dst []byte, g int, rows *[group][Columns]byte, bits int) (used byte) {
	line, out := lineBytes(bits), g*bits
	for x := range Columns {
		d0, d1, d2, d3, d4, d5, d6, d7 := rows[0][x], rows[1][x], rows[2][x], rows[3][x], rows[4][x], rows[5][x], rows[6][x], rows[7][x]
		used |= d0 | d1 | d2 | d3 | d4 | d5 | d6 | d7
		packGroup(dst[out:out+bits:out+bits], bits, d0, d1, d2, d3, d4, d5, d6, d7)
		out += line
	}
	return used
}

// noInk is a dot without it.
var noInk = []byte{0}

// packGroup packs eight dots into bits bytes.
//
//go:norace
func packGroup(dst []byte, bits int, d0, d1, d2, d3, d4, d5, d6, d7 byte) {
	if bits == 1 {
		dst[0] = d0<<7 | d1<<6 | d2<<5 | d3<<4 | d4<<3 | d5<<2 | d6<<1 | d7
		return
	}
	b := uint(bits)
	v := uint64(d0)<<(7*b) | uint64(d1)<<(6*b) | uint64(d2)<<(5*b) | uint64(d3)<<(4*b) |
		uint64(d4)<<(3*b) | uint64(d5)<<(2*b) | uint64(d6)<<b | uint64(d7)
	for i := range dst {
		dst[i] = byte(v >> (8 * uint(len(dst)-1-i)))
	}
}
