package printertest

import (
	"testing"

	"blanko/fault"
	"blanko/printer"
)

// deed is what the host tries while the trouble lasts.
type deed string

const (
	looks  deed = "looks" // reads the status, no more
	feeds  deed = "feeds"
	prints deed = "prints" // with a card inside
	ejects deed = "ejects"
)

// trouble is one row of the error classes: what brings it about, and what it costs.
type trouble struct {
	class  printer.Class
	act    func(Bench) Act
	deed   deed
	before bool // the status tells it before the deed
	cards  int  // fed by the deed that fails
}

var troubles = []trouble{
	{printer.ClassNoCards, func(b Bench) Act { return b.Hopper }, feeds, true, 0},
	{printer.ClassCoverOpen, func(b Bench) Act { return b.Cover }, feeds, true, 0},
	{printer.ClassJam, func(b Bench) Act { return b.Jam }, feeds, false, 1},
	{printer.ClassCardPosition, func(b Bench) Act { return b.Lost }, feeds, false, 1},
	{printer.ClassOutputFull, func(b Bench) Act { return b.Output }, ejects, true, 0},
	{printer.ClassRibbonGone, func(b Bench) Act { return b.Ribbon }, prints, true, 0},
	{printer.ClassRibbonWrong, func(b Bench) Act { return b.Wrong }, prints, true, 0},
	{printer.ClassRibbonOut, func(b Bench) Act { return b.Spent }, prints, true, 0},
	{printer.ClassCleaningDue, func(b Bench) Act { return b.Cleaned }, looks, true, 0},
}

// errorClasses: each trouble surfaces with its class in the status or in the error of the
// deed, costs no more cards than it must, and is gone after the person acted and Clear.
func errorClasses(t *testing.T, within func(*testing.T, func(*testing.T)), open func(*testing.T) Bench) {
	for _, v := range troubles {
		t.Run(string(v.class), func(t *testing.T) {
			t.Parallel()
			within(t, func(t *testing.T) { v.run(t, open(t)) })
		})
	}
}

func (v trouble) run(t *testing.T, b Bench) {
	path := b.path(t)
	act := v.act(b)
	can(t, act.Do != nil, b.Fed != nil)
	if v.deed == prints || v.deed == ejects {
		if err := path.Move(t.Context(), b.station()); err != nil {
			t.Fatal(err)
		}
	}
	start := b.Fed()
	act.Do()
	if st := b.status(t); v.before && st.Error != v.class {
		t.Errorf("before the deed the status says %q (%s)", st.Error, st.Raw)
	}
	var err error
	switch v.deed {
	case looks:
	case feeds:
		err = path.Move(t.Context(), b.station())
	case prints:
		err = b.Printer.Print(t.Context(), b.job())
	case ejects:
		err = path.Eject(t.Context(), printer.TrayOutput)
	}
	if v.deed != looks {
		if printer.ClassOf(err) != v.class || fault.KindOf(err) != fault.Device {
			t.Errorf("the deed ends with %s, %v", fault.KindOf(err), err)
		}
		if st := b.status(t); st.Error == printer.ClassNone {
			t.Errorf("after the deed the status is %+v", st)
		}
		b.fed(t, start+v.cards)
	}

	switch {
	case v.class == printer.ClassCleaningDue:
		b.clean(t, path)
	case act.Undo != nil:
		act.Undo()
	}
	if err := path.Clear(t.Context()); err != nil {
		t.Fatalf("clear: %v", err)
	}
	if st := b.status(t); st.Error != printer.ClassNone {
		t.Errorf("after Clear the status says %q (%s)", st.Error, st.Raw)
	}
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatalf("after Clear: %v", err)
	}
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatalf("after Clear: %v", err)
	}
	compare(t, "front", job.Geometry, job.Front, b.printed(t).Front)
	if err := Emptied(path.Eject(t.Context(), printer.TrayOutput)); err != nil {
		t.Fatalf("after Clear: %v", err)
	}
	b.fed(t, start+v.cards+after(v.deed))
}

// after is how many cards are fed after the trouble: none where one stood inside.
func after(d deed) int {
	if d == prints || d == ejects {
		return 0
	}
	return 1
}
