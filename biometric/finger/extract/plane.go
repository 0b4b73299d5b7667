package extract

// pad is how many pixels stand around a picture, so that no filter asks where the border is.
const pad = 16

// plane is a picture of small whole numbers with pad pixels around it.
type plane struct {
	v      []int16
	stride int
}

func (p *plane) size(w, h int) {
	p.stride = w + 2*pad
	n := p.stride * (h + 2*pad)
	if cap(p.v) < n {
		p.v = make([]int16, n)
	}
	p.v = p.v[:n]
}

// at is the index of the pixel x, y.
func (p *plane) at(x, y int) int { return (y+pad)*p.stride + x + pad }

// extend fills the pad from the picture.
func (p *plane) extend(w, h int) {
	for y := range h {
		row := p.v[(y+pad)*p.stride:][:p.stride]
		for i := range pad {
			row[i], row[pad+w+i] = row[2*pad-i], row[pad+w-2-i]
		}
	}
	for i := range pad {
		copy(p.v[i*p.stride:][:p.stride], p.v[(2*pad-i)*p.stride:][:p.stride])
		copy(p.v[(pad+h+i)*p.stride:][:p.stride], p.v[(pad+h-2-i)*p.stride:][:p.stride])
	}
}

// field is one number per cell.
type field struct {
	v    []float32
	w, h int
}

func (f *field) size(w, h int) {
	f.w, f.h = w, h
	if cap(f.v) < w*h {
		f.v = make([]float32, w*h)
	}
	f.v = f.v[:w*h]
}

// smooth averages with the four neighbors of each axis by binomial weights, so many times; scratch is
// overwritten.
func (f *field) smooth(times int, scratch *field) {
	scratch.size(f.w, f.h)
	for range times {
		for y := range f.h {
			row := f.v[y*f.w:][:f.w]
			out := scratch.v[y*f.w:][:f.w]
			for x := range row {
				a, b := row[max(x-1, 0)], row[min(x+1, f.w-1)]
				c, d := row[max(x-2, 0)], row[min(x+2, f.w-1)]
				out[x] = (6*row[x] + 4*(a+b) + c + d) / 16
			}
		}
		for y := range f.h {
			m, a, b := scratch.row(y), scratch.row(y-1), scratch.row(y+1)
			c, d := scratch.row(y-2), scratch.row(y+2)
			out := f.v[y*f.w:][:f.w]
			for x := range out {
				out[x] = (6*m[x] + 4*(a[x]+b[x]) + c[x] + d[x]) / 16
			}
		}
	}
}

// row is a row, the nearest one where there is none.
func (f *field) row(y int) []float32 {
	y = min(max(y, 0), f.h-1)
	return f.v[y*f.w:][:f.w]
}

// between is the value at a place in cells, from the middles of the four around it.
func (f *field) between(x, y float32) float32 {
	x, y = max(x-0.5, 0), max(y-0.5, 0)
	i, k := min(int(x), f.w-1), min(int(y), f.h-1)
	fx, fy := min(x-float32(i), 1), min(y-float32(k), 1)
	j, l := min(i+1, f.w-1), min(k+1, f.h-1)
	a := f.v[k*f.w+i]*(1-fx) + f.v[k*f.w+j]*fx
	b := f.v[l*f.w+i]*(1-fx) + f.v[l*f.w+j]*fx
	return a*(1-fy) + b*fy
}
