package station

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // portraits as delivered
	"image/png"    // signature images as delivered, and what is shown
	"time"

	"blanko/artwork"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/ktp"
	"blanko/personalize"
)

// screenDPI is enough to compare a printed face by eye.
const screenDPI = 300

// drawFace draws the front of a record's card as PNG, for who accepts the printed one.
func (c Config) drawFace(now func() time.Time) (func(context.Context, ktp.Record) ([]byte, error), error) {
	templates, codec, err := faces()
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, r ktp.Record) ([]byte, error) {
		const op = "station.drawFace"
		template := templates[r.Profile]
		if template == nil {
			return nil, personalize.ProfileUnknown.At(op, nil).With("credentialProfileId", "no artwork template of this name")
		}
		is := c.issuance(r, now())
		in := artwork.Input{Person: r.Person, IssuePlace: is.IssuePlace, IssueDate: is.IssueDate, Specimen: r.Specimen()}
		for into, from := range map[*image.Image]ktp.Image{&in.Portrait: r.Portrait, &in.Signature: r.Signature} {
			var err error
			if *into, err = decodePicture(codec, from); err != nil {
				return nil, personalize.PictureUnreadable.At(op, err)
			}
		}
		f, err := template.Front(in, screenDPI)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = png.Encode(&b, f.Proof())
		return b.Bytes(), err
	}, nil
}

// browserPicture draws a picture as PNG, for browsers, which show no JPEG 2000.
func browserPicture(i ktp.Image) ([]byte, error) {
	const op = "station.browserPicture"
	codec, err := openjpeg.New()
	if err != nil {
		return nil, err
	}
	img, err := decodePicture(codec, i)
	if err != nil {
		return nil, personalize.PictureUnreadable.At(op, err)
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

func decodePicture(codec chipdata.Codec, i ktp.Image) (image.Image, error) {
	if i.MIME == codec.MIME() {
		return codec.Decode(i.Data)
	}
	img, _, err := image.Decode(bytes.NewReader(i.Data))
	return img, err
}
