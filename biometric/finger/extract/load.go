package extract

import "math"

// load brings the picture to 500 dpi: area means where it shrinks, straight lines where it grows.
func (e *Extractor) load(im Image) {
	if im.DPI == workDPI {
		e.w, e.h = im.Width, im.Height
		e.gray = append(e.gray[:0], im.Pixels...)
		return
	}
	e.w, e.h = im.Width*workDPI/im.DPI, im.Height*workDPI/im.DPI
	e.gray = e.gray[:0]
	step := float64(im.DPI) / workDPI
	for y := range e.h {
		for x := range e.w {
			e.gray = append(e.gray, im.sample(float64(x), float64(y), step))
		}
	}
}

// sample is the mean over one pixel of the target, or the point between four where those are larger.
func (im Image) sample(x, y, step float64) byte {
	if step <= 1 {
		return im.point((x+0.5)*step-0.5, (y+0.5)*step-0.5)
	}
	sum, weight := 0.0, 0.0
	for v := math.Floor(y * step); v < (y+1)*step; v++ {
		for u := math.Floor(x * step); u < (x+1)*step; u++ {
			part := (min(u+1, (x+1)*step) - max(u, x*step)) * (min(v+1, (y+1)*step) - max(v, y*step))
			if int(u) < im.Width && int(v) < im.Height {
				sum += part * float64(im.Pixels[int(v)*im.Width+int(u)])
				weight += part
			}
		}
	}
	return byte(sum/max(weight, 1e-9) + 0.5)
}

func (im Image) point(x, y float64) byte {
	x, y = min(max(x, 0), float64(im.Width-1)), min(max(y, 0), float64(im.Height-1))
	i, k := int(x), int(y)
	j, l := min(i+1, im.Width-1), min(k+1, im.Height-1)
	fx, fy := x-float64(i), y-float64(k)
	g := func(x, y int) float64 { return float64(im.Pixels[y*im.Width+x]) }
	return byte((g(i, k)*(1-fx)+g(j, k)*fx)*(1-fy) + (g(i, l)*(1-fx)+g(j, l)*fx)*fy + 0.5)
}

// normalize takes the slow changes of brightness and contrast out of the picture (L. Hong, Y. Wan,
// A. Jain, IEEE TPAMI 1998, section 2.2, with a local mean and deviation): ridges become negative, the
// deviation 1000.
func (e *Extractor) normalize() {
	cw, ch := (e.w+cell-1)/cell, (e.h+cell-1)/cell
	e.cells.size(cw, ch)
	e.mean.size(cw, ch)
	e.gain.size(cw, ch)
	for cy := range ch {
		for cx := range cw {
			var n, sum, square int
			for y := cy * cell; y < min(cy*cell+cell, e.h); y++ {
				for _, p := range e.gray[y*e.w+cx*cell : y*e.w+min(cx*cell+cell, e.w)] {
					sum += int(p)
					square += int(p) * int(p)
				}
				n += min(cx*cell+cell, e.w) - cx*cell
			}
			e.mean.v[cy*cw+cx] = float32(sum) / float32(n)
			e.gain.v[cy*cw+cx] = float32(square) / float32(n)
		}
	}
	e.mean.smooth(1, &e.cells.scratch)
	e.gain.smooth(1, &e.cells.scratch)
	for i, m := range e.mean.v {
		variance := max(e.gain.v[i]-m*m, 0)
		e.cells.deviation[i] = float32(math.Sqrt(float64(variance)))
		e.gain.v[i] = deviation / max(e.cells.deviation[i], leastDeviation)
	}
	e.norm.size(e.w, e.h)
	for y := range e.h {
		fy := (float32(y) + 0.5) / cell
		m1, g1 := e.mean.between(0, fy), e.gain.between(0, fy)
		for x0 := 0; x0 < e.w; x0 += quarterCell { // straight lines between the ends of a quarter of a cell
			x1 := min(x0+quarterCell, e.w)
			m0, g0 := m1, g1
			m1, g1 = e.mean.between(float32(x1)/cell, fy), e.gain.between(float32(x1)/cell, fy)
			m, g := (m0+m1)/2, (g0+g1)/2
			out := e.norm.v[e.norm.at(x0, y):]
			for i, p := range e.gray[y*e.w+x0 : y*e.w+x1] {
				out[i] = int16(min(max((float32(p)-m)*g, -most), most))
			}
		}
	}
	e.norm.extend(e.w, e.h)
}

const (
	cell           = 8 // pixels of a side
	quarterCell    = 4
	deviation      = 1000
	most           = 3000 // of a normalized pixel
	leastDeviation = 6    // gray levels: what is flatter is noise, and stays small
)
