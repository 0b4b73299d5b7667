package people

import (
	"math"

	"blanko/ktp"
)

// The ridges of a finger grow from its minutiae by repeated Gabor filtering along the orientation field
// (R. Cappelli, A. Erol, D. Maio, D. Maltoni, "Synthetic fingerprint-image generation", ICPR 2000; the
// seeds at minutiae after R. Cappelli et al., "Fingerprint image reconstruction from standard
// templates", IEEE TPAMI 2007). Where the orientation asks for more minutiae than the finger has, they
// grow too.

// The ground on which ridges grow, in pixels of 500 dpi, with its middle at the middle of the pad.
const (
	groundX      = 2*int(padX) + 50
	groundY      = 2*int(padY) + 50
	seedRadius   = 9
	growths      = 14
	free         = 3  // growths at the end that only heal
	ridgeAngles  = 32 // of half a circle
	acrossPixels = 8
	alongPixels  = 5
)

// Finger is one finger of a resident with its ridges; nobody's in truth.
type Finger struct {
	generator *Generator
	resident  int
	master    master
	height    []float32 // -1 valley to 1 ridge
}

// Finger grows the finger that the records of the resident are impressions of.
func (g *Generator) Finger(i int, f ktp.Finger) *Finger {
	d := g.dice(i, "finger "+f.String())
	m := newMaster(d, f)
	return &Finger{generator: g, resident: i, master: m, height: m.grow(g.dice(i, "ridges "+f.String()))}
}

// grow makes the ridges of the master.
func (m master) grow(d *dice) []float32 {
	distance := d.f(8.4, 9.6)
	directions := make([]uint8, groundX*groundY)
	for y := range groundY {
		for x := range groundX {
			a := m.pattern.orientation(float64(x-groundX/2), float64(y-groundY/2))
			directions[y*groundX+x] = uint8(int(a/math.Pi*ridgeAngles+0.5) % ridgeAngles)
		}
	}
	h := make([]float32, groundX*groundY)
	for i := range h {
		h[i] = float32(d.f(-0.05, 0.05))
	}
	along := make([]float32, len(h))
	f := newRidgeFilter(distance)
	for n := range growths {
		if n < growths-free { // the minutiae of the finger outlive those that grow
			for _, t := range m.minutiae {
				sow(h, t, distance)
			}
		}
		f.grow(h, along, directions)
	}
	return h
}

// sow puts down a minutia: a wave across its direction with one ridge or valley more on the side to
// which it points.
func sow(h []float32, t trueMinutia, distance float64) {
	sin, cos := math.Sincos(t.angle)
	for dy := -seedRadius; dy <= seedRadius; dy++ {
		for dx := -seedRadius; dx <= seedRadius; dx++ {
			x, y := int(math.Round(t.x))+dx+groundX/2, int(math.Round(t.y))+dy+groundY/2
			if dx*dx+dy*dy > seedRadius*seedRadius || x < 0 || y < 0 || x >= groundX || y >= groundY {
				continue
			}
			ahead := float64(dx)*cos - float64(dy)*sin // the angle counts with y upward
			aside := float64(dx)*sin + float64(dy)*cos
			v := math.Cos(2*math.Pi*aside/distance + math.Atan2(aside, ahead))
			if t.kind == 2 {
				v = -v
			}
			h[y*groundX+x] = float32(v)
		}
	}
}

// ridgeFilter is a Gabor filter, taken apart along and across the ridges.
type ridgeFilter struct {
	alongAt, acrossAt [ridgeAngles][]int
	along, across     []float32
}

func newRidgeFilter(distance float64) *ridgeFilter {
	f := &ridgeFilter{}
	for t := -alongPixels; t <= alongPixels; t++ {
		f.along = append(f.along, float32(math.Exp(-float64(t*t)/18)))
	}
	for t := -acrossPixels; t <= acrossPixels; t++ {
		f.across = append(f.across, float32(math.Exp(-float64(t*t)/24)*math.Cos(2*math.Pi*float64(t)/distance)))
	}
	level(f.across)
	for k := range ridgeAngles {
		sin, cos := math.Sincos(float64(k) * math.Pi / ridgeAngles)
		for t := -alongPixels; t <= alongPixels; t++ {
			f.alongAt[k] = append(f.alongAt[k], int(math.Round(sin*float64(t)))*groundX+int(math.Round(cos*float64(t))))
		}
		for t := -acrossPixels; t <= acrossPixels; t++ {
			f.acrossAt[k] = append(f.acrossAt[k], int(math.Round(cos*float64(t)))*groundX-int(math.Round(sin*float64(t))))
		}
	}
	return f
}

// level takes the mean out of the weights, so that a plain surface stays one.
func level(w []float32) {
	var sum float32
	for _, v := range w {
		sum += v
	}
	for i := range w {
		w[i] -= sum / float32(len(w))
	}
}

// grow filters h once and keeps it between -1 and 1.
func (f *ridgeFilter) grow(h, along []float32, directions []uint8) {
	const margin = acrossPixels + 1
	pass := func(out, in []float32, at *[ridgeAngles][]int, weights []float32, keep func(float32) float32) {
		for y := margin; y < groundY-margin; y++ {
			for i := y*groundX + margin; i < (y+1)*groundX-margin; i++ {
				var sum float32
				for k, d := range at[directions[i]] {
					sum += in[i+d] * weights[k]
				}
				out[i] = keep(sum)
			}
		}
	}
	pass(along, h, &f.alongAt, f.along, func(v float32) float32 { return v })
	pass(h, along, &f.acrossAt, f.across, func(v float32) float32 { v *= 0.12; return min(max(v, -1), 1) })
}
