package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/ktp"
)

// A card that the printer fed unasked has left the hopper besides the one of the attempt, also where
// that one was never read: the counter told them apart.
func TestStraysLeaveTheHopper(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper, reject := s.held("hopper/line-1"), s.held("reject/line-1")
		s.queued(1)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		out := unsure("personalize.card_missing")
		out.Strays = []ktp.ChipUID{"STRAY", ""}
		s.must(s.settle(o, jobs.Claim, out))
		s.attemptIs(o, jobs.InDoubt)
		s.blankAt(o, "doubt")
		if h, r := s.held("hopper/line-1"), s.held("reject/line-1"); h != hopper-3 || r != reject+2 {
			t.Errorf("%d blanks in the hopper, before %d; %d in the reject tray, before %d", h, hopper, r, reject)
		}
		// Recovery meets the same card inside once more: it is counted once.
		s.must(s.r.Found(bg, s.session(line1), "STRAY", ktp.AttemptID{}, "reject"))
		if r := s.held("reject/line-1"); r != reject+2 {
			t.Errorf("met again: %d in the reject tray, before %d", r, reject)
		}
	})
}
