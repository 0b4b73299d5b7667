package finger

import "math/bits"

// Cells of the shifts of an impression that is laid on another.
const (
	shiftSide = 64 // cells
	shiftBits = 4  // of the pixels of a cell
	near      = 2  // turns on either side of one that count with it
)

// ballot is a pair of minutiae that votes for how the impressions lie on each other, with the more weight the
// more their stars share.
type ballot struct{ p, g, weight, turn uint8 }

// Votes is a second look: how many pairs of minutiae whose stars share something agree on one turn and one
// shift, roughly (the generalized Hough transform, as in N. Ratha, K. Karu, S. Chen, A. Jain, "A real-time
// matching system for large fingerprint databases", IEEE TPAMI 1996). It has no scale.
func (s *Seeker) Votes(g *Sketch) int {
	var cast [mostFound]ballot
	var box [turns]int
	n := 0
	for i := range g.kinds[:g.n] {
		ones, twos, fours, eights := shared(&g.kinds[i], &s.wide)
		for left := eights | fours | ones&twos; left != 0 && n < len(cast); left &= left - 1 { // leastShared or more
			j := bits.TrailingZeros64(left)
			weight := uint8(ones>>j&1|twos>>j&1<<1|fours>>j&1<<2|eights>>j&1<<3) - leastShared + 1
			turn := uint8((g.places[i].angle - s.angles[j] + 1<<(turnShift-1)) >> turnShift)
			cast[n] = ballot{uint8(j), uint8(i), weight, turn}
			box[turn%turns] += int(weight)
			n++
		}
	}
	turn := mostVotes(&box)
	var cells [shiftSide * shiftSide]uint8
	most := uint8(0)
	for _, b := range cast[:n] {
		if away := (b.turn - turn + near) % turns; away > 2*near {
			continue
		}
		from, to := &s.turned[turn][b.p%bestMinutiae], &g.places[b.g%bestMinutiae]
		x, y := cellOfShift(to.x-from.x), cellOfShift(to.y-from.y)
		if x >= shiftSide-1 || y >= shiftSide-1 {
			continue
		}
		at := y*shiftSide + x
		for _, c := range [4]uint{at, at + 1, at + shiftSide, at + shiftSide + 1} { // a shift near the edge of a cell
			cells[c] += min(b.weight, 255-cells[c])
			most = max(most, cells[c])
		}
	}
	return int(most)
}

// mostVotes is the turn that has most votes together with those beside it.
func mostVotes(box *[turns]int) uint8 {
	turn, most := 0, -1
	for t := range turns {
		sum := 0
		for away := -near; away <= near; away++ {
			sum += box[(t+away+turns)%turns]
		}
		if sum > most {
			turn, most = t, sum
		}
	}
	return uint8(turn)
}

// cellOfShift is the cell of a shift of pixels along one axis; one that is too far is beyond the last.
func cellOfShift(d int16) uint { return uint(int(d)+shiftSide<<shiftBits/2) >> shiftBits }
