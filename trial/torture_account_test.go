package trial

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/audit"
)

// What was written after a withdrawal is known by its time, to the instant; where clocks jump, by the place of its event
// in the log, and by that of a step before it.
func TestNewestNoteBeforeAWithdrawal(t *testing.T) {
	t.Parallel()
	attempt, other := ktp.AttemptID{1}, ktp.AttemptID{2}
	at := func(s int) time.Time { return batchStart.Add(time.Duration(s) * time.Microsecond) }
	d := registry.AttemptDetail{Attempt: jobs.Attempt{ID: attempt}, Journal: jobs.Story{
		{ID: 11, At: at(1), Step: jobs.ReadBack, Phase: jobs.Intent},
		{ID: 14, At: at(5), Step: jobs.ReadBack, Phase: jobs.Settled},
		{ID: 15, At: at(7), Step: jobs.Print, Phase: jobs.Intent},
		{ID: 19, At: at(9), Step: jobs.Print, Phase: jobs.Settled},
	}}
	steps := []audit.Event{
		{ID: 100, At: at(5), Attempt: other.String(), Code: "attempt.checked"},
		{ID: 40, At: at(5), Attempt: attempt.String(), Code: "attempt.checked"},
		{ID: 60, At: at(9), Attempt: attempt.String(), Code: "attempt.printed"},
	}
	for name, c := range map[string]struct {
		jumps      bool
		withdrawal audit.Event
		want       int64
	}{
		"before all":                         {false, audit.Event{ID: 30, At: at(0)}, 0},
		"before the print by a microsecond":  {false, audit.Event{ID: 50, At: at(6)}, 14},
		"with the print":                     {false, audit.Event{ID: 50, At: at(7)}, 15},
		"behind all":                         {false, audit.Event{ID: 70, At: at(10)}, 19},
		"its place tells more than its time": {false, audit.Event{ID: 39, At: at(8)}, 11},
		"by a clock ahead":                   {true, audit.Event{ID: 39, At: at(3600)}, 11},
		"by a clock behind":                  {true, audit.Event{ID: 70, At: at(-3600)}, 19},
		"between two events":                 {true, audit.Event{ID: 50, At: at(0)}, 15},
	} {
		b := &books{account: account{jumps: c.jumps}}
		behind := slices.DeleteFunc(slices.Clone(steps), func(e audit.Event) bool { // as the log is asked
			return e.ID <= c.withdrawal.ID || e.Attempt != d.Attempt.ID.String()
		})
		if got := b.newestBefore(c.withdrawal, d.Journal, behind); got != c.want {
			t.Errorf("%s: note %d, want %d", name, got, c.want)
		}
	}
}
