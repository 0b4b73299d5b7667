package extract

import "math"

// grid is what is known of each cell of cell x cell pixels.
type grid struct {
	w, h      int
	deviation []float32 // of gray levels
	cos, sin  field     // of twice the direction across the ridges, y down, times its strength
	strength  field     // of the gradients
	coherence []float32 // 0 no direction, 1 one direction, as measured last
	given     []float32 // the coherence of the picture as it came
	distance  field     // of two ridges, pixels
	inside    []bool    // the finger
	border    []uint8   // cells to the nearest one outside, 0 outside, at most farIn
	direction []uint8   // per quarter cell: across the ridges, in half circles / directions
	dw        int       // quarter cells of a row
	scratch   field
	other     []bool
	queue     []int32
}

const (
	directions = 32 // of half a circle
	farIn      = 4  // cells
)

func (g *grid) size(w, h int) {
	g.w, g.h = w, h
	for _, f := range []*field{&g.cos, &g.sin, &g.strength, &g.distance} {
		f.size(w, h)
	}
	n := w * h
	if cap(g.deviation) < n {
		g.deviation, g.coherence, g.given = make([]float32, n), make([]float32, n), make([]float32, n)
		g.inside, g.other, g.border = make([]bool, n), make([]bool, n), make([]uint8, n)
		g.direction = make([]uint8, 4*n)
	}
	g.deviation, g.coherence, g.given, g.inside, g.other, g.border = g.deviation[:n], g.coherence[:n], g.given[:n], g.inside[:n], g.other[:n], g.border[:n]
	g.dw, g.direction = 2*w, g.direction[:4*n]
}

// orient finds the direction across the ridges of p from the tensor of its gradients (A. Bazen,
// S. Gerez, IEEE TPAMI 2002), averaged over neighbors so many times.
func (e *Extractor) orient(p *plane, smoothing int) {
	g := &e.cells
	for cy := range g.h {
		for cx := range g.w {
			var xx, yy, xy float32
			for y := cy * cell; y < min(cy*cell+cell, e.h); y += 2 { // every second line carries the same directions
				at := p.at(cx*cell, y)
				for i := at; i < at+min(cell, e.w-cx*cell); i++ {
					dx := float32(p.v[i+1-p.stride]) + 2*float32(p.v[i+1]) + float32(p.v[i+1+p.stride]) - float32(p.v[i-1-p.stride]) - 2*float32(p.v[i-1]) - float32(p.v[i-1+p.stride])
					dy := float32(p.v[i-1+p.stride]) + 2*float32(p.v[i+p.stride]) + float32(p.v[i+1+p.stride]) - float32(p.v[i-1-p.stride]) - 2*float32(p.v[i-p.stride]) - float32(p.v[i+1-p.stride])
					xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
				}
			}
			c := cy*g.w + cx
			g.cos.v[c], g.sin.v[c], g.strength.v[c] = xx-yy, 2*xy, xx+yy
		}
	}
	for _, f := range []*field{&g.cos, &g.sin, &g.strength} {
		f.smooth(smoothing, &g.scratch)
	}
	for c, s := range g.strength.v {
		g.coherence[c] = float32(math.Hypot(float64(g.cos.v[c]), float64(g.sin.v[c]))) / (s + 1)
	}
	for y := range 2 * g.h {
		for x := range 2 * g.w {
			fx, fy := float32(x)/2+0.25, float32(y)/2+0.25
			a := math.Atan2(float64(g.sin.between(fx, fy)), float64(g.cos.between(fx, fy))) / 2
			g.direction[y*g.dw+x] = uint8(int(math.Round(a*directions/math.Pi)+directions) % directions)
		}
	}
}

// segment says which cells belong to the finger: where the picture changes as much as ridges do, in one
// direction; without holes, the largest piece.
func (e *Extractor) segment() {
	g := &e.cells
	copy(g.given, g.coherence)
	floor := max(leastContrast, strong(g.deviation)/4)
	for c, d := range g.deviation {
		g.inside[c] = d >= floor && g.coherence[c] >= leastCoherence
	}
	for range 2 {
		g.vote()
	}
	g.largest()
	g.measureBorder()
}

const (
	leastContrast  = 8    // gray levels
	leastCoherence = 0.18 // of a cell of the finger
)

// strong is the deviation that one cell in ten exceeds.
func strong(list []float32) float32 {
	var count [130]int
	for _, d := range list {
		count[min(int(d), len(count)-1)]++
	}
	left := len(list) / 10
	for d := len(count) - 1; d > 0; d-- {
		if left -= count[d]; left < 0 {
			return float32(d)
		}
	}
	return 0
}

// vote lets every cell be as most of the cells around it are.
func (g *grid) vote() {
	for y := range g.h {
		for x := range g.w {
			n, all := 0, 0
			for v := max(y-1, 0); v <= min(y+1, g.h-1); v++ {
				for u := max(x-1, 0); u <= min(x+1, g.w-1); u++ {
					all++
					if g.inside[v*g.w+u] {
						n++
					}
				}
			}
			g.other[y*g.w+x] = 2*n > all
		}
	}
	g.inside, g.other = g.other, g.inside
}

// largest keeps the largest connected piece and fills what it encloses.
func (g *grid) largest() {
	seen := g.other
	for i := range seen {
		seen[i] = false
	}
	best, size := -1, 0
	for c, in := range g.inside {
		if in && !seen[c] {
			if n := g.flood(c, true, seen); n > size {
				best, size = c, n
			}
		}
	}
	for i := range seen {
		seen[i] = false
	}
	if best >= 0 {
		g.flood(best, true, seen)
	}
	copy(g.inside, seen)
	for i := range seen {
		seen[i] = false
	}
	for c, in := range g.inside {
		x, y := c%g.w, c/g.w
		if !in && !seen[c] && (x == 0 || y == 0 || x == g.w-1 || y == g.h-1) {
			g.flood(c, false, seen)
		}
	}
	for c := range g.inside {
		g.inside[c] = g.inside[c] || !seen[c]
	}
}

// flood marks the piece of cells like c and counts it.
func (g *grid) flood(c int, in bool, seen []bool) int {
	q := append(g.queue[:0], int32(c))
	seen[c] = true
	for i := 0; i < len(q); i++ {
		x, y := int(q[i])%g.w, int(q[i])/g.w
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			u, v := x+d[0], y+d[1]
			if u < 0 || v < 0 || u >= g.w || v >= g.h {
				continue
			}
			if n := v*g.w + u; g.inside[n] == in && !seen[n] {
				seen[n] = true
				q = append(q, int32(n))
			}
		}
	}
	g.queue = q
	return len(q)
}

// measureBorder counts the cells to the outside, along rows and columns.
func (g *grid) measureBorder() {
	for c, in := range g.inside {
		g.border[c] = 0
		if in {
			g.border[c] = farIn
		}
	}
	for range farIn {
		for y := range g.h {
			for x := range g.w {
				c := y*g.w + x
				if g.border[c] == 0 {
					continue
				}
				least := uint8(0)
				if x > 0 && y > 0 && x < g.w-1 && y < g.h-1 {
					least = min(g.border[c-1], g.border[c+1], g.border[c-g.w], g.border[c+g.w])
				}
				g.border[c] = min(g.border[c], least+1)
			}
		}
	}
}

// measureDistance finds the distance of two ridges: that of a wave is its root mean square over that of
// its gradient.
func (e *Extractor) measureDistance(p *plane) {
	g := &e.cells
	for cy := range g.h {
		for cx := range g.w {
			c := cy*g.w + cx
			g.distance.v[c], g.strength.v[c] = 0, 0
			if !g.inside[c] {
				continue
			}
			var wave, slope float32
			for y := cy * cell; y < min(cy*cell+cell, e.h); y++ {
				at := p.at(cx*cell, y)
				for i := at; i < at+min(cell, e.w-cx*cell); i++ {
					v, dx, dy := float32(p.v[i]), float32(p.v[i+1]-p.v[i-1]), float32(p.v[i+p.stride]-p.v[i-p.stride])
					wave, slope = wave+v*v, slope+dx*dx+dy*dy
				}
			}
			g.distance.v[c], g.strength.v[c] = wave, slope/4
		}
	}
	g.distance.smooth(3, &g.scratch)
	g.strength.smooth(3, &g.scratch)
	for c, wave := range g.distance.v {
		ratio := min(float64(g.strength.v[c])/float64(wave+1), 1)
		d := 2 * math.Pi / max(math.Asin(math.Sqrt(ratio)), 0.1)
		g.distance.v[c] = float32(min(max(d, leastDistance), mostDistance))
	}
}

const (
	leastDistance = 5
	mostDistance  = 16
	usualDistance = 9 // of two ridges at 500 dpi
)
