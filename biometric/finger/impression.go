package finger

import (
	"cmp"
	"slices"
)

const (
	bestMinutiae = 64 // by quality, of each side; more only adds false ones and time
	neighbors    = 8  // edges of one minutia
	dpi500       = 197
	leastDPI     = 39 // pixels a centimeter, 100 dpi; ridges are not resolved below, such an impression matches nothing
	farthest     = 4000
)

// point is a minutia at 500 dpi with the y axis up, around the middle of its impression.
type point struct {
	x, y    int32
	angle   uint16
	kind    byte
	quality byte // 0 to 100, 50 where the record tells nothing
}

// edge goes from one minutia to a neighbor: its length and two relative angles, which do not change when
// the impression is shifted or turned, side by side with room between them, so that all three are compared
// in one step (see agreement):
//
//	length, direction of the edge against the minutia's angle, the neighbor's angle against that direction
type edge uint64

// Places of the three parts of an edge, and the bit above each.
const (
	edgeFrom = 21
	edgeTo   = 42
	edgePart = 0xFFFF | 0xFFFF<<edgeFrom | 0xFFFF<<edgeTo
	edgeOver = 1<<16 | 1<<(16+edgeFrom) | 1<<(16+edgeTo)
)

// noEdge is longer than any edge, and so much that none is within its tolerance.
const noEdge edge = 1 << 15

func edgeOf(length, from, to uint16) edge {
	return edge(length) | edge(from)<<edgeFrom | edge(to)<<edgeTo
}

// kinds of edges of a minutia, each once.
type kinds struct {
	n    uint8
	list [neighbors]uint16 // see kindOf
}

// Impression is a view made ready for comparison. It may be compared with many, at the same time too.
type Impression struct {
	n      int
	edges  int // of every minutia
	points [bestMinutiae]point
	edge   [bestMinutiae][neighbors]edge   // shortest first, noEdge behind the last
	dir    [bestMinutiae][neighbors]uint16 // of the edges, in the impression
	kinds  [bestMinutiae]kinds
	wide   [edgeKinds]uint64 // by kind: a bit for every minutia with an edge that the tolerances bring there
}

// Prepare makes a view of t ready: its best 64 minutiae, at 500 dpi.
func Prepare(t *Template, v View) *Impression {
	im := &Impression{}
	im.Set(t, v)
	return im
}

// Set makes a view of t ready as Prepare does, in the room of im.
func (im *Impression) Set(t *Template, v View) {
	im.n, im.edges = 0, 0
	clear(im.wide[:])
	if t.ResX < leastDPI || t.ResY < leastDPI {
		return
	}
	list := slices.Clone(v.Minutiae)
	slices.SortStableFunc(list, func(a, b Minutia) int { return cmp.Compare(b.Quality, a.Quality) })
	list = list[:min(len(list), bestMinutiae)]
	var mx, my int32
	for i, m := range list {
		p := point{x: int32(m.X * dpi500 / t.ResX), y: int32(-m.Y * dpi500 / t.ResY), angle: uint16(m.Angle) << 8, kind: m.Type, quality: m.Quality}
		if p.quality == 0 {
			p.quality = unknownQuality
		}
		im.points[i] = p
		mx, my = mx+p.x, my+p.y
	}
	im.n = len(list)
	if im.n == 0 {
		return
	}
	mx, my = mx/int32(im.n), my/int32(im.n)
	for i := range im.points[:im.n] {
		p := &im.points[i]
		p.x, p.y = min(max(p.x-mx, -farthest), farthest), min(max(p.y-my, -farthest), farthest)
	}
	im.edges = min(neighbors, im.n-1)
	for i := range im.points[:im.n] {
		im.nearest(i)
	}
}

const unknownQuality = 50

// nearest finds the edges from point i to its nearest neighbors.
func (im *Impression) nearest(i int) {
	var list [neighbors]uint64 // squared pixels, then the number of the point
	n, a := 0, im.points[i]
	for j := range im.points[:im.n] {
		if j == i {
			continue
		}
		b := &im.points[j]
		dx, dy := int64(b.x-a.x), int64(b.y-a.y)
		near := uint64(dx*dx+dy*dy)<<8 | uint64(j)
		if n < neighbors {
			n++
		} else if near >= list[neighbors-1] {
			continue
		}
		at := n - 1
		for ; at > 0 && list[at-1] > near; at-- {
			list[at] = list[at-1]
		}
		list[at] = near
	}
	im.kinds[i] = kinds{}
	for k := range im.edge[i] {
		im.edge[i][k] = noEdge
	}
	for k, near := range list[:n] {
		b := &im.points[near&(1<<8-1)]
		long, dir := polar(b.x-a.x, b.y-a.y)
		length, from, to := uint16(max(long, 1)), dir-a.angle, b.angle-dir
		im.edge[i][k], im.dir[i][k] = edgeOf(length, from, to), dir
		im.kinds[i].add(kindOf(bandOf(int(length)), from, to))
		im.widen(i, length, from, to)
	}
}

// widen sets the bit of point i wherever an edge may be that agrees with this one. Of the eight kinds of an
// angle the tolerances reach two at most.
func (im *Impression) widen(i int, length, from, to uint16) {
	tolerance := int(edgeTolerance(length))
	for band := bandOf(int(length) - tolerance); band <= bandOf(int(length)+tolerance); band++ {
		im.wide[kindOf(band, from-edgeAngle, to-edgeAngle)] |= 1 << i
		im.wide[kindOf(band, from-edgeAngle, to+edgeAngle)] |= 1 << i
		im.wide[kindOf(band, from+edgeAngle, to-edgeAngle)] |= 1 << i
		im.wide[kindOf(band, from+edgeAngle, to+edgeAngle)] |= 1 << i
	}
}

func (k *kinds) add(kind uint16) {
	for _, there := range k.list[:k.n] {
		if there == kind {
			return
		}
	}
	k.list[k.n] = kind
	k.n++
}

// Kinds of edges: bands of lengths times eight of each angle.
const edgeKinds = 64 * (len(bands) + 1)

// bands are the lengths in pixels at which the next band begins; about as many edges are in each.
var bands = [...]int{15, 20, 25, 30, 36, 43, 53}

func bandOf(length int) int {
	for i, next := range bands {
		if length < next {
			return i
		}
	}
	return len(bands)
}

func kindOf(band int, from, to uint16) uint16 { return uint16(band)<<6 | from>>13<<3 | to>>13 }

// edgeTolerance is by how many pixels an edge may differ.
func edgeTolerance(length uint16) uint16 { return edgeLength + length/edgeShare }

// shared counts for every minutia of the gallery at once how many kinds of edges it has in common with one
// of the probe: digit d of the count of minutia j is bit j of the d-th number.
func shared(k *kinds, wide *[edgeKinds]uint64) (ones, twos, fours, eights uint64) {
	for _, kind := range k.list[:k.n] {
		x := wide[kind]
		carry := ones & x
		ones ^= x
		next := twos & carry
		twos ^= carry
		eights |= fours & next
		fours ^= next
	}
	return ones, twos, fours, eights
}
