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

// lying is a pose and how well all minutiae agree that led to it.
type lying struct {
	pose   pose
	weight int
}

// lay lays the probe on the gallery as the proposal says, and moves it to where its minutiae want it, each
// with the one of the gallery that agrees best.
func (m *Matcher) lay(p, g *Impression, r root) (lying, bool) {
	q := poseOf(r.angle)
	x, y := q.rotate(p.points[r.p].x, p.points[r.p].y)
	q.dx, q.dy = g.points[r.g].x-x, g.points[r.g].y-y
	n, weight := 0, 0
	for i := range p.points[:p.n] {
		a := q.place(&p.points[i])
		best := pair{}
		for near := m.near[cellOf(a.x, a.y)]; near != 0; near &= near - 1 {
			j := bits.TrailingZeros64(near)
			if w := agree(&a, &g.points[j], &wide); w > int(best.weight) {
				best = pair{uint8(i), uint8(j), int8(w)}
			}
		}
		if best.weight > 0 {
			m.pairs[n] = best
			n++
			weight += int(best.weight)
		}
	}
	if n < leastPairs {
		return lying{}, false
	}
	return lying{leastSquares(p, g, m.pairs[:n]), weight}, true
}

// among reports whether a pose, or one so near that settling ends in the same place, is there already.
func among(list []lying, q *pose) bool {
	for i := range list {
		o := &list[i].pose
		if apart(o.angle, q.angle) <= sameAngle && max(o.dx-q.dx, q.dx-o.dx, o.dy-q.dy, q.dy-o.dy) <= sameDistance {
			return true
		}
	}
	return false
}

const (
	sameAngle    = 364 // 2 degrees
	sameDistance = 3   // pixels
)

// settle improves the pose by least squares and returns its evidence.
func (m *Matcher) settle(p, g *Impression, q pose) int {
	n := m.pairUp(p, g, &q)
	if n < leastPairs {
		return 0
	}
	q = leastSquares(p, g, m.pairs[:n])
	n = m.pairUp(p, g, &q)
	return m.weigh(p, g, n)
}

// pair is one minutia of each side and how well they agree.
type pair struct {
	p, g   uint8
	weight int8
}

// place is where a point of the probe lies on the gallery.
func (q *pose) place(p *point) point {
	a := *p
	a.x, a.y = q.rotate(p.x, p.y)
	a.x, a.y, a.angle = a.x+q.dx, a.y+q.dy, p.angle+q.angle
	return a
}

// reach is what a squared distance in pixels takes off the weight of a pair; longer ones make none.
type reach []int8

func reachOf(distance int) reach {
	list := make(reach, distance*distance+1)
	for d := range list {
		list[d] = int8(d * (fullPair / 2) / (distance * distance))
	}
	return list
}

var wide, narrow = reachOf(wideDistance), reachOf(pairDistance)

// agree is the weight of two minutiae as a pair, 0 for those that are none.
func agree(a, b *point, far *reach) int {
	dx, dy := a.x-b.x, a.y-b.y
	d := int(dx*dx + dy*dy)
	away := int(apart(a.angle, b.angle))
	if d >= len(*far) || away > pairAngle {
		return 0
	}
	w := fullPair - int((*far)[d]) - away*(fullPair/4)/pairAngle
	if a.kind != b.kind {
		w -= typeMalus
	}
	return w
}

// pairUp pairs the placed probe with the gallery, the best agreements first, each minutia once.
func (m *Matcher) pairUp(p, g *Impression, q *pose) int {
	var count [fullPair + 1]int
	for i := range p.points[:p.n] {
		m.placed[i] = q.place(&p.points[i])
		a := &m.placed[i]
		for near := m.near[cellOf(a.x, a.y)]; near != 0; near &= near - 1 {
			j := bits.TrailingZeros64(near)
			w := agree(a, &g.points[j], &narrow)
			if w == 0 {
				continue
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
