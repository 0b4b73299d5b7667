package finger

import "math/bits"

// The comparison follows the published literature: local structures of a minutia and its
// neighbors, invariant to shift and turn, propose how the impressions lie on each other
// (X. Jiang, W.-Y. Yau, ICPR 2000; the roots of R. Važan's SourceAFIS description; bits for local
// structures as in R. Cappelli, M. Ferrara, D. Maltoni, IEEE TPAMI 2010); each proposal is settled by
// least squares over all minutiae it pairs, and is scored by the evidence of the minutiae in the
// common area for and against one finger.

const (
	mostProposals = 96 // pairs of minutiae whose stars are looked at edge by edge
	roots         = 8  // proposals that are settled
	settles       = 2  // rounds of least squares
	leastShared   = 3  // bits of two stars that propose anything
	leastRoot     = 2  // agreeing edges of a proposal
	leastPairs    = 5  // paired minutiae of a proposal that is worth settling

	edgeLength   = 7    // pixels that edges may differ in length, and
	edgeShare    = 12   // one of so many pixels of their length more
	edgeAngle    = 3300 // 18 degrees, of each of the two angles of an edge
	pairDistance = 12   // pixels at 500 dpi: elastic skin
	pairAngle    = 5100 // 28 degrees: extractors with steps of 11.25 degrees
	wideDistance = 20   // in the first round, before settling

	fullPair  = 16 // weight of a pair without any difference
	typeMalus = 1  // of that, for types that differ: extractors agree in 67 to 76 % only
	margin    = 10 // pixels of the common area around the outermost minutiae
)

// Matcher holds the room that a comparison needs; comparing takes nothing from the heap. Not for
// concurrent use; the zero value is ready.
type Matcher struct {
	proposals [mostProposals]root
	placed    [bestMinutiae]point
	pairs     [bestMinutiae]pair
	near      [cellsSide * cellsSide]uint64 // the gallery's points in and around a cell
	room      [fullPair + 1][3 * bestMinutiae]pair
}

// Match compares two records and returns a score of 0 to 100 (see Score), the best over the views of
// the same finger position; positions that do not agree score 0. It does not change with shift
// and rotation of an impression within what a finger on a sensor does, and is the same on
// every platform and every run. Safe for concurrent use.
func Match(probe, gallery *Template) (score int) {
	var m Matcher
	var a, b Impression
	for _, p := range probe.Views {
		for _, g := range gallery.Views {
			if p.Position == g.Position {
				a.prepare(probe, p)
				b.prepare(gallery, g)
				score = max(score, m.Score(&a, &b))
			}
		}
	}
	return score
}

// root proposes that point p of the probe is point g of the gallery, turned by angle.
type root struct {
	p, g    uint8
	support uint8
	angle   uint16
}

// Evidence compares two impressions and returns what their minutiae say for one finger, in sixteenths
// of a minutia without any difference: 0 or more, without bound.
func (m *Matcher) Evidence(p, g *Impression) int {
	if p.n < leastPairs || g.n < leastPairs {
		return 0
	}
	n := m.propose(p, g)
	if n == 0 {
		return 0
	}
	m.index(g)
	best := 0
	for _, r := range m.proposals[:min(n, roots)] {
		best = max(best, m.settle(p, g, r))
	}
	return best
}

// propose finds the pairs of minutiae with most agreeing edges, the best first, in a fixed order.
func (m *Matcher) propose(p, g *Impression) int {
	var count [neighbors + 1]int
	var list [neighbors + 1][mostProposals]uint16
	for i := range p.n {
		a := &p.exact[i]
		for j := range g.n {
			b := &g.wide[j]
			n := bits.OnesCount64(a[0]&b[0]) + bits.OnesCount64(a[1]&b[1]) + bits.OnesCount64(a[2]&b[2]) + bits.OnesCount64(a[3]&b[3])
			if n >= leastShared && count[n] < mostProposals {
				list[n][count[n]] = uint16(i<<8 | j)
				count[n]++
			}
		}
	}
	var byRoot [neighbors + 1]int
	total := 0
	for n := neighbors; n >= leastShared; n-- {
		for _, c := range list[n][:count[n]] {
			if total == mostProposals {
				break
			}
			r := root{p: uint8(c >> 8), g: uint8(c)}
			k, turned := agreement(&p.edges[r.p], &g.edges[r.g])
			if k < leastRoot {
				continue
			}
			r.support, r.angle = uint8(k), turned
			m.proposals[total] = r
			byRoot[k]++
			total++
		}
	}
	// The best to the front; the order among equals is that of the lists.
	for i := 0; i < min(roots, total); i++ {
		top := i
		for k := i + 1; k < total; k++ {
			if m.proposals[k].support > m.proposals[top].support {
				top = k
			}
		}
		r := m.proposals[top]
		copy(m.proposals[i+1:top+1], m.proposals[i:top])
		m.proposals[i] = r
	}
	return total
}

// agreement counts the edges that agree, each used once, and averages how far they are turned.
func agreement(p, g *[neighbors]edge) (n int, turned uint16) {
	var used uint
	var first uint16
	var sum int32
	for i := range p {
		a := &p[i]
		tolerance := edgeTolerance(a.length)
		for k := range g {
			b := &g[k]
			if a.length == 0 || b.length == 0 || b.length > a.length+tolerance {
				break
			}
			if b.length+tolerance < a.length || used>>k&1 == 1 || apart(a.from, b.from) > edgeAngle || apart(a.to, b.to) > edgeAngle {
				continue
			}
			used |= 1 << k
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
