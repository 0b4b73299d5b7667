package finger

// A copy stays within so much of where it was made from, once it is shifted: pixels, and steps of angle
// (ISO/IEC 19794-2: 360/256 degrees). Skin that is laid down twice stays within several times as much.
const copyWithin = 1

// Copies reports whether one record was made of the other: in a view of the same finger more than half of
// the minutiae of the shorter list stand in the longer one, shifted alike, nearly to the pixel and with nearly
// the same angle. No finger is laid down like that twice. A copy that was bent as skin bends is not told.
func (t *Template) Copies(other *Template) bool {
	for _, v := range t.Views {
		for _, w := range other.Views {
			if v.Position == w.Position && 2*shiftedAlike(v.Minutiae, w.Minutiae) > min(len(v.Minutiae), len(w.Minutiae)) {
				return true
			}
		}
	}
	return false
}

// shiftedAlike is the most pairs of two lists that one shift brings together.
func shiftedAlike(a, b []Minutia) (most int) {
	type shift struct {
		x, y int
		turn byte
	}
	pairs := map[shift]int{}
	for _, m := range a {
		for _, n := range b {
			pairs[shift{n.X - m.X, n.Y - m.Y, n.Angle - m.Angle}]++
		}
	}
	for s := range pairs {
		alike := 0
		for x := -copyWithin; x <= copyWithin; x++ {
			for y := -copyWithin; y <= copyWithin; y++ {
				for turn := -copyWithin; turn <= copyWithin; turn++ {
					alike += pairs[shift{s.x + x, s.y + y, s.turn + byte(turn)}]
				}
			}
		}
		most = max(most, alike)
	}
	return most
}
