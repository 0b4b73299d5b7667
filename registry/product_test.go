package registry

import (
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// queuedForeign has an order of a foreign resident's card in the queue.
func (s *room) queuedForeign(n int) {
	s.Helper()
	r := record(n, 1)
	r.Profile = ktp.ProfileForeign
	s.do(center, delivery(r))
	s.do(boss, Approve{appID(n)})
	s.do(admin, Queue{appID(n)})
}

// A foreign resident's card is made of a blank for foreign residents, and no other card is: a line takes the orders
// that its hopper has the blanks for, the two kinds never lie in one hopper, and a blank that turns out to be of the
// other kind is not claimed (field lesson of the orange blank, Permendagri 72/2022).
func TestForeignResidentsHaveBlanksOfTheirOwn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const lotF = "LOT-OA"
		s.queuedForeign(1)
		s.idle(line1) // its hopper has blanks of citizens' cards
		v, err := s.r.Reservation(bg)
		s.must(err)
		if v.Foreign != (Reserved{0, 1, true}) || v.Foreign.Short() != 1 || v.Citizens.Cards != 0 || v.Citizens.Unfed {
			t.Errorf("%+v", v)
		}
		s.do(keeper, ReceiveBlanks{Lot: lotF, Product: ktp.ProfileForeign, Quantity: 20})
		load := LoadHopper{Line: line2, Lot: lotF, Quantity: 10, Second: admin}
		s.refused(keeper, load, stock.OtherCard.Code)
		s.do(keeper, UnloadHopper{Line: line2, Lot: lotA, Quantity: 100, Second: admin})
		s.do(keeper, load)
		s.refused(keeper, LoadHopper{Line: line2, Lot: lotA, Quantity: 1, Second: admin}, stock.OtherCard.Code)
		s.idle(line1)
		citizen := s.queued(2)
		o := s.next(line2)
		if o.Record.ID != string(appID(1)) {
			t.Fatalf("line 2 has the order of %s", o.Record.ID)
		}
		s.idle(line2)
		p := s.next(line1)
		if p.Record.ID != string(citizen) {
			t.Fatalf("line 1 has the order of %s", p.Record.ID)
		}

		// Since they were leased each hopper was emptied, and loaded with the other kind.
		s.do(keeper, UnloadHopper{Line: line2, Lot: lotF, Quantity: 10, Second: admin})
		s.do(keeper, LoadHopper{Line: line2, Lot: lotA, Quantity: 10, Second: admin})
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(RecordHeld.Code)}))
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		s.do(keeper, LoadHopper{Line: line1, Lot: lotF, Quantity: 10, Second: admin})
		s.wants(s.intend(p, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(p, jobs.Feed, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(RecordHeld.Code)}))

		if o = s.next(line1); o.Record.ID != string(appID(1)) {
			t.Fatalf("line 1 has the order of %s", o.Record.ID)
		}
		s.step(o, jobs.Feed, "")
		s.step(o, jobs.Claim, s.chip())

		// One of the citizens' blanks lay among those of foreign residents, and the supplier's list knows its chip.
		stray := s.chip()
		s.do(keeper, ImportBlanks{Lot: "LOT-OA-2", Product: ktp.ProfileForeign, Chips: []ktp.ChipUID{stray}})
		if p = s.next(line2); p.Record.ID != string(citizen) {
			t.Fatalf("line 2 has the order of %s", p.Record.ID)
		}
		s.step(p, jobs.Feed, "")
		s.wants(s.intend(p, jobs.Claim, jobs.Evidence{Chip: stray}), BlankForOthers.Code)
		s.must(s.settle(p, jobs.Claim, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(BlankForOthers.Code), Chip: stray}))
		s.reject(p, stray, string(BlankForOthers.Code))
		s.blankAt(p, "quarantine")
		lines, err := s.r.Lines(bg)
		s.must(err)
		for _, l := range lines {
			if l.ID == line2 && (l.Wish != jobs.Paused || l.Reason != string(BlankForOthers.Code)) {
				t.Errorf("line 2 is to be %s, %s", l.Wish, l.Reason)
			}
		}
		app, err := s.r.Application(bg, citizen)
		s.must(err)
		if app.Application.Spoiled != 0 {
			t.Errorf("a blank for others counts %d against the record", app.Application.Spoiled)
		}
		s.do(boss, ResumeLine{Line: line2})
		again := s.next(line2)
		if again.Record.ID != string(citizen) {
			t.Errorf("line 2 has the order of %s", again.Record.ID)
		}

		// Nothing was done to it: it goes back into the store, and a card is begun of it where it belongs.
		back := ReadmitBlank{Chip: stray, Second: admin}
		s.refused(keeper, back, chipNotExamined.Code)
		s.examined(stray, ChipBlank)
		s.refused(keeper, ReadmitBlank{Chip: stray}, secondMissing.Code)
		s.do(keeper, back)
		s.refused(keeper, back, wrongState.Code) // it is there
		s.do(keeper, UnloadHopper{Line: line2, Lot: lotA, Quantity: s.held("hopper/line-2"), Second: admin})
		s.do(keeper, LoadHopper{Line: line2, Lot: "LOT-OA-2", Quantity: 1, Second: admin})
		s.wants(s.intend(again, jobs.Feed, jobs.Evidence{}), RecordHeld.Code)
		s.must(s.settle(again, jobs.Feed, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(RecordHeld.Code)}))
		s.queuedForeign(3)
		p = s.next(line2)
		s.step(p, jobs.Feed, "")
		s.step(p, jobs.Claim, stray)
	})
}

// A line whose hopper is empty takes the order that is first, waits for its blank, and gets no other; a blank of which
// nobody could tell goes into the store where blanks for other cards lie in its hopper by now.
func TestEmptyHopperWaitsForItsBlank(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const lotF = "LOT-OA"
		s.queuedForeign(1)
		chips := []ktp.ChipUID{s.chip(), s.chip(), s.chip()}
		s.do(keeper, ImportBlanks{Lot: lotF, Product: ktp.ProfileForeign, Chips: chips})
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{})) // and the printer says that it has no cards
		s.refused(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin}, otherBlankAwaited.Code)
		s.do(keeper, DenyBlank{Chip: chips[0], Because: Because{Reason: "stolen"}})
		s.refused(keeper, LoadHopper{Line: line1, Lot: lotF, Quantity: 3, Second: admin}, "stock.not_enough") // one is denied
		s.do(keeper, LoadHopper{Line: line1, Lot: lotF, Quantity: 2, Second: admin})
		if s.held("hopper/line-1") != 2 {
			t.Errorf("hopper: %d", s.held("hopper/line-1"))
		}
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Done}))
		s.step(o, jobs.Claim, chips[1])
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotF, Quantity: 1, Second: admin})
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin})
		_, differences, err := s.r.Blanks(bg)
		s.must(err)
		if len(differences) > 0 {
			t.Errorf("%+v", differences)
		}
	})
}

// A lot that was received as of the other kind is corrected by two persons, while none of it lies in a hopper.
func TestKindOfALotIsCorrected(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		correct := CorrectLot{Lot: lotA, Product: ktp.ProfileForeign, Second: admin}
		s.refuses([]refusal{
			{"in a hopper of the other line", keeper, correct, stock.LotInHopper.Code},
			{"alone", keeper, CorrectLot{Lot: lotA, Product: ktp.ProfileForeign}, secondMissing.Code},
			{"never received", keeper, CorrectLot{Lot: "LOT-Z", Product: ktp.ProfileForeign, Second: admin}, stock.LotUnknown.Code},
			{"of no card", keeper, CorrectLot{Lot: lotA, Product: "white", Second: admin}, badOperation.Code},
		})
		s.do(keeper, UnloadHopper{Line: line2, Lot: lotA, Quantity: 100, Second: admin})
		s.do(keeper, correct)
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin})
		s.queued(1)
		s.idle(line1)
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin})
		correct.Product = ktp.ProfileCitizen
		s.do(keeper, correct)
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin})
		if o := s.next(line1); o.Record.ID != string(appID(1)) {
			t.Errorf("the line makes %s", o.Record.ID)
		}
	})
}

// A blank of which the ledger does not know where it came from is most likely a citizen's: no card of a foreign resident
// is made of it.
func TestUnexplainedBlankIsNoForeignCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, ReceiveBlanks{Lot: "LOT-OA", Product: ktp.ProfileForeign, Quantity: 20}) // the store has both kinds
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		s.queuedForeign(1)
		o, stray := s.next(line1), s.chip()
		s.step(o, jobs.Feed, "") // somebody laid blanks in, and the load is not recorded yet
		s.wants(s.intend(o, jobs.Claim, jobs.Evidence{Chip: stray}), BlankForOthers.Code)
		s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(BlankForOthers.Code), Chip: stray}))
		if l, err := s.lineOf(line1); err != nil || l.Wish != jobs.Paused || l.Reason != causeUnexplained { // since the feed
			t.Errorf("line 1 is to be %s, %s, %v", l.Wish, l.Reason, err)
		}
	})
}

// An empty hopper takes orders of the one kind that the store has blanks for, and of any where it has both; orders of which
// no hopper can be loaded are told.
func TestEmptyHopperTakesWhatTheStoreCanLoad(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		s.queuedForeign(1)
		s.idle(line1)
		unfed := func(want bool) {
			t.Helper()
			if v, err := s.r.Reservation(bg); err != nil || v.Foreign.Unfed != want {
				t.Errorf("%+v, %v", v.Foreign, err)
			}
		}
		unfed(true)
		s.do(keeper, ReceiveBlanks{Lot: "LOT-OA", Product: ktp.ProfileForeign, Quantity: 20})
		unfed(false)
		s.do(boss, PauseLine{Line: line1, Because: Because{Reason: "break"}})
		unfed(true) // the other line holds blanks of citizens
		s.do(boss, ResumeLine{Line: line1})
		if o := s.next(line1); o.Record.ID != string(appID(1)) {
			t.Errorf("line 1 has the order of %s", o.Record.ID)
		}
	})
}

// Blanks that came by a list and were loaded are moved by their number alone: a refusal tells the number that was asked
// for, a denied one comes out and does not go in, and one that a line met untouched goes back, whichever of them it was.
func TestListedBlanksInAHopper(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const lotL = "LOT-L"
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 100, Second: admin})
		chips := []ktp.ChipUID{s.chip(), s.chip(), s.chip()}
		s.do(keeper, ImportBlanks{Lot: lotL, Product: ktp.ProfileCitizen, Chips: chips})
		_, err := s.r.Do(bg, keeper, LoadHopper{Line: line1, Lot: lotL, Quantity: 1000, Second: admin}, s.key())
		if fault.CodeOf(err) != stock.NotEnough.Code || !strings.Contains(err.Error(), "1000 asked for") {
			t.Errorf("the refusal tells of what lies there: %v", err)
		}
		s.do(keeper, LoadHopper{Line: line1, Lot: lotL, Quantity: 2, Second: admin})
		s.do(keeper, DenyBlank{Chip: chips[0], Because: Because{Reason: "stolen"}})
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotL, Quantity: 2, Second: admin})
		s.refused(keeper, LoadHopper{Line: line1, Lot: lotL, Quantity: 3, Second: admin}, stock.NotEnough.Code)
		s.do(keeper, LoadHopper{Line: line1, Lot: lotL, Quantity: 1, Second: admin})
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Unknown, Cause: "printer.jam"}))
		if b, _, err := s.blank(chips[2]); err != nil || b.Place.Kind != stock.Store { // by the ledger the other one was loaded
			t.Fatalf("%s, %v", b.Place, err)
		}
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: "printer.jam", Chip: chips[2]}))
		_, differences, err := s.r.Blanks(bg)
		s.must(err)
		if len(differences) > 0 || s.held("store") < 3 {
			t.Errorf("%d in the store, %+v", s.held("store"), differences)
		}
	})
}

func (s *room) lineOf(id jobs.LineID) (l jobs.Line, err error) {
	err = s.r.store.Read(bg, func(tx *store.Tx) error {
		l, err = jobs.LineByID(tx, id)
		return err
	})
	return l, err
}

func (s *room) blank(chip ktp.ChipUID) (b stock.Blank, known bool, err error) {
	err = s.r.store.Read(bg, func(tx *store.Tx) error {
		b, known, err = stock.ByChip(tx, chip)
		return err
	})
	return b, known, err
}
