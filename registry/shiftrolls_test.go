package registry

import (
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/registry/audit"
)

const film, ribbon = "film", "ribbon"

func rollsAt(kind, place, product string, n int) Counted {
	return Counted{Heap{kind, place, product}, n}
}

// withRolls has two ribbons and a film in the store, and a ribbon in the printer of line 1.
func (s *room) withRolls() []Counted {
	s.Helper()
	for _, serial := range []string{"R-1", "R-2", "R-3"} {
		s.do(keeper, ReceiveRoll{serial, ribbon, "YMCKO", 200})
	}
	s.do(keeper, ReceiveRoll{"F-1", film, "CLEAR", 500})
	s.do(keeper, FitRoll{"R-1", line1, admin})
	return append(heaps(), rollsAt(ribbon, "store", "YMCKO", 2), rollsAt(film, "store", "CLEAR", 1), rollsAt(ribbon, "fitted/line-1", "YMCKO", 1))
}

// differing are the same counts with another number for one heap.
func differing(counts []Counted, c Counted) []Counted {
	out := slices.Clone(counts)
	out[slices.IndexFunc(out, func(x Counted) bool { return x.Heap == c.Heap })] = c
	return out
}

func (s *room) rollState(serial string) RollState {
	s.Helper()
	r, err := s.r.Roll(bg, serial)
	s.must(err)
	return r.State
}

// Ribbons and films are counted as blanks are: in the store and in printers, by their product. Those taken out are sealed
// and not counted.
func TestRollsAreCounted(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		counts := s.withRolls()
		s.refused(keeper, OpenShift{Counts: append(counts, rollsAt(ribbon, "hopper/line-1", "YMCKO", 1)), Second: admin}, "registry.bad_operation")
		s.refused(keeper, OpenShift{Counts: append(counts, rollsAt("tape", "store", "YMCKO", 1)), Second: admin}, "registry.bad_operation")
		for what, wrong := range map[string][]Counted{
			"no roll is counted":             heaps(),
			"one fewer in the store":         differing(counts, rollsAt(ribbon, "store", "YMCKO", 1)),
			"none in the printer":            differing(counts, rollsAt(ribbon, "fitted/line-1", "YMCKO", 0)),
			"one that the ledger knows not":  append(slices.Clone(counts), rollsAt(film, "fitted/line-2", "CLEAR", 1)),
			"blanks under the name of rolls": append(counts[:len(counts)-3:len(counts)-3], blanksAt("store", "YMCKO", 2), blanksAt("store", "CLEAR", 1), blanksAt("fitted/line-1", "YMCKO", 1)),
		} {
			if res := s.do(keeper, OpenShift{Counts: wrong, Second: admin}); res.Answer != AnswerRecount {
				t.Errorf("%s: %+v", what, res)
			}
		}
		if res := s.do(keeper, OpenShift{Counts: counts, Second: admin}); res.Answer != AnswerOpened {
			t.Fatalf("%+v", res)
		}
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 200, Second: admin})
		s.do(keeper, FitRoll{"R-2", line1, admin})
		after := differing(counts, rollsAt(ribbon, "store", "YMCKO", 1))
		if res := s.do(keeper, CloseShift{Counts: after, Second: admin}); res.Answer != AnswerClosed {
			t.Errorf("%+v", res)
		}
	})
}

// A roll that is missing is named by its serial, which the ledger tells only once the count is settled, and lost by two
// persons. It can be found again.
func TestMissingRollIsSettled(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		counts := s.withRolls()
		s.do(keeper, OpenShift{Counts: counts, Second: admin})
		short := differing(differing(counts, rollsAt(ribbon, "store", "YMCKO", 1)), rollsAt(ribbon, "fitted/line-1", "YMCKO", 0))
		settle := SettleShift{Because: Because{Reason: "missing"}, Second: boss}
		s.do(keeper, CloseShift{Counts: short, Second: admin})
		s.refused(keeper, settle, "registry.wrong_state")
		s.do(keeper, CloseShift{Counts: short, Second: admin})

		// Nothing has told until now what the ledger has.
		list, err := s.r.ListShifts(bg, "", 1)
		s.must(err)
		open, err := s.r.ShiftByID(bg, list[0].ID)
		s.must(err)
		if len(open.Counts) != 3*len(counts) || slices.ContainsFunc(open.Counts, func(c ShiftCount) bool { return c.Expected != 0 }) {
			t.Errorf("the open shift: %+v", open.Counts)
		}
		for _, e := range s.events("shift.miscounted") {
			if e.Detail["heaps"] != "2" || len(e.Detail) != 3 {
				t.Errorf("more than how many heaps differ, in which shift and before whom: %+v", e.Detail)
			}
		}

		// Who proposes alone is told nothing, whatever is named.
		for _, named := range [][]string{nil, {"R-1", "R-3"}, {"R-1", "R-2", "R-3"}, {"R-9"}} {
			res, err := s.r.Propose(bg, keeper, SettleShift{Because: settle.Because, Missing: named}, s.key())
			s.must(err)
			p, err := s.r.Proposals(bg, ProposalFilter{State: ProposalOpen, Limit: 10})
			s.must(err)
			if len(p) != 1 || p[0].Preview.Answer != "" || len(p[0].Preview.Events) != 0 {
				t.Errorf("%v: %+v, %+v", named, res, p)
			}
			s.do(boss, Decide{Proposal: res.Answer, Because: Because{Reason: "count_differs"}})
		}

		_, err = s.r.Do(bg, keeper, settle, s.key())
		if err == nil || !strings.Contains(err.Error(), "R-1") {
			t.Errorf("the roll of the printer is not named: %v", err)
		}
		settle.Missing = []string{"R-1"}
		_, err = s.r.Do(bg, keeper, settle, s.key())
		if err == nil || !strings.Contains(err.Error(), "R-2, R-3") {
			t.Errorf("the rolls of the store are not named: %v", err)
		}
		for _, wrong := range [][]string{{"R-1", "F-1"}, {"R-1", "R-2", "R-3"}, {"R-1", "R-2", "R-9"}, {"R-1", "R-1"}} {
			settle.Missing = wrong
			s.refused(keeper, settle, "registry.bad_operation")
		}
		settle.Missing = []string{"R-1", "R-3"}
		if res := s.do(keeper, settle); res.Answer != AnswerClosed {
			t.Fatalf("%+v", res)
		}
		for serial, want := range map[string]RollState{"R-1": RollLost, "R-2": RollStored, "R-3": RollLost, "F-1": RollStored} {
			if got := s.rollState(serial); got != want {
				t.Errorf("%s is %s", serial, got)
			}
		}
		lost := s.events("roll.lost")
		if len(lost) != 2 || lost[0].Detail["roll"] != "R-1" || lost[0].Detail["from"] != "fitted" || lost[0].Detail["reason"] != "missing" || lost[1].Detail["roll"] != "R-3" {
			t.Errorf("%+v", lost)
		}
		closed, err := s.r.ShiftByID(bg, list[0].ID)
		s.must(err)
		at := slices.IndexFunc(closed.Counts, func(c ShiftCount) bool {
			return c.Turn == turnClose && c.Heap == Heap{ribbon, "store", "YMCKO"}
		})
		if c := closed.Counts[at]; closed.Reason != "missing" || c.Counted != 1 || c.Expected != 2 {
			t.Errorf("%+v, %+v", closed, c)
		}
		if res := s.do(keeper, OpenShift{Counts: short, Second: admin}); res.Answer != AnswerOpened {
			t.Errorf("%+v", res)
		}

		// What was never in a printer is received again; what was carries faces and is sealed.
		s.refused(keeper, ReceiveRoll{"R-1", ribbon, "YMCKO", 200}, "registry.wrong_state")
		s.refused(keeper, ReceiveRoll{"R-3", ribbon, "YMCKO", 300}, "registry.wrong_state")
		s.do(keeper, ReceiveRoll{"R-3", ribbon, "YMCKO", 200})
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 200, Second: admin})
		if s.rollState("R-3") != RollStored || s.rollState("R-1") != RollRemoved {
			t.Errorf("R-3 is %s, R-1 is %s", s.rollState("R-3"), s.rollState("R-1"))
		}
	})
}

// What is moved after the last count is counted again: a settlement by older counts would lose a roll that nobody missed.
func TestSettlementOfAMovedLedger(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		counts := s.withRolls()
		s.do(keeper, OpenShift{Counts: counts, Second: admin})
		short := differing(counts, rollsAt(film, "store", "CLEAR", 0))
		s.do(keeper, CloseShift{Counts: short, Second: admin})
		s.do(keeper, CloseShift{Counts: short, Second: admin})
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 200, Second: admin})
		s.do(keeper, FitRoll{"R-2", line1, admin})
		settle := SettleShift{Because: Because{Reason: "missing"}, Missing: []string{"F-1", "R-2"}, Second: boss}
		s.refused(keeper, settle, "registry.wrong_state")
		if s.rollState("R-2") != RollFitted || s.rollState("F-1") != RollStored {
			t.Errorf("R-2 is %s, F-1 is %s", s.rollState("R-2"), s.rollState("F-1"))
		}
		s.do(keeper, CloseShift{Counts: differing(short, rollsAt(ribbon, "store", "YMCKO", 1)), Second: admin})
		s.refused(keeper, settle, "registry.bad_operation")
		settle.Missing = []string{"F-1"}
		if res := s.do(keeper, settle); res.Answer != AnswerClosed || s.rollState("R-2") != RollFitted || s.rollState("F-1") != RollLost {
			t.Errorf("%+v: R-2 is %s, F-1 is %s", res, s.rollState("R-2"), s.rollState("F-1"))
		}
	})
}

// A roll is counted at a line that there is.
func TestRollsAreCountedAtALine(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		counts := s.withRolls()
		for place, want := range map[string]fault.Code{
			"fitted/line-99": "jobs.line_unknown", "fitted/": "jobs.line_unknown", "fitted/meja budi": "jobs.line_unknown", "printer": "registry.bad_operation",
		} {
			s.refused(keeper, OpenShift{Counts: append(slices.Clone(counts), rollsAt(ribbon, place, "YMCKO", 1)), Second: admin}, want)
		}
	})
}

// A roll too many is made up by no settlement: the shift keeps the difference, and the next count differs until somebody
// receives it.
func TestRollTooMany(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		counts := s.withRolls()
		more := differing(counts, rollsAt(film, "store", "CLEAR", 2))
		for range fewestRecounts {
			s.do(keeper, OpenShift{Counts: more, Second: admin})
		}
		s.refused(keeper, SettleShift{Because: Because{Reason: "found"}, Counts: more, Missing: []string{"F-1"}, Second: boss}, "registry.bad_operation")
		if res := s.do(keeper, SettleShift{Because: Because{Reason: "found"}, Counts: more, Second: boss}); res.Answer != AnswerOpened {
			t.Fatalf("%+v", res)
		}
		told := s.events("stock.difference")
		if len(told) != 1 || told[0].Detail["kind"] != film || told[0].Detail["counted"] != "2" || told[0].Detail["expected"] != "1" || told[0].Detail["reason"] != "found" {
			t.Errorf("%+v", told)
		}
		if res := s.do(keeper, CloseShift{Counts: more, Second: admin}); res.Answer != AnswerRecount {
			t.Errorf("%+v", res)
		}
		s.do(keeper, ReceiveRoll{"F-2", film, "CLEAR", 500})
		if res := s.do(keeper, CloseShift{Counts: more, Second: admin}); res.Answer != AnswerClosed {
			t.Errorf("%+v", res)
		}
	})
}

// What is to be counted is told without a number, and who counts is not given the list of the rolls in the store.
func TestCounterIsToldNoRolls(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		var want []Heap
		for _, c := range s.withRolls() {
			want = append(want, c.Heap)
		}
		slices.SortFunc(want, Heap.Compare)
		got, err := s.r.Countable(bg)
		s.must(err)
		if !slices.Equal(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		for who, blind := range map[*Actor]bool{&keeper: true, &admin: true, &boss: false, &auditor: false} {
			if RollsCountedBlind(*who) != blind {
				t.Errorf("%s counts blind: %v", who.ID, !blind)
			}
		}
		seen, err := s.r.Rolls(bg, RollFilter{Blind: true, Limit: 10})
		s.must(err)
		if len(seen) != 1 || seen[0].Serial != "R-1" {
			t.Errorf("%+v", seen)
		}
	})
}

func (s *room) events(code string) []audit.Event {
	s.Helper()
	list, err := s.r.Events(bg, 0, 100, audit.Filter{Code: code})
	s.must(err)
	return list
}
