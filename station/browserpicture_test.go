//go:build cgo

package station

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/ktp"
	"blanko/personalize"
)

// A picture that was delivered as JPEG 2000 comes to a browser as PNG; what is no picture is said to be none.
func TestPictureForABrowser(t *testing.T) {
	t.Parallel()
	codec, err := openjpeg.New()
	if err != nil {
		t.Fatal(err)
	}
	const width, height = 240, 320
	data, err := codec.Encode(image.NewRGBA(image.Rect(0, 0, width, height)), 6000)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := browserPicture(ktp.Image{MIME: codec.MIME(), Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(drawn)); err != nil || c.Width != width || c.Height != height {
		t.Errorf("%d x %d, %v", c.Width, c.Height, err)
	}
	if _, err := browserPicture(ktp.Image{MIME: codec.MIME(), Data: []byte("none")}); fault.CodeOf(err) != personalize.PictureUnreadable.Code {
		t.Errorf("what is no picture: %v", err)
	}
}
