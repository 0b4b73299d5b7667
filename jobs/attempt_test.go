package jobs

import (
	"errors"
	"testing"

	"blanko/ktp"
)

// Every table is well shaped, and every (state, event) pair is either a row or refused.
func TestAttemptTables(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		table := Attempts(k)
		if err := table.Check(); err != nil {
			t.Error(err)
		}
		for _, s := range table.States() {
			for _, e := range table.Events() {
				listed := false
				for _, r := range table.Rows {
					listed = listed || r.From == s && r.Event == e
				}
				to, err := table.Next(s, e)
				var refused *ktp.Refused
				switch {
				case listed && err != nil:
					t.Errorf("%s: %s in %s: %v", table.Name, e, s, err)
				case !listed && (!errors.As(err, &refused) || to != s):
					t.Errorf("%s: %s in %s went to %s, %v", table.Name, e, s, to, err)
				}
			}
		}
	}
}

// A chip that was ever active is never called spoiled, on any line.
func TestSpoiledOnlyBeforeActivation(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		for _, r := range Attempts(k).Rows {
			if r.To == Spoiled && IsActive(k, r.From) {
				t.Errorf("%s: %s in %s is called spoiled", k, r.Event, r.From)
			}
			if r.To == Blocked && r.From != InDoubt && !IsActive(k, r.From) {
				t.Errorf("%s: %s in %s blocks a chip that is not active", k, r.Event, r.From)
			}
		}
	}
}
