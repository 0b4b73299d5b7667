package registry

import (
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
)

var auditor = Actor{ID: "auditor-1", Roles: []access.Role{access.Auditor}}

func blanksAt(place, lot string, n int) Counted { return Counted{Heap{CountedBlank, place, lot}, n} }

// heaps are what the ledger of a fresh room has.
func heaps() []Counted {
	return []Counted{blanksAt("store", lotA, 800), blanksAt("hopper/line-1", lotA, 100), blanksAt("hopper/line-2", lotA, 100)}
}

// A shift opens and closes by a blind count of two; the number that would fit is never told before.
func TestShift(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(keeper, OpenShift{Counts: heaps()}, "registry.second_person_missing")
		s.refused(keeper, OpenShift{Counts: append(heaps(), heaps()[0]), Second: admin}, "registry.bad_operation")
		wrong := heaps()
		wrong[0].Quantity--
		for _, counts := range [][]Counted{wrong, heaps()[1:], append(heaps(), blanksAt("store", "LOT-B", 1)), nil} {
			if res := s.do(keeper, OpenShift{Counts: counts, Second: admin}); res.Answer != AnswerRecount {
				t.Errorf("%v: %+v", counts, res)
			}
		}
		s.refused(keeper, CloseShift{Counts: heaps(), Second: admin}, "registry.wrong_state")
		if res := s.do(keeper, OpenShift{Counts: heaps(), Second: admin}); res.Answer != AnswerOpened {
			t.Fatalf("%+v", res)
		}
		s.refused(keeper, OpenShift{Counts: heaps(), Second: admin}, "registry.wrong_state")
		s.produced(1, "") // one blank of line 1 is used
		after := heaps()
		after[1].Quantity = 99
		if res := s.do(keeper, CloseShift{Counts: heaps(), Second: admin}); res.Answer != AnswerRecount {
			t.Errorf("%+v", res)
		}
		list, err := s.r.ListShifts(bg, "", 10)
		s.must(err)
		open, err := s.r.ShiftByID(bg, list[0].ID)
		s.must(err)
		if slices.ContainsFunc(open.Counts, func(c ShiftCount) bool { return c.Expected != 0 }) {
			t.Error("an open shift tells what was expected")
		}
		if res := s.do(keeper, CloseShift{Counts: after, Second: admin}); res.Answer != AnswerClosed {
			t.Errorf("%+v", res)
		}
		closed, err := s.r.ShiftByID(bg, list[0].ID)
		s.must(err)
		anchor, err := s.r.VerifyEvents(bg, audit.Anchor{ID: closed.AnchorID, Hash: audit.Hash(closed.Anchor)})
		if err != nil || closed.Recounts != 1 || closed.Reason != "" {
			t.Errorf("%+v, %+v, %v", closed, anchor, err)
		}
	})
}

// One blank fewer does not close; after a recount a supervisor settles it with a reason, and it is booked as lost.
func TestMissingBlankIsSettled(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, OpenShift{Counts: heaps(), Second: admin})
		short := heaps()
		short[0].Quantity = 799
		s.do(keeper, CloseShift{Counts: short, Second: admin})
		s.refused(keeper, SettleShift{Because: Because{Reason: "missing"}, Second: boss}, "registry.wrong_state") // counted once
		s.do(keeper, CloseShift{Counts: short, Second: admin})
		s.refused(keeper, SettleShift{Second: boss}, "registry.bad_operation")
		s.refused(keeper, SettleShift{Because: Because{Reason: "missing"}, Second: admin}, "registry.not_allowed")
		s.do(keeper, SettleShift{Because: Because{Reason: "missing"}, Second: boss})
		if s.held("lost") != 1 || s.held("store") != 799 {
			t.Errorf("lost %d, store %d", s.held("lost"), s.held("store"))
		}
		s.do(keeper, OpenShift{Counts: short, Second: admin})
		more := heaps()
		more[0].Quantity = 801
		s.do(keeper, CloseShift{Counts: more, Second: admin})
		s.do(keeper, CloseShift{Counts: more, Second: admin})
		s.do(keeper, SettleShift{Because: Because{Reason: "found"}, Second: boss})
		if s.held("store") != 801 {
			t.Errorf("store %d", s.held("store"))
		}
	})
}

// Where shifts are kept nothing is loaded or fed outside of one; what lies in a hopper comes back at any time.
func TestNothingIsFedOutsideAShift(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		load := LoadHopper{Line: line1, Lot: lotA, Quantity: 10, Second: admin}
		s.queued(1)
		s.idle(line1)
		s.refuses([]refusal{{"before the first shift", keeper, load, noShift.Code}})
		s.do(keeper, UnloadHopper(load))
		counts := heaps()
		counts[0].Quantity, counts[1].Quantity = 810, 90
		s.do(keeper, OpenShift{Counts: counts, Second: admin})
		s.do(keeper, load)
		s.next(line1)
		s.do(keeper, CloseShift{Counts: heaps(), Second: admin})
		s.refuses([]refusal{{"behind the shift", keeper, load, noShift.Code}})
	}, func(c *Config) { c.Shifts = true })
}

// A roll is fitted and taken out by two, counts its own cards, and is destroyed with a berita acara: it carries faces.
func TestRoll(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.refused(keeper, ReceiveRoll{"0000A0B0C0D000000001", "ribbon", "YMCKO", 200}, "registry.bad_operation")
		s.refused(keeper, ReceiveRoll{"0000a0b0c0d000000001", "ribbon", "YMCKO", 200}, "registry.bad_operation")
		s.refused(keeper, ReceiveRoll{"R1", "tape", "YMCKO", 200}, "registry.bad_operation")
		s.do(keeper, ReceiveRoll{"R-0001", "ribbon", "YMCKO", 2})
		s.do(keeper, ReceiveRoll{"R-0002", "ribbon", "YMCKO", 200})
		s.refused(keeper, ReceiveRoll{"R-0001", "ribbon", "YMCKO", 200}, "registry.wrong_state")
		s.refused(keeper, FitRoll{Serial: "R-0001", Line: line1}, "registry.second_person_missing")
		s.do(keeper, FitRoll{"R-0001", line1, admin})
		s.refused(keeper, FitRoll{"R-0002", line1, admin}, "registry.wrong_state")
		s.refused(keeper, RemoveRoll{Serial: "R-0002", Seal: "SEGEL-1", Second: admin}, "registry.wrong_state")
		s.produced(1, "")
		list, err := s.r.Rolls(bg, RollFilter{Line: line1, Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Used != 1 || list[0].Left != 1 {
			t.Errorf("%+v", list)
		}
		s.refused(keeper, RemoveRoll{Serial: "R-0001", Seal: "SEGEL-1", Left: 3, Second: admin}, "registry.bad_operation")
		s.do(keeper, RemoveRoll{Serial: "R-0001", Seal: "SEGEL-1", Left: 1, Second: admin})
		s.national()
		d := s.do(keeper, OpenDestruction{}).Answer
		s.refused(keeper, AddToDestruction{d, "R-0002", ""}, "registry.wrong_state")
		s.do(keeper, AddToDestruction{d, "R-0001", ""})
		s.do(keeper, CountIn{d, 1})
		s.do(admin, DestroyAll{d, 1, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", 64)}, boss})
		if list, err = s.r.Rolls(bg, RollFilter{State: RollDestroyed, Limit: 10}); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		s.endedWith("roll.destroyed", "R-0001", d)
	})
}

// endedWith looks for the one event of a roll that ended with a list.
func (s *room) endedWith(code, roll, list string) {
	s.Helper()
	events, err := s.r.Events(bg, 0, 100, audit.Filter{Code: code})
	if err != nil || len(events) != 1 || events[0].Detail["roll"] != roll || events[0].Detail["destruction"] != list || events[0].Line != string(line1) {
		s.Errorf("%s: %+v, %v", code, events, err)
	}
}

// A roll that went to the Directorate General was told as destroyed, which nobody here has seen.
func TestRollIsSentAway(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, ReceiveRoll{"R-0001", "ribbon", "YMCKO", 200})
		s.do(keeper, FitRoll{"R-0001", line1, admin})
		s.do(keeper, RemoveRoll{Serial: "R-0001", Seal: "SEGEL-1", Left: 200, Second: admin})
		d := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{d, "R-0001", ""})
		s.do(keeper, CountIn{d, 1})
		s.do(admin, SendDestruction{Destruction: d, Count: 1, Second: boss})
		s.endedWith("roll.sent", "R-0001", d)
		s.do(keeper, AcknowledgeDestruction{d, "474.4/1/2026"})
		for state, want := range map[RollState]int{RollRemoved: 0, RollDestroyed: 0, RollSent: 1} {
			if list, err := s.r.Rolls(bg, RollFilter{State: state, Limit: 10}); err != nil || len(list) != want {
				t.Errorf("%s: %+v, %v", state, list, err)
			}
		}
	})
}

// A roll of which the printer used more, or less, than the ledger knows of comes out with a reason only, which stays on
// record; a few panels are cut from every roll.
func TestPanelsAgainstCards(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const panels, printed = 100, 3
		for _, c := range []struct {
			roll   string
			left   int
			reason string
			code   fault.Code
			apart  int
		}{
			{"R-A", panels - printed, "", "", 0},
			{"R-B", notTold, "", panelsDiffer.Code, 0},
			{"R-B", notTold, "not_told", "", 0},
			{"R-C", panels - rollSlack, "", "", rollSlack},
			{"R-D", panels - rollSlack - 1, "", panelsDiffer.Code, rollSlack + 1},
			{"R-D", panels - rollSlack - 1, "worn", badOperation.Code, rollSlack + 1},
			{"R-D", panels - rollSlack - 1, "unexplained", "", rollSlack + 1},
		} {
			remove := RemoveRoll{Serial: c.roll, Seal: "SEGEL-1", Left: c.left, Because: Because{Reason: c.reason}, Second: admin}
			if _, known, err := rollFor(s, c.roll); err != nil || !known {
				s.must(err)
				s.db.Clock.Advance(time.Hour)
				s.do(keeper, ReceiveRoll{c.roll, "ribbon", "YMCKO", panels})
				s.do(keeper, FitRoll{c.roll, line1, admin})
				if c.roll == "R-A" {
					for n := range printed {
						s.produced(n+1, "")
					}
				}
			}
			if c.code != "" {
				s.refused(keeper, remove, c.code)
				continue
			}
			s.do(keeper, remove)
			r, _, err := rollFor(s, c.roll)
			s.must(err)
			if r.Apart() != c.apart || r.Cause != c.reason || r.State != RollRemoved {
				t.Errorf("%s: %d apart, %q, %s", c.roll, r.Apart(), r.Cause, r.State)
			}
		}
		s.db.Clock.Advance(time.Hour)
		s.do(keeper, ReceiveRoll{"R-E", "ribbon", "YMCKO", panels})
		s.do(keeper, FitRoll{"R-E", line1, admin})
		for n := range rollSlack + 1 {
			s.produced(printed+n+1, "")
		}
		s.refused(keeper, RemoveRoll{Serial: "R-E", Seal: "SEGEL-1", Left: panels, Second: admin}, panelsDiffer.Code) // cards, and no panel
	})
}

func rollFor(s *room, serial string) (r RollUse, known bool, err error) {
	list, err := s.r.Rolls(bg, RollFilter{Limit: 10})
	for _, x := range list {
		if x.Serial == serial {
			return x, true, err
		}
	}
	return r, false, err
}

// The same seed draws the same sample; the report names what did not appear.
func TestInspection(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chips := []ktp.ChipUID{s.produced(1, ""), s.produced(2, ""), s.produced(3, "")}
		s.do(kec, shown(appID(3), chips[2]))
		s.do(officer, HandOver{Application: appID(3), Chip: chips[2]}) // is with its holder: not asked for
		s.do(keeper, ReceiveRoll{"R-0001", "ribbon", "YMCKO", 200})
		s.refused(admin, DrawInspection{Seed: "inspektur-7", Cards: 2}, "registry.not_allowed")
		s.refused(auditor, DrawInspection{Seed: "short", Cards: 2}, "registry.bad_operation")
		s.refused(auditor, DrawInspection{Seed: "6105014107900001", Cards: 2}, "registry.bad_operation")
		s.refused(auditor, DrawInspection{Seed: "pemeriksaan ä", Cards: 2}, "registry.bad_operation")
		s.refused(auditor, DrawInspection{Seed: "inspektur-7"}, "registry.bad_operation")
		id := s.do(auditor, DrawInspection{Seed: "inspektur-7", Cards: 5, Rolls: 1}).Answer
		i, err := s.r.InspectionByID(bg, id)
		s.must(err)
		if len(i.Items) != 3 || i.Items[2].Kind != "roll" {
			t.Fatalf("%+v", i.Items)
		}
		s.refused(keeper, PresentItem{id, string(chips[2])}, "registry.bad_operation")
		s.do(keeper, PresentItem{id, "R-0001"})
		s.do(keeper, PresentItem{id, string(chips[0])})
		s.do(keeper, PresentItem{id, string(chips[0])})
		if res := s.do(auditor, CloseInspection{id}); res.Answer != "1" {
			t.Errorf("%+v", res)
		}
		missing, err := s.r.Events(bg, 0, 100, audit.Filter{Code: "inspection.missing"})
		s.must(err)
		if len(missing) != 1 || missing[0].Detail["item"] != string(chips[1]) {
			t.Errorf("%+v", missing)
		}
	})
}

// The order of a sample is the published one: anybody can draw it again.
func TestSampleCanBeRepeated(t *testing.T) {
	t.Parallel()
	all := func() (list []InspectedItem) {
		for i := range byte(20) {
			list = append(list, InspectedItem{Item: hex.EncodeToString([]byte{i}), Kind: "blank"})
		}
		return list
	}
	a, b := sample("seed-number-1", all(), 5), sample("seed-number-1", all(), 7)
	if !slices.Equal(a, b[:5]) {
		t.Errorf("%v is not the beginning of %v", a, b)
	}
	if slices.Equal(a, sample("seed-number-2", all(), 5)) {
		t.Error("another seed draws the same")
	}
}

// Blanks come in by the supplier's list, all or none; the event has the root of the list.
func TestStockImports(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		list := []ktp.ChipUID{"0000AA00000000000001", "0000AA00000000000002"}
		s.refused(keeper, ImportBlanks{Lot: "LOT-C", Product: "ktp-el-wni", Chips: []ktp.ChipUID{list[0], list[0]}}, "registry.bad_operation")
		first := s.do(keeper, ImportBlanks{Lot: "LOT-C", Product: "ktp-el-wni", Chips: list}).Answer
		s.refused(keeper, ImportBlanks{Lot: "LOT-D", Product: "ktp-el-wni", Chips: []ktp.ChipUID{"0000AA00000000000003", list[1]}}, "stock.chip_elsewhere")
		if s.held("store") != 802 || len(first) != 64 {
			t.Errorf("store %d, root %s", s.held("store"), first)
		}
		if res := s.do(keeper, ImportDenied{Chips: list, Because: Because{Reason: "stolen"}}); res.Answer != "2" {
			t.Errorf("%+v", res)
		}
		if res := s.do(keeper, ImportDenied{Chips: list, Because: Because{Reason: "stolen"}}); res.Answer != "0" {
			t.Errorf("%+v", res)
		}
		s.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin})
	})
}

// A count that waits for its second person does not tell whether it fits.
func TestProposedCountTellsNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for _, counts := range [][]Counted{heaps(), nil} {
			res, err := s.r.Propose(bg, keeper, OpenShift{Counts: counts}, s.key())
			s.must(err)
			p, _, err := s.r.Proposal(bg, res.Answer)
			s.must(err)
			if p.Preview.Answer != "" {
				t.Errorf("preview %+v", p.Preview)
			}
		}
	})
}

// Blanks that are missing in the morning do not keep the room shut for good; those that are known by their
// chips are named.
func TestOpeningIsSettled(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		known := []ktp.ChipUID{"0000AA00000000000001", "0000AA00000000000002"}
		s.do(keeper, ImportBlanks{Lot: "LOT-C", Product: "ktp-el-wni", Chips: known})
		counts := append(heaps(), blanksAt("store", "LOT-C", 1))
		counts[0].Quantity = 799
		settle := SettleShift{Because: Because{Reason: "missing"}, Counts: counts, Missing: []string{string(known[0])}, Second: boss}
		s.refused(keeper, settle, "registry.wrong_state")
		for range fewestRecounts {
			s.do(keeper, OpenShift{Counts: counts, Second: admin})
		}
		s.refused(keeper, SettleShift{Because: Because{Reason: "missing"}, Counts: counts, Second: boss}, "stock.not_enough")
		s.refused(keeper, SettleShift{Because: Because{Reason: "missing"}, Counts: counts, Missing: []string{string(known[0]), string(known[1])}, Second: boss}, "registry.bad_operation")
		if res := s.do(keeper, settle); res.Answer != AnswerOpened {
			t.Errorf("%+v", res)
		}
		if s.held("lost") != 2 || s.placeOf(known[0]) != "lost" || s.placeOf(known[1]) != "store" {
			t.Errorf("%d lost", s.held("lost"))
		}
		if res := s.do(keeper, CloseShift{Counts: counts, Second: admin}); res.Answer != AnswerClosed {
			t.Errorf("%+v", res)
		}
	})
}

// A card that did not appear is held, and can be declared lost though it was in no bag.
func TestMissingCardIsLookedInto(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		id := s.do(auditor, DrawInspection{Seed: "inspektur-7", Cards: 5}).Answer
		s.do(auditor, CloseInspection{id})
		s.refused(kec, shown(appID(1), chip), RecordHeld.Code)
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Chip != chip {
			t.Fatalf("%+v", list)
		}
		s.do(admin, CloseInvestigation{list[0].ID, OutcomeLost, boss})
		s.state(1, Returned)
		s.do(admin, Remake{appID(1), Because{Reason: "lost"}, boss2})
		s.state(1, Queued)
	})
}

// One that is found after all stays where it was.
func TestMissingCardIsFoundHere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		before := s.placeOf(chip)
		s.do(auditor, CloseInspection{s.do(auditor, DrawInspection{Seed: "inspektur-7", Cards: 5}).Answer})
		list, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
		s.must(err)
		s.do(admin, CloseInvestigation{list[0].ID, OutcomeFound, boss})
		if got := s.placeOf(chip); got != before {
			t.Errorf("at %s, was at %s", got, before)
		}
		s.do(kec, shown(appID(1), chip))
	})
}

// Whatever two persons count, the second of them counts before anything is shown; else the first count would be copied.
func TestSecondCounts(t *testing.T) {
	t.Parallel()
	counted := 0
	for _, row := range Operations {
		of := reflect.TypeOf(row.Of)
		_, many := of.FieldByName("Counts")
		_, one := of.FieldByName("Count")
		want := row.Second != "" && (many || one)
		if want {
			counted++
		}
		if got := SecondCounts(row.Name); got != want {
			t.Errorf("%s: the second person counts unseen: %v", row.Name, got)
		}
	}
	if counted < 5 || SecondCounts("no.such") {
		t.Errorf("%d operations by two persons who count", counted)
	}
}
