package paper

import (
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// quiet is the free border of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// code draws a QR code as filled squares, so that it stays sharp at every size. Its quiet
// border lies around the square of size mm.
func (s *sheet) code(content string, x, y, size float64) error {
	m, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	n := m.Bounds().Dx()
	module := size / float64(n)
	border := quiet * module
	s.fill(x-border, y-border, size+2*border, size+2*border, shade{255, 255, 255})
	s.pdf.SetFillColor(0, 0, 0)
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && color.GrayModel.Convert(m.At(to, row)).(color.Gray).Y < 128 {
				to++
			}
			if to > from {
				// A hair of overlap closes the seams that viewers draw between squares.
				s.pdf.Rect(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module*1.02, "F")
				from = to
			}
		}
	}
	return nil
}
