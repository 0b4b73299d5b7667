package registry

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

// counted is a line whose printer counts, with the truth about its hopper.
type counted struct {
	*room
	n, cards, hopper int
	printer          string
}

// feed is the intent of the next feed.
func (c *counted) feed() jobs.Order {
	c.Helper()
	c.n++
	c.queued(c.n)
	o := c.next(line1)
	e := fedAt(c.cards)
	e.Printer = c.printer
	c.must(c.intend(o, jobs.Feed, e))
	return o
}

// card feeds a blank that ends in the reject tray.
func (c *counted) card() {
	c.Helper()
	o := c.feed()
	c.hopper, c.cards = c.hopper-1, c.cards+1
	c.must(c.settle(o, jobs.Feed, ok()))
	c.must(c.intend(o, jobs.Claim, jobs.Evidence{Chip: ktp.ChipUID(fmt.Sprintf("C%d", c.n))}))
	c.must(c.settle(o, jobs.Claim, fails("printer.jam")))
	c.step(o, jobs.Reject, "")
}

// look is a feed that finds no card to feed: it holds the counter against the ledger.
func (c *counted) look() {
	c.Helper()
	c.must(c.settle(c.feed(), jobs.Feed, fails("printer.no_cards")))
}

func (c *counted) restart() {
	c.Helper()
	_, _, err := c.r.Unsettled(bg, line1, jobs.Session{})
	c.must(err)
}

func (c *counted) inDoubt() (n int) {
	c.Helper()
	list, err := c.r.FedStanding(bg)
	c.must(err)
	for _, s := range list {
		n += s.Blanks
	}
	return n
}

func (c *counted) details(code string) (list []map[string]string) {
	c.Helper()
	events, err := c.r.Events(bg, 0, 100000, audit.Filter{Code: code})
	c.must(err)
	for _, e := range events {
		list = append(list, e.Detail)
	}
	return list
}

func counting(s *room) *counted {
	c := &counted{room: s, cards: 1000, hopper: s.held("hopper/line-1"), printer: "P1"}
	c.card()
	return c
}

// What a printer feeds while its line stands is no longer lost from sight: it is in doubt, by number, until two
// persons say what became of it.
func TestFedWhileTheLineStood(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		c := counting(s)
		c.restart()
		c.cards, c.hopper = c.cards+5, c.hopper-3 // three test cards of somebody, two cards of a cleaning
		c.look()
		c.look() // told once
		if n := c.inDoubt(); n != 5 || s.held("hopper/line-1") != c.hopper-2 {
			t.Errorf("%d in doubt, %d in the hopper", n, s.held("hopper/line-1"))
		}
		want := map[string]string{"printer": "P1", "counter": "1000", "now": "1006", "counted": "5", "blanks": "5"}
		if told := c.details("stock.fed_standing"); len(told) != 1 || !maps.Equal(told[0], want) {
			t.Errorf("told %v, want %v", told, want)
		}
		s.refused(admin, SettleFed{Line: line1, Stayed: 2}, "registry.second_person_missing")
		s.refused(admin, SettleFed{Line: line1, Stayed: 2, Second: admin}, "registry.same_person")
		s.refused(admin, SettleFed{Line: line1, Second: boss}, "registry.bad_operation")
		s.refused(admin, SettleFed{Line: line1, Stayed: -1, Lost: 2, Second: boss}, "registry.bad_operation")
		s.refused(admin, SettleFed{Line: line1, Stayed: 6, Second: boss}, "registry.wrong_state")
		s.refused(admin, SettleFed{Line: line2, Stayed: 1, Second: boss}, "registry.wrong_state")
		// One is met in the path, and answers for itself.
		s.must(s.r.Found(bg, s.session(line1), "U1", ktp.AttemptID{}, "reject"))
		s.do(admin, SettleFed{Line: line1, Stayed: 2, Found: 1, Lost: 1, Second: boss})
		if n := c.inDoubt(); n != 0 || s.held("hopper/line-1") != c.hopper || s.held("lost") != 1 || s.held("reject/line-1") != 3 {
			t.Errorf("%d in doubt, %d in the hopper, %d lost, %d in the reject tray", n, s.held("hopper/line-1"), s.held("lost"), s.held("reject/line-1"))
		}
		c.card() // what stayed is not counted again
		c.look()
		if h := s.held("hopper/line-1"); h != c.hopper || c.inDoubt() != 0 {
			t.Errorf("%d in the hopper, %d of the world", h, c.hopper)
		}
	})
}

// The mark outlives a stop; where it proves nothing, it is dropped and that is told with the reason.
func TestWhenTheFeedMarkIsDropped(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(c *counted)
		cause     string // empty: nothing is told
		doubt     int
	}{
		"nothing happened":             {func(*counted) {}, "", 0},
		"fed":                          {func(c *counted) { c.cards += 2 }, "", 2},
		"stopped twice":                {func(c *counted) { c.cards++; c.restart(); c.cards++ }, "", 2},
		"another printer":              {func(c *counted) { c.printer, c.cards = "P2", 9000 }, markAnother, 0},
		"a printer without a number":   {func(c *counted) { c.printer, c.cards = "", 9000 }, markAnother, 0},
		"the counter went back":        {func(c *counted) { c.cards = 3 }, markBack, 0},
		"more than the hopper held":    {func(c *counted) { c.cards += 5000 }, "", 99},
		"the hopper was empty already": {func(c *counted) { c.unload(99); c.cards += 2 }, markEmpty, 0},
		"loaded anew":                  {func(c *counted) { c.unload(99); c.cards += 2; c.load(10) }, markLoaded, 0},
		"loaded besides":               {func(c *counted) { c.unload(9); c.cards += 2; c.load(9) }, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				line := counting(s)
				line.restart()
				c.meanwhile(line)
				line.look()
				line.look()
				var want []string
				if c.cause != "" {
					want = []string{c.cause}
				}
				var told []string
				for _, d := range line.details("feed.mark_dropped") {
					told = append(told, d["cause"])
				}
				if !slices.Equal(told, want) || line.inDoubt() != c.doubt {
					t.Errorf("told %v and %d in doubt, want %v and %d", told, line.inDoubt(), want, c.doubt)
				}
			})
		})
	}
}

func (c *counted) unload(n int) {
	c.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: n, Second: admin})
}

func (c *counted) load(n int) {
	c.do(keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: n, Second: admin})
}

// A printer without a counter proves nothing and asks nothing.
func TestStandWithoutACounter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper := s.held("hopper/line-1")
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{Printer: "P1"}))
		s.must(s.settle(o, jobs.Feed, fails("printer.no_cards")))
		_, _, err := s.r.Unsettled(bg, line1, jobs.Session{})
		s.must(err)
		s.must(s.intend(s.next(line1), jobs.Feed, jobs.Evidence{Printer: "P1"}))
		if h := s.held("hopper/line-1"); h != hopper {
			t.Errorf("%d in the hopper, before %d", h, hopper)
		}
	})
}

// Whatever a printer feeds or only counts, while its line works or stands, and however often the line is started:
// no blank leaves the hopper of the world without the ledger saying so, once the counter was read; and what two
// persons settled by the truth is the truth.
func TestHopperFollowsTheCounterAcrossStops(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newRoom(t, storetest.SQLite(t))
		defer func() { _ = s.store.Close() }()
		s.helper = rt
		c := counting(s)
		var fed, only int // since the counter was read: blanks, and what was only counted
		var openFed, openOnly, rejected int
		stood := false
		for range rapid.IntRange(1, 12).Draw(rt, "length") {
			switch rapid.SampledFrom([]string{"card", "feeds", "counts", "restart", "settle"}).Draw(rt, "what") {
			case "card":
				c.card()
				if stood {
					openFed, openOnly = openFed+fed, openOnly+only
				} else {
					rejected += fed
				}
				fed, only, stood = 0, 0, false
			case "feeds":
				fed++
				c.cards, c.hopper = c.cards+1, c.hopper-1
			case "counts": // a cleaning takes a line that stands
				c.restart()
				stood = true
				only++
				c.cards++
			case "restart":
				c.restart()
				stood = true
			case "settle":
				if openFed+openOnly > 0 {
					c.do(admin, SettleFed{Line: line1, Stayed: openOnly, Lost: openFed, Second: boss})
					openFed, openOnly = 0, 0
				}
			}
			if have, want := s.held("hopper/line-1"), c.hopper+fed-openOnly; have != want || c.inDoubt() != openFed+openOnly {
				rt.Fatalf("the ledger has %d in the hopper and %d in doubt, want %d and %d", have, c.inDoubt(), want, openFed+openOnly)
			}
		}
	})
}
