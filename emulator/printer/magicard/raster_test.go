package magicard

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// encode packs a picture of lines and rows by the formulas of the vendor's filter, dot by dot.
func encode(f format, first, bits int, at func(line, row int) int) []byte {
	width := f.rowBytes()
	out := make([]byte, lines*bits*width)
	for line := range lines {
		for row := range rows {
			d := row + first
			at2, mask := d/8, byte(0x80)>>(d%8)
			if f == format(KGE2) {
				word, b := 6+d/16, 2*(d%16)
				if d >= 288 {
					word, b = (d-288)/16, 2*((d-288)%16)+1
				}
				at2, mask = 4*word+b/8, byte(0x80)>>(b%8)
			}
			for p := range bits {
				if at(line, row)>>p&1 == 1 {
					out[(line*bits+p)*width+at2] |= mask
				}
			}
		}
	}
	return out
}

func ruled(line, row int) int {
	if (3*line+5*row)%11 == 0 {
		return 1
	}
	return 0
}

func ramp(line, row int) int { return (line + 2*row) % 64 }

// Whole planes of set patterns with the head at 50: hashes worked out from the filter's formulas
// apart from this code. Each comes back as the picture that it was, front and back.
func TestWholePlanes(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		format Format
		first  int
		bits   int
		at     func(line, row int) int
		bytes  int
		sum    string
	}{
		{KGE2, 15, 1, ruled, 97536, "31f5454b882d76aba5c036add6f5b05652009047b0dca11f461231da68b9c977"},
		{KGE2, 15, 6, ramp, 585216, "785b8d45fd4ec8f0f7b767b98d1f99d5ae3e2cdff977b4367952bec52676cd11"},
		{KEE, 16, 1, ruled, 85344, "099b1446777b280884e945e8c651e5fa9aed4e735705d7d19cbcae6d26bdb809"},
		{KEE, 16, 6, ramp, 512064, "95f16753092f388a9c8c3c9f92a7a003559676442dc2b8740018422f1f059a2d"},
	} {
		f := format(v.format)
		packed := encode(f, v.first, v.bits, v.at)
		sum := sha256.Sum256(packed)
		if len(packed) != v.bytes || f.planeBytes(v.bits) != v.bytes || hex.EncodeToString(sum[:]) != v.sum {
			t.Errorf("%s, %d bits: %d bytes, SHA-256 %x", v.format, v.bits, len(packed), sum)
		}
		front := raster{f, v.first, false}.unpack(v.bits)(packed)
		back := raster{f, v.first, true}.unpack(v.bits)(packed)
		for i := range front {
			x, y := i%lines, i/lines
			if got, want := int(front[i]), v.at(lines-1-x, y); got != want {
				t.Fatalf("%s, %d bits: dot (%d, %d) of the front is %d, want %d", v.format, v.bits, x, y, got, want)
			}
			if got, want := int(back[i]), v.at(x, rows-1-y); got != want {
				t.Fatalf("%s, %d bits: dot (%d, %d) of the back is %d, want %d", v.format, v.bits, x, y, got, want)
			}
		}
	}
}

// Every dot of the head has one bit in a row.
func TestEveryDotHasABit(t *testing.T) {
	t.Parallel()
	for _, f := range []format{format(KGE2), format(KEE)} {
		seen := map[int]bool{}
		for n := range 8 * f.rowBytes() {
			if d := f.dotOf(n); d >= 0 {
				if seen[d] {
					t.Errorf("%s: dot %d twice", f, d)
				}
				seen[d] = true
			}
		}
		if len(seen) != headDots || !seen[0] || !seen[headDots-1] {
			t.Errorf("%s: %d dots", f, len(seen))
		}
	}
}

// The head's position moves the picture on the card; it is kept within 35 and 65.
func TestHeadPosition(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		model  Format
		no     bool
		p, row int
	}{{KGE2, false, 50, 15}, {KGE2, false, 61, 4}, {KGE2, false, 99, 0}, {KGE2, false, 20, 30}, {KEE, false, 50, 16}, {KEE, true, 50, 15}} {
		d := &Device{cfg: Config{Model: Model{Format: v.model}, Head: v.p, NoShift: v.no}}
		if got := d.firstDot(); got != v.row {
			t.Errorf("%s at %d: first dot %d, want %d", v.model, v.p, got, v.row)
		}
	}
}

// Areas are in dots from the lower left corner, both ends included: the hole for a chip, and the
// whole area of the models with a KEE head, which is wider than the card.
func TestOvercoat(t *testing.T) {
	t.Parallel()
	dots := overcoat([]rect{{0, 0, 1025, 641}}, []rect{{90, 295, 260, 450}})(nil)
	for i, v := range dots {
		x, y := i%lines, rows-1-i/lines
		hole := x >= 90 && x <= 260 && y >= 295 && y <= 450
		if (v == 1) == hole {
			t.Fatalf("dot (%d, %d) from below is %d", x, y, v)
		}
	}
}
