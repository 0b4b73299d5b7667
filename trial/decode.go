package trial

import (
	"bytes"
	"image"
	_ "image/jpeg" // portraits of residents
	_ "image/png"  // signature images of residents
)

func decodeImage(b []byte) (image.Image, error) {
	img, _, err := image.Decode(bytes.NewReader(b))
	return img, err
}
