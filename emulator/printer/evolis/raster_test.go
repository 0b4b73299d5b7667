package evolis

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// packImage is the test's own encoder: a landscape image as raster lines, packed.
func packImage(bits int, at func(x, y int) int) []byte {
	out := make([]byte, 0, panelSize(bits))
	acc, have := 0, 0
	for x := range lines {
		for j := range dots {
			acc = acc<<bits | at(x, dots-1-j)
			have += bits
			for have >= 8 {
				have -= 8
				out = append(out, byte(acc>>have))
				acc &= 1<<have - 1
			}
		}
	}
	return out
}

func ruled(x, y int) int {
	if (3*x+5*y)%11 == 0 {
		return 1
	}
	return 0
}

// compressResin is the test's own encoder: 00 for blank lines, trailing zeros cut.
func compressResin(packed []byte) []byte {
	var out []byte
	for x := range lines {
		line := bytes.TrimRight(packed[x*lineBytes:(x+1)*lineBytes], "\x00")
		out = append(out, byte(len(line)))
		out = append(out, line...)
	}
	return out
}

// Packing of dots, most significant bit first: worked out by hand from the
// Programming Guide A5013 Rev E.
func TestUnpackDots(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		bits   int
		packed string
		want   []byte
	}{
		{7, "fe000000000001", []byte{0x7F, 0, 0, 0, 0, 0, 0, 1}},
		{7, "02081840a18388", []byte{1, 2, 3, 4, 5, 6, 7, 8}},
		{6, "fc0001", []byte{0x3F, 0, 0, 1}},
		{5, "f800000001", []byte{0x1F, 0, 0, 0, 0, 0, 0, 1}},
		{1, "81", []byte{1, 0, 0, 0, 0, 0, 0, 1}},
		{8, "ff0001", []byte{255, 0, 1}},
	} {
		packed, _ := hex.DecodeString(v.packed)
		got := make([]byte, len(v.want))
		unpackLine(got, packed, v.bits)
		if !bytes.Equal(got, v.want) {
			t.Errorf("%d bits %s: % x, want % x", v.bits, v.packed, got, v.want)
		}
	}
}

// A single black pixel of the landscape image: its byte in the k panel, likewise.
func TestSinglePixel(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		x, y, at int
		value    byte
	}{{0, 0, 80, 0x01}, {0, 647, 0, 0x80}, {1015, 0, 82295, 0x01}, {1015, 647, 82215, 0x80}} {
		packed := make([]byte, panelSize(1))
		packed[v.at] = v.value
		img := whole(1, dots, lines, 0)(packed)
		for i, dot := range img {
			if want := i == v.y*lines+v.x; (dot == 1) != want {
				t.Fatalf("byte %d = %02x: dot (%d, %d) is %d", v.at, v.value, i%lines, i/lines, dot)
			}
		}
	}
}

// Whole panels of set patterns: hashes worked out from the guide apart from this code.
func TestWholePanels(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		bits int
		at   func(x, y int) int
		sum  string
	}{
		{1, ruled, "de5aedc9b73fb4153f2ecc309003764cc710956ee59643104126ccc3c86d407f"},
		{5, func(x, y int) int { return (x + 2*y) % 32 }, "c0f45014245e296263c285ed5e32c1bb01d7e2b20106fe0e54aa6eb3d11e993d"},
		{6, func(x, y int) int { return (x + 2*y) % 64 }, "8fb9c90df5e6d6bd7b1d1e454aba1ef84cacae94cc31e79fddf51770174255cd"},
		{7, func(x, y int) int { return (x + 2*y) % 128 }, "c1e69db22e77d21f9da3738076b1b4f2a61c7fe5b22bd5ad42d31794cc7bc844"},
	} {
		packed := packImage(v.bits, v.at)
		if len(packed) != panelSize(v.bits) {
			t.Errorf("%d bits: %d bytes, want %d", v.bits, len(packed), panelSize(v.bits))
		}
		if sum := sha256.Sum256(packed); hex.EncodeToString(sum[:]) != v.sum {
			t.Errorf("%d bits: hash %x", v.bits, sum)
		}
		sameDots(t, whole(v.bits, dots, lines, 0)(packed), v.at)
	}
}

func sameDots(t *testing.T, img []byte, at func(x, y int) int) {
	t.Helper()
	for i, got := range img {
		if want := at(i%lines, i/lines); int(got) != want {
			t.Fatalf("dot (%d, %d) is %d, want %d", i%lines, i/lines, got, want)
		}
	}
}

func TestPanelSizes(t *testing.T) {
	t.Parallel()
	for levels, want := range map[int][2]int{2: {82296, 84624}, 32: {411480, 423120}, 64: {493776, 507744}, 128: {576072, 592368}, 256: {658368, 676992}} {
		bits := bitsOf[levels]
		if got := [2]int{panelSize(bits), largeSize(bits)}; got != want {
			t.Errorf("%d levels: %v, want %v", levels, got, want)
		}
	}
}

// The compressed form of the ruled panel, likewise.
func TestCompressedPanel(t *testing.T) {
	t.Parallel()
	data := compressResin(packImage(1, ruled))
	sum := sha256.Sum256(data)
	if len(data) != 83036 || hex.EncodeToString(sum[:]) != "58f916dfe0bdabaa1591d3c44fbc54e03f5f78bccfae96cd5909fd5a7507b8d6" {
		t.Errorf("%d bytes, hash %x", len(data), sum)
	}
	if n, err := resinLines(data, nil); n != lines || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
	sameDots(t, resin(0)(data), ruled)
}

func TestCompressedSolidAndBlank(t *testing.T) {
	t.Parallel()
	sameDots(t, resin(0)(make([]byte, lines)), func(int, int) int { return 0 })
	sameDots(t, resin(0)(bytes.Repeat([]byte{0xFF}, lines)), func(int, int) int { return 1 })
	full := append([]byte{lineBytes}, bytes.Repeat([]byte{0xFF}, lineBytes)...)
	sameDots(t, resin(0)(bytes.Repeat(full, lines)), func(int, int) int { return 1 })
}

func TestCompressedResinRefused(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"82 bytes in a line": {82}, "cut off": {3, 1, 2}} {
		if _, err := resinLines(data, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Runs of the dye compression (Programming Guide A5013, section 4): one dot, a run, 256 more by
// bits 6 and 5, a white line by count 0.
func TestDyeRuns(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name string
		bits int
		data []byte
		want []byte // values in order, run by run
		n    int
	}{
		{"single dots", 7, []byte{0x01, 0x7F}, []byte{1, 0x7F}, 2},
		{"a run", 7, []byte{0x80 | 0x41, 3}, []byte{0x41, 0x41, 0x41}, 3},
		{"256 more", 6, []byte{0x80 | 0x40 | 0x3F, 1}, bytes.Repeat([]byte{0x3F}, 257), 257},
		{"512 more", 5, []byte{0x80 | 0x60 | 0x1F, 1}, bytes.Repeat([]byte{0x1F}, 513), 513},
		{"white line", 7, []byte{0x80, 0}, make([]byte, dots), dots},
		{"the rest of a line", 7, []byte{0x05, 0x80, 0}, append([]byte{5}, make([]byte, dots-1)...), dots},
	} {
		var got []byte
		n, err := dyeRuns(v.data, v.bits, func(_, n int, b byte) { got = append(got, bytes.Repeat([]byte{b}, n)...) })
		if n != v.n || err != nil || !bytes.Equal(got, v.want) {
			t.Errorf("%s: %d dots, %v", v.name, n, err)
		}
	}
	for name, data := range map[string][]byte{"no count": {0x80}, "too long": bytes.Repeat([]byte{0xFF, 0xFF}, lines*dots/255+1)} {
		if _, err := dyeRuns(data, 7, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestDyePanel(t *testing.T) {
	t.Parallel()
	at := func(x, y int) int { return x / 8 % 128 }
	var data []byte
	for x := range lines {
		v := byte(at(x, 0))
		data = append(data, 0x80|v, 255, 0x80|v, 255, 0x80|v, dots-2*255)
	}
	if n, err := countCompressed(7, data); n != lines || err != nil {
		t.Fatalf("%d lines, %v", n, err)
	}
	sameDots(t, dye(7, 0)(data), at)
}

// bmp makes a Windows bitmap with one bit per dot; set dots are black.
func bmp(w, h int, at func(x, y int) bool) []byte {
	stride := (w + 31) / 32 * 4
	b := make([]byte, bmpHeaders+stride*h)
	copy(b, "BM")
	binary.LittleEndian.PutUint32(b[bmpSizeAt:], uint32(len(b)))
	binary.LittleEndian.PutUint32(b[bmpDataAt:], bmpHeaders)
	binary.LittleEndian.PutUint32(b[14:], 40)
	binary.LittleEndian.PutUint32(b[bmpWidthAt:], uint32(w))
	binary.LittleEndian.PutUint32(b[bmpHeightAt:], uint32(h))
	binary.LittleEndian.PutUint16(b[26:], 1)
	binary.LittleEndian.PutUint16(b[bmpBitsAt:], 1)
	copy(b[bmpPalette:], []byte{0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0})
	for y := range h {
		for x := range w {
			if at(x, y) {
				b[bmpHeaders+(h-1-y)*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}

func TestDrawBMP(t *testing.T) {
	t.Parallel()
	plane := make([]byte, lines*dots)
	if err := drawBMP(plane, bmp(lines, dots, func(x, y int) bool { return ruled(x, y) == 1 }), 0, dots); err != nil {
		t.Fatal(err)
	}
	sameDots(t, plane, ruled)
	if err := drawBMP(plane, []byte("BM"), 0, 0); err == nil {
		t.Error("a stump is accepted")
	}
}
