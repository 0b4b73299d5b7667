package matica

import (
	"bytes"
	"slices"
)

// levels of Y, M and C: one byte a dot, 0 none, ff full.
const levels = 256

// full is a dot of a two-level panel that is on.
const full = 0xFF

// raster is a panel as it goes over the wire: row by row, turned by 180 degrees where the model
// wants it. used is the bitwise or of all dots before they were spread, over the largest of them.
func raster(dots []byte, twoLevel, turned bool) (out []byte, used byte) {
	out = slices.Clone(dots)
	blank := bytes.Count(dots, []byte{0})
	switch {
	case blank == len(dots):
	case twoLevel && blank+bytes.Count(dots, []byte{1}) == len(dots):
		used = 1
		for at := bytes.IndexByte(out, 1); at >= 0; {
			for ; at < len(out) && out[at] == 1; at++ {
				out[at] = full
			}
			next := bytes.IndexByte(out[at:], 1)
			if next < 0 {
				break
			}
			at += next
		}
	default:
		for _, v := range dots {
			used |= v
		}
	}
	if turned {
		slices.Reverse(out)
	}
	return out, used
}
