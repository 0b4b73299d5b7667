package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

var gone = Because{Reason: "missing"}

// A finished card that nobody finds, wherever the ledger has it, ends by the word of two persons: it is retired for good,
// the center is told, it is looked for, and its resident gets another one without a fine.
func TestFinishedCardIsDeclaredMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who   Actor
		reach func(s *room) ktp.ChipUID
		told  State // the newest report to the center
	}{
		"in the tray":                  {admin, func(s *room) ktp.ChipUID { return s.produced(1, "") }, Returned},
		"at the place of delivery":     {sepauk, func(s *room) ktp.ChipUID { return s.delivered(1) }, Returned},
		"matched, not yet handed over": {sepauk, func(s *room) ktp.ChipUID { return s.matched(1) }, Returned},
		"come back, not yet retired":   {officer, func(s *room) ktp.ChipUID { return s.returned(1) }, StateCardRetired},
		"nobody came for it":           {admin, func(s *room) ktp.ChipUID { return s.uncollected(1) }, Returned},
		"held by the supervisor":       {admin, func(s *room) ktp.ChipUID { return s.suspended(1) }, Returned},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				chip := c.reach(s)
				op := DeclareMissing{Chip: chip, Because: gone, Second: boss}
				s.refused(c.who, DeclareMissing{Chip: chip, Because: gone}, secondMissing.Code)
				s.do(c.who, op)
				s.refused(c.who, op, wrongState.Code)
				s.state(1, Returned)
				if card := s.cardOf(chip); card.State != CardRetired || card.Cause != "missing" || s.placeOf(chip) != "lost" {
					t.Errorf("%+v at %s", card, s.placeOf(chip))
				}
				sent, err := s.r.Outbox(bg, 100)
				s.must(err)
				if last := sent[len(sent)-1]; last.State != c.told || last.Reason != "missing" || last.Chip != chip {
					t.Errorf("the center is told %+v", last)
				}
				s.looked(InvestigateMissing)
				s.refused(kec, shown(appID(1), chip), wrongState.Code)
				s.remade()
				next := s.upTo(s.next(line1), jobs.Eject)
				if next == chip || s.cardOf(next).State != CardMade {
					t.Errorf("made again: %+v", s.cardOf(next))
				}
				chain, err := s.r.Chain(bg, appID(1))
				s.must(err)
				if len(chain) != 2 || chain[0].Chip != chip || chain[0].Cause != "missing" || chain[1].Chip != next {
					t.Errorf("chain %+v", chain)
				}
				if fines, err := s.r.ListFines(bg, FineFilter{Limit: 10}); err != nil || len(fines) != 0 {
					t.Errorf("fines %+v, %v", fines, err)
				}
			})
		})
	}
}

// A card that turns up after it was declared missing is never handed over, before and after another one was made: it
// goes to its destruction, however its finder brings it in, and what its application does is left alone.
func TestCardThatTurnsUpIsDestroyed(t *testing.T) {
	t.Parallel()
	closed := func(s *room, outcome string) {
		s.do(admin, CloseInvestigation{s.looked(InvestigateMissing), outcome, boss})
	}
	atHand := func(s *room, chip ktp.ChipUID) {
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, AtHand: true, Second: boss})
	}
	for name, c := range map[string]struct {
		reach func(s *room, chip ktp.ChipUID)
		state State
	}{
		"before the remake": {func(s *room, _ ktp.ChipUID) { closed(s, OutcomeFound) }, Returned},
		"after the remake":  {func(s *room, _ ktp.ChipUID) { s.remade(); closed(s, OutcomeFound) }, Queued},
		"brought in":        {func(s *room, chip ktp.ChipUID) { s.remade(); atHand(s, chip); closed(s, OutcomeFound) }, Queued},
		"given up, and then brought in": {func(s *room, chip ktp.ChipUID) {
			s.remade()
			closed(s, OutcomeLost)
			atHand(s, chip)
		}, Queued},
		"while its successor travels": {func(s *room, _ ktp.ChipUID) {
			s.remade()
			next := s.upTo(s.next(line1), jobs.Eject)
			s.do(admin, Redirect{Application: appID(1), Place: "kec.sepauk", Because: Because{Reason: "wish"}})
			s.sent(admin, ConsignmentOut, "kec.sepauk", next)
			closed(s, OutcomeFound)
		}, Shipped},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.district()
				chip := s.produced(1, "")
				s.do(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss})
				c.reach(s, chip)
				s.state(1, c.state)
				if card := s.cardOf(chip); card.State != CardRetired || s.placeOf(chip) != "returned" {
					t.Fatalf("%+v at %s", card, s.placeOf(chip))
				}
				s.refused(kec, shown(appID(1), chip), wrongState.Code)
				s.refused(boss, HoldCard{chip, Because{Reason: "found"}}, wrongState.Code)
				list := s.do(keeper, OpenDestruction{}).Answer
				s.do(keeper, AddToDestruction{Destruction: list, Item: string(chip)})
				s.refused(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss}, wrongState.Code) // on the list
			})
		})
	}
}

// An investigation of a card that was brought in meanwhile does not say that it is lost.
func TestBroughtInIsNotLost(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss})
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "lost"}, AtHand: true, Second: boss})
		s.refused(admin, CloseInvestigation{s.looked(InvestigateMissing), OutcomeLost, boss}, wrongState.Code)
		s.do(admin, CloseInvestigation{s.looked(InvestigateMissing), OutcomeFound, boss})
		if at := s.placeOf(chip); at != "returned" {
			t.Errorf("at %s", at)
		}
	})
}

// A retired card that waited for its destruction is looked for as well, again where it goes missing again; its
// application is over and stays so.
func TestRetiredCardIsDeclaredMissing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.returned(1)
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		s.do(admin, CloseReturned{Application: appID(1), Because: Because{Reason: "applicant"}, Second: boss})
		for range 2 {
			s.do(officer, DeclareMissing{Chip: chip, Because: gone, Second: boss})
			if c := s.cardOf(chip); c.State != CardRetired || c.Cause != "damaged" || s.placeOf(chip) != string(stock.Lost) {
				t.Errorf("%+v at %s", c, s.placeOf(chip))
			}
			s.do(admin, CloseInvestigation{s.looked(InvestigateMissing), OutcomeFound, boss})
		}
		s.state(1, Closed)
	})
}

// A card that was handed over at a kecamatan and taken in at the Dinas is missed at the Dinas, where it waits for its
// destruction.
func TestTakenInCardIsMissedAtTheDinas(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		chip := s.matched(1)
		s.do(Actor{ID: "lina", Roles: officer.Roles, Place: sepauk.Place}, HandOver{Application: appID(1), Chip: chip})
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "damaged"}, AtHand: true, Second: boss})
		missing := DeclareMissing{Chip: chip, Because: gone, Second: boss}
		s.refused(sepauk, missing, notAllowed.Code)
		s.do(officer, missing)
		if at := s.placeOf(chip); at != string(stock.Lost) {
			t.Errorf("at %s", at)
		}
	})
}

// What no drawer holds is missed elsewhere: in a bag at its receipt, on a line as a doubt, with its holder by them.
func TestOnlyWhatLiesHereIsMissing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		packed, far, force := s.produced(1, "kec.sepauk"), s.delivered(2), s.forced(3)
		bag := s.do(admin, OpenConsignment{ConsignmentOut, "kec.sepauk"}).Answer
		s.do(admin, Pack{bag, packed})
		s.queued(4)
		o := s.next(line1)
		running := s.upTo(o, jobs.Activate)
		s.produced(5, "")
		s.do(auditor, CloseInspection{s.do(auditor, DrawInspection{Seed: "inspektur-7", Cards: 5}).Answer})
		open, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		if len(open) != 2 || slices.ContainsFunc(open, func(i Investigation) bool { return i.Chip == packed || i.Chip == running }) {
			t.Fatalf("looked for: %+v", open)
		}
		away := s.delivered(6)
		missing := func(chip ktp.ChipUID) DeclareMissing { return DeclareMissing{Chip: chip, Because: gone, Second: boss} }
		s.refuses([]refusal{
			{"in a bag", admin, missing(packed), wrongState.Code},
			{"at another place", officer, missing(away), notAllowed.Code},
			{"with its holder", officer, missing(force), wrongState.Code},
			{"on its line", admin, missing(running), wrongState.Code},
			{"looked for by an inspection", sepauk, missing(far), wrongState.Code},
			{"no card", admin, missing("NONE"), cardUnknown.Code},
			{"with nobody who may agree", sepauk, DeclareMissing{Chip: far, Because: gone, Second: admin}, notAllowed.Code},
		})
		if n := len(s.codes(audit.Filter{Code: "card.declared_missing"})); n != 0 {
			t.Errorf("%d were declared missing", n)
		}
	})
}

// cardOf is a card of the register.
func (s *room) cardOf(chip ktp.ChipUID) Card {
	s.Helper()
	c, err := s.r.CardByChip(bg, chip)
	s.must(err)
	return c
}

// remade lets the card of resident 1 be made again.
func (s *room) remade() {
	s.Helper()
	s.db.Clock.Advance(time.Minute)
	s.do(admin, Remake{appID(1), Because{Reason: "lost"}, boss2})
	s.do(center, RefillRecord(delivery(record(1, 1))))
}

func (s *room) returned(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "")
	s.do(officer, ReturnCard{appID(n), chip, Because{Reason: "damaged"}})
	return chip
}

func (s *room) uncollected(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "")
	s.db.Clock.Advance(uncollectedAfter)
	s.do(admin, LeaveUncollected{appID(n)})
	return chip
}

func (s *room) suspended(n int) ktp.ChipUID {
	s.Helper()
	chip := s.produced(n, "")
	s.do(boss, HoldCard{chip, Because{Reason: "police"}})
	return chip
}
