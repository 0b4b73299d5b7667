package registry

import (
	"testing"

	"blanko/jobs"
)

// Every approved card has a blank reserved until it gets its own; blanks for tests are none for cards, and a card that
// is cancelled gives its blank free.
func TestReservation(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		is := func(when string, blanks, reserved, short int) {
			t.Helper()
			v, err := s.r.Reservation(bg)
			s.must(err)
			if v.Citizens != (Reserved{blanks, reserved, false}) || v.Citizens.Short() != short || v.Foreign != (Reserved{}) {
				t.Errorf("%s: %+v, short of %d", when, v, v.Citizens.Short())
			}
		}
		const have = 1000 // of the lot of the room
		is("at first", have, 0, 0)
		s.do(keeper, ReceiveTestBlanks{"LOT-TEST", "ktp-el-wni", 50})
		is("test stock", have, 0, 0)
		s.do(center, delivery(record(1, 1)))
		is("print ready", have, 0, 0)
		s.do(boss, Approve{appID(1)})
		is("approved", have, 1, 0)
		s.do(admin, Queue{appID(1)})
		s.queued(2)
		is("queued", have, 2, 0)
		o := s.next(line1)
		is("leased", have, 2, 0)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		is("about to be fed", have, 1, 0)
		s.do(admin, CancelApplication{Application: appID(2), Because: Because{Reason: "applicant"}})
		is("cancelled", have, 0, 0)
	})
	if v := (Reserved{Blanks: 3, Cards: 5}); v.Short() != 2 {
		t.Error(v.Short())
	}
}
