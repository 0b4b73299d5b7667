package people

import (
	"math"
	"testing"

	"blanko/ktp"
)

// agreeing is the largest number of minutiae of a that fall on one of b (12 pixels, 20 degrees)
// under a rotation and shift that lays some minutia of a on one of b. Angles count
// counter-clockwise while y runs downward, so the test also holds the two together.
func agreeing(a, b []minutia) int {
	const near, turn = 12.0, 20.0 / 360 * 256
	best := 0
	for _, p := range a {
		for _, q := range b {
			step := int8(q.angle - p.angle)
			if step > 32 || step < -32 { // 45 degrees: no operator lays a finger on further
				continue
			}
			sin, cos := math.Sincos(-float64(step) * 2 * math.Pi / 256)
			n := 0
			for _, m := range a {
				x, y := float64(m.x-p.x), float64(m.y-p.y)
				tx, ty := cos*x-sin*y+float64(q.x), sin*x+cos*y+float64(q.y)
				for _, o := range b {
					if math.Hypot(tx-float64(o.x), ty-float64(o.y)) < near && math.Abs(float64(int8(o.angle-m.angle-byte(step)))) < turn {
						n++
						break
					}
				}
			}
			best = max(best, n)
		}
	}
	return best
}

// Two impressions of one finger agree in most of their minutiae, those of two fingers in few.
func TestImpressionsOfOneFingerAgree(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	var previous []minutia
	genuine, impostor := 0, 0
	for i := 0; genuine < 12; i++ {
		slots, _, err := g.Fingers(i)
		if err != nil {
			t.Fatal(err)
		}
		s := slots[0]
		if s.Finger != ktp.RightIndex || s.Second == nil {
			continue
		}
		_, first := read(t, s.Best40)
		_, second := read(t, s.Second)
		if n := agreeing(first, second); n < 24 {
			t.Errorf("resident %d: %d of 40 agree", i, n)
		}
		genuine++
		if previous != nil {
			if n := agreeing(previous, second); n > 16 {
				t.Errorf("resident %d and the one before: %d of 40 agree", i, n)
			}
			impostor++
		}
		previous = first
	}
	if impostor < 10 {
		t.Errorf("%d impostor pairs", impostor)
	}
}
