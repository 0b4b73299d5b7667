package chipdata

import (
	"image"
	"image/color"
)

// Samples are the values of a picture as a codec takes them, 8 bits each, line by line: one for each dot of an
// image.Gray, three (R, G, B, not premultiplied) of any other.
func Samples(img image.Image) (values []byte, components int) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		values = make([]byte, 0, b.Dx()*b.Dy())
		for y := b.Min.Y; y < b.Max.Y; y++ {
			values = append(values, m.Pix[m.PixOffset(b.Min.X, y):][:b.Dx()]...)
		}
		return values, 1
	case *image.RGBA:
		if !m.Opaque() {
			break
		}
		values = make([]byte, 3*b.Dx()*b.Dy())
		out := values
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for row := m.Pix[m.PixOffset(b.Min.X, y):][:4*b.Dx()]; len(row) >= 4; row, out = row[4:], out[3:] {
				out[0], out[1], out[2] = row[0], row[1], row[2]
			}
		}
		return values, 3
	}
	values = make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			values = append(values, c.R, c.G, c.B)
		}
	}
	return values, 3
}
