//go:build cgo

package openjpeg

import (
	"image"
	"image/color"
	"testing"
)

// Pictures that give far less than the budget are encoded without ever asking for more room than
// their pixels need: a plain slope once made the search for the rate ask for gigabytes.
func TestPlainPictures(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const w, h, budget = 240, 320, 10 << 10
	for name, at := range map[string]func(x, y int) color.Gray{
		"slope":   func(_, y int) color.Gray { return color.Gray{Y: uint8(y * 255 / h)} },
		"one":     func(int, int) color.Gray { return color.Gray{Y: 200} },
		"corners": func(x, y int) color.Gray { return color.Gray{Y: uint8((x ^ y) & 128)} },
	} {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.SetGray(x, y, at(x, y))
			}
		}
		b, err := c.Encode(img, budget)
		if err != nil || len(b) > budget {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
			continue
		}
		if _, err := c.Decode(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
