package finger

import (
	"cmp"
	"slices"
)

// The comparison follows the published literature: local structures of a minutia and its
// neighbors, invariant to shift and turn, propose how the impressions lie on each other
// (X. Jiang, W.-Y. Yau, ICPR 2000; the roots of R. Važan's SourceAFIS description); each
// proposal is settled by least squares over all minutiae it pairs and is scored by the
// share of paired minutiae in the common area.

const (
	bestMinutiae = 64 // by quality, of each side; more only adds false ones and time
	neighbors    = 8  // edges of one minutia
	roots        = 12 // proposals that are settled
	settles      = 2  // rounds of least squares
	leastRoot    = 2  // agreeing edges of a proposal
	leastPairs   = 6  // paired minutiae of a proposal that is worth settling

	edgeLength   = 7    // pixels that edges may differ in length, and
	edgeShare    = 12   // one of so many pixels of their length more
	edgeAngle    = 3300 // 18 degrees, of each of the two angles of an edge
	pairDistance = 15   // pixels at 500 dpi: elastic skin
	pairAngle    = 5100 // 28 degrees: extractors with steps of 11.25 degrees
	wideDistance = 20   // in the first round, before settling

	fullPair  = 16  // weight of a pair without any difference
	typeMalus = 1   // of that, for types that differ: extractors agree in 67 to 76 % only
	leastArea = 24  // minutiae in the common area that are counted at least
	margin    = 10  // pixels of the common area around the outermost minutiae
	dpi500    = 197 // pixels per centimeter
	leastDPI  = 39  // 100 dpi; ridges are not resolved below, such an impression matches nothing
	maxScore  = 100
	threshold = 12 // see Threshold
)

// Threshold is the score from which two impressions count as the same finger. It is set on
// generated minutiae (TestScoresOfGeneratedFingers): impostors stay below it by a margin.
func Threshold() int { return threshold }

// point is a minutia at 500 dpi with the y axis up.
type point struct {
	x, y  int32
	angle uint16
	kind  byte
}

// edge goes from one minutia to a neighbor; both angles are relative, so it does not change
// when the impression is shifted or turned.
type edge struct {
	length int32
	from   uint16 // direction of the edge against the minutia's angle
	to     uint16 // the neighbor's angle against the direction of the edge
	dir    uint16 // direction in the impression
}

type impression struct {
	points []point
	edges  [][]edge // per point, shortest first
}

// Match compares two records and returns a score of 0 to 100, the best over the views of the
// same finger position; positions that do not agree score 0. It does not change with shift
// and rotation of an impression within what a finger on a sensor does, and is the same on
// every platform and every run. Safe for concurrent use.
func Match(probe, gallery *Template) (score int) {
	for _, p := range probe.Views {
		for _, g := range gallery.Views {
			if p.Position == g.Position {
				score = max(score, compare(newImpression(probe, p), newImpression(gallery, g)))
			}
		}
	}
	return score
}

func newImpression(t *Template, v View) impression {
	if t.ResX < leastDPI || t.ResY < leastDPI {
		return impression{}
	}
	list := slices.Clone(v.Minutiae)
	slices.SortStableFunc(list, func(a, b Minutia) int { return cmp.Compare(b.Quality, a.Quality) })
	if len(list) > bestMinutiae {
		list = list[:bestMinutiae]
	}
	var im impression
	for _, m := range list {
		im.points = append(im.points, point{
			x: int32(m.X * dpi500 / t.ResX), y: int32(-m.Y * dpi500 / t.ResY), angle: uint16(m.Angle) << 8, kind: m.Type,
		})
	}
	im.edges = make([][]edge, len(im.points))
	for i := range im.points {
		im.edges[i] = nearest(im.points, i)
	}
	return im
}

// nearest are the edges from point i to its nearest neighbors, shortest first.
func nearest(points []point, i int) []edge {
	type near struct {
		j int
		d int64 // squared pixels
	}
	var list [neighbors]near
	n, a := 0, points[i]
	for j, b := range points {
		dx, dy := int64(b.x-a.x), int64(b.y-a.y)
		d := dx*dx + dy*dy
		if j == i || (n == neighbors && d >= list[n-1].d) {
			continue
		}
		n = min(n+1, neighbors)
		at := n - 1
		for ; at > 0 && list[at-1].d > d; at-- {
			list[at] = list[at-1]
		}
		list[at] = near{j, d}
	}
	out := make([]edge, n)
	for k, c := range list[:n] {
		b := points[c.j]
		length, dir := polar(b.x-a.x, b.y-a.y)
		out[k] = edge{length, dir - a.angle, b.angle - dir, dir}
	}
	return out
}

// root proposes that point p of the probe is point g of the gallery, turned by angle.
type root struct {
	p, g    int
	support int
	angle   uint16
}

func compare(p, g impression) int {
	best := 0
	for _, r := range proposals(p, g) {
		best = max(best, settle(p, g, r))
	}
	return best
}

// proposals are the pairs with most agreeing edges, in a fixed order.
func proposals(p, g impression) []root {
	var list []root
	for i := range p.points {
		for j := range g.points {
			if n, turned := agreement(p.edges[i], g.edges[j]); n >= leastRoot {
				list = append(list, root{i, j, n, turned})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b root) int { return cmp.Compare(b.support, a.support) })
	return list[:min(roots, len(list))]
}

// agreement counts the edges that agree, each used once, and averages how far they are turned.
func agreement(p, g []edge) (n int, turned uint16) {
	var used [neighbors]bool
	var first uint16
	var sum int32
	for _, a := range p {
		tolerance := edgeLength + a.length/edgeShare
		for k, b := range g {
			if b.length < a.length-tolerance || used[k] {
				continue
			}
			if b.length > a.length+tolerance {
				break
			}
			if apart(a.from, b.from) > edgeAngle || apart(a.to, b.to) > edgeAngle {
				continue
			}
			used[k] = true
			by := b.dir - a.dir
			if n == 0 {
				first = by
			}
			sum += int32(int16(by - first))
			n++
			break
		}
	}
	if n == 0 {
		return 0, 0
	}
	return n, first + uint16(sum/int32(n))
}

// pose lays the probe on the gallery: turn, then shift.
type pose struct {
	angle  uint16
	dx, dy int32
}

func (q pose) place(a point) point {
	a.x, a.y = turn(a.x, a.y, q.angle)
	a.x, a.y, a.angle = a.x+q.dx, a.y+q.dy, a.angle+q.angle
	return a
}

// settle improves the proposal by least squares and scores it.
func settle(p, g impression, r root) int {
	q := pose{angle: r.angle}
	at := q.place(p.points[r.p])
	q.dx, q.dy = g.points[r.g].x-at.x, g.points[r.g].y-at.y
	placed := make([]point, len(p.points))
	distance := int32(wideDistance)
	for range settles {
		pairs := pairUp(p.points, g.points, placed, q, distance)
		if len(pairs) < leastPairs {
			return 0
		}
		q = leastSquares(p.points, g.points, pairs)
		distance = pairDistance
	}
	pairs := pairUp(p.points, g.points, placed, q, distance)
	weight := 0
	for _, c := range pairs {
		weight += c.weight
	}
	inP, inG := common(placed, g.points), common(g.points, placed)
	return min(maxScore, maxScore*weight*weight/(fullPair*fullPair*max(inP, leastArea)*max(inG, leastArea)))
}

// pair is one minutia of each side and how well they agree.
type pair struct{ p, g, weight int }

// pairUp pairs the placed probe with the gallery, the best agreements first, each minutia once.
func pairUp(probe, gallery, placed []point, q pose, distance int32) []pair {
	var list []pair
	for i, a := range probe {
		placed[i] = q.place(a)
		for j, b := range gallery {
			dx, dy := placed[i].x-b.x, placed[i].y-b.y
			if dx > distance || dx < -distance || dy > distance || dy < -distance {
				continue
			}
			d := dx*dx + dy*dy
			if d > distance*distance {
				continue
			}
			turned := apart(placed[i].angle, b.angle)
			if turned > pairAngle {
				continue
			}
			w := fullPair - int(d)*fullPair/2/int(distance*distance) - int(turned)*fullPair/4/pairAngle
			if a.kind != b.kind {
				w -= typeMalus
			}
			list = append(list, pair{i, j, w})
		}
	}
	slices.SortStableFunc(list, func(a, b pair) int { return cmp.Compare(b.weight, a.weight) })
	var usedP, usedG [bestMinutiae]bool
	out := list[:0]
	for _, c := range list {
		if !usedP[c.p] && !usedG[c.g] {
			usedP[c.p], usedG[c.g] = true, true
			out = append(out, c)
		}
	}
	return out
}

// leastSquares is the pose that brings the paired minutiae nearest to each other.
func leastSquares(p, g []point, pairs []pair) pose {
	var px, py, gx, gy int32
	n := int32(len(pairs))
	for _, c := range pairs {
		px, py, gx, gy = px+p[c.p].x, py+p[c.p].y, gx+g[c.g].x, gy+g[c.g].y
	}
	px, py, gx, gy = px/n, py/n, gx/n, gy/n
	var dot, cross int64
	for _, c := range pairs {
		ax, ay := int64(p[c.p].x-px), int64(p[c.p].y-py)
		bx, by := int64(g[c.g].x-gx), int64(g[c.g].y-gy)
		dot += ax*bx + ay*by
		cross += ax*by - ay*bx
	}
	for dot > 1<<20 || dot < -1<<20 || cross > 1<<20 || cross < -1<<20 {
		dot, cross = dot/2, cross/2
	}
	_, angle := polar(int32(dot), int32(cross))
	x, y := turn(px, py, angle)
	return pose{angle, gx - x, gy - y}
}

// common counts the points of a that lie where b has minutiae.
func common(a, b []point) int {
	left, right, bottom, top := b[0].x, b[0].x, b[0].y, b[0].y
	for _, q := range b {
		left, right, bottom, top = min(left, q.x), max(right, q.x), min(bottom, q.y), max(top, q.y)
	}
	n := 0
	for _, q := range a {
		if q.x >= left-margin && q.x <= right+margin && q.y >= bottom-margin && q.y <= top+margin {
			n++
		}
	}
	return n
}
