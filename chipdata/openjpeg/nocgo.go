//go:build !cgo

package openjpeg

import "image"

// Codec is JPEG 2000; this build has none.
type Codec struct{}

// New fails with fault code openjpeg.not_built: the program was built without cgo.
func New() (*Codec, error) { return nil, notBuilt.At("openjpeg.New", nil) }

// Encode fails like New.
func (*Codec) Encode(image.Image, int) ([]byte, error) {
	return nil, notBuilt.At("openjpeg.Codec.Encode", nil)
}

// Decode fails like New.
func (*Codec) Decode([]byte) (image.Image, error) {
	return nil, notBuilt.At("openjpeg.Codec.Decode", nil)
}
