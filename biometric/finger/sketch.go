package finger

// Sketch is what of an impression the looks before a comparison need: of each of its best minutiae the kinds of
// its edges and its place, 1.5 kB. See Seeker.
type Sketch struct {
	n      uint8
	kinds  [bestMinutiae]kinds
	places [bestMinutiae]place
}

// place is where a minutia lies, in pixels at 500 dpi around the middle of its impression.
type place struct {
	x, y  int16
	angle uint16
}

// Sketch of the impression.
func (im *Impression) Sketch() *Sketch {
	s := &Sketch{n: uint8(im.n), kinds: im.kinds}
	for i, p := range im.points[:im.n] {
		s.places[i] = place{int16(p.x), int16(p.y), p.angle}
	}
	return s
}

// Seeker is an impression that is looked for among many sketches. Safe for concurrent use.
type Seeker struct {
	wide   [edgeKinds]uint64 // as of Impression
	angles [bestMinutiae]uint16
	turned [turns][bestMinutiae]place // the places under every turn; their angles are not used
}

// turns are the steps of the full circle in which impressions are laid on each other roughly.
const (
	turns     = 64
	turnShift = 10 // from angles to turns
)

// Seeker of the impression.
func (im *Impression) Seeker() *Seeker {
	s := &Seeker{wide: im.wide}
	for i, p := range im.points[:im.n] {
		s.angles[i] = p.angle
	}
	for t := range s.turned {
		q := poseOf(uint16(t << turnShift))
		for i, p := range im.points[:im.n] {
			x, y := q.rotate(p.x, p.y)
			s.turned[t][i] = place{x: int16(x), y: int16(y)}
		}
	}
	return s
}

// Likeness is a first look: how well the stars of a sketch are found in the impression, each for itself. It has
// no scale and does not depend on shift and turn; impressions of one finger come out on top of many (R. Cappelli,
// M. Ferrara, D. Maltoni, "Fingerprint indexing based on Minutia Cylinder-Code", IEEE TPAMI 2011, with stars
// for cylinders).
func (s *Seeker) Likeness(g *Sketch) int {
	sum := 0
	for i := range g.kinds[:g.n] {
		ones, twos, fours, eights := shared(&g.kinds[i], &s.wide)
		best := 0
		if eights != 0 {
			best = 8
		} else {
			all := ^uint64(0)
			if fours != 0 {
				all, best = fours, 4
			}
			if all&twos != 0 {
				all, best = all&twos, best+2
			}
			if all&ones != 0 {
				best++
			}
		}
		sum += best * best
	}
	return sum
}
