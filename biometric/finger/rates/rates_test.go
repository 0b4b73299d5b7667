package rates

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func upTo(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

// Impostors score 0 to 999, genuine pairs 990 to 1089: the rates can be counted by hand.
func TestByHand(t *testing.T) {
	t.Parallel()
	genuine := upTo(100)
	for i := range genuine {
		genuine[i] += 990
	}
	r := Of(genuine, upTo(1000))
	for name, c := range map[string]struct {
		got     Rate
		want    float64
		carried bool
	}{
		"FMR100":   {r.FMR100, 0, true}, // threshold 990: ten impostors
		"FMR1000":  {r.FMR1000, 9, false},
		"FMR10000": {r.FMR10000, 10, false},
		"zero":     {r.ZeroFMR, 10, true},
	} {
		if math.Abs(c.got.Percent-c.want) > 1e-9 || c.got.Carried != c.carried || c.got.Low > c.want || c.got.High < c.want {
			t.Errorf("%s: %+v", name, c.got)
		}
	}
	if r.EER.Percent < 0.5 || r.EER.Percent > 1.5 { // at 991: one of 100, nine of 1,000
		t.Errorf("%+v", r.EER)
	}
	if r := Of(nil, upTo(5)); r.EER.Percent != 100 || r.EER.Carried {
		t.Errorf("without genuine pairs: %+v", r.EER)
	}
}

// Wilson's interval of 0 of 10 and of 5 of 10, as tables have it.
func TestIntervals(t *testing.T) {
	t.Parallel()
	if r := Share(0, 10); math.Abs(r.High-27.75) > 0.05 || r.Low != 0 {
		t.Errorf("%+v", r)
	}
	if r := Share(5, 10); math.Abs(r.Low-23.66) > 0.05 || math.Abs(r.High-76.34) > 0.05 {
		t.Errorf("%+v", r)
	}
}

// A stricter FMR never lowers the FNMR, and the threshold it stands for keeps its promise.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 300)
		r := Of(scores.Draw(t, "genuine"), scores.Draw(t, "impostor"))
		if r.FMR100.Percent > r.FMR1000.Percent || r.FMR1000.Percent > r.FMR10000.Percent || r.FMR10000.Percent > r.ZeroFMR.Percent {
			t.Fatalf("%+v", r)
		}
	})
}
