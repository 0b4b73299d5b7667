package chipdata

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"

	"blanko/ktp"
)

// JPEG is the baseline JPEG codec, for chips of 32 KB and more and for builds without
// OpenJPEG. It carries about 600 bytes of tables and is 3 to 7 dB worse than JPEG 2000 at
// the sizes of a chip.
type JPEG struct{}

var _ Codec = JPEG{}

const (
	jpegBest      = 95   // quality beyond which only the size grows
	jpegMaxPixels = 1024 // a side, on decoding
)

// jfif is the marker segment APP0 of JFIF 1.01 without density and thumbnail. It stands behind the
// marker SOI in every picture: data groups take JPEG with the JFIF option only (Doc 9303-10, 4.7.2 and
// 4.7.7), and image/jpeg writes none.
var jfif = []byte{0xFF, 0xE0, 0x00, 0x10, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0}

const soiSize = 2 // bytes of the marker SOI

// MIME is image/jpeg.
func (JPEG) MIME() string { return mimeJPEG }

// Encode finds the highest quality whose size is within the budget.
func (JPEG) Encode(img image.Image, budget int) ([]byte, error) {
	var best []byte
	for low, high := 1, jpegBest; low <= high; {
		quality := (low + high) / 2
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, codecFailed.At("chipdata.JPEG.Encode", err)
		}
		if b.Len()+len(jfif) <= budget {
			best, low = slices.Insert(b.Bytes(), soiSize, jfif...), quality+1
		} else {
			high = quality - 1
		}
	}
	if best == nil {
		return nil, ErrBudget
	}
	return best, nil
}

// Decode reads a JPEG of at most 1,024 pixels a side, and of no more scans than [ktp.MostScans].
func (JPEG) Decode(b []byte) (image.Image, error) {
	const op = "chipdata.JPEG.Decode"
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fileMalformed.At(op, err)
	}
	if c.Width > jpegMaxPixels || c.Height > jpegMaxPixels {
		return nil, malformed(op, "picture", "%d x %d pixels, at most %d a side", c.Width, c.Height, jpegMaxPixels)
	}
	if n := ktp.Scans(b); n > ktp.MostScans {
		return nil, malformed(op, "picture", "%d scans, at most %d", n, ktp.MostScans)
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fileMalformed.At(op, err)
	}
	return img, nil
}
