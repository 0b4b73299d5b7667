package chipdata_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// noise is value noise of several octaves in 0..1, from a seed.
type noise struct{ lattice [64][64]float64 }

func newNoise(seed uint64) *noise {
	n, r := &noise{}, rand.New(rand.NewPCG(seed, 0x6E6F697365))
	for y := range n.lattice {
		for x := range n.lattice[y] {
			n.lattice[y][x] = r.Float64()
		}
	}
	return n
}

func (n *noise) at(x, y float64, octaves int) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for range octaves {
		x0, y0 := math.Floor(x), math.Floor(y)
		fx, fy := x-x0, y-y0
		fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
		i, j := int(x0)&63, int(y0)&63
		a, b := n.lattice[j][i], n.lattice[j][(i+1)&63]
		c, d := n.lattice[(j+1)&63][i], n.lattice[(j+1)&63][(i+1)&63]
		sum += weight * ((a*(1-fx)+b*fx)*(1-fy) + (c*(1-fx)+d*fx)*fy)
		total += weight
		weight, x, y = weight/2, 2*x+17, 2*y+31
	}
	return sum / total
}

// portrait draws nobody: an ellipse of skin with shading and texture, hair with strands,
// eyes, brows, nose, mouth and a collar before a colored wall, with sensor noise, so that it
// takes about as many bytes as a face.
func portrait(seed uint64, w, h int) image.Image {
	n, r := newNoise(seed), rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	mix := func(a, b [3]float64, t float64) [3]float64 {
		t = math.Max(0, math.Min(1, t))
		return [3]float64{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t, a[2] + (b[2]-a[2])*t}
	}
	blob := func(x, y, cx, cy, rx, ry float64) float64 { // 1 inside, 0 outside, soft edge
		d := math.Hypot((x-cx)/rx, (y-cy)/ry)
		return math.Max(0, math.Min(1, (1.02-d)/0.04))
	}
	for py := range h {
		for px := range w {
			x, y := float64(px)/float64(w), float64(py)/float64(h)
			c := mix([3]float64{205, 28, 26}, [3]float64{176, 16, 18}, y+0.2*n.at(3*x, 3*y, 2))
			hair := [3]float64{34, 26, 24}
			strand := n.at(150*x, 14*y, 3)
			c = mix(c, mix(hair, [3]float64{122, 104, 90}, 2.4*strand-0.9), blob(x, y, 0.5, 0.38, 0.31+0.03*n.at(30*x, 30*y, 2), 0.33))
			cloth := mix([3]float64{226, 196, 140}, [3]float64{70, 40, 30}, 4*n.at(55*x, 55*y, 2)-1.6) // batik
			c = mix(c, cloth, blob(x, y, 0.5, 1.06, 0.58, 0.30))
			skin := mix([3]float64{198, 150, 118}, [3]float64{142, 98, 72}, 0.9*math.Abs(x-0.46)*2.4+0.35*n.at(9*x, 9*y, 4)-0.1)
			skin = mix(skin, [3]float64{120, 78, 58}, 0.5*n.at(110*x, 110*y, 2)-0.1)
			c = mix(c, skin, blob(x, y, 0.5, 0.86, 0.14, 0.16))
			c = mix(c, skin, blob(x, y, 0.5, 0.47, 0.24, 0.30))
			for _, side := range []float64{-1, 1} {
				c = mix(c, mix(hair, [3]float64{70, 52, 44}, n.at(90*x, 30*y, 2)), blob(x, y, 0.5+side*0.10, 0.385, 0.065, 0.013))
				c = mix(c, [3]float64{236, 230, 226}, blob(x, y, 0.5+side*0.10, 0.43, 0.048, 0.017))
				c = mix(c, [3]float64{40, 26, 20}, blob(x, y, 0.5+side*0.10, 0.43, 0.02, 0.016))
				c = mix(c, [3]float64{104, 66, 52}, 0.7*blob(x, y, 0.5+side*0.025, 0.555, 0.014, 0.009))
			}
			c = mix(c, [3]float64{158, 112, 86}, 0.6*blob(x, y, 0.515, 0.50, 0.018, 0.07))
			c = mix(c, [3]float64{152, 72, 70}, 0.9*blob(x, y, 0.5, 0.635, 0.075, 0.02))
			c = mix(c, [3]float64{88, 34, 36}, blob(x, y, 0.5, 0.635, 0.07, 0.004))
			for i := range c {
				c[i] += 4 * r.NormFloat64()
			}
			img.SetRGBA(px, py, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return img
}

func clamp(v float64) uint8 { return uint8(math.Max(0, math.Min(255, v))) }

// autograph draws a pen line of loops on a transparent ground, nobody's.
func autograph(seed uint64, w, h int) image.Image {
	r := rand.New(rand.NewPCG(seed, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	const steps = 4000
	var f, p [3]float64
	for i := range f {
		f[i], p[i] = 3+9*r.Float64(), 2*math.Pi*r.Float64()
	}
	pen := math.Max(1.5, float64(h)/70)
	for i := range steps {
		t := float64(i) / steps
		x := (0.08 + 0.8*t + 0.05*math.Sin(2*math.Pi*f[0]*t+p[0])) * float64(w)
		y := (0.5 + 0.26*math.Sin(2*math.Pi*f[1]*t+p[1])*(1-0.6*t) + 0.1*math.Sin(2*math.Pi*f[2]*t+p[2])) * float64(h)
		for dy := -pen; dy <= pen; dy++ {
			for dx := -pen; dx <= pen; dx++ {
				if dx*dx+dy*dy <= pen*pen {
					img.SetNRGBA(int(x+dx), int(y+dy), color.NRGBA{12, 14, 40, 255})
				}
			}
		}
	}
	return img
}
