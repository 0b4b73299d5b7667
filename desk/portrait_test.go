//go:build cgo

package desk

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
)

// slope is a picture that grows lighter to the right, and redder to its foot.
func slope(width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(255 * y / height), uint8(255 * x / width), uint8(255 * x / width), 255})
		}
	}
	return img
}

// apart is how far two pictures of one size differ at most, at a pixel of every tenth row and column.
func apart(a, b image.Image) (most int) {
	for y := 0; y < a.Bounds().Dy(); y += 10 {
		for x := 0; x < a.Bounds().Dx(); x += 10 {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			for _, d := range []int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
				most = max(most, d, -d)
			}
		}
	}
	return most
}

// The picture of a chip comes to a page as PNG, whichever codec the chip has it in.
func TestPortraitOfAChip(t *testing.T) {
	t.Parallel()
	wavelets, err := openjpeg.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, codec := range []chipdata.Codec{chipdata.JPEG{}, wavelets} {
		was := slope(240, 320)
		data, err := codec.Encode(was, 6000)
		if err != nil {
			t.Fatal(err)
		}
		text, err := portraitOf(&inspect.Person{Portrait: &inspect.PictureOf{MIME: codec.MIME(), Data: data}})
		if err != nil {
			t.Errorf("%s: %v", codec.MIME(), err)
			continue
		}
		is, err := png.Decode(bytes.NewReader(text))
		if err != nil || is.Bounds() != was.Bounds() {
			t.Errorf("%s: %v", codec.MIME(), err)
			continue
		}
		if d := apart(was, is); d > 40 {
			t.Errorf("%s: another picture, by %d of 255", codec.MIME(), d)
		}
	}
}

// A chip without a picture shows none, and one that cannot be read is told with what to do.
func TestNoPortrait(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*inspect.Person{"nobody": nil, "no picture": {}} {
		if text, err := portraitOf(p); text != nil || err != nil {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	for mime, data := range map[string]string{"image/jpeg": "\xFF\xD8\xFF", "image/j2c": "\xFF\x4F\xFF\x51", "image/jp2": "", "image/png": "\x89PNG"} {
		_, err := portraitOf(&inspect.Person{Portrait: &inspect.PictureOf{MIME: mime, Data: []byte(data)}})
		if err == nil {
			t.Errorf("%s: shown", mime)
			continue
		}
		if said := say(err); said.Code == string(unexpected.Code) || len(said.StepsID) == 0 {
			t.Errorf("%s: said as %s of %s", mime, said.Code, fault.CodeOf(err))
		}
	}
}
