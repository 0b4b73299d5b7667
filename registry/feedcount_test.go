package registry

import (
	"fmt"
	"maps"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// fedAt is the evidence of a feed whose printer counts n cards.
func fedAt(n int) jobs.Evidence { return jobs.Evidence{Printer: "P1", Cards: &n} }

// A blank that was purged unread has left the hopper when the next card is fed, and when a doubt is written
// down; it is the same blank when it is read at last.
func TestUnreadBlankIsCountedOut(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper := s.held("hopper/line-1")
		s.queued(1)
		s.queued(2)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, fedAt(100)))
		out := unsure("personalize.card_missing")
		cards := 102
		out.Cards, out.Printer = &cards, "P1"
		s.must(s.settle(o, jobs.Feed, out))
		if h, r := s.held("hopper/line-1"), s.held("reject/line-1"); h != hopper-2 || r != 1 {
			t.Errorf("%d in the hopper, before %d; %d in the reject tray", h, hopper, r)
		}
		next := s.next(line1)
		s.must(s.intend(next, jobs.Feed, fedAt(103)))
		s.must(s.intend(next, jobs.Feed, fedAt(103)))
		if h, r := s.held("hopper/line-1"), s.held("reject/line-1"); h != hopper-3 || r != 2 {
			t.Errorf("%d in the hopper, before %d; %d in the reject tray", h, hopper, r)
		}
		s.must(s.settle(next, jobs.Feed, ok()))
		s.must(s.settle(next, jobs.Claim, fails("applet.chip_failed")))
		s.step(next, jobs.Reject, "")
		s.must(s.settle(next, jobs.Reject, jobs.Outcome{Result: jobs.Done, Tray: "reject"}))
		// Of three untouched chips the first answers the doubt, the others are those that were counted.
		for _, chip := range []ktp.ChipUID{"U1", "U2", "U3"} {
			s.must(s.r.Found(bg, s.session(line1), chip, ktp.AttemptID{}, "reject"))
		}
		if h, r := s.held("hopper/line-1"), s.held("reject/line-1"); h != hopper-4 || r != 4 {
			t.Errorf("read: %d in the hopper, before %d; %d in the reject tray", h, hopper, r)
		}
		// Which of those that nobody had read each was is not known, and is told: the fourth lies there still.
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "card.found"})
		s.must(err)
		told := map[ktp.ChipUID]string{}
		for _, e := range events {
			if e.Chip != "" {
				told[e.Chip] = e.Detail["one_of"]
			}
		}
		if want := map[ktp.ChipUID]string{"U1": "4", "U2": "3", "U3": "2"}; !maps.Equal(told, want) {
			t.Errorf("one of %v, want %v", told, want)
		}
	})
}

// Another printer under the line, one without a serial number, and a counter that was set back or leapt, take
// nothing out of the hopper.
func TestAnotherCounterProvesNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper := s.held("hopper/line-1")
		s.queued(1)
		o := s.next(line1)
		for _, c := range []struct {
			printer string
			cards   int
		}{
			{"P1", 100}, {"P2", 4000}, {"P2", 3}, {"P2", 3 + mostUnread + 1}, {"P2", 1<<32 - 1}, {"", 10}, {"", 40}, {"P2", 41},
		} {
			e := fedAt(c.cards)
			e.Printer = c.printer
			s.must(s.intend(o, jobs.Feed, e))
		}
		if h := s.held("hopper/line-1"); h != hopper {
			t.Errorf("%d in the hopper, before %d", h, hopper)
		}
	})
}

// Whatever the printer feeds unasked between cards, and however many of it are read before they are counted,
// the hopper of the ledger holds what the counter left in it.
func TestHopperFollowsTheCounter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper, counter, n := s.held("hopper/line-1"), 1000, 0
		feed := func() jobs.Order {
			n++
			s.queued(n)
			o := s.next(line1)
			s.must(s.intend(o, jobs.Feed, fedAt(counter)))
			return o
		}
		for unasked := range 3 {
			for read := range unasked + 1 {
				o := feed()
				s.must(s.settle(o, jobs.Feed, ok()))
				s.must(s.intend(o, jobs.Claim, jobs.Evidence{Chip: ktp.ChipUID(fmt.Sprintf("C%d", n))}))
				counter, hopper = counter+1+unasked, hopper-1-unasked
				for i := range read {
					s.must(s.r.Found(bg, s.session(line1), ktp.ChipUID(fmt.Sprintf("U%d.%d", n, i)), ktp.AttemptID{}, "reject"))
				}
				s.must(s.settle(o, jobs.Claim, fails("printer.jam")))
				s.step(o, jobs.Reject, "")
				next := feed()
				if h := s.held("hopper/line-1"); h != hopper {
					t.Errorf("%d unasked, %d of them read: the ledger has %d in the hopper, the world %d", unasked, read, h, hopper)
				}
				s.must(s.settle(next, jobs.Feed, fails("printer.no_cards")))
			}
		}
	})
}

// A blank that the counter told of, and that was inside all the time where no sensor saw it, becomes that of
// the next attempt: the counter does not move then, and it is not counted out of the hopper twice. A blank in
// doubt is not taken for it.
func TestUnseenBlankBecomesTheNextCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper := s.held("hopper/line-1")
		s.queued(1)
		s.queued(2)
		s.queued(3)
		two := s.next(line1)
		s.must(s.intend(two, jobs.Feed, fedAt(100)))
		out := unsure("printer.jam")
		cards := 102 // one came out; the other stayed inside
		out.Cards, out.Printer = &cards, "P1"
		s.must(s.settle(two, jobs.Feed, out))
		next := s.next(line1)
		s.must(s.intend(next, jobs.Feed, fedAt(102)))
		s.must(s.settle(next, jobs.Feed, ok()))
		s.must(s.intend(next, jobs.Claim, jobs.Evidence{Chip: "C1"}))
		s.must(s.settle(next, jobs.Claim, fails("applet.chip_failed")))
		s.step(next, jobs.Reject, "")
		third := s.next(line1)
		s.must(s.intend(third, jobs.Feed, fedAt(102)))
		s.must(s.settle(third, jobs.Feed, ok()))
		s.must(s.intend(third, jobs.Claim, jobs.Evidence{Chip: "C2"}))
		s.must(s.settle(third, jobs.Claim, fails("applet.chip_failed")))
		s.step(third, jobs.Reject, "")
		fourth := s.next(line1)
		for range 2 { // the same reading again changes nothing
			s.must(s.intend(fourth, jobs.Feed, fedAt(103)))
			if h := s.held("hopper/line-1"); h != hopper-3 {
				t.Errorf("%d in the hopper, before %d", h, hopper)
			}
		}
	})
}

// A feed in doubt that never happened, of which the counter says so later alone: what the printer feeds next is
// not counted beside it.
func TestDoubtThatNeverLeft(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper := s.held("hopper/line-1")
		for n := range 4 {
			s.queued(n + 1)
		}
		doubted := func(before *int, now int) {
			t.Helper()
			o := s.next(line1)
			s.must(s.intend(o, jobs.Feed, jobs.Evidence{Printer: "P1", Cards: before}))
			out := unsure("personalize.card_missing")
			out.Cards, out.Printer = &now, "P1"
			s.must(s.settle(o, jobs.Feed, out))
		}
		three := 3
		first := s.next(line1)
		s.must(s.intend(first, jobs.Feed, fedAt(three)))
		s.must(s.settle(first, jobs.Feed, fails("printer.no_cards")))
		doubted(nil, three)      // none left the hopper, and no counter told so before
		doubted(&three, three+2) // two did
		if h, d := s.held("hopper/line-1"), s.held("doubt"); h != hopper-2 || d != 2 {
			t.Errorf("%d in the hopper, before %d; %d in doubt", h, hopper, d)
		}
	})
}
