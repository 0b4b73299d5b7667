package finger

import "slices"

// Copies reports whether one record was made of the other: in each view of the same finger the minutiae of
// the shorter list all stand in the longer one, at the same place with the same angle. No finger is laid
// down like that twice.
func (t *Template) Copies(other *Template) bool {
	type place struct {
		x, y  int
		angle byte
	}
	for _, v := range t.Views {
		for _, w := range other.Views {
			few, many := v.Minutiae, w.Minutiae
			if len(few) > len(many) {
				few, many = many, few
			}
			if v.Position != w.Position || len(few) == 0 {
				continue
			}
			stand := map[place]bool{}
			for _, m := range many {
				stand[place{m.X, m.Y, m.Angle}] = true
			}
			if !slices.ContainsFunc(few, func(m Minutia) bool { return !stand[place{m.X, m.Y, m.Angle}] }) {
				return true
			}
		}
	}
	return false
}
