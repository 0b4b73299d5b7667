package web

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	"blanko/fault"
	"blanko/ktp"
)

// Bounds of a picture from outside: a page of A4 at 300 dpi has 8.7 million pixels.
const (
	mostSide   = 8000
	mostPixels = 24_000_000
	pageJPEG   = 88 // quality of what is encoded anew
)

// MIMEPDF is the type of a scan that is no picture.
const MIMEPDF = "application/pdf"

// Redraw decodes a picture and encodes it anew, so that nothing but its pixels comes in. JPEG stays
// JPEG; PNG stays PNG. It waits until few others are drawn; web.too_many where that takes too long.
func Redraw(ctx context.Context, field string, data []byte) (mime string, out []byte, err error) {
	return RedrawAs(ctx, "", field, data, func(image.Image) {})
}

// RedrawAs is Redraw into one kind, jpeg or png, whatever came; empty: the kind that came. It lets look see the picture
// while it has its turn.
func RedrawAs(ctx context.Context, as, field string, data []byte, look func(image.Image)) (mime string, out []byte, err error) {
	const op = "web.Redraw"
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || kind != "jpeg" && kind != "png" {
		return "", nil, NotAPicture.At(op, err).With(field, "JPEG or PNG")
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > mostSide || cfg.Height > mostSide || cfg.Width*cfg.Height > mostPixels {
		return "", nil, TooLarge.At(op, nil).With(field, "%d x %d, at most %d a side and %d in all", cfg.Width, cfg.Height, mostSide, mostPixels)
	}
	if n := ktp.Scans(data); n > ktp.MostScans {
		return "", nil, TooLarge.At(op, nil).With(field, "a JPEG of %d scans, at most %d", n, ktp.MostScans)
	}
	done, err := Turn(ctx, field)
	if err != nil {
		return "", nil, err
	}
	defer done()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", nil, NotAPicture.At(op, err).With(field, "it cannot be decoded")
	}
	look(img)
	kind = cmp.Or(as, kind)
	var b bytes.Buffer
	if kind == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: pageJPEG})
	}
	if err != nil {
		return "", nil, Unexpected.At(op, err)
	}
	return "image/" + kind, b.Bytes(), nil
}

// MostScan bounds the bytes of one scan.
const MostScan = 8 << 20

// Scan is a scanned paper from outside as it may be kept: a PDF as it came, a picture encoded anew.
func Scan(ctx context.Context, field string, data []byte) (mime string, out []byte, err error) {
	const op = "web.Scan"
	switch {
	case len(data) == 0:
		return "", nil, NotAScan.At(op, nil).With(field, "it is empty")
	case len(data) > MostScan:
		return "", nil, TooLarge.At(op, nil).With(field, "%.1f MB, at most %d", float64(len(data))/(1<<20), MostScan>>20)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return MIMEPDF, data, nil
	}
	if mime, out, err = Redraw(ctx, field, data); fault.Is(err, NotAPicture) {
		err = NotAScan.At(op, err).With(field, "PDF, JPEG or PNG")
	}
	return mime, out, err
}

// Photo is a picture that proves something, as it may be kept: as [Scan], and never a document.
func Photo(ctx context.Context, field string, data []byte) (mime string, out []byte, err error) {
	if mime, out, err = Scan(ctx, field, data); err == nil && mime == MIMEPDF {
		err = NotAScan.At("web.Photo", nil).With(field, "JPEG or PNG")
	}
	return mime, out, err
}
