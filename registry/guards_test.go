package registry

import (
	"testing"
	"time"

	"blanko/biometric/finger"
	"blanko/jobs"
	"blanko/registry/access"
)

// Who brings a newer version in has brought the application in: it is somebody else who approves it.
func TestWhoBroughtTheNewerVersionMayNotApproveIt(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		both := Actor{ID: "both-1", Roles: []access.Role{access.Administrator, access.Supervisor}}
		s.do(center, delivery(record(1, 1)))
		s.do(boss, Approve{appID(1)})
		s.do(both, delivery(record(1, 2)))
		s.state(1, PrintReady)
		s.refused(both, Approve{appID(1)}, samePerson.Code)
		s.do(boss, Approve{appID(1)})
	})
}

// "BERHASIL" is written for a finger that matched, and for no other.
func TestNoMatchNoBerhasil(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		chip := s.upTo(s.next(line1), jobs.Eject)
		for _, score := range []int{-1, 0, finger.Threshold() - 1, 101} {
			s.refused(kec, VerifyHolder{Application: appID(1), Chip: chip, Score: score}, badOperation.Code)
		}
		s.state(1, Produced)
		s.do(kec, VerifyHolder{Application: appID(1), Chip: chip, Score: finger.Threshold()})
		s.state(1, Matched)
	})
}

// A record whose time ran out between the lease and the feed uses no blank: a line may have stood
// for days with the order in hand.
func TestRecordExpiresInTheHandOfALine(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		r := record(1, 1)
		r.ValidUntil = s.db.Clock.Now().Add(time.Hour)
		s.do(center, delivery(r))
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		o := s.next(line1)
		s.db.Clock.Advance(2 * time.Hour)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(RecordHeld.Code)}))
		s.state(1, Queued)
		s.idle(line1)
		if list, err := s.r.RecordsWanted(bg, 10); err != nil || len(list) != 1 || list[0] != appID(1) {
			t.Errorf("to be pulled again: %v, %v", list, err)
		}
		// The center sends it again, valid for longer.
		r.ValidUntil = s.db.Clock.Now().Add(time.Hour)
		s.do(center, RefillRecord(delivery(r)))
		s.upTo(s.next(line1), jobs.Eject)
	})
}
