package station

import (
	"errors"
	"slices"
	"testing"
	"time"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/store"
)

// A line that never does a step is run again more and more seldom, up to a bound; one that works, and one whose
// device is away, at once.
func TestPauseGrows(t *testing.T) {
	t.Parallel()
	full, away := errors.New("the ledger takes nothing in"), applet.ReaderAway.At("test", nil)
	step := personalize.Progress{Step: jobs.Feed, Phase: jobs.Settled, Result: jobs.Done}
	for name, c := range map[string]struct {
		errs []error
		work int // before which error a step was done; -1: never
		want []int
	}{
		"the ledger refuses for ever": {slices.Repeat([]error{full}, 9), -1, []int{5, 10, 20, 40, 80, 160, 300, 300, 300}},
		"a step in between":           {slices.Repeat([]error{full}, 5), 3, []int{5, 10, 20, 5, 10}},
		"a reader is away":            {slices.Repeat([]error{error(away)}, 4), -1, []int{5, 5, 5, 5}},
		"then a reader is away":       {[]error{full, full, away, full}, -1, []int{5, 10, 5, 5}},
	} {
		var p pause
		for i, err := range c.errs {
			if i == c.work {
				p.heard(personalize.Progress{Step: jobs.Feed, Phase: jobs.Intent})
				p.heard(step)
			}
			if got := p.after(err, 5*time.Second); got != time.Duration(c.want[i])*time.Second {
				t.Errorf("%s: after error %d %s, want %d s", name, i+1, got, c.want[i])
			}
		}
	}
	var p pause
	p.heard(personalize.Progress{Step: jobs.Feed, Phase: jobs.Settled, Result: jobs.Failed})
	if p.worked.Load() {
		t.Error("a step that failed counts as work")
	}
}

// A line that stopped shows why, also where the error has no code of its own.
func TestStoppedBy(t *testing.T) {
	t.Parallel()
	var disk error
	for _, e := range store.Faults {
		if e.Code == "store.disk_full" {
			disk = e.At("test", nil)
		}
	}
	if got := stoppedBy(disk); got != "store.disk_full" {
		t.Error(got)
	}
	if got := stoppedBy(errors.New("x")); got != string(personalize.LineStopped.Code) {
		t.Error(got)
	}
	for _, code := range []string{stoppedBy(disk), stoppedBy(errors.New("x"))} {
		if _, known := entryOf(fault.Code(code)); !known {
			t.Errorf("the strip has no words for %s", code)
		}
	}
}
