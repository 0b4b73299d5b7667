package printertest

import (
	"bytes"
	"context"
	"testing"

	"blanko/fault"
	"blanko/printer"
)

// Cable is a bench at the end of a real cable, on which transfers break and from which the plug is
// pulled. The printer keeps its link: it finds the device again by itself.
type Cable struct {
	Bench
	// Plug pulls the plug; puts it back, and returns when the host has found the printer.
	Plug Act
	// PullAt lets the plug be pulled, CutAt the power be cut, at a moment of the next card. Plug and Power
	// undo it.
	PullAt, CutAt func(Moment)
	// Break lets the next transfer to the printer (out) or from it meet the trouble.
	Break func(trouble Trouble, out bool)
	// Broken tells whether that has happened.
	Broken func() bool
	// Audit lists cards that the world has lost or has twice.
	Audit func() []string
}

// Trouble is what a transfer meets.
type Trouble string

const (
	TroubleStall  Trouble = "stalls"
	TroubleNoise  Trouble = "gets no handshake"
	TroubleBabble Trouble = "babbles"
	TroubleSilent Trouble = "is not answered"
	TroubleDeaf   Trouble = "is not even given back" // until the plug is pulled
)

// Moment is how far a card has come.
type Moment int

const (
	AtRest      Moment = iota
	InFeed             // out of the hopper, not yet at a station
	InPanel            // in the middle of the last panel
	BeforeEject        // printed, and not yet on its way out
)

// mishap is one row: what happens to the cable, when, and what the person does about it.
type mishap struct {
	name   string
	when   Moment
	strike func(*testing.T, Cable)
	mend   func(Cable)
}

func mishaps() []mishap {
	plug, power, nothing := func(c Cable) { c.Plug.Undo() }, func(c Cable) { c.Power.Undo() }, func(Cable) {}
	var list []mishap
	for _, v := range []struct {
		name string
		now  func(Cable) func()
		at   func(Cable) func(Moment)
		mend func(Cable)
	}{
		{"plug pulled", func(c Cable) func() { return c.Plug.Do }, func(c Cable) func(Moment) { return c.PullAt }, plug},
		{"power cut", func(c Cable) func() { return c.Power.Do }, func(c Cable) func(Moment) { return c.CutAt }, power},
	} {
		now := func(_ *testing.T, c Cable) { v.now(c)() }
		at := func(when Moment) func(*testing.T, Cable) {
			return func(_ *testing.T, c Cable) { v.at(c)(when) }
		}
		list = append(list,
			mishap{v.name + " at rest", AtRest, now, v.mend},
			mishap{v.name + " in the feed", InFeed, at(InFeed), v.mend},
			mishap{v.name + " in a panel", InPanel, at(InPanel), v.mend},
			mishap{v.name + " before the eject", BeforeEject, func(t *testing.T, c Cable) {
				if _, owns := c.Printer.(printer.Path); !owns {
					at(BeforeEject)(t, c) // the printer ejects by itself
					return
				}
				now(t, c)
			}, v.mend})
	}
	for _, v := range []struct {
		trouble Trouble
		out     bool
		name    string
	}{
		{TroubleStall, true, "a panel"},
		{TroubleStall, false, "an answer"},
		{TroubleNoise, true, "a panel"},
		{TroubleBabble, false, "an answer"},
		{TroubleSilent, true, "a panel"},
		{TroubleSilent, false, "an answer"},
		{TroubleDeaf, true, "a panel"},
	} {
		mend := nothing
		if v.trouble == TroubleDeaf {
			mend = func(c Cable) { c.Plug.Do(); c.Plug.Undo() }
		}
		list = append(list, mishap{v.name + " " + string(v.trouble), InPanel, func(t *testing.T, c Cable) {
			c.DuringPanel(c.wire(), func() { c.Break(v.trouble, v.out) })
			t.Cleanup(func() {
				if !c.Broken() {
					t.Errorf("no transfer %s", v.trouble)
				}
			})
		}, mend})
	}
	return list
}

// RunCable runs the cases of the suite that a cable can change, and what happens to cables, each on a
// fresh bench in real time. What the printer tells of its sensors and its supplies, what is refused
// before anything is sent and how the card goes about are bytes like others to a cable: Run has them.
//
// After a mishap the error has its class, the print is in doubt or as it should be, the card is where the
// world has it, the counters tell no more than what lies there, and the next card is made over the same
// link.
func RunCable(t *testing.T, open func(t *testing.T) Cable) {
	first := open(t)
	_, owns := first.Printer.(printer.Path)
	list := []oneCase{
		{"print is exact", printExact},
		{"a canceled context moves nothing", canceledBefore},
		{"a context canceled within a panel leaves the print in doubt", canceledWithin},
	}
	if owns {
		list = append(list, oneCase{"counters rise by one card and the panels of a print", countersRise}, oneCase{"a lost answer is no reason to move twice", lostAnswer})
	} else {
		list = append(list, oneCase{"without a path: counters and trays of two prints", alonePrints})
	}
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, open(t).Bench)
		})
	}
	for _, m := range mishaps() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			m.run(t, open(t))
		})
	}
}

func (m mishap) run(t *testing.T, c Cable) {
	path, owns := c.Printer.(printer.Path)
	before, job := c.status(t).Counters, c.job()
	if m.when == BeforeEject && owns {
		if err := c.Printer.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		if _, inside := c.Inside(); !inside {
			t.Fatal("the printer does not hold a printed card")
		}
	}
	m.strike(t, c)
	var err error
	begun := m.when == InPanel || m.when != AtRest && !owns
	switch {
	case m.when == AtRest:
		_, err = c.Printer.Status(t.Context())
	case begun:
		err = c.Printer.Print(t.Context(), job)
	case m.when == InFeed:
		err = path.Move(t.Context(), c.station())
	default:
		err = path.Eject(t.Context(), printer.TrayOutput)
	}
	switch {
	case err == nil && begun && c.complete(job): // it got over it
	case printer.ClassOf(err) != printer.ClassComm, begun != (fault.KindOf(err) == fault.InDoubt):
		t.Errorf("it ends with %s, %v", fault.KindOf(err), err)
	}
	m.mend(c)
	c.overcome(t)
	cards := 1
	switch {
	case m.when == AtRest:
		cards = 0
	case !owns:
		cards = min(c.Fed(), 1) // a job that did not arrive whole feeds none
	}
	c.accounted(t, before, job, cards)
	if _, inside := c.Inside(); inside && owns {
		tray := printer.TrayOutput
		if m.when != BeforeEject && c.Printer.Capabilities().RejectTray {
			tray = printer.TrayReject
		}
		if err := path.Eject(t.Context(), tray); err != nil {
			t.Fatalf("the card cannot go out: %v", err)
		}
	}
	if m.when == BeforeEject && !c.complete(job) {
		t.Error("the card that was printed is not as it was")
	}
	if err := c.Printer.Print(t.Context(), job); err != nil {
		t.Fatalf("the next card: %v", err)
	}
	compare(t, "the next card", job.Geometry, job.Front, c.printed(t).Front)
	c.fed(t, cards+1)
	for _, lost := range c.Audit() {
		t.Error(lost)
	}
}

// overcome clears the error. A card that was left between two stations a person takes out.
func (c Cable) overcome(t *testing.T) {
	t.Helper()
	clearer, ok := c.Printer.(interface{ Clear(context.Context) error })
	if !ok {
		return
	}
	err := clearer.Clear(t.Context())
	if class := printer.ClassOf(err); class == printer.ClassCardPosition || class == printer.ClassJam {
		c.Lost.Undo()
		err = clearer.Clear(t.Context())
	}
	if err != nil {
		t.Fatalf("clear: %v", err)
	}
}

// accounted compares what the printer tells with the world.
func (c Cable) accounted(t *testing.T, before printer.Counters, job printer.Panels, cards int) {
	t.Helper()
	st := c.status(t)
	_, inside := c.Inside()
	if st.Card.Known && inside != (st.Card.Value != printer.PositionNone) {
		t.Errorf("a card inside: %v; the printer says %q", inside, st.Card.Value)
	}
	if now := st.Counters.Cards; now.Known && (now.Value != before.Cards.Value+cards || c.Fed() != cards) {
		t.Errorf("%d cards are counted, %d were fed, want %d", now.Value-before.Cards.Value, c.Fed(), cards)
	}
	c.proves(t, before)
	if now := st.Counters.Panels; now.Known && now.Value >= before.Panels.Value+len(job.Front.Panels) && !c.complete(job) {
		t.Errorf("%d panels are counted and no card has them all", now.Value-before.Panels.Value)
	}
}

// complete tells whether the card that was fed last carries the job to the dot.
func (c Cable) complete(job printer.Panels) bool {
	output, reject := c.Trays()
	all := append(output, reject...)
	if card, inside := c.Inside(); inside {
		all = append(all, card)
	}
	for _, card := range all {
		whole := len(card.Front) == len(job.Front.Panels)
		for i := 0; whole && i < len(card.Front); i++ {
			p, l := job.Front.Panels[i], card.Front[i]
			whole = l.Letter == p.Letter && l.Levels == p.Levels && bytes.Equal(l.Dots(), p.Dots)
		}
		if whole {
			return true
		}
	}
	return false
}
