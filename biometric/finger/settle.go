package finger

import "math/bits"

// Cells of the index over the gallery: a point within wideDistance of a place stands in the mask of the
// place's cell.
const (
	cellPixels = 24
	cellsSide  = 40
)

func cellOf(x, y int32) int32 {
	const half = cellsSide / 2 * cellPixels
	cx := min(max(x+half, 0), 2*half-1) / cellPixels
	cy := min(max(y+half, 0), 2*half-1) / cellPixels
	return cy*cellsSide + cx
}

// index notes for every cell which points lie in or beside it.
func (m *Matcher) index(g *Impression) {
	clear(m.near[:])
	for j, q := range g.points[:g.n] {
		low, high := cellOf(q.x-wideDistance, q.y-wideDistance), cellOf(q.x+wideDistance, q.y+wideDistance)
		width := high%cellsSide - low%cellsSide
		for row := low; row <= high; row += cellsSide {
			for c := row; c <= row+width; c++ {
				m.near[c] |= 1 << j
			}
		}
	}
}

// pose lays the probe on the gallery: turn, then shift. Sine and cosine are in 16,384ths.
type pose struct {
	angle    uint16
	cos, sin int32
	dx, dy   int32
}

const poseOne = 1 << 14

func poseOf(angle uint16) pose {
	cos, sin := turn(poseOne, 0, angle)
	return pose{angle: angle, cos: cos, sin: sin}
}

func (q *pose) rotate(x, y int32) (int32, int32) {
	return (x*q.cos - y*q.sin + poseOne/2) >> 14, (x*q.sin + y*q.cos + poseOne/2) >> 14
}

// settle improves the proposal by least squares and returns its evidence.
func (m *Matcher) settle(p, g *Impression, r root) int {
	q := poseOf(r.angle)
	x, y := q.rotate(p.points[r.p].x, p.points[r.p].y)
	q.dx, q.dy = g.points[r.g].x-x, g.points[r.g].y-y
	distance := int32(wideDistance)
	for range settles {
		n := m.pairUp(p, g, &q, distance)
		if n < leastPairs {
			return 0
		}
		q = leastSquares(p, g, m.pairs[:n])
		distance = pairDistance
	}
	n := m.pairUp(p, g, &q, distance)
	return m.weigh(p, g, n)
}

// pair is one minutia of each side and how well they agree.
type pair struct {
	p, g   uint8
	weight int8
}

// pairUp pairs the placed probe with the gallery, the best agreements first, each minutia once.
func (m *Matcher) pairUp(p, g *Impression, q *pose, distance int32) int {
	var count [fullPair + 1]int
	for i := range p.points[:p.n] {
		a := p.points[i]
		a.x, a.y = q.rotate(a.x, a.y)
		a.x, a.y, a.angle = a.x+q.dx, a.y+q.dy, a.angle+q.angle
		m.placed[i] = a
		for near := m.near[cellOf(a.x, a.y)]; near != 0; near &= near - 1 {
			j := bits.TrailingZeros64(near)
			b := &g.points[j]
			dx, dy := a.x-b.x, a.y-b.y
			d := dx*dx + dy*dy
			away := apart(a.angle, b.angle)
			if d > distance*distance || away > pairAngle {
				continue
			}
			w := fullPair - int(d)*(fullPair/2)/int(distance*distance) - int(away)*(fullPair/4)/pairAngle
			if a.kind != b.kind {
				w -= typeMalus
			}
			if k := count[w]; k < len(m.room[w]) {
				m.room[w][k] = pair{uint8(i), uint8(j), int8(w)}
				count[w] = k + 1
			}
		}
	}
	var usedP, usedG uint64
	n := 0
	for w := fullPair; w >= 0; w-- {
		for _, c := range m.room[w][:count[w]] {
			if usedP>>c.p&1 == 0 && usedG>>c.g&1 == 0 {
				usedP |= 1 << c.p
				usedG |= 1 << c.g
				m.pairs[n] = c
				n++
			}
		}
	}
	return n
}

// leastSquares is the pose that brings the paired minutiae nearest to each other.
func leastSquares(p, g *Impression, pairs []pair) pose {
	var px, py, gx, gy int32
	n := int32(len(pairs))
	for _, c := range pairs {
		a, b := &p.points[c.p], &g.points[c.g]
		px, py, gx, gy = px+a.x, py+a.y, gx+b.x, gy+b.y
	}
	px, py, gx, gy = px/n, py/n, gx/n, gy/n
	var dot, cross int64
	for _, c := range pairs {
		a, b := &p.points[c.p], &g.points[c.g]
		ax, ay := int64(a.x-px), int64(a.y-py)
		bx, by := int64(b.x-gx), int64(b.y-gy)
		dot += ax*bx + ay*by
		cross += ax*by - ay*bx
	}
	for dot > 1<<20 || dot < -1<<20 || cross > 1<<20 || cross < -1<<20 {
		dot, cross = dot/2, cross/2
	}
	_, angle := polar(int32(dot), int32(cross))
	q := poseOf(angle)
	x, y := q.rotate(px, py)
	q.dx, q.dy = gx-x, gy-y
	return q
}

// box is what the minutiae of an impression cover.
type box struct{ left, right, bottom, top int32 }

func boxOf(list []point) box {
	b := box{list[0].x, list[0].x, list[0].y, list[0].y}
	for i := range list {
		q := &list[i]
		b.left, b.right, b.bottom, b.top = min(b.left, q.x), max(b.right, q.x), min(b.bottom, q.y), max(b.top, q.y)
	}
	return box{b.left - margin, b.right + margin, b.bottom - margin, b.top + margin}
}

func (b *box) holds(q *point) bool {
	return q.x >= b.left && q.x <= b.right && q.y >= b.bottom && q.y <= b.top
}

// weigh adds up the evidence of the first n pairs, less that of the minutiae that lie where the other
// side has some and found no partner: the surer a minutia, the more it counts against.
func (m *Matcher) weigh(p, g *Impression, n int) int {
	var usedP, usedG uint64
	sum := 0
	for _, c := range m.pairs[:n] {
		usedP |= 1 << c.p
		usedG |= 1 << c.g
		sum += int(c.weight)
	}
	placed := m.placed[:p.n]
	over, under := boxOf(placed), boxOf(g.points[:g.n])
	missed := 0
	for i := range placed {
		if usedP>>i&1 == 0 && under.holds(&placed[i]) {
			missed += int(placed[i].quality)
		}
	}
	for j := range g.points[:g.n] {
		if usedG>>j&1 == 0 && over.holds(&g.points[j]) {
			missed += int(g.points[j].quality)
		}
	}
	return max(sum-missed*missedShare/1024, 0)
}

const missedShare = 40 // of a minutia of quality 100 without partner: about four sixteenths of a pair
