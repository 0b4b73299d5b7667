package artwork

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"blanko/fault"
)

var testNotes = []string{"Evolis Primacy 2, 90000001, 300 dpi", "2026-11-25 stasiun BLANKO-01", "setelah ganti kepala cetak"}

func TestTestCardIsTheGoldenOne(t *testing.T) {
	t.Parallel()
	var sums bytes.Buffer
	for _, dpi := range []int{300, 600} {
		f, err := TestCard(dpi, testNotes...)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%d color %x\n%d black %x\n", dpi, sha256.Sum256(f.Color.Pix), dpi, sha256.Sum256(f.Black.Pix))
		if dpi == 300 {
			golden(t, "test-card", f.Proof())
		}
	}
	compare(t, "test-card.sum", sums.Bytes())
}

// The dyes lie where the resin does not: a printer that lays both shows what it was told.
func TestTestCardHasEveryLevel(t *testing.T) {
	t.Parallel()
	f, err := TestCard(600, testNotes...)
	if err != nil {
		t.Fatal(err)
	}
	gray, dye := map[byte]bool{}, map[color.NRGBA]bool{}
	for y := range f.Height {
		for x := range f.Width {
			c := f.Color.NRGBAAt(x, y)
			if v := f.Black.GrayAt(x, y).Y; v != 0 && v != 255 {
				t.Fatalf("black at %d, %d is %d", x, y, v)
			}
			if c.R == c.G && c.G == c.B {
				gray[c.R] = true
			}
			dye[c] = true
		}
	}
	if len(gray) != 256 {
		t.Errorf("%d grays", len(gray))
	}
	for _, c := range []color.NRGBA{{255, 255, 0, 255}, {255, 0, 255, 255}, {0, 255, 255, 255}, {255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}} {
		if !dye[c] {
			t.Errorf("no %v", c)
		}
	}
}

func TestTestCardRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dpi   int
		notes []string
		want  fault.Entry
	}{
		{203, nil, resolutionUnsupported},
		{300, []string{strings.Repeat("alasan ", 30)}, textDoesNotFit},
		{300, []string{"a", "b", "c", "d"}, textDoesNotFit},
		{300, []string{"\u0001"}, valueInvalid},
	} {
		if _, err := TestCard(c.dpi, c.notes...); !fault.Is(err, c.want) {
			t.Errorf("%d dpi, %q: %v", c.dpi, c.notes, err)
		}
	}
}
