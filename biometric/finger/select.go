package finger

import (
	"cmp"
	"slices"
)

// ChipMost is how many minutiae of a finger the chip holds, the best ones: more costs space and false
// minutiae.
const ChipMost = 60

// Best is the record with at most n minutiae a view, those of the highest quality, in the order in which
// they stood; extended data, which counts minutiae, goes where any was left out.
func (t *Template) Best(n int) *Template {
	out := *t
	out.Views = slices.Clone(t.Views)
	for i := range out.Views {
		v := &out.Views[i]
		if len(v.Minutiae) <= n {
			continue
		}
		order := make([]int, len(v.Minutiae))
		for k := range order {
			order[k] = k
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v.Minutiae[b].Quality, v.Minutiae[a].Quality) })
		order = order[:max(n, 0)]
		slices.Sort(order)
		few := make([]Minutia, len(order))
		for k, at := range order {
			few[k] = v.Minutiae[at]
		}
		v.Minutiae, v.Extended = few, nil
	}
	return &out
}
