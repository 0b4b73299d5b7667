package desk

import (
	"bytes"
	"image"
	"image/png"

	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
)

// portraitOf is the picture that a chip has of its holder, made one that every page shows (PNG); nothing where the chip
// told none. The error says why this desk cannot show one that is there.
func portraitOf(p *inspect.Person) ([]byte, error) {
	if p == nil || p.Portrait == nil {
		return nil, nil
	}
	img, err := decoded(*p.Portrait)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, unexpected.At("desk.portraitOf", err)
	}
	return b.Bytes(), nil
}

// decoded reads a picture by the codec that the chip says; each has bounds of its own.
func decoded(p inspect.PictureOf) (image.Image, error) {
	if p.MIME == (chipdata.JPEG{}).MIME() {
		return chipdata.JPEG{}.Decode(p.Data)
	}
	codec, err := openjpeg.New()
	if err != nil {
		return nil, err
	}
	return codec.Decode(p.Data)
}
