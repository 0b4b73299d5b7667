package registry

import (
	"strings"
	"testing"

	"blanko/fault"
)

const lotT = "LOT-T"

// Test cards come from blanks of their own, with a reason and two names, and end as the spoiled ones do; a resident's
// card is never made of one, nor a test card of a blank for residents.
func TestTestStock(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.national()
		s.refused(admin, ReceiveTestBlanks{lotT, "ktp-el-wni", 20}, "registry.not_allowed")
		s.refused(keeper, ReceiveTestBlanks{"", "ktp-el-wni", 20}, "registry.bad_operation")
		s.do(keeper, ReceiveTestBlanks{lotT, "ktp-el-wni", 20})
		s.refused(keeper, ReceiveBlanks{lotT, "ktp-el-wni", 5}, "stock.other_purpose")
		s.refused(keeper, ReceiveTestBlanks{lotA, "ktp-el-wni", 5}, "stock.other_purpose")
		s.refused(keeper, ReceiveTestBlanks{lotT, "ktp-el-oa", 5}, "stock.lot_received")

		s.refused(keeper, LoadHopper{Line: line1, Lot: lotT, Quantity: 1, Second: admin}, "stock.other_purpose")
		because := Because{Reason: "new_head"}
		s.refused(keeper, DrawTestBlanks{lotA, 1, because, admin}, "stock.other_purpose")
		s.refused(keeper, DrawTestBlanks{lotT, 1, Because{Reason: "whim"}, admin}, "registry.bad_operation")
		s.refused(keeper, DrawTestBlanks{lotT, 1, because, Actor{}}, "registry.second_person_missing")
		s.refused(keeper, DrawTestBlanks{lotT, 21, because, admin}, "stock.not_enough")
		s.do(keeper, DrawTestBlanks{lotT, 5, because, admin})

		drawn := append(heaps(), blanksAt("store", lotT, 15))
		for range 2 { // what is drawn is counted, too
			if res := s.do(keeper, OpenShift{Counts: drawn, Second: admin}); res.Answer != AnswerRecount {
				t.Errorf("%+v", res)
			}
		}
		if res := s.do(keeper, OpenShift{Counts: append(drawn, blanksAt("testing", lotT, 5)), Second: admin}); res.Answer != AnswerOpened {
			t.Errorf("%+v", res)
		}
		s.refused(keeper, EndTestBlanks{lotT, 0, 0, admin}, "registry.bad_operation")
		s.refused(keeper, EndTestBlanks{lotT, 5, 1, admin}, "stock.not_enough")
		s.refused(keeper, EndTestBlanks{lotT, 6, 0, admin}, "stock.not_enough")
		s.do(keeper, EndTestBlanks{lotT, 3, 1, admin})
		for place, want := range map[string]int{"testing": 1, "spoiled": 3} {
			if n := s.held(place); n != want {
				t.Errorf("%d at %s, want %d", n, place, want)
			}
		}

		waiting, err := s.r.NamelessBlanks(bg, 0, 10)
		s.must(err)
		if len(waiting) != 3 || !waiting[0].Test || waiting[0].Lot != lotT {
			t.Fatalf("%+v", waiting)
		}
		list := s.do(keeper, OpenDestruction{}).Answer
		s.refused(keeper, AddToDestruction{list, "BLANK:999", ""}, "registry.card_unknown")
		for _, w := range waiting {
			s.do(keeper, AddToDestruction{list, w.Item, ""})
			s.refused(keeper, AddToDestruction{list, w.Item, ""}, "registry.wrong_state")
		}
		if left, err := s.r.NamelessBlanks(bg, NumberOfNameless(waiting[0].Item), 10); err != nil || len(left) != 0 {
			t.Errorf("still waiting: %+v, %v", left, err)
		}
		s.do(keeper, CountIn{list, 3})
		s.do(admin, DestroyAll{list, 3, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{strings.Repeat("a", 64)}, boss})
		_, items, err := s.r.Destruction(bg, list)
		s.must(err)
		if len(items) != 3 || items[0].Cause != causeTestCard || items[0].Application != "" {
			t.Errorf("%+v", items)
		}
		if s.held("spoiled") != 0 || s.held("destroyed") != 3 {
			t.Errorf("%d spoiled, %d destroyed", s.held("spoiled"), s.held("destroyed"))
		}
	})
}

// Two persons cannot count a test blank into a hopper either.
func TestNoTestBlankIsCountedIntoAHopper(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(keeper, ReceiveTestBlanks{lotT, "ktp-el-wni", 3})
		counts := append(heaps(), blanksAt("store", lotT, 2), blanksAt("hopper/"+string(line1), lotT, 1))
		for range fewestRecounts {
			s.do(keeper, OpenShift{Counts: counts, Second: admin})
		}
		s.refused(keeper, SettleShift{Because: Because{Reason: "miscounted"}, Counts: counts, Second: boss}, "stock.other_purpose")
	})
}

// No counted blank moves once a count did not fit, and none of the test stock while no shift is open: a difference is
// settled by the supervisor. What a heap should hold is told by no refusal.
func TestTestBlanksMoveInsideAShift(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		because, left := Because{Reason: "new_head"}, heaps()
		s.do(keeper, ReceiveTestBlanks{lotT, "ktp-el-wni", 7})
		s.do(keeper, OpenShift{Counts: append(left, blanksAt("store", lotT, 7)), Second: admin})
		s.do(keeper, DrawTestBlanks{lotT, 5, because, admin})
		for _, op := range []Operation{DrawTestBlanks{lotT, 6, because, admin}, EndTestBlanks{lotT, 6, 0, admin}, EndTestBlanks{lotT, 0, 6, admin}} {
			_, err := s.r.Do(bg, keeper, op, s.key())
			if fault.CodeOf(err) != "stock.not_enough" || strings.ContainsAny(err.Error(), "25") {
				t.Errorf("%v", err)
			}
		}
		s.do(keeper, EndTestBlanks{lotT, 1, 1, admin})
		counts := append(left, blanksAt("store", lotT, 3), blanksAt("testing", lotT, 2))
		if res := s.do(keeper, CloseShift{Counts: counts, Second: admin}); res.Answer != AnswerRecount {
			t.Fatalf("%+v", res)
		}
		s.refused(keeper, EndTestBlanks{lotT, 1, 0, admin}, "registry.wrong_state")
		s.refused(keeper, DrawTestBlanks{lotT, 1, because, admin}, "registry.wrong_state")
		s.refused(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin}, "registry.wrong_state")
		s.refused(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: 1, Second: admin}, "registry.wrong_state")
		counts[len(counts)-1].Quantity = 3
		if res := s.do(keeper, CloseShift{Counts: counts, Second: admin}); res.Answer != AnswerClosed {
			t.Fatalf("%+v", res)
		}
		s.refused(keeper, EndTestBlanks{lotT, 1, 0, admin}, "registry.no_shift")
	}, func(c *Config) { c.Shifts = true })
}
