package artwork

import "image"

// strokeCover is the darkness, of 255, from which a dot of the signature is ink. Strokes of a
// signature pad are thin: with a quarter, one of half a dot still prints.
const strokeCover = 64

// strokeDark is the darkness, of 255, from which a dot of the picture counts as stroke when
// its white border is trimmed: above the noise of a JPEG.
const strokeDark = 96

// maxSignatureZoom bounds enlarging: pads give 200 dots per inch and more, and a larger
// factor would blow specks up into blots.
const maxSignatureZoom = 4

// placeSignature trims the white border and fits the strokes into the box, centered. A
// picture without strokes leaves the box empty.
func placeSignature(mask *image.Gray, at image.Rectangle, picture image.Image) {
	dark := strokes(picture)
	if dark.w == 0 {
		return
	}
	to := contain(image.Pt(dark.w, dark.h), at.Size())
	corner := at.Min.Add(at.Size().Sub(to).Div(2))
	fitted := dark.scale(to)
	for y := range to.Y {
		for x := range to.X {
			if p := corner.Add(image.Pt(x, y)); fitted.pix[3*(y*to.X+x)] >= strokeCover && p.In(mask.Rect) {
				mask.Pix[mask.PixOffset(p.X, p.Y)] = 255
			}
		}
	}
}

// strokes is the darkness of a picture, 0 to 255 in each of the three values of a dot,
// trimmed to the strokes.
func strokes(m image.Image) raster {
	r := m.Bounds()
	all := make([]byte, r.Dx()*r.Dy())
	line := make([]byte, 3*r.Dx())
	ink := image.Rectangle{Min: image.Pt(r.Dx(), r.Dy())}
	for y := range r.Dy() {
		readLine(line, m, r, r.Min.Y+y)
		for x := range r.Dx() {
			// Luma as in ITU-R BT.601.
			luma := (299*int(line[3*x]) + 587*int(line[3*x+1]) + 114*int(line[3*x+2]) + 500) / 1000
			all[y*r.Dx()+x] = byte(255 - luma)
			if 255-luma >= strokeDark {
				ink.Min = image.Pt(min(ink.Min.X, x), min(ink.Min.Y, y))
				ink.Max = image.Pt(max(ink.Max.X, x+1), max(ink.Max.Y, y+1))
			}
		}
	}
	if ink.Empty() {
		return raster{}
	}
	out := raster{w: ink.Dx(), h: ink.Dy(), pix: make([]int32, 0, ink.Dx()*ink.Dy()*3)}
	for y := ink.Min.Y; y < ink.Max.Y; y++ {
		for x := ink.Min.X; x < ink.Max.X; x++ {
			v := int32(all[y*r.Dx()+x])
			out.pix = append(out.pix, v, v, v)
		}
	}
	return out
}

// contain is the largest size of the shape of size inside a box.
func contain(size, box image.Point) image.Point {
	w, h := box.X, (size.Y*box.X+size.X/2)/size.X
	if h > box.Y {
		w, h = (size.X*box.Y+size.Y/2)/size.Y, box.Y
	}
	w, h = min(w, size.X*maxSignatureZoom), min(h, size.Y*maxSignatureZoom)
	return image.Pt(max(w, 1), max(h, 1))
}
