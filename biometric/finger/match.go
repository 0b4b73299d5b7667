package finger

import "math/bits"

// The comparison follows the published literature: local structures of a minutia and its
// neighbors, invariant to shift and turn, propose how the impressions lie on each other
// (X. Jiang, W.-Y. Yau, ICPR 2000; the roots of R. Važan's SourceAFIS description; bits for local
// structures as in R. Cappelli, M. Ferrara, D. Maltoni, IEEE TPAMI 2010); each proposal is settled by
// least squares over all minutiae it pairs, and is scored by the evidence of the minutiae in the
// common area for and against one finger.

const (
	mostFound     = 1024 // pairs of minutiae whose stars share anything
	qualities     = 16   // classes of pairs by how good their minutiae are
	ranks         = (neighbors - leastShared + 1) * qualities
	mostProposals = 64 // pairs of minutiae whose stars are looked at edge by edge
	roots         = 16 // proposals that are laid on each other
	finals        = 3  // of these, that are settled
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
	laid      [roots]lying
	found     [mostFound]proposal
	chosen    [mostProposals]root
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
				a.Set(probe, p)
				b.Set(gallery, g)
				score = max(score, m.Score(&a, &b))
			}
		}
	}
	return score
}

// proposal is a pair of minutiae whose stars share something, and how early it is looked at.
type proposal struct{ p, g, rank uint8 }

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
	first := m.laid[:0]
	for _, r := range m.proposals[:min(n, roots)] {
		if l, ok := m.lay(p, g, r); ok && !among(first, &l.pose) {
			first = append(first, l)
		}
	}
	best := 0
	for range min(len(first), finals) {
		top := 0
		for i := range first {
			if first[i].weight > first[top].weight {
				top = i
			}
		}
		best = max(best, m.settle(p, g, first[top].pose))
		first[top].weight = -1
	}
	return best
}

// propose finds the pairs of minutiae with most agreeing edges, the best first, in a fixed order. Looked at
// edge by edge are the pairs whose stars share most, of the minutiae of the highest quality.
func (m *Matcher) propose(p, g *Impression) int {
	found := m.found[:0]
	var begin [ranks + 1]int16
	for i := range p.n {
		ones, twos, fours, eights := shared(&p.kinds[i], &g.wide)
		for left := eights | fours | ones&twos; left != 0 && len(found) < cap(found); left &= left - 1 { // leastShared or more
			j := bits.TrailingZeros64(left)
			n := ones>>j&1 | twos>>j&1<<1 | fours>>j&1<<2 | eights>>j&1<<3
			rank := uint8((neighbors-n)*qualities) + uint8((i+j)*qualities/(2*bestMinutiae))
			found = append(found, proposal{p: uint8(i), g: uint8(j), rank: rank})
			begin[rank+1]++
		}
	}
	for i := range begin[1:] {
		begin[i+1] += begin[i]
	}
	chosen := &m.chosen
	for i := range found {
		c := &found[i]
		if at := begin[c.rank]; at < mostProposals {
			chosen[at] = root{p: c.p, g: c.g}
			begin[c.rank]++
		}
	}
	total := 0
	for _, r := range chosen[:min(len(found), mostProposals)] {
		k, turned := agreement(p, g, r)
		if k < leastRoot {
			continue
		}
		m.proposals[total] = root{p: r.p, g: r.g, support: uint8(k), angle: turned}
		total++
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

// agreement counts the edges of a proposal that agree, each used once, and averages how far they are turned.
func agreement(p, g *Impression, r root) (n int, turned uint16) {
	var used uint
	var first uint16
	var sum int32
	gallery := &g.edge[r.g]
	for i, a := range p.edge[r.p][:p.edges] {
		// Each part of a less that of b is within the tolerance where their difference, taken around the circle
		// and moved up by the tolerance, is at most twice the tolerance.
		within := edgeOf(edgeTolerance(uint16(a)), edgeAngle, edgeAngle)
		high, most := a+within+edgeOver, 2*within+edgeOver
		var same uint
		for k := neighbors - 1; k >= 0; k-- {
			fits := most - (high-gallery[k])&edgePart
			same = same<<1 | uint(fits&(fits>>edgeFrom)&(fits>>edgeTo)>>16&1)
		}
		if same &^= used; same == 0 {
			continue
		}
		k := bits.TrailingZeros(same)
		used |= 1 << k
		by := g.dir[r.g][k&(neighbors-1)] - p.dir[r.p][i]
		if n == 0 {
			first = by
		}
		sum += int32(int16(by - first))
		n++
	}
	if n == 0 {
		return 0, 0
	}
	return n, first + uint16(sum/int32(n))
}
