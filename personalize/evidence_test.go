package personalize

import (
	"testing"

	"blanko/applet"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
)

func num(n int) *int { return &n }

// The recovery table of a feed: sensor and feed counter against the reading of the intent.
func TestFedByEvidence(t *testing.T) {
	t.Parallel()
	at := func(pos printer.Known[printer.Position], cards printer.Known[int]) printer.Status {
		return printer.Status{Card: pos, Counters: printer.Counters{Cards: cards}}
	}
	none, inside := printer.Know(printer.PositionNone), printer.Know(printer.PositionPrint)
	var blind printer.Known[printer.Position]
	var mute printer.Known[int]
	for _, c := range []struct {
		name   string
		before *int
		now    printer.Status
		want   feedProof
	}{
		{"card inside", num(5), at(inside, printer.Know(6)), fedInside},
		{"card inside, counter stuck", num(5), at(inside, printer.Know(5)), fedInside},
		{"nothing moved", num(5), at(none, printer.Know(5)), fedNot},
		{"moved and gone", num(5), at(none, printer.Know(6)), fedUnknown},
		{"no counter", nil, at(none, printer.Know(6)), fedUnknown},
		{"counter mute now", num(5), at(none, mute), fedUnknown},
		{"sensor mute", num(5), at(blind, printer.Know(5)), fedUnknown},
	} {
		if got := fed(jobs.Evidence{Cards: c.before}, c.now); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The recovery table of a print: counters prove that it was finished, and never that it did not begin.
func TestPrintedByEvidence(t *testing.T) {
	t.Parallel()
	five := printer.Panels{Front: printer.Side{Panels: make([]printer.Panel, 5)}}
	both := five
	both.Back = &printer.Side{Panels: make([]printer.Panel, 2)}
	count := func(panels, ribbon int) printer.Counters {
		return printer.Counters{Panels: printer.Know(panels), RibbonLeft: printer.Know(ribbon)}
	}
	before := jobs.Evidence{Panels: num(100), RibbonLeft: num(500)}
	for _, c := range []struct {
		name   string
		before jobs.Evidence
		now    printer.Counters
		job    printer.Panels
		want   bool
	}{
		{"nothing moved, or the ribbon that tore was replaced", before, count(100, 500), five, false},
		{"ribbon moved, no panel counted", before, count(100, 499), five, false},
		{"half", before, count(103, 499), five, false},
		{"whole", before, count(105, 499), five, true},
		{"whole, and another ribbon since", before, count(105, 500), five, true},
		{"front only of two sides", before, count(105, 499), both, false},
		{"both sides", before, count(107, 498), both, true},
		{"no counter then", jobs.Evidence{}, count(105, 499), five, false},
		{"no counter now", before, printer.Counters{}, five, false},
		{"counter went back", before, count(0, 500), five, false},
		{"finished", jobs.Evidence{Prints: num(7)}, printer.Counters{Prints: printer.Know(8)}, both, true},
		{"not finished", jobs.Evidence{Prints: num(7)}, printer.Counters{Prints: printer.Know(7)}, five, false},
		{"something else finished too", jobs.Evidence{Prints: num(7)}, printer.Counters{Prints: printer.Know(9)}, five, false},
		{"no count of finished prints now", jobs.Evidence{Prints: num(7)}, printer.Counters{}, five, false},
	} {
		if got := printed(c.before, c.now, c.job); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Whose card is inside: the attempt id on the chip decides; guessing between two is refused.
func TestOwnerOfTheCardInside(t *testing.T) {
	t.Parallel()
	id := func(b byte) ktp.AttemptID { return ktp.AttemptID{b} }
	e := func(b byte, s jobs.State, chip ktp.ChipUID) jobs.Entry {
		return jobs.Entry{Order: jobs.Order{Attempt: id(b)}, State: s, Chip: chip}
	}
	entries := []jobs.Entry{e(1, jobs.InDoubt, "A"), e(2, jobs.Fed, ""), e(3, jobs.InDoubt, "C")}
	for _, c := range []struct {
		name     string
		entries  []jobs.Entry
		probe    applet.Probe
		answered bool
		want     int
	}{
		{"its id", entries, applet.Probe{Attempt: id(3), State: applet.Written}, true, 2},
		{"an id of nobody", entries, applet.Probe{Attempt: id(9), State: applet.Written}, true, -1},
		{"untouched, one at work", entries, applet.Probe{State: applet.Blank}, true, 1},
		{"untouched, two at work", []jobs.Entry{e(1, jobs.Fed, ""), e(2, jobs.Open, "")}, applet.Probe{State: applet.Blank}, true, -1},
		{"untouched, but the attempt knows another chip", []jobs.Entry{e(1, jobs.Fed, "X")}, applet.Probe{State: applet.Blank, UID: "Y"}, true, -1},
		{"untouched, attempt further on", []jobs.Entry{e(1, jobs.Printed, "X")}, applet.Probe{State: applet.Blank, UID: "Y"}, true, -1},
		{"terminated, chip known", entries, applet.Probe{State: applet.Terminated, UID: "C"}, true, 2},
		{"terminated, chip unknown", entries, applet.Probe{State: applet.Terminated, UID: "Z"}, true, -1},
		{"mute, one at work", []jobs.Entry{e(1, jobs.Printed, "X")}, applet.Probe{}, false, 0},
		{"mute, nobody at work", []jobs.Entry{e(1, jobs.InDoubt, "X")}, applet.Probe{}, false, -1},
	} {
		if got := owner(c.entries, c.probe, c.answered); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}

// What keeps a printer from its next act, and what does not.
func TestObstacles(t *testing.T) {
	t.Parallel()
	empty := printer.Status{Hopper: printer.Know(printer.LevelEmpty), Error: printer.ClassNoCards}
	out := printer.Status{Ribbon: printer.Know(printer.Ribbon{Left: printer.Know(0)})}
	jam := printer.Status{Error: printer.ClassJam}
	open := printer.Status{Cover: printer.Know(false)}
	full := printer.Status{Output: printer.Know(printer.LevelFull)}
	dirty := printer.Status{Cleaning: printer.Cleaning{Due: printer.Know(true)}}
	for _, c := range []struct {
		name              string
		st                printer.Status
		move, print, feed printer.Class
	}{
		{"nothing known, nothing in the way", printer.Status{}, "", "", ""},
		{"hopper empty", empty, "", "", printer.ClassNoCards},
		{"ribbon out", out, "", printer.ClassRibbonOut, printer.ClassRibbonOut},
		{"jam", jam, printer.ClassJam, printer.ClassJam, printer.ClassJam},
		{"cover open", open, printer.ClassCoverOpen, printer.ClassCoverOpen, printer.ClassCoverOpen},
		{"output full", full, "", "", printer.ClassOutputFull},
		{"cleaning due", dirty, "", "", printer.ClassCleaningDue},
	} {
		got := [3]printer.Class{obstacle(c.st, forMove), obstacle(c.st, forPrint), obstacle(c.st, forFeed)}
		if want := [3]printer.Class{c.move, c.print, c.feed}; got != want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
