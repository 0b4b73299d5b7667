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

// edge goes from one minutia to a neighbor; both angles are relative, so it does not change
// when the impression is shifted or turned.
type edge struct {
	length uint16
	from   uint16 // direction of the edge against the minutia's angle
	to     uint16 // the neighbor's angle against the direction of the edge
	dir    uint16 // direction in the impression
}

// star is what surrounds a minutia: a bit for every kind of edge that it has (see edgeBit). Two minutiae
// that are the same share several.
type star [4]uint64

// Impression is a view made ready for comparison. It may be compared with many, at the same time too.
type Impression struct {
	n      int
	points [bestMinutiae]point
	edges  [bestMinutiae][neighbors]edge // shortest first, length 0 where there are no more
	exact  [bestMinutiae]star            // one bit an edge
	wide   [bestMinutiae]star            // with all bits that the tolerances reach
}

// Prepare makes a view of t ready: its best 64 minutiae, at 500 dpi.
func Prepare(t *Template, v View) *Impression {
	im := &Impression{}
	im.prepare(t, v)
	return im
}

func (im *Impression) prepare(t *Template, v View) {
	im.n = 0
	if t.ResX < leastDPI || t.ResY < leastDPI {
		return
	}
	list := v.Minutiae
	if len(list) > bestMinutiae {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b Minutia) int { return cmp.Compare(b.Quality, a.Quality) })
		list = list[:bestMinutiae]
	}
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
	for i := range im.points[:im.n] {
		im.nearest(i)
	}
}

const unknownQuality = 50

// nearest finds the edges from point i to its nearest neighbors.
func (im *Impression) nearest(i int) {
	type near struct {
		j int
		d int32 // squared pixels
	}
	var list [neighbors]near
	n, a := 0, im.points[i]
	for j, b := range im.points[:im.n] {
		dx, dy := b.x-a.x, b.y-a.y
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
	im.edges[i] = [neighbors]edge{}
	im.exact[i], im.wide[i] = star{}, star{}
	for k, c := range list[:n] {
		b := im.points[c.j]
		length, dir := polar(b.x-a.x, b.y-a.y)
		e := edge{uint16(max(length, 1)), dir - a.angle, b.angle - dir, dir}
		im.edges[i][k] = e
		bit := edgeBit(e.length, e.from, e.to)
		im.exact[i][bit>>6] |= 1 << (bit & 63)
		tolerance := int(edgeTolerance(e.length))
		for _, l := range [3]int{-tolerance, 0, tolerance} {
			for _, f := range [3]uint16{-edgeAngle & 0xFFFF, 0, edgeAngle} {
				for _, o := range [3]uint16{-edgeAngle & 0xFFFF, 0, edgeAngle} {
					bit := edgeBit(uint16(max(int(e.length)+l, 0)), e.from+f, e.to+o)
					im.wide[i][bit>>6] |= 1 << (bit & 63)
				}
			}
		}
	}
}

// edgeBit is one of 256 kinds of an edge: four of lengths, eight of each angle.
func edgeBit(length, from, to uint16) int {
	band := 3
	for i, most := range [...]uint16{20, 30, 43} {
		if length < most {
			band = i
			break
		}
	}
	return band<<6 | int(from>>13)<<3 | int(to>>13)
}

// edgeTolerance is by how many pixels an edge may differ.
func edgeTolerance(length uint16) uint16 { return edgeLength + length/edgeShare }
