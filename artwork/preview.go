package artwork

import "image"

// Preview shows a face as it will look on the pre-printed blank: the pale background of the
// template, dye over it as dye mixes with what lies below, black on top. For proofs and for
// the comparison by eye; it is never printed on a card.
func (t *Template) Preview(f *Face) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, f.Width, f.Height))
	top, bottom := t.spec.Preview.Top, t.spec.Preview.Bottom
	for y := range f.Height {
		var paper [3]int
		for c, v := range [3][2]byte{{top.R, bottom.R}, {top.G, bottom.G}, {top.B, bottom.B}} {
			paper[c] = (int(v[0])*(f.Height-1-y) + int(v[1])*y + (f.Height-1)/2) / (f.Height - 1)
		}
		for x := range f.Width {
			i := 4 * (y*f.Width + x)
			out.Pix[i+3] = 255
			if f.Black.Pix[y*f.Black.Stride+x] != 0 {
				continue
			}
			for c := range 3 {
				out.Pix[i+c] = byte((int(f.Color.Pix[i+c])*paper[c] + 127) / 255)
			}
		}
	}
	return out
}
