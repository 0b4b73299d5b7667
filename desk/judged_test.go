package desk

import (
	"testing"

	"blanko/applet/inspect"
)

// Only what is proved counts: a card is set apart where a proof failed, compared where all hold, and left
// alone where this desk cannot tell.
func TestJudged(t *testing.T) {
	t.Parallel()
	const good, bad, unknown, none = inspect.Good, inspect.Bad, inspect.NotChecked, inspect.None
	for name, c := range map[string]struct {
		station, center, proof inspect.Finding
		part                   bool // the card was taken away too early
		genuine, decided       bool
	}{
		"all good":                {good, good, good, false, true, true},
		"the center not checked":  {good, unknown, good, false, true, true},
		"a specimen":              {good, none, good, false, true, true},
		"forged content":          {bad, good, good, false, false, true},
		"forged in the center":    {good, bad, good, false, false, true},
		"a copy":                  {good, good, bad, false, false, true},
		"an unknown authority":    {unknown, unknown, good, false, false, false},
		"forged, whoever signed":  {unknown, unknown, bad, false, false, true},
		"no key of the chip told": {good, good, unknown, false, false, false},
		"read in part":            {bad, bad, bad, true, false, false},
	} {
		var x inspect.Examination
		x.Station.Result, x.Center.Result, x.ChipProof.Result = c.station, c.center, c.proof
		x.Reading.Complete, x.Chip.UID = !c.part, "0000A0B0C0D000000001"
		if genuine, decided := judged(x); genuine != c.genuine || decided != c.decided {
			t.Errorf("%s: %v, %v", name, genuine, decided)
		}
	}
}
