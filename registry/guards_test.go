package registry

import (
	"testing"
	"time"

	"blanko/jobs"
	"blanko/registry/access"
	"blanko/registry/audit"
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
		if res := s.do(kec, stranger(appID(1), chip)); res.Answer != TryNoMatch || res.State != Produced {
			t.Errorf("somebody else: %+v", res)
		}
		s.state(1, Produced)
		s.do(kec, shown(appID(1), chip))
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

// What takes two persons names both of them in the event log, whatever it is.
func TestEveryActOfTwoNamesBoth(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		chip := s.upTo(s.next(line1), jobs.Eject)
		for _, op := range []Operation{
			LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin},
			RetireCard{Chip: chip, Because: Because{Reason: "misprint"}, Second: boss},
			Remake{Application: appID(1), Because: Because{Reason: "misprint"}, Second: Actor{ID: "boss-2", Roles: []access.Role{access.Supervisor}}},
		} {
			who, second := admin, op.(byTwo).second().ID
			if second == admin.ID {
				who = keeper
			}
			res := s.do(who, op)
			if len(res.Events) == 0 {
				t.Errorf("%s wrote no event", op.Name())
			}
			for _, id := range res.Events {
				list, err := s.r.Events(bg, id-1, 1, audit.Filter{})
				s.must(err)
				if e := list[0]; e.Actor != who.ID || e.Detail["second"] != second {
					t.Errorf("%s: event %s by %s and %q", op.Name(), e.Code, e.Actor, e.Detail["second"])
				}
			}
		}
	})
}
