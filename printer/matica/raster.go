package matica

import "slices"

// levels of Y, M and C: one byte a dot, 0 none, ff full.
const levels = 256

// full is a dot of a two-level panel that is on.
const full = 0xFF

// raster is a panel as it goes over the wire: row by row, turned by 180 degrees where the model
// wants it. used is the bitwise or of all dots before they were spread, over the largest of them.
func raster(dots []byte, twoLevel, turned bool) (out []byte, used byte) {
	out = slices.Clone(dots)
	if twoLevel {
		for i, v := range out {
			used |= v
			out[i] = -v // 1 becomes ff
		}
	} else {
		for _, v := range out {
			used |= v
		}
	}
	if turned {
		slices.Reverse(out)
	}
	return out, used
}
