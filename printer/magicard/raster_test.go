package magicard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// landscape makes a panel from a function of line and row: line L is image column 1015-L.
func landscape(at func(line, row int) int) []byte {
	dots := make([]byte, Columns*Rows)
	for y := range Rows {
		for x := range Columns {
			dots[y*Columns+x] = byte(at(Columns-1-x, y))
		}
	}
	return dots
}

func ruled(line, row int) int {
	if (3*line+5*row)%11 == 0 {
		return 1
	}
	return 0
}

func ramp(line, row int) int { return (line + 2*row) % 64 }

func packed(l layout, dots []byte, bits int) []byte {
	out := make([]byte, l.format.planeBytes(bits))
	l.pack(out, dots, bits)
	return out
}

func modelOf(t testing.TB, id string) *Model {
	t.Helper()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.ID == id {
			return m
		}
	}
	t.Fatalf("no model %s", id)
	return nil
}

// Whole planes of set patterns at head position 50: hashes worked out from the formulas of the
// filter apart from this code.
func TestWholePlanes(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		model string
		at    func(line, row int) int
		bits  int
		bytes int
		sum   string
	}{
		{"enduro", ruled, 1, 97_536, "31f5454b882d76aba5c036add6f5b05652009047b0dca11f461231da68b9c977"},
		{"enduro", ramp, 6, 585_216, "785b8d45fd4ec8f0f7b767b98d1f99d5ae3e2cdff977b4367952bec52676cd11"},
		{"tango2e", ruled, 1, 85_344, "099b1446777b280884e945e8c651e5fa9aed4e735705d7d19cbcae6d26bdb809"},
		{"tango2e", ramp, 6, 512_064, "95f16753092f388a9c8c3c9f92a7a003559676442dc2b8740018422f1f059a2d"},
	} {
		got := packed(modelOf(t, v.model).layoutOf(50, false), landscape(v.at), v.bits)
		if sum := sha256.Sum256(got); len(got) != v.bytes || hex.EncodeToString(sum[:]) != v.sum {
			t.Errorf("%s, %d bits: %d bytes, SHA-256 %x", v.model, v.bits, len(got), sum)
		}
	}
}

// Single dots of a black line at head position 50: where the filter puts them.
func TestSingleDots(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		row      int
		kge2     int
		kge2Mask byte
		kee      int
		keeMask  byte
	}{{0, 27, 0x02, 2, 0x80}, {1, 28, 0x80, 2, 0x40}, {272, 95, 0x02, 36, 0x80}, {273, 0, 0x40, 36, 0x40}, {641, 92, 0x40, 82, 0x40}} {
		dots := landscape(func(line, row int) int {
			if line == 3 && row == v.row {
				return 1
			}
			return 0
		})
		for id, at := range map[string]struct {
			byte int
			mask byte
		}{"enduro": {v.kge2, v.kge2Mask}, "tango2e": {v.kee, v.keeMask}} {
			l := modelOf(t, id).layoutOf(50, false)
			got := packed(l, dots, 1)
			want := make([]byte, len(got))
			want[3*l.format.rowBytes()+at.byte] = at.mask
			if !bytes.Equal(got, want) {
				t.Errorf("%s, row %d: not byte %d, mask %02x", id, v.row, at.byte, at.mask)
			}
		}
	}
}

// bit finds the value of one dot in a packed plane, dot by dot.
func bit(f Format, data []byte, bits, line, head int) (v int) {
	width := f.rowBytes()
	at, mask := head/8, byte(0x80)>>(head%8)
	if f == KGE2 {
		word, b := 6+head/16, 2*(head%16)
		if head >= 288 {
			word, b = (head-288)/16, 2*((head-288)%16)+1
		}
		at, mask = word*4+b/8, byte(0x80)>>(b%8)
	}
	for p := range bits {
		if data[(line*bits+p)*width+at]&mask != 0 {
			v |= 1 << p
		}
	}
	return v
}

// Every dot is where the plain formulas have it, at any position of the head, on either side; what
// would lie beside the head is not sent.
func TestPackProperty(t *testing.T) {
	t.Parallel()
	models := []*Model{modelOf(t, "enduro"), modelOf(t, "tango2e")}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(models).Draw(t, "model")
		position := rapid.IntRange(20, 80).Draw(t, "position")
		back := rapid.Bool().Draw(t, "back")
		bits := rapid.SampledFrom([]int{1, 6}).Draw(t, "bits")
		dots := make([]byte, Columns*Rows)
		var spots [][2]int
		for range 40 {
			s := [2]int{rapid.IntRange(0, Columns-1).Draw(t, "x"), rapid.IntRange(0, Rows-1).Draw(t, "y")}
			dots[s[1]*Columns+s[0]] = byte(rapid.IntRange(1, 1<<bits-1).Draw(t, "v"))
			spots = append(spots, s)
		}
		got := packed(m.layoutOf(position, back), dots, bits)
		ink := 0
		for _, b := range got {
			for ; b != 0; b &= b - 1 {
				ink++
			}
		}
		first := 65 - min(max(position, 35), 65) + m.HeadShift
		want := 0
		seen := map[[2]int]bool{}
		for _, s := range spots {
			line, row := Columns-1-s[0], s[1]
			if back {
				line, row = s[0], Rows-1-s[1]
			}
			v := int(dots[s[1]*Columns+s[0]])
			if row+first >= headDots {
				continue
			}
			if g := bit(m.Format, got, bits, line, row+first); g != v {
				t.Fatalf("dot %v is %d, want %d", s, g, v)
			}
			for w := v; w != 0 && !seen[s]; w &= w - 1 {
				want++
			}
			seen[s] = true
		}
		if ink != want {
			t.Fatalf("%d bits are set, want %d", ink, want)
		}
	})
}

func BenchmarkPack(b *testing.B) {
	for _, id := range []string{"enduro", "tango2e"} {
		for _, bits := range []int{1, 6} {
			b.Run(fmt.Sprintf("%s/%d", id, bits), func(b *testing.B) {
				dots := landscape(func(line, row int) int { return ramp(line, row) % (1 << bits) })
				l := modelOf(b, id).layoutOf(50, false)
				dst := make([]byte, l.format.planeBytes(bits))
				b.SetBytes(int64(len(dots)))
				for b.Loop() {
					l.pack(dst, dots, bits)
				}
			})
		}
	}
}
