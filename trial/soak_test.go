package trial

import (
	"slices"
	"testing"
)

// A soak of which something grew, or whose accounts differ, is told from one that stayed as it was.
func TestSoakJudged(t *testing.T) {
	t.Parallel()
	steady := func() SoakResult {
		r := SoakResult{Cards: soakJudged, World: SoakCount{soakJudged, "ab"}, Ledger: SoakCount{soakJudged, "ab"}}
		for i := range soakParts {
			r.Parts = append(r.Parts, SoakPart{Cards: (i + 1) * soakJudged / soakParts, Seconds: 20, Processor: 10, Yard: 0.01, Resident: 100 << 20, Heap: 10 << 20, Goroutines: 34, Handles: 25})
		}
		return r
	}
	for name, c := range map[string]struct {
		spoil func(*SoakResult)
		want  []string
	}{
		"steady":              {func(*SoakResult) {}, nil},
		"the first is colder": {func(r *SoakResult) { r.Parts[0].Resident, r.Parts[0].Goroutines = 1<<20, 3 }, nil},
		"memory":              {func(r *SoakResult) { r.Parts[9].Resident = 111 << 20 }, []string{"memory of the process grew from 1.04858e+08 to 1.16392e+08"}},
		"heap":                {func(r *SoakResult) { r.Parts[9].Heap = 12 << 20 }, []string{"reachable memory grew from 1.04858e+07 to 1.25829e+07"}},
		"goroutines":          {func(r *SoakResult) { r.Parts[9].Goroutines = 39 }, []string{"goroutines grew from 34 to 39"}},
		"handles":             {func(r *SoakResult) { r.Parts[9].Handles = 30 }, []string{"handles grew from 25 to 30"}},
		"slower":              {func(r *SoakResult) { r.Parts[9].Seconds, r.Parts[9].Processor = 20.8, 10.4 }, []string{"a part grew from 20 to 20.8 s, its processor time from 1000 to 1040 yardsticks"}},
		"a slower machine":    {func(r *SoakResult) { r.Parts[9].Seconds, r.Parts[9].Processor, r.Parts[9].Yard = 24, 12, 0.012 }, nil},
		"a quick yardstick":   {func(r *SoakResult) { r.Parts[9].Yard = 0.009 }, nil},
		"a card lost":         {func(r *SoakResult) { r.World.Made-- }, []string{"the world holds 999 cards, the ledger tells of 1000, or not of the same"}},
		"another card":        {func(r *SoakResult) { r.World.Mark = "ac" }, []string{"the world holds 1000 cards, the ledger tells of 1000, or not of the same"}},
		"cut short":           {func(r *SoakResult) { r.Parts = r.Parts[:9] }, []string{"9 of 10 parts were made"}},
	} {
		r := steady()
		c.spoil(&r)
		if got := r.judge(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
