package chipdata

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
)

// plain hides what kind of picture it is.
type plain struct{ image.Image }

// What is read quickly of a kind of picture is what its colors say, of a part of it too.
func TestSamples(t *testing.T) {
	t.Parallel()
	src := image.NewNRGBA(image.Rect(-2, -1, 7, 5))
	for i := range src.Pix {
		src.Pix[i] = byte(37 * i)
		if i%4 == 3 {
			src.Pix[i] = 255
		}
	}
	opaque, gray, glass := image.NewRGBA(src.Rect), image.NewGray(src.Rect), image.NewRGBA(src.Rect)
	draw.Draw(opaque, src.Rect, src, src.Rect.Min, draw.Src)
	draw.Draw(gray, src.Rect, src, src.Rect.Min, draw.Src)
	draw.Draw(glass, src.Rect, image.NewUniform(color.NRGBA{200, 100, 50, 128}), image.Point{}, draw.Src)
	part := image.Rect(1, 0, 5, 4)
	for name, img := range map[string]image.Image{
		"RGBA": opaque, "part of RGBA": opaque.SubImage(part), "RGBA that is not opaque": glass, "NRGBA": src, "part of NRGBA": src.SubImage(part),
	} {
		got, n := Samples(img)
		if want, _ := Samples(plain{img}); n != 3 || !slices.Equal(got, want) {
			t.Errorf("%s: %d components, %v", name, n, got)
		}
	}
	got, n := Samples(gray.SubImage(part))
	want := []byte{}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			want = append(want, gray.GrayAt(x, y).Y)
		}
	}
	if n != 1 || !slices.Equal(got, want) {
		t.Errorf("part of Gray: %d components, %v", n, got)
	}
}
