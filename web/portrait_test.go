package web

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"testing"

	"blanko/emulator/people"
	"blanko/registry"
)

// redrawn changes every dot of a portrait.
func redrawn(m image.Image, dot func(v float64) float64) *image.RGBA {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	for i, v := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = uint8(min(max(dot(float64(v)), 0), 255))
		}
	}
	return out
}

// smeared mixes each dot with those before and after it in its line, and turns the picture on its side.
func smeared(m *image.RGBA, radius int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for c := range 4 {
			at := func(x int) int { return int(m.Pix[m.PixOffset(min(max(x, 0), w-1), y)+c]) }
			sum := 0
			for x := -radius; x < radius; x++ {
				sum += at(x)
			}
			for x := range w {
				sum += at(x + radius)
				out.Pix[out.PixOffset(y, x)+c] = uint8(sum / (2*radius + 1))
				sum -= at(x - radius)
			}
		}
	}
	return out
}

// blurred is a portrait out of focus: each dot is mixed with so many on each side.
func blurred(m *image.RGBA, radius int) *image.RGBA { return smeared(smeared(m, radius), radius) }

// Everybody of the town is good as a portrait, and poor as soon as one thing is wrong with it, by the measure of that
// thing; the grain of a sensor does not make a blurred one sharp.
func TestPortraitQuality(t *testing.T) {
	t.Parallel()
	town, err := people.New(1, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	grain := rand.New(rand.NewPCG(1, 2))
	for i := range 12 {
		r, err := town.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		delivered, err := jpeg.Decode(bytes.NewReader(r.Portrait.Data))
		if err != nil {
			t.Fatal(err)
		}
		whole := redrawn(delivered, func(v float64) float64 { return v })
		for _, c := range []struct {
			name  string
			taken image.Image
			hint  string
		}{
			{"as it was delivered", delivered, ""},
			{"in the dark", redrawn(whole, func(v float64) float64 { return v / 5 }), "dark"},
			{"in the sun", redrawn(whole, func(v float64) float64 { return 230 + v/10 }), "bright"},
			{"in fog", redrawn(whole, func(v float64) float64 { return 120 + (v-120)/10 }), "flat"},
			{"out of focus", blurred(whole, 4), "blurred"},
			{"hardly out of focus", blurred(whole, 1), ""},
			{"out of focus, by a poor sensor", redrawn(blurred(whole, 8), func(v float64) float64 { return v + 3*grain.NormFloat64() }), "blurred"},
		} {
			var hints []string
			found := measured(c.taken)
			for _, m := range PortraitMeasures {
				if m.quality(found[m.Of]) < registry.PoorQuality {
					hints = append(hints, m.Hint)
				}
			}
			q := PortraitQuality(c.taken)
			if poor := c.hint != ""; poor != (q < registry.PoorQuality) || poor && !slices.Contains(hints, c.hint) || q < 1 || q > 100 {
				t.Errorf("resident %d %s: %d, %v of %v", i, c.name, q, hints, found)
			}
		}
	}
}

// A picture of any size is measured.
func TestPortraitOfAnySize(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{1, 1}, {1, 9}, {9, 1}, {2, 3}, {30, 40}, {481, 639}} {
		at := image.Rectangle{Max: size}.Add(image.Pt(7, 5))
		if q := PortraitQuality(image.NewGray(at)); q != 1 {
			t.Errorf("%v of black is %d", size, q)
		}
	}
}
