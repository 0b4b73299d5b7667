package finger

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The curve rises, starts at nothing and is measured at least down to the default threshold.
func TestCurve(t *testing.T) {
	t.Parallel()
	c := Calibrated
	if c.DataSet == "" || c.Points[0] != (Point{}) {
		t.Errorf("%+v", c)
	}
	for i, p := range c.Points {
		if i > 0 && (p.Evidence <= c.Points[i-1].Evidence || p.Score <= c.Points[i-1].Score) {
			t.Errorf("point %d: %+v after %+v", i, p, c.Points[i-1])
		}
		if got := c.Score(p.Evidence); got != p.Score {
			t.Errorf("evidence %d scores %d, measured %d", p.Evidence, got, p.Score)
		}
		if expected := float64(c.Pairs) * FMR(p.Score); p.Score > 0 && expected < 10 {
			t.Errorf("score %d stands on %.1f of %d pairs", p.Score, expected, c.Pairs)
		}
	}
	if last := c.Points[len(c.Points)-1]; last.Score < Threshold() {
		t.Errorf("measured to %d, the threshold is %d", last.Score, Threshold())
	}
	if f := FMR(Threshold()); math.Abs(f-1e-4) > 1e-12 {
		t.Errorf("FMR %g", f)
	}
	if c.Score(1<<20) != maxScore || c.Score(0) != 0 {
		t.Error("the ends")
	}
}

func TestFuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want int }{
		{0, 0, 0}, {40, 0, 35}, {45, 0, 40}, {40, 40, 62}, {30, 30, 43}, {20, 20, 24}, {100, 100, 100},
	} {
		if got := Fuse(c.a, c.b); got != c.want || Fuse(c.b, c.a) != got {
			t.Errorf("%d and %d: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, more := rapid.IntRange(0, 100).Draw(t, "a"), rapid.IntRange(0, 100).Draw(t, "b"), rapid.IntRange(0, 100).Draw(t, "more")
		if f := Fuse(a, b); f < 0 || f > 100 || Fuse(min(a+more, 100), b) < f {
			t.Fatalf("%d and %d: %d", a, b, f)
		}
	})
	// Two even spreads: the fused score is reached no more often than it says.
	const steps = 400
	reached := 0
	for i := range steps {
		for k := range steps {
			a, b := -10*math.Log10((float64(i)+0.5)/steps), -10*math.Log10((float64(k)+0.5)/steps)
			if Fuse(int(a), int(b)) >= 20 {
				reached++
			}
		}
	}
	if share := float64(reached) / (steps * steps); share > FMR(20) {
		t.Errorf("a score of 20 is reached by %.4f", share)
	}
}
