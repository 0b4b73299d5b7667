package extract

import "math"

// The enhancement is a Gabor filter in the direction and with the distance of the ridges (Hong, Wan,
// Jain 1998), taken apart into a mean along the ridges and a wave across them.

const (
	alongTaps  = 9 // every second pixel
	alongStep  = 2
	alongWidth = 4.5  // deviation of the mean along, pixels
	acrossHalf = 9    // pixels to either side
	acrossBand = 0.42 // deviation of the wave across, in ridge distances
	one        = 256  // the weights of the mean, and of the wave's positive half, add up to this
	perPixel   = 2    // steps of the distance in a pixel
)

// waves holds half a wave per distance; its sum over both halves is zero, so that brightness passes out.
var waves = func() (list [(mostDistance + 1) * perPixel][acrossHalf + 1]int32) {
	for i := range list {
		d := max(float64(i)/perPixel, leastDistance)
		var w, bell [acrossHalf + 1]float64
		var sum, all float64
		for t := range w {
			x := float64(t)
			bell[t] = math.Exp(-x * x / (2 * acrossBand * acrossBand * d * d))
			w[t] = bell[t] * math.Cos(2*math.Pi*x/d)
			both := 2.0
			if t == 0 {
				both = 1
			}
			sum, all = sum+both*w[t], all+both*bell[t]
		}
		var norm float64
		for t := range w {
			w[t] -= bell[t] * sum / all
			both := 2.0
			if t == 0 {
				both = 1
			}
			norm += both * math.Abs(w[t])
		}
		for t := range w {
			list[i][t] = int32(math.Round(w[t] / norm * 2 * one))
		}
	}
	return list
}()

// means holds the weights along the ridges, from the middle outward.
var means = func() (w [alongTaps/2 + 1]int32) {
	var sum float64
	for t := -(alongTaps / 2); t <= alongTaps/2; t++ {
		x := float64(t * alongStep)
		sum += math.Exp(-x * x / (2 * alongWidth * alongWidth))
	}
	for t := range w {
		x := float64(t * alongStep)
		w[t] = int32(math.Round(math.Exp(-x*x/(2*alongWidth*alongWidth)) / sum * one))
	}
	return w
}()

// taps are the pixels of a filter relative to its middle, for one direction and width of a row.
type taps struct {
	along  [alongTaps/2 + 1]int
	across [acrossHalf + 1]int
}

func tapsOf(stride int) (list [directions]taps) {
	for k := range list {
		sin, cos := math.Sincos(float64(k) * math.Pi / directions)
		for t := range list[k].along {
			x, y := math.Round(-sin*float64(t*alongStep)), math.Round(cos*float64(t*alongStep))
			list[k].along[t] = int(y)*stride + int(x)
		}
		for t := range list[k].across {
			x, y := math.Round(cos*float64(t)), math.Round(sin*float64(t))
			list[k].across[t] = int(y)*stride + int(x)
		}
	}
	return list
}

// enhance filters the finger in src into dst; distance 0 takes that of each cell.
func (e *Extractor) enhance(src, dst *plane, distance int) {
	g := &e.cells
	e.along.size(e.w, e.h)
	dst.size(e.w, e.h)
	clear(e.along.v)
	clear(dst.v)
	list := tapsOf(src.stride)
	s, a := src.v, e.along.v
	for y := range e.h {
		row := g.direction[y/quarterCell*g.dw:]
		for c := range g.w {
			if !g.inside[y/cell*g.w+c] {
				continue
			}
			for x := c * cell; x < min(c*cell+cell, e.w); x++ {
				t := &list[row[x/quarterCell]].along
				i := src.at(x, y)
				sum := int32(s[i]) * means[0]
				for k := 1; k < len(t); k++ {
					sum += (int32(s[i+t[k]]) + int32(s[i-t[k]])) * means[k]
				}
				a[i] = int16(sum / one)
			}
		}
	}
	for y := range e.h {
		row := g.direction[y/quarterCell*g.dw:]
		for c := range g.w {
			if !g.inside[y/cell*g.w+c] {
				continue
			}
			wave := &waves[distance*perPixel]
			if distance == 0 {
				wave = &waves[int(g.distance.v[y/cell*g.w+c]*perPixel+0.5)]
			}
			for x := c * cell; x < min(c*cell+cell, e.w); x++ {
				t := &list[row[x/quarterCell]].across
				i := src.at(x, y)
				sum := int32(a[i]) * wave[0]
				for k := 1; k < len(t); k++ {
					sum += (int32(a[i+t[k]]) + int32(a[i-t[k]])) * wave[k]
				}
				dst.v[i] = int16(min(max(sum/one, -8*most), 8*most))
			}
		}
	}
}
