package people

import (
	"bytes"
	"image"
	"image/png"
	"math"

	"blanko/ktp"
)

// A signature as pads deliver it: black ink on white, gray levels at the edges.
const (
	signatureWidth  = 336
	signatureHeight = 88
)

// signature draws the pen strokes of resident i: a large first letter, a run of loops that
// tires toward the end, and a flourish.
func (g *Generator) signature(i int) (ktp.Image, error) {
	d := g.dice(i, "signature")
	ink := image.NewGray(image.Rect(0, 0, signatureWidth, signatureHeight))
	for n := range ink.Pix {
		ink.Pix[n] = 255
	}
	pen := pen{ink, d.f(1.1, 1.7), newWander(d)}
	base := d.f(50, 56)
	pen.line(initial(d, base))
	end := 90.0
	for range d.between(1, 2) {
		var run [][2]float64
		run, end = word(d, base, end)
		pen.line(run)
		end += d.f(4, 14)
	}
	if !d.one(3) {
		pen.line(flourish(d, base, end))
	}
	for range d.n(3) { // a dot or a stroke above
		x, y := d.f(100, end), d.f(14, 24)
		pen.line([][2]float64{{x, y}, {x + d.f(1, 9), y - d.f(0, 3)}})
	}
	var b bytes.Buffer
	err := png.Encode(&b, ink)
	return ktp.Image{MIME: "image/png", Data: b.Bytes()}, err
}

// initials are the paths of large first letters, in fractions of a box: B or R, S, C or G, M or N,
// A, Y or J, D.
var initials = [][][2]float64{
	{{0.2, 0.1}, {0.15, 1}, {0.1, 0.2}, {0.8, 0.05}, {0.75, 0.45}, {0.2, 0.5}, {0.9, 0.62}, {0.8, 1}},
	{{0.9, 0.15}, {0.45, 0}, {0.2, 0.3}, {0.75, 0.6}, {0.5, 1.05}, {0.05, 0.85}, {0.7, 0.75}},
	{{0.95, 0.2}, {0.5, 0}, {0.05, 0.5}, {0.45, 1}, {0.95, 0.7}, {0.7, 0.55}, {0.95, 1.2}},
	{{0, 1}, {0.15, 0}, {0.3, 0.85}, {0.55, 0.05}, {0.62, 1}, {0.9, 0.3}, {1, 0.9}},
	{{0, 1.05}, {0.5, 0}, {0.75, 1}, {0.5, 0.62}, {0.1, 0.66}, {1, 0.55}},
	{{0.05, 0.05}, {0.3, 0.5}, {0.75, 0.05}, {0.55, 0.9}, {0.25, 1.4}, {0.05, 1.1}, {0.9, 0.7}},
	{{0.25, 0}, {0.2, 1}, {0.05, 0.6}, {0.5, 0}, {1, 0.4}, {0.6, 1}, {0.1, 0.95}, {0.9, 0.8}},
}

// initial is a tall letter that ends where the word begins.
func initial(d *dice, base float64) [][2]float64 {
	x, top, wide, slant := d.f(14, 26), d.f(8, 18), d.f(34, 52), d.f(-6, 12)
	var pts [][2]float64
	for _, p := range pick(d, initials) {
		y := top + p[1]*(base-top) + d.f(-2.5, 2.5)
		pts = append(pts, [2]float64{x + p[0]*wide + slant*(1-p[1]) + d.f(-2.5, 2.5), math.Min(y, signatureHeight-4)})
	}
	return append(pts, [2]float64{84, base - d.f(0, 8)})
}

// word is a word of four or more joined loops from x on; it returns where it ends.
func word(d *dice, base, x float64) ([][2]float64, float64) {
	pts := [][2]float64{{x - 8, base - 2}}
	count := d.between(4, 8)
	for n := range count {
		tire := 1 - 0.5*float64(n)/float64(count)
		up := base - d.f(10, 20)*tire
		if d.one(4) {
			up = base - d.f(26, 38)*tire // an ascender
		}
		down := base + d.f(-1, 3)
		if d.one(6) {
			down = base + d.f(14, 24)*tire // a descender
		}
		step := d.f(9, 15)
		if x+step > signatureWidth-70 {
			break
		}
		pts = append(pts, [2]float64{x + step*0.75, up}, [2]float64{x + step*d.f(0.35, 0.6), (up + down) / 2}, [2]float64{x + step*0.55, down})
		x += step
	}
	return append(pts, [2]float64{x + 6, base - 4}), x + 6
}

// flourish runs back below the name and out to the right.
func flourish(d *dice, base, end float64) [][2]float64 {
	y := base + d.f(12, 22)
	return [][2]float64{
		{end - 6, base},
		{end + d.f(6, 18), base + 6},
		{end * d.f(0.35, 0.6), y},
		{end * d.f(0.25, 0.4), y + d.f(2, 6)},
		{end + d.f(10, 40), y - d.f(4, 12)},
		{end + d.f(34, 58), y - d.f(10, 24)},
	}
}

// pen draws lines whose width follows speed and pressure.
type pen struct {
	ink   *image.Gray
	half  float64
	shake *wander
}

// line runs smoothly through the points (Catmull-Rom) and inks discs along the way.
func (p pen) line(pts [][2]float64) {
	at := func(i int) [2]float64 { return pts[max(0, min(len(pts)-1, i))] }
	const stride = 0.4 // pixels between two discs
	var drawn, speed float64
	var whole float64
	for i := range len(pts) - 1 {
		whole += math.Hypot(pts[i+1][0]-pts[i][0], pts[i+1][1]-pts[i][1])
	}
	for i := range len(pts) - 1 {
		a, b, c, e := at(i-1), at(i), at(i+1), at(i+2)
		length := math.Hypot(c[0]-b[0], c[1]-b[1])
		steps := int(length/stride) + 2
		speed = 0.5*speed + 0.5*math.Min(1, length/60) // long strokes are quick ones
		for n := range steps {
			t := float64(n) / float64(steps)
			var q [2]float64
			for k := range 2 {
				q[k] = 0.5 * (2*b[k] + (c[k]-a[k])*t + (2*a[k]-5*b[k]+4*c[k]-e[k])*t*t + (3*b[k]-a[k]-3*c[k]+e[k])*t*t*t)
			}
			q[1] += 0.5 * float64(p.shake.at(float32(q[0]*0.2+q[1]*0.13)))
			gone := drawn + t*length
			taper := math.Min(1, 0.5+gone/12) * math.Min(1, 0.35+(whole-gone)/16)
			p.disc(q[0], q[1], p.half*taper*(1.2-0.5*speed))
		}
		drawn += length
	}
}

func (p pen) disc(cx, cy, r float64) {
	for y := max(0, int(cy-r-1)); y <= min(signatureHeight-1, int(cy+r+2)); y++ {
		for x := max(0, int(cx-r-1)); x <= min(signatureWidth-1, int(cx+r+2)); x++ {
			k := r + 0.5 - math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)
			if k <= 0 {
				continue
			}
			v := byte(255 - 235*math.Min(1, k))
			if o := p.ink.PixOffset(x, y); v < p.ink.Pix[o] {
				p.ink.Pix[o] = v
			}
		}
	}
}
