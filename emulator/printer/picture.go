package printer

import (
	"image"
	"image/png"
	"io"
)

// Size of an unprinted card in dots at 300 dpi: CR80, 85.6 x 54 mm (ISO/IEC 7810 ID-1),
// as card printers of this class address it.
const (
	blankWidth  = 1016
	blankHeight = 648
)

// Picture is the side as the eye sees it, landscape: yellow, magenta and cyan dye take away
// blue, green and red light, black resin covers, the overlay is clear. A reprint darkens.
func (p *Print) Picture() *image.RGBA {
	layers := p.Layers()
	w, h := blankWidth, blankHeight
	if len(layers) > 0 {
		w, h = layers[0].Width, layers[0].Height
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for _, l := range layers {
		if l.Width == w && l.Height == h {
			l.darken(img)
		}
	}
	return img
}

// The light that each ink takes away: R 0, G 1, B 2.
var absorbs = map[byte][]int{'Y': {2}, 'M': {1}, 'C': {0}, 'K': {0, 1, 2}}

func (l *Layer) darken(img *image.RGBA) {
	channels := absorbs[l.Letter]
	if len(channels) == 0 || l.Levels < 2 {
		return
	}
	dots := l.Dots()
	if dots == nil {
		return
	}
	full := l.Levels - 1
	reach := l.Width
	if l.Partial() {
		reach /= 2
	}
	for y := range l.Height {
		for x := range reach {
			v := int(dots[y*l.Width+x])
			if v == 0 {
				continue
			}
			v = min(v, full)
			pix := img.Pix[img.PixOffset(x, y):]
			for _, c := range channels {
				pix[c] = byte(int(pix[c]) * (full - v) / full)
			}
		}
	}
}

// WritePNG writes the picture of the side.
func (p *Print) WritePNG(w io.Writer) error { return png.Encode(w, p.Picture()) }
