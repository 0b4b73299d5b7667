package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
)

var otherAdmin = Actor{ID: "admin-2", Roles: admin.Roles}

// passedOn makes a card that belongs to Melawi and brings it there.
func (s *room) passedOn(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "")
	id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", chip)
	s.refused(admin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}}, "registry.same_person")
	s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
	s.state(n, PassedOn)
	return chip
}

// A card that another Dinas acknowledges ends its application here: it is counted elsewhere, waits for nobody, and
// the center hears of it.
func TestPassedOnToAnotherDinas(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.passedOn(1)
		if n := s.held("elsewhere"); n != 1 {
			t.Errorf("%d elsewhere", n)
		}
		if c, err := s.r.CardByChip(bg, chip); err != nil || c.State != CardMade || c.PassedOnAt.IsZero() {
			t.Errorf("%+v, %v", c, err)
		}
		if waiting, err := s.r.WaitingCards(bg, s.db.Clock.Now().Add(time.Hour), 10); err != nil || len(waiting) != 0 {
			t.Errorf("waits for its holder here: %+v, %v", waiting, err)
		}
		if !slices.ContainsFunc(s.reports(), func(r Report) bool {
			return r.Record == appID(1) && r.State == PassedOn && r.Word == "CARD_SHIPPED" && r.Chip == chip
		}) {
			t.Errorf("the center was told %+v", s.reports())
		}
		s.refused(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}}, "registry.wrong_state")
		s.refused(kec, shown(appID(1), chip), "registry.wrong_state")
		s.refused(center, CancelRequest{Application: appID(1)}, cardStands.Code)
		if res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"}); res.Answer != AnswerCardInForce {
			t.Errorf("withdrawn: %+v", res)
		}
		s.state(1, PassedOn)
	})
}

// The person may have another card here, whose hand-over ends the one that went away.
func TestNextCardOfWhoseCardWasPassedOn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		away := s.passedOn(1)
		next := record(2, 1)
		next.Person.NIK = record(1, 1).Person.NIK
		s.do(center, delivery(next))
		s.do(boss, Approve{appID(2)})
		s.do(admin, Queue{appID(2)})
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.do(kec, shown(appID(2), chip))
		s.do(officer, HandOver{Application: appID(2), Chip: chip})
		s.state(2, HandedOver)
		if c, err := s.r.CardByChip(bg, away); err != nil || c.State != CardRetired || c.Cause != "replaced" {
			t.Errorf("the card that went away: %+v, %v", c, err)
		}
		if !slices.ContainsFunc(s.reports(), func(r Report) bool { return r.State == StateCardRetired && r.Chip == away }) {
			t.Errorf("the center was told %+v", s.reports())
		}
		s.do(admin, EndCard{Chip: away, Because: Because{Reason: "damaged"}, AtHand: true, Second: boss}) // it is sent back
		if s.held("elsewhere") != 0 || s.held("returned") != 1 {
			t.Errorf("%d elsewhere, %d returned", s.held("elsewhere"), s.held("returned"))
		}
	})
}

// A card that was missing at the other Dinas and turns up there ends as the others.
func TestMissingAtAnotherDinas(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "")
		id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", chip)
		s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", nil})
		s.state(1, Shipped)
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		s.do(admin, CloseInvestigation{list[0].ID, OutcomeFound, boss})
		s.state(1, PassedOn)
		if s.held("elsewhere") != 1 {
			t.Errorf("%d elsewhere", s.held("elsewhere"))
		}
	})
}
