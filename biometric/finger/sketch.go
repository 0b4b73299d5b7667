package finger

import (
	"cmp"
	"slices"
)

// sketchStars is how many minutiae a sketch has: the best.
const sketchStars = 32

// Sketch is what of an impression a first look over many needs: the kinds of edges of its best minutiae,
// about 1.6 kB. Nothing of it depends on shift and turn.
type Sketch struct {
	n     int
	kinds [sketchStars]kinds
	wide  [edgeKinds]uint32 // as of Impression
}

// Sketch of the impression.
func (im *Impression) Sketch() *Sketch {
	order := make([]int, im.n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(im.points[b].quality, im.points[a].quality) })
	s := &Sketch{n: min(im.n, sketchStars)}
	for i, at := range order[:s.n] {
		s.kinds[i] = im.kinds[at]
		for kind, have := range im.wide {
			s.wide[kind] |= uint32(have>>at&1) << i
		}
	}
	return s
}

// Likeness is a first look: how well the stars of the probe are found in the gallery's, each for itself.
// It has no scale; impressions of one finger come out on top of many (R. Cappelli, M. Ferrara, D. Maltoni,
// "Fingerprint indexing based on Minutia Cylinder-Code", IEEE TPAMI 2011, with stars for cylinders).
func Likeness(p, g *Sketch) int {
	sum := 0
	for i := range p.kinds[:p.n] {
		k := &p.kinds[i]
		var ones, twos, fours, eights uint32
		for _, kind := range k.list[:k.n&(2*neighbors-1)] {
			x := g.wide[kind]
			carry := ones & x
			ones ^= x
			next := twos & carry
			twos ^= carry
			eights |= fours & next
			fours ^= next
		}
		best := 0
		if eights != 0 {
			best = 8
		} else {
			all := ^uint32(0)
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
