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
	// PullAt lets the plug be pulled, CutAt the power be cut, in the middle of a motion: of the next feed
	// (panel 0), or of the n-th panel of the next print. Plug and Power undo it.
	PullAt, CutAt func(panel int)
	// Break lets the next transfer to the printer (out) or from it meet the trouble.
	Break func(trouble Trouble, out bool)
	// Broken tells whether that has happened.
	Broken func() bool
	// Audit lists cards that the world has lost or has twice.
	Audit func() []string
	// Few leaves out the mishaps that fare alike in every language.
	Few bool
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

// moment is how far a card has come.
type moment int

const (
	atRest moment = iota
	inFeed
	inPanel
	beforeEject
)

// mishap is one row: what happens to the cable, when, and what the person does about it.
type mishap struct {
	name   string
	when   moment
	strike func(*testing.T, Cable)
	mend   func(Cable)
	few    bool // what the language makes of it hangs on its framing
}

// panelOfMishap is the panel within which the cable breaks: one is on the card, others are not.
const panelOfMishap = 2

func mishaps() []mishap {
	plug, power, nothing := func(c Cable) { c.Plug.Undo() }, func(c Cable) { c.Power.Undo() }, func(Cable) {}
	at := func(panel int, way func(Cable) func(int)) func(*testing.T, Cable) {
		return func(_ *testing.T, c Cable) { way(c)(panel) }
	}
	pull := func(c Cable) func(int) { return c.PullAt }
	cut := func(c Cable) func(int) { return c.CutAt }
	list := []mishap{
		{"plug pulled at rest", atRest, func(_ *testing.T, c Cable) { c.Plug.Do() }, plug, false},
		{"plug pulled in the feed", inFeed, at(0, pull), plug, false},
		{"plug pulled in a panel", inPanel, at(panelOfMishap, pull), plug, true},
		{"plug pulled before the eject", beforeEject, func(_ *testing.T, c Cable) { c.Plug.Do() }, plug, false},
		{"power cut in the feed", inFeed, at(0, cut), power, false},
		{"power cut in a panel", inPanel, at(panelOfMishap, cut), power, true},
		{"power cut before the eject", beforeEject, func(_ *testing.T, c Cable) { c.Power.Do() }, power, false},
	}
	for _, v := range []struct {
		trouble Trouble
		out     bool
		name    string
		few     bool
	}{
		{TroubleStall, true, "a panel", true}, {TroubleStall, false, "an answer", true}, {TroubleNoise, true, "a panel", false},
		{TroubleBabble, false, "an answer", false}, {TroubleSilent, true, "a panel", false}, {TroubleSilent, false, "an answer", true},
		{TroubleDeaf, true, "a panel", false},
	} {
		mend := nothing
		if v.trouble == TroubleDeaf {
			mend = func(c Cable) { c.Plug.Do(); c.Plug.Undo() }
		}
		list = append(list, mishap{v.name + " " + string(v.trouble), inPanel, func(t *testing.T, c Cable) {
			c.DuringPanel(panelOfMishap, func() { c.Break(v.trouble, v.out) })
			t.Cleanup(func() {
				if !c.Broken() {
					t.Errorf("no transfer %s", v.trouble)
				}
			})
		}, mend, v.few})
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
		if first.Few && !m.few {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			m.run(t, open(t))
		})
	}
}

func (m mishap) run(t *testing.T, c Cable) {
	path, owns := c.Printer.(printer.Path)
	if !owns && m.when == beforeEject {
		t.Skip("the printer lays its cards out by itself")
	}
	before, job := c.status(t).Counters, c.job()
	if m.when == beforeEject {
		if err := c.Printer.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		if _, inside := c.Inside(); !inside {
			t.Skip("the printer does not hold a printed card")
		}
	}
	m.strike(t, c)
	var err error
	begun := m.when == inPanel || m.when == inFeed && !owns
	switch {
	case m.when == atRest:
		_, err = c.Printer.Status(t.Context())
	case m.when == beforeEject:
		err = path.Eject(t.Context(), printer.TrayOutput)
	case m.when == inFeed && owns:
		err = path.Move(t.Context(), c.station())
	default:
		err = c.Printer.Print(t.Context(), job)
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
	case m.when == atRest:
		cards = 0
	case !owns:
		cards = min(c.Fed(), 1) // a job that did not arrive whole feeds none
	}
	c.accounted(t, before, job, cards)
	if _, inside := c.Inside(); inside && owns {
		tray := printer.TrayOutput
		if m.when != beforeEject && c.Printer.Capabilities().RejectTray {
			tray = printer.TrayReject
		}
		if err := path.Eject(t.Context(), tray); err != nil {
			t.Fatalf("the card cannot go out: %v", err)
		}
	}
	if m.when == beforeEject && !c.complete(job) {
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
			whole = l.Letter == p.Letter && l.Levels == p.Levels && bytes.Equal(l.Dots, p.Dots)
		}
		if whole {
			return true
		}
	}
	return false
}
