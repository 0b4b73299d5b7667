package artwork

import (
	"image"
	"math"

	"golang.org/x/image/math/fixed"
)

// stampAcross sets a word across the color layer, turned, mixed into what is there. Black
// text is printed over it and stays readable.
func (p *pen) stampAcross(on *image.NRGBA, s stamp, dpi int) {
	width := p.width(s.Font, s.Text, s.Size) * float64(dpi) / mmPerInch
	height := s.Size * float64(dpi) / pointsPerInch * capHeight
	middleX, middleY := s.X*float64(dpi)/mmPerInch, s.Y*float64(dpi)/mmPerInch
	sin, cos := math.Sincos(s.Angle * math.Pi / 180)

	p.mu.Lock()
	defer p.mu.Unlock()
	ppem := fixed.Int26_6(math.Round(s.Size * float64(dpi) / pointsPerInch * 64))
	pens, _ := p.pens(p.fonts[s.Font], s.Text, ppem)
	i := 0
	for _, r := range s.Text {
		left := float64(pens[i])/64 - width/2
		i++
		o, ok := p.outline(s.Font, r, ppem, func(x, y float64) (float64, float64) {
			x, y = x+left, y+height/2
			return middleX + x*cos + y*sin, middleY - x*sin + y*cos
		})
		if ok {
			o.mix(on, s.Color, s.Opacity)
		}
	}
}

// capHeight of Liberation Sans, of the em (1409 of 2048 units).
const capHeight = 0.688

// mix lays a color over the dots that the outline covers.
func (o drawn) mix(on *image.NRGBA, c ink, percent float64) {
	full := int(math.Round(percent * 255 / 100))
	to := o.alpha.Rect.Add(o.at).Intersect(on.Rect)
	for y := to.Min.Y; y < to.Max.Y; y++ {
		for x := to.Min.X; x < to.Max.X; x++ {
			a := int(o.alpha.Pix[o.alpha.PixOffset(x-o.at.X, y-o.at.Y)]) * full / 255
			dst := on.Pix[on.PixOffset(x, y):]
			for i, v := range [3]byte{c.R, c.G, c.B} {
				dst[i] = byte((int(v)*a + int(dst[i])*(255-a) + 127) / 255)
			}
		}
	}
}
