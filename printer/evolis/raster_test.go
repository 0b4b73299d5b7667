package evolis

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
)

// landscape draws a panel by a value for each (column, row), row 0 at the top.
func landscape(value func(x, y int) int) []byte {
	dots := make([]byte, Columns*Rows)
	for y := range Rows {
		for x := range Columns {
			dots[y*Columns+x] = byte(value(x, y))
		}
	}
	return dots
}

func packed(dots []byte, bits int) []byte {
	out := make([]byte, panelBytes(bits))
	pack(out, dots, bits)
	return out
}

// Sizes: 648 x 1016 dots at 1, 5, 6 and 7 bits (Programming Guide A5013 Rev E, formula of
// the Db command).
func TestPanelBytes(t *testing.T) {
	t.Parallel()
	for levels, want := range map[int]int{2: 82_296, 32: 411_480, 64: 493_776, 128: 576_072} {
		if got := panelBytes(bitsOf[levels]); got != want {
			t.Errorf("%d levels: %d bytes, want %d", levels, got, want)
		}
	}
}

// Vectors of our own, worked by hand from the rule "no gaps, most significant bit first".
func TestPackGroup(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		levels int
		dots   [8]byte
		want   string
	}{
		{128, [8]byte{0x7f, 0, 0, 0, 0, 0, 0, 1}, "fe000000000001"},
		{128, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, "02081840a18388"},
		{64, [8]byte{0x3f, 0, 0, 1, 0x3f, 0, 0, 1}, "fc0001fc0001"},
		{32, [8]byte{0x1f, 0, 0, 0, 0, 0, 0, 1}, "f800000001"},
		{2, [8]byte{1, 0, 0, 0, 0, 0, 1, 1}, "83"},
	} {
		want, err := hex.DecodeString(v.want)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, bitsOf[v.levels])
		packGroup(got, bitsOf[v.levels], v.dots[0], v.dots[1], v.dots[2], v.dots[3], v.dots[4], v.dots[5], v.dots[6], v.dots[7])
		if !bytes.Equal(got, want) {
			t.Errorf("%d levels %x: got %x, want %x", v.levels, v.dots, got, want)
		}
	}
}

// One dot of black at each corner: where the 90 degree turn puts it.
func TestPackCorners(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		x, y, at int
		value    byte
	}{
		{0, 0, 80, 0x01},
		{0, 647, 0, 0x80},
		{1015, 0, 82_295, 0x01},
		{1015, 647, 82_215, 0x80},
	} {
		t.Run(fmt.Sprintf("%d,%d", v.x, v.y), func(t *testing.T) {
			t.Parallel()
			got := packed(landscape(func(x, y int) int {
				if x == v.x && y == v.y {
					return 1
				}
				return 0
			}), 1)
			for i, b := range got {
				want := byte(0)
				if i == v.at {
					want = v.value
				}
				if b != want {
					t.Fatalf("byte %d is %02x, want %02x", i, b, want)
				}
			}
		})
	}
}

func ink11(x, y int) int {
	if (3*x+5*y)%11 == 0 {
		return 1
	}
	return 0
}

// Whole panels over the landscape image. Patterns and digests are our own; they were made
// with an independent program from the written rule.
func TestWholePanels(t *testing.T) {
	t.Parallel()
	gradient := func(levels int) func(x, y int) int {
		return func(x, y int) int { return (x + 2*y) % levels }
	}
	for _, v := range []struct {
		name  string
		data  func() []byte
		bytes int
		sum   string
	}{
		{
			"black", func() []byte { return packed(landscape(ink11), 1) }, 82_296,
			"de5aedc9b73fb4153f2ecc309003764cc710956ee59643104126ccc3c86d407f",
		},
		{
			"black compressed", func() []byte { return compress(packed(landscape(ink11), 1)) }, 83_036,
			"58f916dfe0bdabaa1591d3c44fbc54e03f5f78bccfae96cd5909fd5a7507b8d6",
		},
		{
			"32", func() []byte { return packed(landscape(gradient(32)), 5) }, 411_480,
			"c0f45014245e296263c285ed5e32c1bb01d7e2b20106fe0e54aa6eb3d11e993d",
		},
		{
			"64", func() []byte { return packed(landscape(gradient(64)), 6) }, 493_776,
			"8fb9c90df5e6d6bd7b1d1e454aba1ef84cacae94cc31e79fddf51770174255cd",
		},
		{
			"128", func() []byte { return packed(landscape(gradient(128)), 7) }, 576_072,
			"c1e69db22e77d21f9da3738076b1b4f2a61c7fe5b22bd5ad42d31794cc7bc844",
		},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			got := v.data()
			if len(got) != v.bytes {
				t.Errorf("%d bytes, want %d", len(got), v.bytes)
			}
			if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != v.sum {
				t.Errorf("SHA-256 %x, want %s", sum, v.sum)
			}
		})
	}
}

// The or of all dots shows ink and values over the depth.
func TestPackUsed(t *testing.T) {
	t.Parallel()
	dst := make([]byte, panelBytes(1))
	if used := pack(dst, make([]byte, Columns*Rows), 1); used != 0 {
		t.Errorf("blank panel used %02x", used)
	}
	dots := make([]byte, Columns*Rows)
	dots[12_345] = 4
	if used := pack(dst, dots, 1); used != 4 {
		t.Errorf("used %02x, want 04", used)
	}
}

func BenchmarkPack(b *testing.B) {
	for levels, bits := range bitsOf {
		b.Run(fmt.Sprint(levels), func(b *testing.B) {
			dots := landscape(func(x, y int) int { return (x + 2*y) % levels })
			dst := make([]byte, panelBytes(bits))
			b.SetBytes(int64(len(dots)))
			for b.Loop() {
				pack(dst, dots, bits)
			}
		})
	}
}

// A whole YMCKO side: five panels turned, packed, the two-level ones compressed, framed.
func BenchmarkSide(b *testing.B) {
	p := &Printer{cfg: Config{Levels: 128}, front: "YMCKO"}
	job := ymcko()
	for b.Loop() {
		if _, err := p.prepare(job); err != nil {
			b.Fatal(err)
		}
	}
}
