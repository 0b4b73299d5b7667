package chipdata

import (
	"errors"
	"image"
)

// Codec makes and reads the compressed pictures of DG2 and DG7. The same picture and budget
// give the same bytes on every run. Safe for concurrent use.
type Codec interface {
	// Encode compresses img into at most budget bytes, as near to it as the codec can. A
	// *image.Gray becomes one component, everything else three of sRGB. ErrBudget when not
	// even the coarsest picture fits.
	Encode(img image.Image, budget int) ([]byte, error)
	// Decode reads a picture that Encode made, within the codec's own limits.
	Decode(b []byte) (image.Image, error)
	// MIME is image/jp2, image/j2c (a bare codestream) or image/jpeg.
	MIME() string
}

// ErrBudget says that a picture does not fit in the budget at any quality.
var ErrBudget = errors.New("the picture does not fit in the byte budget")
