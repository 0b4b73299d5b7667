package extract

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
)

// FromPNG is the picture of a finger in a PNG file: 8-bit gray, of 500 dpi or without a declared resolution,
// at most [MostSide] pixels a side. Nothing but its pixels comes in. An error is extract.image_unusable and
// names the picture as field.
func FromPNG(field string, data []byte) (Image, error) {
	bad := func(cause error, format string, args ...any) (Image, error) {
		return Image{}, ImageUnusable.At("extract.FromPNG", cause).With(field, format, args...)
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return bad(err, "no PNG picture")
	case cfg.ColorModel != color.GrayModel:
		return bad(nil, "not 8-bit gray")
	case cfg.Width < 1 || cfg.Height < 1 || cfg.Width > MostSide || cfg.Height > MostSide:
		return bad(nil, "%d x %d, at most %d a side", cfg.Width, cfg.Height, MostSide)
	case !at500(data):
		return bad(nil, "it declares another resolution than 500 dpi")
	}
	im, err := png.Decode(bytes.NewReader(data))
	gray, ok := im.(*image.Gray)
	if err != nil || !ok {
		return bad(err, "it cannot be decoded")
	}
	return Image{Pixels: gray.Pix, Width: cfg.Width, Height: cfg.Height, DPI: workDPI}, nil
}

// at500 reports whether a PNG picture declares 500 dpi, or nothing (PNG, third edition, 11.3.4.3: pHYs).
func at500(data []byte) bool {
	const (
		signature, head   = 8, 8 // bytes: of the file; length and type of a chunk
		sum               = 4    // bytes of the check of a chunk
		perMeter, within  = 19685, 394
		physical, aMeter  = 9, 1
		lengthOf, typeEnd = 4, 8
	)
	for at := signature; at+head <= len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		kind, body := string(data[at+lengthOf:at+typeEnd]), data[at+head:]
		switch {
		case kind == "IDAT" || n < 0 || n > len(body):
			return true
		case kind == "pHYs" && n == physical && body[8] == aMeter:
			near := func(b []byte) bool {
				v := int(binary.BigEndian.Uint32(b))
				return v >= perMeter-within && v <= perMeter+within
			}
			return near(body) && near(body[4:])
		}
		at += head + n + sum
	}
	return true
}
