package evolis

import "bytes"

// unpackLine spreads packed dots, most significant bit first, one value per byte of out.
//
//go:norace
func unpackLine(out, packed []byte, bits int) {
	switch bits {
	case 8:
		copy(out, packed)
		return
	case 1:
		for i := range out {
			out[i] = packed[i/8] >> (7 - i%8) & 1
		}
		return
	}
	acc, have, at := uint(0), 0, 0
	mask := uint(1)<<bits - 1
	for i := range out {
		if have < bits {
			acc = acc<<8 | uint(packed[at])
			at++
			have += 8
		}
		have -= bits
		out[i] = byte(acc >> have & mask)
		acc &= 1<<have - 1
	}
}

// whole unpacks a panel of full lines that begin on byte borders. perLine and count describe
// the buffer that was sent, which may be larger than the card.
func whole(bits, perLine, count, first int) func([]byte) []byte {
	return func(packed []byte) []byte {
		packed = bytes.Clone(packed)
		img := make([]byte, lines*dots)
		line := make([]byte, perLine)
		size := perLine * bits / 8
		for x := range min(count, lines-first) {
			unpackLine(line, packed[x*size:(x+1)*size], bits)
			place(img, line, first+x)
		}
		return img
	}
}
