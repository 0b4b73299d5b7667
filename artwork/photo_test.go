package artwork

import (
	"image"
	"image/color"
	"testing"

	"pgregory.net/rapid"
)

func flat(w, h int, c color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func TestLightRoundTrip(t *testing.T) {
	t.Parallel()
	for code := range 256 {
		if got := toCode[toLight[code]]; int(got) != code {
			t.Errorf("code %d comes back as %d", code, got)
		}
	}
	// IEC 61966-2-1: half of the light is code 188, code 128 is 21.6 % of the light.
	if got := toCode[light/2]; got != 188 {
		t.Errorf("half light is code %d", got)
	}
	if got := float64(toLight[128]) / light; got < 0.2158 || got > 0.2160 {
		t.Errorf("code 128 is %.4f of the light", got)
	}
}

func TestKernel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.IntRange(1, 300).Draw(t, "from"), rapid.IntRange(1, 300).Draw(t, "to")
		for i, tap := range kernel(from, to) {
			var sum, gross int32
			for _, w := range tap.weights {
				sum += w
				gross += max(w, -w)
			}
			if sum != 1<<weightBits {
				t.Fatalf("weights of dot %d sum to %d", i, sum)
			}
			// Full light in 15 bits times the gross weight stays in 31.
			if gross >= 2<<weightBits {
				t.Fatalf("overshoot of dot %d: %d", i, gross)
			}
			if tap.first < 0 || tap.first+len(tap.weights) > from {
				t.Fatalf("dot %d reads %d to %d of %d", i, tap.first, tap.first+len(tap.weights), from)
			}
			if from == to && (len(tap.weights) != 1 || tap.first != i) {
				t.Fatalf("equal lengths change dot %d", i)
			}
		}
	})
}

// Fine black and white stripes turn into the grey of half the light, not of half the code.
func TestPortraitScalesInLinearLight(t *testing.T) {
	t.Parallel()
	m := image.NewGray(image.Rect(0, 0, 400, 400))
	for i := range m.Pix {
		if i%400%2 == 0 {
			m.Pix[i] = 255
		}
	}
	on := flat(100, 100, color.NRGBA{A: 255})
	placePortrait(on, image.Rect(0, 0, 100, 100), m)
	if got := on.NRGBAAt(50, 50); got.R < 186 || got.R > 190 {
		t.Errorf("stripes became %d, want 188", got.R)
	}
}

func TestPortraitKeepsColor(t *testing.T) {
	t.Parallel()
	want := color.NRGBA{0xdb, 0x15, 0x14, 255}
	pal := image.NewPaletted(image.Rect(10, 20, 310, 420), color.Palette{want})
	rgba := image.NewRGBA(image.Rect(-5, -5, 295, 395))
	ycbcr := image.NewYCbCr(image.Rect(0, 0, 300, 400), image.YCbCrSubsampleRatio420)
	y, cb, cr := color.RGBToYCbCr(want.R, want.G, want.B)
	for i := range ycbcr.Y {
		ycbcr.Y[i] = y
	}
	for i := range ycbcr.Cb {
		ycbcr.Cb[i], ycbcr.Cr[i] = cb, cr
	}
	for i := range rgba.Pix {
		rgba.Pix[i] = [4]byte{want.R, want.G, want.B, 255}[i%4]
	}
	for name, m := range map[string]image.Image{
		"NRGBA": flat(300, 400, want), "small": flat(3, 4, want), "large": flat(1200, 1600, want),
		"wide": flat(900, 300, want), "tall": flat(90, 900, want), "one dot": flat(1, 1, want),
		"paletted, shifted": pal, "RGBA, shifted": rgba, "YCbCr": ycbcr,
	} {
		on := flat(200, 150, color.NRGBA{255, 255, 255, 255})
		box := image.Rect(40, 10, 130, 130)
		placePortrait(on, box, m)
		for y := range 150 {
			for x := range 200 {
				got, in := on.NRGBAAt(x, y), image.Pt(x, y).In(box)
				near := abs(int(got.R)-int(want.R))+abs(int(got.G)-int(want.G))+abs(int(got.B)-int(want.B)) <= 3
				if in && !near || !in && got.G != 255 {
					t.Fatalf("%s: %v at %d,%d", name, got, x, y)
				}
			}
		}
	}
}

func TestPortraitOnNothingLiesOnWhite(t *testing.T) {
	t.Parallel()
	on := flat(60, 80, color.NRGBA{A: 255})
	placePortrait(on, on.Rect, flat(300, 400, color.NRGBA{200, 0, 0, 0}))
	if got := on.NRGBAAt(30, 40); got != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("transparent became %v", got)
	}
}

func TestCover(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   image.Rectangle
		size image.Point
		want image.Rectangle
	}{
		{image.Rect(0, 0, 300, 400), image.Pt(3, 4), image.Rect(0, 0, 300, 400)},
		{image.Rect(0, 0, 500, 400), image.Pt(3, 4), image.Rect(100, 0, 400, 400)},
		{image.Rect(0, 0, 300, 600), image.Pt(3, 4), image.Rect(0, 100, 300, 500)},
		{image.Rect(7, 9, 8, 10), image.Pt(30, 40), image.Rect(7, 9, 8, 10)},
	} {
		if got := cover(c.in, c.size); got != c.want {
			t.Errorf("%v for %v: %v", c.in, c.size, got)
		}
	}
}

// Strokes of one dot of a pad with more than twice the dots of the card are still there.
func TestSignatureKeepsThinStrokes(t *testing.T) {
	t.Parallel()
	m := flat(900, 400, color.NRGBA{255, 255, 255, 255})
	for x := 100; x < 800; x++ {
		m.SetNRGBA(x, 150, color.NRGBA{A: 255})
		m.SetNRGBA(x, 250, color.NRGBA{A: 255})
	}
	mask := image.NewGray(image.Rect(0, 0, 300, 100))
	placeSignature(mask, image.Rect(10, 10, 290, 90), m)
	for x := 15; x < 285; x++ {
		n := 0
		for y := range 100 {
			if mask.GrayAt(x, y).Y == 255 {
				n++
			}
		}
		if n < 2 {
			t.Fatalf("%d dots of two strokes in column %d", n, x)
		}
	}
}

func TestSignatureIsTrimmedAndCentered(t *testing.T) {
	t.Parallel()
	box := image.Rect(20, 20, 220, 80)
	for _, c := range []struct {
		name string
		m    image.Image
		want image.Rectangle
	}{
		{"wide, far off in its picture", stroke(image.Rect(0, 0, 2000, 900), image.Rect(1500, 30, 1900, 80), color.White), image.Rect(20, 37, 220, 62)},
		{"high", stroke(image.Rect(0, 0, 400, 400), image.Rect(10, 10, 70, 310), color.White), image.Rect(114, 20, 126, 80)},
		{"on nothing", stroke(image.Rect(0, 0, 400, 400), image.Rect(100, 100, 300, 160), color.Transparent), box},
		{"small, enlarged four times", stroke(image.Rect(0, 0, 50, 50), image.Rect(3, 3, 13, 6), color.White), image.Rect(100, 44, 140, 56)},
		{"empty", stroke(image.Rect(0, 0, 50, 50), image.Rectangle{}, color.White), image.Rectangle{}},
		{"no dots", image.NewGray(image.Rectangle{}), image.Rectangle{}},
	} {
		mask := image.NewGray(image.Rect(0, 0, 240, 100))
		placeSignature(mask, box, c.m)
		got := image.Rectangle{}
		for y := range 100 {
			for x := range 240 {
				if mask.GrayAt(x, y).Y != 0 {
					got = got.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: ink in %v, want %v", c.name, got, c.want)
		}
	}
}

func stroke(size, ink image.Rectangle, paper color.Color) image.Image {
	m := image.NewNRGBA(size)
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			m.Set(x, y, paper)
			if image.Pt(x, y).In(ink) {
				m.Set(x, y, color.Black)
			}
		}
	}
	return m
}
