package evolis

import "testing"

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, e := range Faults {
		if e.Code == "" || e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("entry %q is not complete in both languages", e.Code)
		}
	}
}
