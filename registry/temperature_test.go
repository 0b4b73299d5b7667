package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/registry/audit"
)

// FL-76: a film peels off where it was transferred below 160 °C, and a card warps above 170. What a person reads on the
// display is kept with who and when, and pauses the line where it would spoil cards; the line goes on by a person.
func TestTransferTemperature(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for _, c := range []struct {
			degrees int
			wish    jobs.Wish
		}{{150, jobs.Paused}, {159, jobs.Paused}, {160, jobs.Running}, {165, jobs.Running}, {170, jobs.Running}, {171, jobs.Paused}, {180, jobs.Paused}} {
			s.do(admin, NoteTemperature{Line: line1, Degrees: c.degrees})
			l := s.line(line1)
			if l.Wish != c.wish || l.Transfer.Degrees != c.degrees || l.Transfer.By != admin.ID || !l.Transfer.At.Equal(s.db.Clock.Now()) || l.Transfer.Good() != (c.wish == jobs.Running) {
				t.Errorf("%d degrees: %+v", c.degrees, l)
			}
			if c.wish == jobs.Paused && l.Reason != string(TransferTemperature.Code) {
				t.Errorf("%d degrees: paused for %q", c.degrees, l.Reason)
			}
			if c.wish == jobs.Paused {
				s.refused(admin, ResumeLine{Line: line1}, TransferTemperature.Code)
				s.do(admin, NoteTemperature{Line: line1, Degrees: 165})
			}
			s.do(admin, ResumeLine{Line: line1})
		}
		s.do(admin, PauseLine{Line: line1, Because: Because{Reason: "break"}})
		s.do(admin, NoteTemperature{Line: line1, Degrees: 150})
		if l := s.line(line1); l.Wish != jobs.Paused || l.Reason != string(TransferTemperature.Code) { // what it takes to go on
			t.Errorf("%+v", l)
		}
		for _, slip := range []int{-1, 0, 16, 1650} {
			s.refused(admin, NoteTemperature{Line: line1, Degrees: slip}, badOperation.Code)
		}
		s.refused(keeper, NoteTemperature{Line: line1, Degrees: 165}, notAllowed.Code)
		if events := s.codes(audit.Filter{Code: "line.temperature"}); len(events) != 12 {
			t.Errorf("%v", events)
		}
	})
}
