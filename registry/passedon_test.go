package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
)

var otherAdmin = Actor{ID: "admin-2", Roles: admin.Roles}

// cardIs checks what became of a card, and why.
func (s *room) cardIs(chip ktp.ChipUID, want CardState, cause string) {
	s.Helper()
	if c, err := s.r.CardByChip(bg, chip); err != nil || c.State != want || c.Cause != cause {
		s.Errorf("%s is %s (%s), want %s (%s): %v", chip, c.State, c.Cause, want, cause, err)
	}
}

// madeOf makes the card of a record.
func (s *room) madeOf(n int, rec ktp.Record) ktp.ChipUID {
	s.Helper()
	s.do(center, delivery(rec))
	s.do(boss, Approve{appID(n)})
	s.do(admin, Queue{appID(n)})
	return s.upTo(s.next(line1), jobs.Eject)
}

// again1 is a record of resident 1.
func again1(n int) ktp.Record {
	rec := record(n, 1)
	rec.Person.NIK = record(1, 1).Person.NIK
	return rec
}

// sentOn brings a card to Melawi.
func (s *room) sentOn(chip ktp.ChipUID) {
	s.Helper()
	id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", chip)
	s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
}

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
		if waiting, _, err := s.r.WaitingCards(bg, WaitingFilter{Before: s.db.Clock.Now().Add(time.Hour), Limit: 10}); err != nil || len(waiting) != 0 {
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
		if res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"}); res.Answer != AnswerDone {
			t.Errorf("withdrawn: %+v", res)
		}
		s.state(1, PassedOn)
		s.cardIs(chip, CardRetired, "died")
		if s.app(1).Application.Withdrawn != "died" {
			t.Errorf("%+v", s.app(1))
		}
	})
}

// The person may have another card here, whose hand-over ends the one that went away.
func TestNextCardOfWhoseCardWasPassedOn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		away := s.passedOn(1)
		chip := s.madeOf(2, again1(2))
		s.do(kec, shown(appID(2), chip))
		s.refused(officer, HandOver{Application: appID(2), Chip: chip}, badOperation.Code)
		s.do(officer, HandOver{Application: appID(2), Chip: chip, Old: OldNotSurrendered})
		s.state(2, HandedOver)
		s.cardIs(away, CardRetired, "replaced")
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

// The card that went away is the person's, not the one that it replaces: it is the one that is lost, or given up.
func TestPassedOnCardIsTheLatest(t *testing.T) {
	kinds := map[string]func(*testing.T, *room, resident, ktp.ChipUID, ktp.ChipUID){
		"lost": func(_ *testing.T, s *room, a resident, before, away ktp.ChipUID) {
			s.do(officer, s.application(ktp.TypeLost, a))
			s.cardIs(away, CardRetired, "lost")
			s.cardIs(before, CardRetired, "replaced")
			s.blanks(map[string]int{"lost": 1, "holder": 1, "elsewhere": 0})
		},
		"given up": func(_ *testing.T, s *room, a resident, before, away ktp.ChipUID) {
			rec := record(3, 1)
			rec.Person.NIK = a.Person.NIK
			chip := s.madeOf(3, rec)
			s.do(kec, shown(appID(3), chip))
			s.do(officer, HandOver{Application: appID(3), Chip: chip, Old: OldSurrendered})
			s.cardIs(away, CardRetired, "replaced")
			s.cardIs(before, CardRetired, "replaced")
			s.blanks(map[string]int{"returned": 1, "holder": 2, "elsewhere": 0})
		},
		"handed over there": func(t *testing.T, s *room, a resident, before, away ktp.ChipUID) {
			said := SetCardStatus{Credential: s.app(2).Cards[0].Attempt, Status: CredentialActive, Reason: "issued"}
			if c, err := s.r.Credential(bg, said.Credential); err != nil || c.Status() != CredentialOther {
				t.Errorf("%s, %v", c.Status(), err)
			}
			found, err := s.r.Credentials(bg, []Condition{{Field: "status", Operator: "=", Text: string(CredentialOther)}}, 5)
			if err != nil || len(found) != 1 || found[0].Card.Chip != away {
				t.Errorf("%+v, %v", found, err)
			}
			s.do(center, SetCardStatus{Credential: said.Credential, Status: CredentialSuspended, Reason: "court"})
			if res := s.do(center, said); res.Answer != AnswerDone {
				t.Errorf("%+v", res)
			}
			s.cardIs(away, CardInForce, "")
			s.cardIs(before, CardRetired, "replaced")
			if res := s.do(center, said); res.Answer != AnswerUnchanged {
				t.Errorf("%+v", res)
			}
			s.do(admin, EndCard{Chip: away, Because: Because{Reason: "stolen"}, Second: boss})
		},
		"looked into": func(t *testing.T, s *room, _ resident, before, away ktp.ChipUID) {
			s.cardIs(before, CardInForce, "")
			s.cardIs(away, CardMade, "")
			list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
			if err != nil || len(list) != 1 || list[0].Kind != InvestigateTwice || list[0].Chip != before {
				t.Fatalf("%+v, %v", list, err)
			}
			s.do(admin, EndCard{Chip: before, Because: Because{Reason: "replaced"}, Second: boss})
			s.do(admin, CloseInvestigation{list[0].ID, OutcomeExplained, boss})
		},
	}
	for name, check := range kinds {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				a := townsman(0, whole)
				s.listed(a)
				first, second := record(1, 1), record(2, 1)
				first.Person.NIK, second.Person.NIK = a.Person.NIK, a.Person.NIK
				before := s.madeOf(1, first)
				s.do(kec, shown(appID(1), before))
				s.do(officer, HandOver{Application: appID(1), Chip: before})
				s.db.Clock.Advance(time.Hour)
				away := s.madeOf(2, second)
				s.sentOn(away)
				check(t, s, a, before, away)
				s.sound()
			})
		})
	}
}

// blanks checks how many are at which places.
func (s *room) blanks(want map[string]int) {
	s.Helper()
	for place, n := range want {
		if got := s.held(place); got != n {
			s.Errorf("%d blanks at %s, want %d", got, place, n)
		}
	}
}

// Who has a card with another Dinas has no first card to ask for, and gives that one up.
func TestCardOfAnotherDinasIsGivenUp(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		a := townsman(0, whole)
		s.listed(a)
		rec := record(1, 1)
		rec.Person.NIK = a.Person.NIK
		away := s.madeOf(1, rec)
		s.sentOn(away)
		s.refused(officer, s.application(ktp.TypeNew, a), "registry.has_card")
		s.do(admin, EndCard{Chip: away, Because: Because{Reason: "damaged"}, Second: boss})
		id := s.do(officer, s.application(ktp.TypeDamaged, a)).Application
		s.printReady(id, a)
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.do(kec, shown(id, chip))
		giver := Actor{ID: "officer-2", Roles: officer.Roles}
		s.refused(giver, HandOver{Application: id, Chip: chip}, "registry.old_card_missing")
		s.do(admin, EndCard{Chip: away, Because: Because{Reason: "damaged"}, AtHand: true, Second: boss})
		s.do(giver, HandOver{Application: id, Chip: chip})
		s.is(id, HandedOver)
	})
}

// A certificate stands for a card until its holder has it: not only until another Dinas does.
func TestSuketOutlastsPassingOn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		s.printReady(id, a)
		s.do(officer, IssueSuket{id})
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		order := s.next(line1)
		s.sentOn(s.upTo(order, jobs.Eject))
		s.is(id, PassedOn)
		valid := func(want int) {
			t.Helper()
			if list, err := s.r.Sukets(bg, SuketFilter{Application: id, Valid: true, Limit: 10}); err != nil || len(list) != want {
				t.Errorf("%d valid, want %d: %v", len(list), want, err)
			}
		}
		valid(1)
		s.do(center, SetCardStatus{Credential: order.Attempt, Status: CredentialActive, Reason: "issued"})
		valid(0)
	})
}

// Of two cards of a person that went to other Dinas the later one counts.
func TestPassedOnTwice(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		first := s.passedOn(1)
		s.db.Clock.Advance(time.Hour)
		second := s.madeOf(2, again1(2))
		s.sentOn(second)
		s.cardIs(first, CardRetired, "replaced")
		s.cardIs(second, CardMade, "")
		s.sound()
	})
}

// What the center tells of a card that another Dinas has does to it what it does to one in force.
func TestChangesOfPassedOnCard(t *testing.T) {
	for _, c := range []struct {
		change Change
		answer string
		state  CardState
		opened int
	}{
		{ChangeDied, AnswerDone, CardRetired, 0},
		{ChangeMadeElsewhere, AnswerCardInForce, CardMade, 1},
		{ChangeDuplicate, AnswerCardInForce, CardMade, 1},
		{ChangeMoved, AnswerCardInForce, CardMade, 0},
	} {
		t.Run(string(c.change), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				chip := s.passedOn(1)
				for range 2 {
					if res := s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: string(c.change)}); res.Answer != c.answer {
						t.Errorf("answered %+v", res)
					}
				}
				if got, err := s.r.CardByChip(bg, chip); err != nil || got.State != c.state {
					t.Errorf("the card is %+v, %v", got, err)
				}
				if s.app(1).Application.Withdrawn != string(c.change) {
					t.Errorf("%+v", s.app(1).Application)
				}
				if list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10}); err != nil || len(list) != c.opened {
					t.Errorf("%+v, %v", list, err)
				}
			})
		})
	}
}

// A card that was called back on its way to another Dinas is held there, until somebody ends it.
func TestRecalledOnTheWayToAnotherDinas(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "")
		id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", chip)
		s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"})
		s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{chip}})
		s.state(1, Recalled)
		c, err := s.r.CardByChip(bg, chip)
		if err != nil || c.PassedOnAt.IsZero() || c.Held != causeRevoked {
			t.Errorf("%+v, %v", c, err)
		}
		s.refused(center, SetCardStatus{Credential: c.Attempt, Status: CredentialActive, Reason: "issued"}, "registry.wrong_state")
		s.do(admin, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		s.cardIs(chip, CardRetired, "died")
		s.state(1, Withdrawn)
		s.do(admin, EndCard{Chip: chip, Because: Because{Reason: "died"}, AtHand: true, Second: boss})
		s.blanks(map[string]int{"returned": 1, "elsewhere": 0})
	})
}

// A card that never went into its bag is found where the bag came from, and goes on there.
func TestFoundWhereItWasSentFrom(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.produced(1, "")
		id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", chip)
		s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", nil})
		s.do(admin, CloseInvestigation{s.looked(InvestigateMissing), OutcomeFoundHere, boss})
		s.state(1, Delivered)
		s.blanks(map[string]int{"elsewhere": 0})
		if c, err := s.r.CardByChip(bg, chip); err != nil || !c.PassedOnAt.IsZero() || c.Held != "" {
			t.Errorf("%+v, %v", c, err)
		}
		s.do(kec, shown(appID(1), chip))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}

// looked is the open investigation of a kind.
func (s *room) looked(kind string) string {
	s.Helper()
	list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
	if err != nil || len(list) != 1 || list[0].Kind != kind {
		s.Fatalf("%+v, %v", list, err)
	}
	return list[0].ID
}

// A card that slipped into a bag to another Dinas is passed on as those of its manifest; one that comes back is
// looked into, and nothing is done to it.
func TestExtraAtAnotherDinas(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		listed, extra := s.produced(1, ""), s.produced(2, "")
		id := s.sent(admin, ConsignmentRedirect, "dinas.melawi", listed)
		s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{listed, extra}})
		investigation := s.looked(InvestigateExtra)
		s.refused(admin, CloseInvestigation{investigation, OutcomeFoundHere, boss}, badOperation.Code)
		s.do(admin, CloseInvestigation{investigation, OutcomeFound, boss})
		s.state(2, PassedOn)
		s.blanks(map[string]int{"elsewhere": 2})
		third := s.produced(3, "")
		id = s.sent(admin, ConsignmentRedirect, "dinas.melawi", third)
		s.do(otherAdmin, ReceiveConsignment{id, "SEGEL-1", []ktp.ChipUID{third, extra}})
		s.looked(InvestigateExtra)
		if c, err := s.r.CardByChip(bg, extra); err != nil || c.Held != "" {
			t.Errorf("%+v, %v", c, err)
		}
		s.blanks(map[string]int{"elsewhere": 3})
	})
}
