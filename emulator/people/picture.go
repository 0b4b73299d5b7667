package people

import (
	"image"
	"math"
	"strconv"
)

// Touch says how a finger is laid on a scanner. Lengths in pixels of 500 dpi, angles in radians.
type Touch struct {
	Rotation, Shift float64 // at most, either way
	Elastic         float64 // amplitude of the skin's distortion
	Pressure        float64 // -1 hardly any or dry, 0 ordinary, 1 hard or wet
	Noise           float64 // 0 to 1: patches where skin and scanner do not meet
	Cover           float64 // part of the pad that touches, 0 to 1
	Scratches       int
	Smear           float64 // pixels by which the finger slid
}

// Touches of a print room.
var (
	OrdinaryTouch = Touch{Rotation: 0.26, Shift: 24, Elastic: 3.5, Noise: 0.4, Cover: 0.95, Scratches: 2}
	DryTouch      = Touch{Rotation: 0.2, Shift: 20, Elastic: 3, Pressure: -0.9, Noise: 0.6, Cover: 0.85, Scratches: 4}
	WetTouch      = Touch{Rotation: 0.2, Shift: 20, Elastic: 4, Pressure: 0.9, Noise: 0.3, Cover: 1}
	PartialTouch  = Touch{Rotation: 0.3, Shift: 30, Elastic: 3.5, Noise: 0.3, Cover: 0.4, Scratches: 1}
	SmearedTouch  = Touch{Rotation: 0.2, Shift: 20, Elastic: 5, Noise: 0.4, Cover: 0.9, Smear: 40}
	HardTouch     = Touch{Rotation: 0.35, Shift: 40, Elastic: 5, Pressure: -0.3, Noise: 0.7, Cover: 0.7, Scratches: 5}
)

// Picture is the n-th impression of the finger on a scanner of one inch by 1.2 at 500 dpi: ridges dark.
func (f *Finger) Picture(n int, t Touch) *image.Gray {
	d := f.generator.dice(f.resident, "picture "+strconv.Itoa(n)+" "+f.master.finger.String())
	rot, dx, dy := d.f(-t.Rotation, t.Rotation), d.f(-t.Shift, t.Shift), d.f(-t.Shift, t.Shift)
	sin, cos := math.Sincos(rot)
	wave := skinWave{d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), d.f(0, 2*math.Pi), t.Elastic}
	contact, grain, wide := newCloud(d, 7), newCloud(d, 3), newCloud(d, 40)
	cx, cy := d.f(-0.4, 0.4)*padX*(1-t.Cover), d.f(-0.4, 0.4)*padY*(1-t.Cover)
	lines := make([]scratch, t.Scratches)
	for i := range lines {
		lines[i] = newScratch(d)
	}
	pressure := 0.75*t.Pressure + d.f(-0.08, 0.08)
	im := image.NewGray(image.Rect(0, 0, sensorWidth, sensorHeight))
	for y := range sensorHeight {
		for x := range sensorWidth {
			px, py := float64(x)-dx-sensorWidth/2, float64(y)-dy-sensorHeight/2
			px, py = cos*px+sin*py, -sin*px+cos*py
			ex, ey := wave.at(px, py)
			px, py = px-ex, py-ey
			dirt := grain.at(float64(x), float64(y))
			ground := 232 + 8*wide.at(float64(x), float64(y)) + 3*dirt
			// Skin meets the scanner inside an uneven oval.
			rim := edge(px-cx, py-cy) / math.Max(t.Cover, 0.1)
			if rim < 1.2 {
				rim += 0.12 * wide.at(px+600, py+600)
			}
			if rim < 1.02 {
				h := f.at(px, py, t.Smear) + pressure + 0.25*wide.at(px+900, py+900)
				h += t.Noise * (3*contact.at(px+300, py+300) + wide.at(px, py) - 0.5)
				for _, l := range lines {
					h -= l.depth(px, py)
				}
				fade := math.Min(1, (1.02-rim)*12)
				ground -= fade * 165 / (1 + math.Exp(-4*h+8*t.Noise*dirt))
			}
			im.Pix[y*im.Stride+x] = uint8(math.Max(0, math.Min(255, ground+0.5)))
		}
	}
	return im
}

// at is the height of the skin at a place of the pad, or its mean over the way that it slid.
func (f *Finger) at(x, y, slid float64) float64 {
	if slid == 0 {
		return f.point(x, y)
	}
	var sum float64
	const steps = 9
	for k := range steps {
		s := slid * (float64(k)/(steps-1) - 0.5)
		sum += f.point(x+s, y+0.6*s)
	}
	return sum / steps
}

func (f *Finger) point(x, y float64) float64 {
	x, y = x+float64(groundX/2), y+float64(groundY/2)
	i, k := int(math.Floor(x)), int(math.Floor(y))
	if i < 0 || k < 0 || i+1 >= groundX || k+1 >= groundY {
		return -1
	}
	u, v := float32(x-float64(i)), float32(y-float64(k))
	h := f.height[k*groundX+i:]
	low := f.height[(k+1)*groundX+i:]
	return float64((h[0]*(1-u)+h[1]*u)*(1-v) + (low[0]*(1-u)+low[1]*u)*v)
}

// cloud is slow noise, about -1 to 1.
type cloud struct {
	step float64
	v    [64 * 64]float32
}

func newCloud(d *dice, step float64) *cloud {
	c := &cloud{step: step}
	for i := range c.v {
		c.v[i] = float32(d.f(-1, 1))
	}
	return c
}

func (c *cloud) at(x, y float64) float64 {
	x, y = x/c.step, y/c.step
	i, k := math.Floor(x), math.Floor(y)
	u, v := float32(x-i), float32(y-k)
	g := func(i, k int) float32 { return c.v[(k&63)*64+i&63] }
	a, b := int(i), int(k)
	return float64((g(a, b)*(1-u)+g(a+1, b)*u)*(1-v) + (g(a, b+1)*(1-u)+g(a+1, b+1)*u)*v)
}

// scratch is a line where the skin is cut: a point on it, its normal and its width.
type scratch struct{ x, y, nx, ny, width float64 }

func newScratch(d *dice) scratch {
	sin, cos := math.Sincos(d.f(0, 2*math.Pi))
	return scratch{d.f(-padX, padX), d.f(-padY, padY), cos, sin, d.f(0.8, 2)}
}

func (s scratch) depth(x, y float64) float64 {
	r := ((x-s.x)*s.nx + (y-s.y)*s.ny) / s.width
	if r*r > 9 {
		return 0
	}
	return 2 * math.Exp(-r*r)
}
