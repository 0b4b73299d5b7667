package matica

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// Patterns of our own over image columns x and rows y, as they must go over the wire, by their hash.
func TestRasterAsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name             string
		columns, rows    int
		twoLevel, turned bool
		dot              func(x, y int) byte
		size             int
		sum              string
		first            string
	}{
		{
			"XID580i, color", 1036, 664, false, false, func(x, y int) byte { return byte((3*x + 5*y) % 256) }, 687_904,
			"f50b135a07b4af269341e2abb76e6cc8d6592aba8b295dd788f3d83a81f9ec52", "",
		},
		{"XID580i, black", 1036, 664, true, false, func(x, y int) byte {
			if (3*x+5*y)%11 == 0 {
				return 1
			}
			return 0
		}, 687_904, "f9065ce3243e0d48808f275239498885c39f3ba96037f28d879552f7325c6bca", ""},
		{
			"XID8600, color", 2072, 1328, false, true, func(x, y int) byte { return byte((3*x + 5*y) % 256) }, 2_751_616,
			"4e3b87c9b97f804cdb58cdedb8c98468d05a9597b3c88506795f6092b9a0ea4e", "302d2a27",
		},
	} {
		dots := make([]byte, v.columns*v.rows)
		for y := range v.rows {
			for x := range v.columns {
				dots[y*v.columns+x] = v.dot(x, y)
			}
		}
		before := bytes.Clone(dots)
		out, used := raster(dots, v.twoLevel, v.turned)
		if sum := sha256.Sum256(out); len(out) != v.size || hex.EncodeToString(sum[:]) != v.sum {
			t.Errorf("%s: %d bytes, %x", v.name, len(out), sum)
		}
		if v.first != "" && hex.EncodeToString(out[:4]) != v.first {
			t.Errorf("%s begins % x", v.name, out[:4])
		}
		if used == 0 || !bytes.Equal(dots, before) {
			t.Errorf("%s: used %02x, changed %v", v.name, used, !bytes.Equal(dots, before))
		}
	}
}

// Every dot comes out once, at its place; used is the or of all.
func TestRasterProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		twoLevel, turned := rapid.Bool().Draw(t, "two levels"), rapid.Bool().Draw(t, "turned")
		most := byte(255)
		if twoLevel {
			most = 1
		}
		dots := rapid.SliceOfN(rapid.ByteRange(0, most), 0, 200).Draw(t, "dots")
		out, used := raster(dots, twoLevel, turned)
		all := byte(0)
		for i, v := range dots {
			all |= v
			want := v
			if twoLevel && v == 1 {
				want = full
			}
			at := i
			if turned {
				at = len(dots) - 1 - i
			}
			if out[at] != want {
				t.Fatalf("dot %d is %02x at %d, want %02x", i, out[at], at, want)
			}
		}
		if used != all {
			t.Fatalf("used %02x, want %02x", used, all)
		}
	})
}
