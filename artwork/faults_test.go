package artwork

import (
	"strings"
	"testing"

	"blanko/fault"
)

func TestFaultsAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[fault.Code]bool{}
	for _, e := range Faults {
		if !strings.HasPrefix(string(e.Code), "artwork.") || seen[e.Code] {
			t.Errorf("code %q", e.Code)
		}
		seen[e.Code] = true
		if e.ID == "" || e.EN == "" || len(e.StepsID) < 2 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%s: texts or steps are missing", e.Code)
		}
	}
}
