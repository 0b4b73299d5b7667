package registry

import (
	"slices"
	"sync"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store"
)

func checked(n int) HoldApplication {
	return HoldApplication{appID(n), Because{Reason: "check"}}
}

// A person holds an order: no line takes it, what a line has prepared of it comes back, and released it goes on in its
// place. The queue says who held it, why and since when.
func TestHoldInTheQueue(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 4 {
			s.queued(n + 1)
		}
		s.refused(admin, HoldApplication{Application: appID(1)}, "registry.bad_operation")
		s.refused(admin, HoldApplication{appID(1), Because{Reason: Other}}, "registry.bad_operation")
		s.refused(officer, checked(1), "registry.not_allowed")
		s.refused(admin, checked(9), "registry.application_unknown")
		prepared := s.next(line1)
		s.do(admin, checked(1))
		s.state(1, OnHold)
		s.refused(admin, checked(1), "registry.wrong_state")
		s.wants(s.intend(prepared, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(prepared, jobs.Feed, deniedBy(RecordHeld.Code)))
		s.attemptIs(prepared, jobs.Void)

		s.db.Clock.Advance(time.Minute)
		s.do(admin, HoldApplication{appID(3), Because{Other, planted}})
		held, err := s.r.HeldBack(bg, "", 10)
		s.must(err)
		if len(held) != 2 || held[0].ID != appID(1) || held[0].Cause != "check" || held[0].Event.Actor != admin.ID || !held[0].Since.Equal(held[0].Event.At) ||
			held[1].Cause != Other || !held[1].Since.Equal(held[0].Since.Add(time.Minute)) {
			t.Errorf("held %+v", held)
		}
		if note, found, err := noteAt(s, held[1].Event.ID); err != nil || !found || note.Actor != admin.ID {
			t.Errorf("note %+v, %v", note, err)
		}
		if list, err := s.r.Orders(bg, jobs.Waiting, 10); err != nil || len(list) != 4 || list[0].Application != string(appID(1)) || !list[0].Held || list[1].Held || !list[2].Held {
			t.Errorf("queue %+v, %v", list, err)
		}

		fed := s.next(line1)
		if fed.Record.ID != string(appID(2)) {
			t.Errorf("%s is made before its turn", fed.Record.ID)
		}
		s.must(s.intend(fed, jobs.Feed, jobs.Evidence{}))
		s.refused(admin, checked(2), "registry.wrong_state")
		s.do(admin, ReleaseApplication{appID(3)})
		s.do(admin, ReleaseApplication{appID(1)})
		s.refused(admin, ReleaseApplication{appID(1)}, "registry.wrong_state")
		for _, n := range []int{1, 3, 4} {
			if o := s.next(line2); o.Record.ID != string(appID(n)) {
				t.Errorf("%s has the place of %d", o.Record.ID, n)
			}
		}
		s.idle(line2)
	})
}

func noteAt(s *room, event int64) (n Note, found bool, err error) {
	err = s.store.Read(bg, func(tx *store.Tx) error {
		n, found, err = noteOf(tx, event)
		return err
	})
	return n, found, err
}

// A hold of a person is no way around the cards that a record may cost: only what the station held is counted anew.
func TestReleaseCountsLostCards(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		lose := func() {
			t.Helper()
			o := s.next(line1)
			s.step(o, jobs.Feed, "")
			s.must(s.settle(o, jobs.Claim, fails("printer.jam")))
			s.reject(o, "", "")
		}
		lose()
		s.do(admin, checked(1))
		s.do(admin, ReleaseApplication{appID(1)})
		lose()
		s.do(admin, checked(1))
		s.do(admin, ReleaseApplication{appID(1)})
		lose()
		s.state(1, OnHold)
		if got := s.app(1).Application; got.Cause != causeTooManySpoiled || got.Spoiled != 3 {
			t.Errorf("%s after %d cards", got.Cause, got.Spoiled)
		}
		s.do(admin, ReleaseApplication{appID(1)})
		if got := s.app(1).Application.Spoiled; got != 0 {
			t.Errorf("%d cards counted", got)
		}
	})
}

// A newer version of the record does not end what a person held: approved and queued anew, it is on hold again, for the
// same reason and by the same person, until somebody releases it.
func TestHoldOutlivesANewerVersion(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		s.do(admin, HoldApplication{appID(1), Because{Reason: "police"}})
		listed := func(state State) {
			t.Helper()
			held, err := s.r.HeldBack(bg, "", 10)
			s.must(err)
			if len(held) != 1 || held[0].State != state || held[0].Event.Actor != admin.ID || held[0].Event.Detail["cause"] != "police" {
				t.Errorf("%s: %+v", state, held)
			}
		}
		for version := 2; version < 4; version++ {
			s.do(center, delivery(record(1, version)))
			listed(PrintReady)
			s.do(boss, Approve{appID(1)})
			listed(Approved)
			s.do(admin, Queue{appID(1)})
			s.state(1, OnHold)
			listed(OnHold)
			s.idle(line1)
		}
		s.do(admin, ReleaseApplication{appID(1)})
		s.state(1, Queued)
		s.do(center, delivery(record(1, 4)))
		if held, err := s.r.HeldBack(bg, "", 10); err != nil || len(held) != 0 {
			t.Errorf("released, and held: %+v, %v", held, err)
		}
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		if o := s.next(line1); o.Record.ID != string(appID(1)) {
			t.Errorf("%s is made", o.Record.ID)
		}

		s.queued(2)
		s.do(admin, checked(2))
		s.do(center, delivery(record(2, 2)))
		s.do(admin, CancelApplication{appID(2), Because{Reason: "applicant"}})
		if held, err := s.r.HeldBack(bg, "", 10); err != nil || len(held) != 0 {
			t.Errorf("cancelled, and held: %+v, %v", held, err)
		}
	})
}

// While lines take from the queue, a hold either comes before the feed or is refused: no card is begun of an order
// that is on hold.
func TestHoldAgainstLines(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const orders = 12
		for n := range orders {
			s.queued(n + 1)
		}
		var all sync.WaitGroup
		for _, id := range []jobs.LineID{line1, line2} {
			session := s.session(id)
			all.Go(func() {
				for {
					o, found, err := s.r.lease(bg, session)
					if err != nil {
						t.Errorf("%s: %v", id, err)
					}
					if err != nil || !found {
						return
					}
					out := fails("printer.hopper_empty")
					if err := s.r.Intend(bg, o, jobs.Feed, jobs.Evidence{}); err != nil {
						out = deniedBy(fault.CodeOf(err))
					}
					if err := s.r.Settle(bg, o, jobs.Feed, out); err != nil {
						t.Errorf("%s: %v", id, err)
						return
					}
				}
			})
		}
		for n := range orders {
			for s.app(n+1).Application.State != OnHold {
				if _, err := s.r.Do(bg, admin, checked(n+1), s.key()); err != nil {
					s.wants(err, "registry.wrong_state")
				}
			}
		}
		all.Wait()
		s.idle(line1)
		on := map[string]bool{}
		events, err := s.r.Events(bg, 0, 100000, audit.Filter{})
		s.must(err)
		for _, e := range events {
			switch e.Code {
			case "application.hold":
				on[e.Application] = true
			case "application.start":
				if on[e.Application] {
					t.Errorf("%s was begun on hold", e.Application)
				}
			}
		}
	})
}

// Those on hold are listed page by page.
func TestHeldBackByPages(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := 1; n <= 3; n++ {
			s.queued(n)
			s.do(admin, checked(n))
		}
		var held []ApplicationID
		for after := ApplicationID(""); ; after = held[len(held)-1] {
			list, err := s.r.HeldBack(bg, after, 1)
			s.must(err)
			if len(list) == 0 {
				break
			}
			held = append(held, list[0].ID)
		}
		if want := []ApplicationID{appID(1), appID(2), appID(3)}; !slices.Equal(held, want) {
			t.Errorf("held %v, want %v", held, want)
		}
	})
}
