package artwork

import (
	"image"
	"testing"
)

// camera is a portrait as a camera's JPEG decodes: 960 x 1280, 4:2:0.
func camera() *image.YCbCr {
	src := portrait(960, 1280, 1985, false)
	m := image.NewYCbCr(src.Rect, image.YCbCrSubsampleRatio420)
	for y := range 1280 {
		for x := range 960 {
			c := src.NRGBAAt(x, y)
			r, g, b := int(c.R), int(c.G), int(c.B)
			m.Y[m.YOffset(x, y)] = byte((299*r + 587*g + 114*b) / 1000)
			m.Cb[m.COffset(x, y)] = byte(128 + (-169*r-331*g+500*b)/1000)
			m.Cr[m.COffset(x, y)] = byte(128 + (500*r-419*g-81*b)/1000)
		}
	}
	return m
}

func benchmarkFront(b *testing.B, dpi int) {
	t, err := LoadTemplate("ktp-el-wni")
	if err != nil {
		b.Fatal(err)
	}
	in := budi()
	in.Portrait = camera()
	for b.Loop() {
		if _, err := t.Front(in, dpi); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFront300(b *testing.B) { benchmarkFront(b, 300) }
func BenchmarkFront600(b *testing.B) { benchmarkFront(b, 600) }

func BenchmarkPortrait(b *testing.B) {
	m, on := camera(), image.NewNRGBA(image.Rect(0, 0, 1011, 638))
	for b.Loop() {
		placePortrait(on, image.Rect(739, 156, 976, 471), m)
	}
}

func BenchmarkSignature(b *testing.B) {
	m, on := signature(0.4), image.NewGray(image.Rect(0, 0, 1011, 638))
	for b.Loop() {
		placeSignature(on, image.Rect(739, 540, 976, 612), m)
	}
}

func BenchmarkLoadTemplate(b *testing.B) {
	for b.Loop() {
		if _, err := LoadTemplate("ktp-el-wni"); err != nil {
			b.Fatal(err)
		}
	}
}
