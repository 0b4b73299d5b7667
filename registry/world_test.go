package registry

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

// nexts bring the next request of a resident who has a card in force into each state that it can have.
var nexts = map[State]func(s *room, a resident) ApplicationID{
	Received: asks, Examined: examinedNext, Captured: capturedNext, Confirmed: confirmedNext, Sent: sentNext, AtCenter: centerNext(""),
	Duplicate: centerNext(ResultDuplicate), Adjudicate: centerNext(ResultAdjudicate),
	EnrollFailure: centerNext(ResultEnrollFailure), SearchFailure: centerNext(ResultSearchFailure),
	Reconfirm: func(s *room, a resident) ApplicationID {
		id := centerNext("")(s, a)
		d := s.centerRecord(id, a, 1)
		d.Record.Person.Street = "JL. BARU NO. 1"
		s.do(center, d)
		s.do(dataman, ReadResult{id})
		return id
	},
	PrintReady: givenNext,
	Approved:   func(s *room, a resident) ApplicationID { return s.approvedNext(a) },
	Queued:     queuedNext,
	OnHold: func(s *room, a resident) ApplicationID {
		id := queuedNext(s, a)
		s.do(admin, HoldApplication{id, Because{Reason: "check"}})
		return id
	},
	Producing: func(s *room, a resident) ApplicationID {
		id := queuedNext(s, a)
		s.upTo(s.next(line1), jobs.Activate)
		return id
	},
	InDoubt: func(s *room, a resident) ApplicationID {
		id := queuedNext(s, a)
		o := s.next(line1)
		chip := s.upTo(o, jobs.ReadBack)
		s.must(s.intend(o, jobs.Print, jobs.Evidence{Chip: chip}))
		s.must(s.settle(o, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}))
		return id
	},
	Produced: func(s *room, a resident) ApplicationID { id, _ := s.madeNext(a); return id },
	Shipped: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(admin, Redirect{Application: id, Place: "kec.sepauk", Because: Because{Reason: "wish"}})
		s.sent(admin, ConsignmentOut, "kec.sepauk", chip)
		return id
	},
	Delivered: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(admin, Redirect{Application: id, Place: "kec.sepauk", Because: Because{Reason: "wish"}})
		s.do(sepauk, ReceiveConsignment{s.sent(admin, ConsignmentOut, "kec.sepauk", chip), "SEGEL-1", []ktp.ChipUID{chip}})
		return id
	},
	Uncollected: uncollectedNext,
	Matched: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(kec, shown(id, chip))
		return id
	},
	HandedOver: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(kec, shown(id, chip))
		s.do(officer, HandOver{Application: id, Chip: chip, Old: OldSurrendered})
		return id
	},
	PassedOn: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.sentOn(chip)
		return id
	},
	Returned: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(officer, ReturnCard{id, chip, Because{Reason: "damaged"}})
		return id
	},
	Recalled: func(s *room, a resident) ApplicationID {
		id := uncollectedNext(s, a)
		s.do(admin, RecallUncollected{Application: id, Because: Because{Reason: "uncollected"}, Second: boss})
		return id
	},
	Rejected: func(s *room, a resident) ApplicationID {
		id := asks(s, a)
		s.do(officer, RejectApplication{id, Because{Reason: "data_wrong"}})
		return id
	},
	Cancelled: func(s *room, a resident) ApplicationID {
		id := givenNext(s, a)
		s.do(admin, CancelApplication{Application: id, Because: Because{Reason: "applicant"}})
		return id
	},
	Withdrawn: func(s *room, a resident) ApplicationID {
		id := givenNext(s, a)
		s.do(center, WithdrawRecord{ID: id, Version: 1, Reason: "withdrawn"})
		return id
	},
	Closed: func(s *room, a resident) ApplicationID {
		id, chip := s.madeNext(a)
		s.do(officer, ReturnCard{id, chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		s.do(admin, CloseReturned{Application: id, Because: Because{Reason: "applicant"}, Second: boss})
		return id
	},
}

func asks(s *room, a resident) ApplicationID {
	return s.do(officer, s.application(ktp.TypeDataChange, a)).Application
}

func examinedNext(s *room, a resident) ApplicationID {
	id := asks(s, a)
	s.scans(id)
	s.do(officer, Examine{id})
	return id
}

func capturedNext(s *room, a resident) ApplicationID {
	id := examinedNext(s, a)
	s.do(operator, capture(id, a))
	s.do(operator, again(id, a))
	return id
}

func confirmedNext(s *room, a resident) ApplicationID {
	id := capturedNext(s, a)
	s.confirm(id)
	return id
}

func sentNext(s *room, a resident) ApplicationID {
	id := confirmedNext(s, a)
	s.do(operator, Send{id})
	return id
}

// centerNext is a request that the center has, and what it found.
func centerNext(found SearchResult) func(s *room, a resident) ApplicationID {
	return func(s *room, a resident) ApplicationID {
		id := sentNext(s, a)
		s.do(center, TakeEnrolment{id, 1})
		if found != "" {
			s.do(center, result(id, 1, 5, found))
			s.do(dataman, ReadResult{id})
		}
		return id
	}
}

func givenNext(s *room, a resident) ApplicationID {
	s.do(center, delivery(recordOf(2, a)))
	return appID(2)
}

func (s *room) approvedNext(a resident) ApplicationID {
	id := givenNext(s, a)
	s.do(boss, Approve{id})
	return id
}

func queuedNext(s *room, a resident) ApplicationID {
	id := s.approvedNext(a)
	s.do(admin, Queue{id})
	return id
}

func (s *room) madeNext(a resident) (ApplicationID, ktp.ChipUID) {
	id := queuedNext(s, a)
	return id, s.upTo(s.next(line1), jobs.Eject)
}

func uncollectedNext(s *room, a resident) ApplicationID {
	id, _ := s.madeNext(a)
	s.db.Clock.Advance(uncollectedAfter)
	s.do(admin, LeaveUncollected{id})
	return id
}

// recordOf is the center's nth record, of a resident.
func recordOf(n int, a resident) ktp.Record {
	rec := record(n, 1)
	rec.Person.NIK = a.Person.NIK
	return rec
}

// theirs is what there is of a person.
type theirs struct {
	Cards, Requests, Sukets []string
	Looked                  []string // what is looked into of them
}

// becomes is what there would be of a resident after an operation; the operation is rolled back.
func (s *room) becomes(a resident, who Actor, op Operation) (w theirs, res Result) {
	s.Helper()
	end := errors.New("rolled back")
	err := s.store.DryRun(bg, func(tx *store.Tx) error {
		do := &act{r: s.r, tx: tx, actor: who}
		if err := do.perform(op); err != nil {
			return err
		}
		res = do.res
		key, _, err := do.knownPersonKey(a.Person.NIK)
		if err != nil {
			return err
		}
		list, err := cards(tx, `where person = ? order by chip`, key)
		if err != nil {
			return err
		}
		for _, c := range list {
			w.Cards = append(w.Cards, fmt.Sprint(c.Chip, " ", c.State, " ", c.Cause))
			looked, err := investigations(tx, `where chip = ? order by id`, c.Chip)
			if err != nil {
				return err
			}
			for _, i := range looked {
				w.Looked = append(w.Looked, fmt.Sprint(i.Chip, " ", i.Kind, " ", i.State))
			}
		}
		apps, err := applicationList(tx, `where person = ? order by id`, key)
		if err != nil {
			return err
		}
		for _, app := range apps {
			w.Requests = append(w.Requests, fmt.Sprint(app.ID, " ", app.State, " ", app.Withdrawn))
		}
		papers, err := sukets(tx, `where person = ? order by number`, key)
		if err != nil {
			return err
		}
		for _, p := range papers {
			w.Sukets = append(w.Sukets, fmt.Sprint(p.Number, " ", p.Valid, " ", p.Cause))
		}
		return end
	})
	if !errors.Is(err, end) {
		s.Fatalf("%s: %v", op.Name(), err)
	}
	return w, res
}

// whileNext runs a test in each state of the next request of a resident who has a card in force.
func whileNext(t *testing.T, test func(t *testing.T, s *room, a resident, before ktp.ChipUID, id ApplicationID)) {
	t.Parallel()
	for _, state := range Applications.States() {
		bring, there := nexts[state]
		if state == Absent {
			continue
		}
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			if !there {
				t.Fatal("no way leads there")
			}
			s := newRoom(t, storetest.Any(t))
			s.district()
			a := townsman(0, whole)
			s.listed(a)
			before := s.madeOf(1, recordOf(1, a))
			s.do(kec, shown(appID(1), before))
			s.do(officer, HandOver{Application: appID(1), Chip: before})
			id := bring(s, a)
			s.is(id, state)
			test(t, s, a, before, id)
		})
	}
}

// The center revokes the card of a holder who died: all that there is of them ends as by the operation for a death.
func TestRevokedForADeathInEveryState(t *testing.T) {
	whileNext(t, func(t *testing.T, s *room, a resident, before ktp.ChipUID, id ApplicationID) {
		if slices.Contains(RowOf(opIssueSuket).From, s.requestOf(id).State) && s.requestOf(id).Withdrawn == "" {
			s.do(officer, IssueSuket{id})
		}
		chip := before
		if s.requestOf(id).State == HandedOver { // it is the card in force now
			chip = s.cardsOf(id)[0].Chip
		}
		want, _ := s.becomes(a, officer, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		c, err := s.r.CardByChip(bg, chip)
		s.must(err)
		said := SetCardStatus{Credential: c.Attempt, Status: CredentialRevoked, Reason: "died", Transaction: "t-1"}
		got, res := s.becomes(a, center, said)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("\n%+v, want\n%+v", got, want)
		}
		if res.Chip != chip || res.Application != c.Application || res.Answer != AnswerDone {
			t.Errorf("answered %+v", res)
		}
		said.Reason = "stolen"
		other, _ := s.becomes(a, center, said)
		if open := !Applications.IsFinal(s.requestOf(id).State); open != (fmt.Sprint(other.Requests) != fmt.Sprint(got.Requests)) {
			t.Errorf("another reason ends\n%+v, a death\n%+v", other, got)
		}
	})
}

// A card that was made elsewhere, or a person who is one with another, as the center tells of the next request: the
// card in force stays so, and somebody finds out which counts. Any other change but a death leaves it alone.
func TestChangeOfTheNextRequestReachesTheCardInForce(t *testing.T) {
	whileNext(t, func(t *testing.T, s *room, a resident, before ktp.ChipUID, id ApplicationID) {
		var outside []string
		for _, c := range append(s.cardsOf(appID(1)), s.cardsOf(id)...) {
			if c.outside() {
				outside = append(outside, string(c.Chip))
			}
		}
		if len(outside) == 0 || !slices.Contains(outside, string(before)) && s.requestOf(id).State != HandedOver {
			t.Fatalf("outside are %v", outside)
		}
		was, _ := s.becomes(a, boss, HoldCard{Chip: ktp.ChipUID(outside[0]), Because: Because{Reason: "court"}})
		for _, change := range Changes {
			var want []string
			for _, chip := range outside {
				opened := fmt.Sprint(chip, " ", InvestigateTwice, " open")
				if slices.Contains([]Change{ChangeMadeElsewhere, ChangeDuplicate}, change) || slices.Contains(was.Looked, opened) {
					want = append(want, opened)
				}
			}
			slices.Sort(want)
			got, res := s.becomes(a, center, WithdrawRecord{ID: id, Version: 1, Reason: string(change)})
			if !slices.Equal(got.Looked, want) {
				t.Errorf("%s: looked into %v, want %v", change, got.Looked, want)
			}
			if ended := fmt.Sprint(got.Cards) != fmt.Sprint(was.Cards); ended != (change == ChangeDied) {
				t.Errorf("%s: cards %v, were %v", change, got.Cards, was.Cards)
			}
			if answers := []string{withdrawals[s.requestOf(id).State].Answer, AnswerRecall, AnswerDone}; !slices.Contains(answers, cmp.Or(res.Answer, "none")) {
				t.Errorf("%s: answered %+v", change, res)
			}
		}
	})
}

// It is looked into once: told again, also after it was explained, nothing is opened anew; told after another change,
// or by two requests, the card is looked into once at a time.
func TestMadeElsewhereIsLookedIntoOnce(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		replaced(s)
		tell := func(n int, c Change) { s.do(center, WithdrawRecord{ID: appID(n), Version: 1, Reason: string(c)}) }
		looked := func(open, all int) {
			t.Helper()
			for state, want := range map[string]int{"open": open, "": all} {
				if list, err := s.r.Investigations(bg, InvestigationFilter{State: state, Limit: 10}); err != nil || len(list) != want {
					t.Errorf("looked into (%s) %+v, want %d: %v", state, list, want, err)
				}
			}
			s.cardIs(chip, CardInForce, "")
		}
		tell(2, ChangeMoved)
		looked(0, 0)
		s.do(center, delivery(again1(3)))
		tell(3, ChangeMadeElsewhere)
		tell(3, ChangeMadeElsewhere)
		looked(1, 1)
		tell(2, ChangeDuplicate)
		tell(1, ChangeMadeElsewhere)
		looked(1, 1)
		s.do(admin, CloseInvestigation{s.looked(InvestigateTwice), OutcomeExplained, boss})
		tell(3, ChangeMadeElsewhere)
		tell(1, ChangeMadeElsewhere)
		looked(0, 1)
		s.do(center, delivery(again1(4)))
		tell(4, ChangeDuplicate)
		looked(1, 2)
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "replaced"}, Second: boss})
		s.do(admin, CloseInvestigation{s.looked(InvestigateTwice), OutcomeExplained, boss})
		s.do(center, delivery(again1(5)))
		tell(5, ChangeMadeElsewhere) // of nothing that is in force
		if list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("looked into %+v, %v", list, err)
		}
		s.sound()
	})
}

func (s *room) requestOf(id ApplicationID) Application {
	s.Helper()
	d, err := s.r.Application(bg, id)
	s.must(err)
	return d.Application
}

func (s *room) cardsOf(id ApplicationID) []Card {
	s.Helper()
	d, err := s.r.Application(bg, id)
	s.must(err)
	return d.Cards
}
