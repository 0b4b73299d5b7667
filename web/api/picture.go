package api

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"blanko/web"
)

// Bounds of a picture from outside: a page of A4 at 300 dpi has 8.7 million pixels.
const (
	mostSide   = 8000
	mostPixels = 24_000_000
	pageJPEG   = 88 // quality of what is encoded anew
)

// redraw decodes a picture and encodes it anew, so that nothing but its pixels comes in. JPEG stays
// JPEG; PNG stays PNG.
func redraw(field string, data []byte) (mime string, out []byte, img image.Image, err error) {
	const op = "api.redraw"
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || kind != "jpeg" && kind != "png" {
		return "", nil, nil, web.NotAPicture.At(op, err).With(field, "JPEG or PNG")
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > mostSide || cfg.Height > mostSide || cfg.Width*cfg.Height > mostPixels {
		return "", nil, nil, web.TooLarge.At(op, nil).With(field, "%d x %d, at most %d a side and %d in all", cfg.Width, cfg.Height, mostSide, mostPixels)
	}
	img, _, err = image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", nil, nil, web.NotAPicture.At(op, err).With(field, "it cannot be decoded")
	}
	var b bytes.Buffer
	if kind == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: pageJPEG})
	}
	if err != nil {
		return "", nil, nil, web.Unexpected.At(op, err)
	}
	return "image/" + kind, b.Bytes(), img, nil
}

// Words for what is behind a face (photo rule: red for an odd birth year, blue for an even one).
const (
	behindRed   = "red"
	behindBlue  = "blue"
	behindOther = "other"
)

// behind is the dominant color behind a face: most of the samples in the two upper corners, where no
// face reaches.
func behind(img image.Image) string {
	const share, grid = 5, 12 // the corners are a fifth of each side; samples per side
	b := img.Bounds()
	w, h := max(1, b.Dx()/share), max(1, b.Dy()/share)
	red, blue, all := 0, 0, 0
	for i := range grid {
		for j := range grid {
			y := b.Min.Y + j*h/grid
			for _, x := range []int{b.Min.X + i*w/grid, b.Max.X - 1 - i*w/grid} {
				all++
				switch colorWord(img.At(x, y)) {
				case behindRed:
					red++
				case behindBlue:
					blue++
				}
			}
		}
	}
	switch {
	case red*2 > all:
		return behindRed
	case blue*2 > all:
		return behindBlue
	}
	return behindOther
}

// colorWord tells a strong red or blue from everything else.
func colorWord(c color.Color) string {
	const stronger = 4 // twice as strong
	r, g, b, _ := c.RGBA()
	switch {
	case r*2 > g*stronger && r*2 > b*stronger:
		return behindRed
	case b*2 > r*stronger && b*10 > g*11:
		return behindBlue
	}
	return behindOther
}
