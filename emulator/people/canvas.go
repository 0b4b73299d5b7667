package people

import (
	"image"
	"math"
	"sync"
)

// rgb is a color in sRGB steps of 0 to 255.
type rgb struct{ r, g, b float32 }

func hex(v uint32) rgb { return rgb{float32(v >> 16 & 255), float32(v >> 8 & 255), float32(v & 255)} }

func (c rgb) mul(k float32) rgb { return rgb{c.r * k, c.g * k, c.b * k} }

func (c rgb) mix(o rgb, k float32) rgb {
	return rgb{c.r + (o.r-c.r)*k, c.g + (o.g-c.g)*k, c.b + (o.b-c.b)*k}
}

// canvas is a picture under work.
type canvas struct {
	w, h int
	pix  []rgb
}

var canvases = sync.Pool{New: func() any {
	return &canvas{w: portraitWidth, h: portraitHeight, pix: make([]rgb, portraitWidth*portraitHeight)}
}}

// box is the part of the canvas that a layer touches, right and lower border excluded.
type box struct{ x0, y0, x1, y1 float32 }

func around(cx, cy, rx, ry float32) box {
	return box{cx - rx - 1, cy - ry - 1, cx + rx + 2, cy + ry + 2}
}

// layer paints inside the box: for every pixel, paint gives the color over what is there and
// how much of it covers (0 to 1).
func (c *canvas) layer(b box, paint func(x, y float32, under rgb) (rgb, float32)) {
	x0, y0 := max(0, int(b.x0)), max(0, int(b.y0))
	x1, y1 := min(c.w, int(b.x1)+1), min(c.h, int(b.y1)+1)
	for y := y0; y < y1; y++ {
		row := c.pix[y*c.w : (y+1)*c.w]
		for x := x0; x < x1; x++ {
			if col, a := paint(float32(x)+0.5, float32(y)+0.5, row[x]); a >= 1 {
				row[x] = col
			} else if a > 0 {
				row[x] = row[x].mix(col, a)
			}
		}
	}
}

// cover turns a signed distance in pixels (negative inside) into a share of the pixel.
func cover(distance float32) float32 { return clamp(0.5 - distance) }

// soft is cover with a wide edge.
func soft(distance, edge float32) float32 {
	k := clamp(0.5 - distance/edge)
	return k * k * (3 - 2*k)
}

// clamp limits v to 0 to 1. Plain comparisons: the builtins min and max also order NaN and
// signed zeros, which costs a third of a portrait's time.
func clamp(v float32) float32 {
	if v <= 0 {
		return 0
	}
	if v >= 1 {
		return 1
	}
	return v
}

func floor(v float32) int {
	i := int(v)
	if v < float32(i) {
		i--
	}
	return i
}

func abs(v float32) float32 {
	if v < 0 {
		return -v
	}
	return v
}

func sqrt(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// sines holds one turn of the sine in 1024 parts.
var sines = func() (t [1024]float32) {
	for i := range t {
		t[i] = float32(math.Sin(2 * math.Pi * float64(i) / float64(len(t))))
	}
	return t
}()

func sin(v float32) float32 { return sines[floor(v*(1024/(2*math.Pi)))&1023] }

// ellipse is about the signed distance to an upright ellipse.
func ellipse(x, y, cx, cy, rx, ry float32) float32 {
	u, v := (x-cx)/rx, (y-cy)/ry
	k0 := sqrt(u*u + v*v)
	p, q := u/rx, v/ry
	k1 := sqrt(p*p + q*q)
	if k1 == 0 {
		return -min(rx, ry)
	}
	return k0 * (k0 - 1) / k1
}

// capsule is the signed distance to a line from a to b whose half width runs from ra to rb.
func capsule(x, y, ax, ay, bx, by, ra, rb float32) float32 {
	dx, dy := bx-ax, by-ay
	t := clamp(((x-ax)*dx + (y-ay)*dy) / (dx*dx + dy*dy + 1e-6))
	px, py := x-ax-t*dx, y-ay-t*dy
	return sqrt(px*px+py*py) - (ra + (rb-ra)*t)
}

// glow falls off smoothly from 1 in the middle; it stands in for a Gaussian.
func glow(x, y, cx, cy, rx, ry float32) float32 {
	u, v := (x-cx)/rx, (y-cy)/ry
	k := 1 / (1 + u*u + v*v)
	return k * k
}

// stroke is a curved line of changing width: points, then half widths.
type stroke struct {
	pts  [][2]float32
	half []float32
}

// curve samples a quadratic Bezier curve into n straight parts.
func curve(ax, ay, bx, by, cx, cy, ra, rb, rc float32, n int) stroke {
	var s stroke
	for i := range n + 1 {
		t := float32(i) / float32(n)
		k := 1 - t
		s.pts = append(s.pts, [2]float32{k*k*ax + 2*k*t*bx + t*t*cx, k*k*ay + 2*k*t*by + t*t*cy})
		s.half = append(s.half, k*k*ra+2*k*t*rb+t*t*rc)
	}
	return s
}

func (s stroke) box() box {
	b := box{1e9, 1e9, -1e9, -1e9}
	for i, p := range s.pts {
		m := s.half[i] + 2
		b.x0, b.y0 = min(b.x0, p[0]-m), min(b.y0, p[1]-m)
		b.x1, b.y1 = max(b.x1, p[0]+m), max(b.y1, p[1]+m)
	}
	return b
}

func (s stroke) distance(x, y float32) float32 {
	d := float32(1e9)
	for i := 1; i < len(s.pts); i++ {
		a, b := s.pts[i-1], s.pts[i]
		if c := capsule(x, y, a[0], a[1], b[0], b[1], s.half[i-1], s.half[i]); c < d {
			d = c
		}
	}
	return d
}

// polygon is the signed distance to a convex polygon whose corners run clockwise on the screen.
func polygon(x, y float32, corners ...[2]float32) float32 {
	d := float32(-1e9)
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		if e := (dy*(x-a[0]) - dx*(y-a[1])) / sqrt(dx*dx+dy*dy); e > d {
			d = e
		}
	}
	return d
}

// wander is smooth noise over a line: a table of chance, read between its places.
type wander [256]float32

func newWander(d *dice) *wander {
	var w wander
	for i := range w {
		w[i] = float32(d.f(-1, 1))
	}
	return &w
}

func (w *wander) at(x float32) float32 {
	i := floor(x)
	t := x - float32(i)
	a, b := w[i&255], w[(i+1)&255]
	return a + (b-a)*t*t*(3-2*t)
}

// over is smooth noise over the plane, made of the same table.
func (w *wander) over(x, y float32) float32 {
	i, j := floor(x), floor(y)
	tx, ty := x-float32(i), y-float32(j)
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	at := func(i, j int) float32 { return w[(i*73+j*151+(i*j)*7)&255] }
	top := at(i, j) + (at(i+1, j)-at(i, j))*tx
	low := at(i, j+1) + (at(i+1, j+1)-at(i, j+1))*tx
	return top + (low-top)*ty
}

// develop turns the canvas into a picture as a camera gives it: a slow change of light over
// the whole, a little grain that is wider than a pixel, rounded to bytes.
func (c *canvas) develop(d *dice, grain float32) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
	light := newWander(d)
	state := d.src.Uint64() | 1
	prev := make([]float32, c.w) // grain of the row above
	for y := range c.h {
		row := c.pix[y*c.w : (y+1)*c.w]
		dst := out.Pix[y*out.Stride:]
		var left float32
		var glowRow float32
		for x, p := range row {
			if x&15 == 0 {
				glowRow = 1 + 0.012*light.over(float32(x)/170, float32(y)/170)
			}
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
			raw := float32(int32(state>>32)) * (1.0 / (1 << 31))
			g := (raw + left + prev[x]) * grain
			left, prev[x] = raw, raw
			o := dst[4*x : 4*x+4 : 4*x+4]
			o[0], o[1], o[2], o[3] = toByte(p.r*glowRow+g), toByte(p.g*glowRow+g*0.9), toByte(p.b*glowRow+g*1.1), 255
		}
	}
	return out
}

func toByte(v float32) byte {
	switch {
	case v <= 0:
		return 0
	case v >= 255:
		return 255
	}
	return byte(v + 0.5)
}
