package registry

import (
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
)

// replacements are how far the second request of resident 1 may be when its holder dies, what becomes of it, and what
// a center is answered that takes it back.
var replacements = []struct {
	name   string
	bring  func(s *room)
	after  State
	answer string
}{
	{"print ready", func(s *room) { s.do(center, delivery(again1(2))) }, Withdrawn, AnswerDone},
	{"queued", replaced, Withdrawn, AnswerDone},
	{"on hold", func(s *room) { replaced(s); s.do(admin, checked(2)) }, Withdrawn, AnswerDone},
	{"on a line", func(s *room) { replaced(s); s.upTo(s.next(line1), jobs.ReadBack) }, Producing, AnswerDone},
	{"produced", func(s *room) { s.madeOf(2, again1(2)) }, Recalled, AnswerRecall},
	{"on the way", func(s *room) {
		chip := s.madeOf(2, again1(2))
		s.do(admin, Redirect{Application: appID(2), Place: "kec.sepauk", Because: Because{Reason: "wish"}})
		s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
	}, Recalled, AnswerRecall},
	{"matched", func(s *room) { s.do(kec, shown(appID(2), s.madeOf(2, again1(2)))) }, Recalled, AnswerRecall},
	{"returned", func(s *room) {
		s.do(officer, ReturnCard{appID(2), s.madeOf(2, again1(2)), Because{Reason: "damaged"}})
	}, Recalled, AnswerRecall},
	{"retired", func(s *room) {
		chip := s.madeOf(2, again1(2))
		s.do(officer, ReturnCard{appID(2), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
	}, Withdrawn, AnswerDone},
}

// replaced queues the second request of resident 1.
func replaced(s *room) {
	s.do(center, delivery(again1(2)))
	s.do(boss, Approve{appID(2)})
	s.do(admin, Queue{appID(2)})
}

// The holder of a card died: the one that was to replace it goes to nobody, however far it is.
func TestDeathEndsTheReplacement(t *testing.T) {
	for _, c := range replacements {
		t.Run(c.name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				chip := s.forced(1)
				c.bring(s)
				res := s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
				if res.Application != appID(1) || res.Chip != chip || res.State != "" {
					t.Errorf("answered %+v", res)
				}
				s.cardIs(chip, CardRetired, "died")
				s.state(2, c.after)
				if got := s.app(2).Application.Withdrawn; got != "died" {
					t.Errorf("withdrawn %q", got)
				}
			})
		})
	}
}

// The request of an applicant who died is taken back: the card that is in force ends with it, and the center hears of
// both.
func TestDeathEndsTheCardOfBefore(t *testing.T) {
	for _, c := range replacements {
		t.Run(c.name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				chip := s.forced(1)
				c.bring(s)
				res := s.do(center, WithdrawRecord{ID: appID(2), Version: 1, Reason: "died"})
				if res.Answer != c.answer || res.State != c.after || res.Application != appID(2) {
					t.Errorf("answered %+v", res)
				}
				s.cardIs(chip, CardRetired, "died")
				if !slices.ContainsFunc(s.reports(), func(r Report) bool {
					return r.Record == appID(1) && r.State == StateCardRetired && r.Chip == chip && r.Reason == "died"
				}) {
					t.Errorf("the center was told %+v", s.reports())
				}
				s.do(center, WithdrawRecord{ID: appID(2), Version: 1, Reason: "died"})
				s.state(2, c.after)
			})
		})
	}
}

// What a line makes for somebody who died is stopped at its next step.
func TestDeathStopsTheLine(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		replaced(s)
		o := s.next(line1)
		blank := s.upTo(o, jobs.ReadBack)
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		s.wants(s.intend(o, jobs.Print, jobs.Evidence{Chip: blank}), RecordWithdrawn.Code)
		s.must(s.settle(o, jobs.Print, deniedBy(RecordWithdrawn.Code)))
		s.reject(o, blank, string(RecordWithdrawn.Code))
		s.state(2, Withdrawn)
	})
}

// Two persons who end the next card because its holder died end the one in force with it.
func TestDeathOfWhoDidNotCollect(t *testing.T) {
	for name, end := range map[string]func(s *room, chip ktp.ChipUID) State{
		"retired": func(s *room, chip ktp.ChipUID) State {
			if res := s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss}); res.State != Withdrawn {
				s.Errorf("answered %+v", res)
			}
			return Withdrawn
		},
		"closed": func(s *room, chip ktp.ChipUID) State {
			s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "uncollected"}, Second: boss})
			s.do(admin, CloseReturned{Application: appID(2), Because: Because{Reason: "died"}, Second: boss})
			return Closed
		},
		"called back": func(s *room, chip ktp.ChipUID) State {
			s.db.Clock.Advance(uncollectedAfter)
			s.do(admin, LeaveUncollected{appID(2)})
			s.do(admin, RecallUncollected{Application: appID(2), Because: Because{Reason: "died"}, Second: boss})
			s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
			return Withdrawn
		},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				before := s.forced(1)
				after := end(s, s.madeOf(2, again1(2)))
				s.state(2, after)
				s.cardIs(before, CardRetired, "died")
			})
		})
	}
}

// What one person alone says of an applicant ends no card in force: somebody finds out, and two persons end it.
func TestDeathThatOnePersonTells(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		replaced(s)
		s.do(admin, CancelApplication{Application: appID(2), Because: Because{Reason: "died"}})
		s.cardIs(chip, CardInForce, "")
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Kind != InvestigateDied || list[0].Chip != chip || list[0].Application != appID(1) {
			t.Fatalf("looked into: %+v", list)
		}
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		s.do(admin, CloseInvestigation{list[0].ID, OutcomeExplained, boss})
	})
}

// A card that another Dinas has ends as well, and so does the certificate that stands for the next.
func TestDeathEndsWhatIsElsewhere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		away := s.passedOn(1)
		replaced(s)
		s.do(officer, IssueSuket{appID(2)})
		s.do(center, WithdrawRecord{ID: appID(2), Version: 1, Reason: "died"})
		s.cardIs(away, CardRetired, "died")
		if list, err := s.r.Sukets(bg, SuketFilter{Application: appID(2), Limit: 10}); err != nil || len(list) != 1 || list[0].Valid {
			t.Errorf("certificates %+v, %v", list, err)
		}
	})
}

// A death that is told after another change, or of a request that is over, ends the card in force all the same; any
// other reason leaves what else the holder has.
func TestDeathComesLast(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		moved := s.forced(1)
		s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "moved"})
		s.cardIs(moved, CardInForce, "")
		s.do(center, WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"})
		s.cardIs(moved, CardRetired, "died")

		asked := func(n, resident int) {
			rec := record(n, 1)
			rec.Person.NIK = record(resident, 1).Person.NIK
			s.do(center, delivery(rec))
		}
		chip := s.forced(3)
		asked(4, 3)
		s.do(admin, CancelApplication{Application: appID(4), Because: Because{Reason: "applicant"}})
		asked(5, 3)
		s.do(center, WithdrawRecord{ID: appID(4), Version: 1, Reason: "moved"})
		s.cardIs(chip, CardInForce, "")
		s.state(5, PrintReady)
		s.do(center, WithdrawRecord{ID: appID(4), Version: 1, Reason: "died"})
		s.cardIs(chip, CardRetired, "died")
		s.state(5, Withdrawn)

		lost := s.forced(6)
		asked(7, 6)
		s.do(officer, EndCard{Chip: lost, Because: Because{Reason: "lost"}, Second: boss})
		s.state(7, PrintReady)
	})
}

// The center tells the death by any card of the person: what there is of them ends whatever that card was, once.
func TestDeathToldByACard(t *testing.T) {
	revoked := func(s *room, chip ktp.ChipUID, reason string) Result {
		s.Helper()
		c, err := s.r.CardByChip(bg, chip)
		s.must(err)
		return s.do(center, SetCardStatus{Credential: c.Attempt, Status: CredentialRevoked, Reason: reason, Transaction: "t-1"})
	}
	for name, c := range map[string]struct {
		card   func(s *room, before ktp.ChipUID) ktp.ChipUID
		answer string
		next   State // of the second request
		cause  string
	}{
		"held": {func(s *room, before ktp.ChipUID) ktp.ChipUID {
			s.do(boss, HoldCard{before, Because{Reason: "court"}})
			s.do(center, delivery(again1(2)))
			return before
		}, AnswerDone, Withdrawn, "died"},
		"made": {func(s *room, _ ktp.ChipUID) ktp.ChipUID { return s.madeOf(2, again1(2)) }, AnswerRecall, Recalled, "died"},
		"revoked": {func(s *room, _ ktp.ChipUID) ktp.ChipUID {
			chip := s.madeOf(2, again1(2))
			revoked(s, chip, "stolen")
			s.state(2, Recalled)
			return chip
		}, AnswerUnchanged, Recalled, "died"},
		"lost": {func(s *room, before ktp.ChipUID) ktp.ChipUID {
			s.do(officer, EndCard{Chip: before, Because: Because{Reason: "lost"}, Second: boss})
			replaced(s)
			return before
		}, AnswerUnchanged, Withdrawn, "lost"},
		"passed on": {func(s *room, _ ktp.ChipUID) ktp.ChipUID {
			chip := s.madeOf(2, again1(2))
			s.sentOn(chip)
			return chip
		}, AnswerDone, PassedOn, "died"},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				before := s.forced(1)
				chip := c.card(s, before)
				if res := revoked(s, chip, "died"); res.Answer != c.answer || res.Chip != chip {
					t.Errorf("answered %+v", res)
				}
				s.cardIs(before, CardRetired, c.cause)
				s.state(2, c.next)
				if app := s.app(2).Application; app.Open() && app.Withdrawn != "died" {
					t.Errorf("the next request is %+v", app)
				}
				if res := revoked(s, chip, "died"); res.Answer != AnswerUnchanged {
					t.Errorf("told again: %+v", res)
				}
				if c.next == Recalled {
					s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "recalled"}, Second: boss})
					s.state(2, Withdrawn)
				}
			})
		})
	}
}

// A card in doubt cannot be revoked: what is refused tells of no death.
func TestRefusedRevocationEndsNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		before := s.forced(1)
		replaced(s)
		o := s.next(line1)
		chip := s.upTo(o, jobs.Activate)
		s.must(s.settle(o, jobs.Recheck, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}))
		s.attemptIs(o, jobs.InDoubt)
		s.refused(center, SetCardStatus{Credential: o.Attempt, Status: CredentialRevoked, Reason: "died"}, "registry.wrong_state")
		s.cardIs(before, CardInForce, "")
		s.cardIs(chip, CardMade, "")
		if s.state(2, InDoubt); s.app(2).Application.Withdrawn != "" {
			t.Errorf("%+v", s.app(2).Application)
		}
	})
}
