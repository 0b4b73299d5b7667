package finger

import (
	"cmp"
	"math/bits"
	"slices"
)

// sketchStars is how many minutiae a sketch has: the best.
const sketchStars = 32

// Sketch is what of an impression a first look over many needs: the stars of its best minutiae, about
// 2 kB. Nothing of it depends on shift and turn.
type Sketch struct {
	n     int
	exact [sketchStars]star
	wide  [sketchStars]star
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
		s.exact[i], s.wide[i] = im.exact[at], im.wide[at]
	}
	return s
}

// Likeness is a first look: how well the stars of the probe are found in the gallery's, each for itself.
// It has no scale; impressions of one finger come out on top of many (R. Cappelli, M. Ferrara, D. Maltoni,
// "Fingerprint indexing based on Minutia Cylinder-Code", IEEE TPAMI 2011, with stars for cylinders).
func Likeness(p, g *Sketch) int {
	sum := 0
	for i := range p.exact[:p.n] {
		a := &p.exact[i]
		best := 0
		for j := range g.wide[:g.n] {
			b := &g.wide[j]
			best = max(best, bits.OnesCount64(a[0]&b[0])+bits.OnesCount64(a[1]&b[1])+bits.OnesCount64(a[2]&b[2])+bits.OnesCount64(a[3]&b[3]))
		}
		sum += best * best
	}
	return sum
}
