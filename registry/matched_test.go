package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/ktp"
)

// Ways on for a card whose holder was matched and left without it.

// matched makes a card, brings it to Sepauk and matches its holder there.
func (s *room) matched(n int) ktp.ChipUID {
	s.Helper()
	chip := s.delivered(n)
	s.do(sepauk, shown(appID(n), chip))
	s.state(n, Matched)
	return chip
}

// It is late after a day, stands on the list of reminders, counts as uncollected after thirty, and can be called back;
// the holder who comes after all is matched anew.
func TestMatchedAndLeft(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.matched(1)
		s.matched(2)
		s.refused(sepauk, LeaveUncollected{appID(1)}, "registry.wrong_state")
		s.db.Clock.Advance(day + time.Second)
		ages, err := s.r.AgeingList(bg)
		s.must(err)
		if !slices.ContainsFunc(ages, func(g Ageing) bool { return g.State == Matched && g.Late == 2 }) {
			t.Errorf("ageing %+v", ages)
		}
		s.db.Clock.Advance(uncollectedAfter - day)
		waiting, _, err := s.r.WaitingCards(bg, WaitingFilter{Before: s.db.Clock.Now().Add(time.Second), Limit: 10})
		s.must(err)
		if len(waiting) != 2 || waiting[0].State != Matched || waiting[0].Place != "kec.sepauk" {
			t.Errorf("waiting %+v", waiting)
		}
		s.do(sepauk, LeaveUncollected{appID(1)})
		left, err := s.r.LeaveDue(bg, center)
		s.must(err)
		if !slices.Equal(left, []ApplicationID{appID(2)}) {
			t.Errorf("left %v", left)
		}
		s.state(1, Uncollected)
		s.state(2, Uncollected)
		s.refused(desk, HandOver{Application: appID(1), Chip: chip}, "registry.wrong_state")
		s.do(sepauk, shown(appID(1), chip))
		s.do(desk, HandOver{Application: appID(1), Chip: chip})
		s.do(admin, RecallUncollected{appID(2), Because{Reason: "uncollected"}, boss})
		s.state(2, Recalled)
	})
}

// A proxy takes it, by the exception that a proxy always is.
func TestMatchedAndTakenByAProxy(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.matched(1)
		give := HandOverToProxy{
			Application: appID(1), Chip: chip, Proxy: Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}, Because: Because{Reason: "ill"}, Second: boss,
		}
		alone := give
		alone.Second = Actor{}
		s.refused(desk, alone, "registry.second_person_missing")
		s.do(desk, give)
		s.state(1, HandedOver)
		if h, found, err := s.r.HandoverOf(bg, appID(1)); err != nil || !found || h.Matched {
			t.Errorf("hand-over %+v, %v", h, err)
		}
	})
}

// It travels to where its holder wants it, or back, and is matched anew where it arrives.
func TestMatchedAndRedirected(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip, back := s.matched(1), s.matched(2)
		s.do(admin, Redirect{Application: appID(1), Place: "kec.serawai", Because: Because{Reason: "moved"}})
		bag := s.sent(sepauk, ConsignmentRedirect, "kec.serawai", chip)
		s.state(1, Shipped)
		serawai := Actor{ID: "kec-serawai", Roles: sepauk.Roles, Place: "kec.serawai"}
		s.do(serawai, ReceiveConsignment{bag, "SEGEL-1", []ktp.ChipUID{chip}})
		s.state(1, Delivered)
		there := Actor{ID: "officer-serawai", Roles: desk.Roles, Place: "kec.serawai"}
		s.refused(there, HandOver{Application: appID(1), Chip: chip}, "registry.wrong_state")
		s.do(serawai, shown(appID(1), chip))
		s.do(there, HandOver{Application: appID(1), Chip: chip})

		bag = s.sent(sepauk, ConsignmentBack, Dinas, back)
		s.do(admin, ReceiveConsignment{bag, "SEGEL-1", []ktp.ChipUID{back}})
		s.state(2, Delivered)
	})
}
