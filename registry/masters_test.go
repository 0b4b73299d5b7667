package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/keys"
	"blanko/registry/stock"
	"blanko/store"
)

// A generation of a master is needed by every card that was about to get a key of it, until the card is
// destroyed, whatever else became of it.
func TestMasterUse(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		old, fresh := [3]byte{0xAB, 0xCD, 0xEF}, [3]byte{1, 2, 3}
		uses := func(role keys.Role, check [3]byte, want MasterUse) {
			t.Helper()
			if u, err := s.r.MasterUse(bg, role, check); err != nil || u != want {
				t.Errorf("%s %X: %+v, %v, want %+v", role, check, u, err, want)
			}
		}
		uses(keys.Admin, old, MasterUse{})

		s.queued(1)
		o := s.next(line1)
		chip := s.chip()
		s.step(o, jobs.Feed, "")
		masters := map[string]string{"MK_T": "000001", "MK_P": "abcdef", "MK_A": "abcdef"}
		s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chip, Keys: masters}))
		s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: chip, Keys: masters})) // as recovery does
		uses(keys.Admin, old, MasterUse{Cards: 1})
		uses(keys.Admin, fresh, MasterUse{})
		uses(keys.Reading, old, MasterUse{Unrecorded: 1})
		uses(keys.Transport, old, MasterUse{})

		// The station was started again with the next generation, and goes on with the card.
		s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Done, Chip: chip}))
		s.must(s.intend(o, jobs.Write, jobs.Evidence{Chip: chip, Keys: map[string]string{"MK_P": "010203", "MK_SAM": "010203", "MK_A": "010203"}}))
		uses(keys.Admin, old, MasterUse{Cards: 1})
		uses(keys.Admin, fresh, MasterUse{Cards: 1})
		uses(keys.Reading, old, MasterUse{})

		s.must(s.settle(o, jobs.Write, jobs.Outcome{Result: jobs.Failed, Cause: "applet.card_mute"}))
		s.reject(o, chip, "applet.card_mute")
		s.attemptIs(o, jobs.Spoiled)
		uses(keys.Admin, old, MasterUse{Cards: 1})
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			return stock.Move(tx, o.Attempt.String(), stock.At(stock.Destroyed), stock.Why{Actor: "boss", Reason: "destroyed"})
		}))
		uses(keys.Admin, old, MasterUse{})
		uses(keys.Reading, fresh, MasterUse{})
	})
}
