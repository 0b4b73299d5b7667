package extract

import (
	"cmp"
	"math"
	"slices"
)

// minutia is what the skeletons show. A ridge ending is where the valleys before it fork, as ISO/IEC
// 19794-2 places it.
type minutia struct {
	kind        byte // 1 ending, 2 bifurcation
	x, y        int
	angle       byte // 360/256 degrees counter-clockwise: into the ending ridge, or the valley between the branches
	reliability byte // 1 to 100
}

const (
	spur       = 9  // pixels: shorter branches are no ridges
	branchLook = 14 // pixels of a branch that tell its direction
	nearBorder = 1  // cells: nothing is believed that near to the outside
	same       = 6  // pixels: two forks so near are one
	crowd      = 16 // pixels around a minutia in which others make it doubtful
)

// find takes the forks of the ridges for bifurcations and those of the valleys for endings.
func (e *Extractor) find() {
	e.found = e.found[:0]
	for kind := byte(1); kind <= 2; kind++ {
		e.lines.take(&e.twice, kind == 2)
		e.lines.prune(spur)
		for _, i := range e.lines.list {
			if codes.branches[e.lines.code[i]] >= 3 {
				e.fork(int(i), kind)
			}
		}
	}
	e.thinOut()
	slices.SortStableFunc(e.found, func(a, b minutia) int {
		return cmp.Or(cmp.Compare(b.reliability, a.reliability), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	})
}

// branch is one of the lines that leave a fork.
type branch struct {
	dx, dy float64
	length int
	end    int
	at     int32
}

// fork judges a fork of the skeleton at pixel i and keeps it where it looks like a minutia.
func (e *Extractor) fork(i int, kind byte) {
	x, y := i%e.lines.stride-pad, i/e.lines.stride-pad
	g := &e.cells
	c := y/cell*g.w + x/cell
	if g.border[c] <= nearBorder {
		return
	}
	var list [4]branch
	n := 0
	code := e.lines.code[i]
	for k := range 8 {
		if code>>k&1 == 0 || code>>((k+7)&7)&1 == 1 { // the first of a run of neighbors
			continue
		}
		first := k
		if k&1 == 1 && code>>((k+1)&7)&1 == 1 {
			first = (k + 1) & 7
		}
		path, end := e.lines.walk(i, first, branchLook)
		last := path[len(path)-1]
		list[n] = branch{dx: float64(int(last)%e.lines.stride - pad - x), dy: float64(int(last)/e.lines.stride - pad - y), length: len(path), end: end, at: last}
		n++
	}
	if n != 3 {
		return
	}
	// Across and along the ridges, y down.
	a := float64(g.direction[y/quarterCell*g.dw+x/quarterCell]) * math.Pi / directions
	sin, cos := math.Sincos(a)
	distance := float64(g.distance.v[c])
	forward, backward, doubt := 0, 0, 1.0
	for k, b := range list[:n] {
		along, across := -b.dx*sin+b.dy*cos, b.dx*cos+b.dy*sin
		if b.end == atFork {
			if math.Abs(across) > math.Abs(along) && float64(b.length) < 1.6*distance {
				return // a bridge between two ridges: a scar, dirt, or a ridge that is broken
			}
			for _, o := range list[:k] {
				if o.end == atFork && near(o, b) {
					return // a pore
				}
			}
			if b.length < branchLook/2 {
				doubt *= 0.5
			}
		}
		if b.end == atEnd {
			doubt *= 0.7
		}
		if along > 0 {
			forward++
		} else {
			backward++
		}
	}
	// Two branches on one side, the stem on the other.
	var direction float64
	switch {
	case forward == 2:
		direction = math.Atan2(-cos, -sin) // (-sin, cos) with y up
	case backward == 2:
		direction = math.Atan2(cos, sin)
	default:
		return
	}
	q := doubt * e.clearness(c)
	if g.border[c] == nearBorder+1 {
		q *= 0.7
	}
	e.found = append(e.found, minutia{
		kind: kind, x: x, y: y, angle: byte(int(math.Round(direction*128/math.Pi)) & 255), reliability: byte(min(max(100*q, 1), 100)),
	})
}

func near(a, b branch) bool { return math.Abs(a.dx-b.dx) <= 2 && math.Abs(a.dy-b.dy) <= 2 }

// clearness of the ridges of a cell, 0 to 1: their direction and contrast.
func (e *Extractor) clearness(c int) float64 {
	g := &e.cells
	x, y := c%g.w*cell, c/g.w*cell
	var kept, given float64
	for v := max(y-cell, 0); v < min(y+2*cell, e.h); v += 2 {
		at := e.twice.at(0, v)
		for u := max(x-cell, 0); u < min(x+2*cell, e.w); u += 2 {
			k, n := float64(e.twice.v[at+u]), float64(e.norm.v[at+u])
			kept, given = kept+k*k, given+n*n
		}
	}
	contrast := min(math.Sqrt(kept/(given+1))/fullResponse, 1)
	return contrast * float64(min(g.coherence[c]/fullCoherence, 1))
}

const (
	fullResponse  = 0.95 // of the filter where the ridges are clear
	fullCoherence = 0.9
)

// thinOut takes one of two that stand for the same, both of two that face each other on one line, and
// doubts those in a crowd.
func (e *Extractor) thinOut() {
	gone := make([]bool, len(e.found))
	crowded := make([]int, len(e.found))
	for i, a := range e.found {
		for k := range i {
			b := e.found[k]
			d := math.Hypot(float64(a.x-b.x), float64(a.y-b.y))
			if d > crowd {
				continue
			}
			crowded[i]++
			crowded[k]++
			turned := math.Abs(float64(int8(a.angle - b.angle)))
			switch {
			case d < same && turned < 64:
				if a.reliability > b.reliability {
					gone[k] = true
				} else {
					gone[i] = true
				}
			case d < same:
				gone[i], gone[k] = true, true
			}
		}
	}
	left := e.found[:0]
	for i, m := range e.found {
		if !gone[i] {
			for n := 1; n < crowded[i]; n++ {
				m.reliability = max(m.reliability*3/4, 1)
			}
			left = append(left, m)
		}
	}
	e.found = left
}
