package printertest

import (
	"testing"

	"blanko/fault"
	"blanko/printer"
)

// A printer whose host does not own the card's way feeds and lays out by itself, and a person
// carries the card. These cases are for such printers alone.

func (b Bench) alone(t *testing.T) {
	t.Helper()
	if _, ok := b.Printer.(printer.Path); ok {
		t.Skip("the host owns the card's way")
	}
}

// prints makes a job and finds it on the newest card of the output.
func (b Bench) prints(t *testing.T, what string) {
	t.Helper()
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if _, inside := b.Inside(); inside {
		t.Errorf("%s: a card is inside after the print", what)
	}
	compare(t, what, job.Geometry, job.Front, b.printed(t).Front)
}

func alonePrints(t *testing.T, b Bench) {
	b.alone(t)
	can(t, b.Inside != nil, b.Trays != nil)
	before := b.status(t).Counters
	rise := func(what string, was, is printer.Known[int], by int) {
		t.Helper()
		if was.Known != is.Known || is.Known && is.Value != was.Value+by {
			t.Errorf("%s went from %+v to %+v, want %+d", what, was, is, by)
		}
	}
	for n := range 2 {
		b.prints(t, "print")
		now := b.status(t).Counters
		rise("cards", before.Cards, now.Cards, 1)
		rise("prints", before.Prints, now.Prints, 1)
		rise("panels", before.Panels, now.Panels, len(b.job().Front.Panels))
		rise("prints left", before.RibbonLeft, now.RibbonLeft, -1)
		before = now
		if output, reject := b.Trays(); len(output) != n+1 || len(reject) != 0 {
			t.Errorf("%d cards in the output, %d in the reject tray", len(output), len(reject))
		}
	}
	b.fed(t, 2)
}

func alonePower(t *testing.T, b Bench) {
	b.alone(t)
	can(t, b.Power.Do != nil)
	b.Power.Do()
	if _, err := b.Printer.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("status without power: %v", err)
	}
	if err := b.Printer.Print(t.Context(), b.job()); printer.ClassOf(err) != printer.ClassComm || fault.KindOf(err) != fault.Device {
		t.Errorf("print without power: %s, %v", fault.KindOf(err), err)
	}
	b.Power.Undo()
	b.clear(t)
	if st := b.status(t); st.Error != printer.ClassNone {
		t.Errorf("after Clear: %+v", st)
	}
	b.prints(t, "after the cut")
	b.fed(t, 1)
}

// finished counts the cards that carry every panel of the suite's job.
func (b Bench) finished() int {
	output, reject := b.Trays()
	n := 0
	for _, c := range append(output, reject...) {
		if len(c.Front) >= len(b.job().Front.Panels) {
			n++
		}
	}
	return n
}

// proves checks that the count of finished prints tells no more than what lies in the trays.
func (b Bench) proves(t *testing.T, before printer.Counters) {
	t.Helper()
	now := b.status(t).Counters
	if before.Prints.Known && now.Prints.Value > before.Prints.Value+b.finished() {
		t.Errorf("%d prints are counted, %d cards are finished", now.Prints.Value-before.Prints.Value, b.finished())
	}
}

func alonePowerWithin(t *testing.T, b Bench) {
	b.alone(t)
	can(t, b.Power.Do != nil, b.DuringPanel != nil, b.Trays != nil, b.Inside != nil)
	before := b.status(t).Counters
	b.DuringPanel(2, b.Power.Do)
	err := b.Printer.Print(t.Context(), b.job())
	if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	b.Power.Undo()
	b.clear(t)
	b.proves(t, before)
	b.prints(t, "after the cut")
}

func aloneJam(t *testing.T, b Bench) {
	b.alone(t)
	can(t, b.JamAt != nil, b.Jam.Undo != nil, b.Trays != nil, b.Inside != nil)
	before := b.status(t).Counters
	b.JamAt(2)
	b.inDoubt(t, before, printer.ClassJam)
	b.Jam.Undo()
	b.clear(t)
	b.prints(t, "after the jam")
	b.fed(t, 2)
}

func aloneRibbonEnds(t *testing.T, b Bench) {
	b.alone(t)
	can(t, b.SpentAt != nil, b.Spent.Undo != nil, b.Trays != nil, b.Inside != nil)
	before := b.status(t).Counters
	b.SpentAt(2)
	b.inDoubt(t, before, printer.ClassRibbonOut)
	b.Spent.Undo()
	b.clear(t)
	b.prints(t, "with a new ribbon")
	b.fed(t, 2)
}

// inDoubt prints where the printer finds the trouble only at work. Until Clear the printer is not
// said to be well.
func (b Bench) inDoubt(t *testing.T, before printer.Counters, c printer.Class) {
	t.Helper()
	err := b.Printer.Print(t.Context(), b.job())
	if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != b.says(c) {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	if st := b.status(t); st.Error == printer.ClassNone || st.Ready.Value {
		t.Errorf("after the print that failed: %+v", st)
	}
	b.proves(t, before)
}

// aloneTroubles are the troubles of a printer that only prints.
var aloneTroubles = []struct {
	class printer.Class
	act   func(Bench) Act
}{
	{printer.ClassNoCards, func(b Bench) Act { return b.Hopper }},
	{printer.ClassCoverOpen, func(b Bench) Act { return b.Cover }},
	{printer.ClassJam, func(b Bench) Act { return b.Jam }},
	{printer.ClassCardPosition, func(b Bench) Act { return b.Lost }},
	{printer.ClassOutputFull, func(b Bench) Act { return b.Output }},
	{printer.ClassRibbonGone, func(b Bench) Act { return b.Ribbon }},
	{printer.ClassRibbonWrong, func(b Bench) Act { return b.Wrong }},
	{printer.ClassRibbonOut, func(b Bench) Act { return b.Spent }},
	{printer.ClassCleaningDue, func(b Bench) Act { return b.Cleaned }},
}

// aloneClasses: what the status tells beforehand keeps a print from beginning; what it does not
// tell leaves the print in doubt. Both are over after the person acted and Clear.
func aloneClasses(t *testing.T, within func(*testing.T, func(*testing.T)), open func(*testing.T) Bench) {
	for _, v := range aloneTroubles {
		t.Run("without a path: "+string(v.class), func(t *testing.T) {
			t.Parallel()
			within(t, func(t *testing.T) {
				b := open(t)
				b.alone(t)
				act := v.act(b)
				can(t, act.Do != nil, b.Fed != nil, b.Trays != nil, b.Inside != nil)
				before := b.status(t).Counters
				act.Do()
				st := b.status(t)
				checkUnknown(t, st)
				switch {
				case v.class == printer.ClassCleaningDue:
					if st.Error != v.class || st.Cleaning.Due != printer.Know(true) {
						t.Errorf("cleaning is due: %+v", st)
					}
				case st.Error == printer.ClassNone:
					b.inDoubt(t, before, v.class)
				default:
					err := b.Printer.Print(t.Context(), b.job())
					if st.Error != b.says(v.class) || printer.ClassOf(err) != st.Error || fault.KindOf(err) != fault.Device {
						t.Errorf("the status says %q (%s), the print %s, %v", st.Error, st.Raw, fault.KindOf(err), err)
					}
					b.fed(t, 0)
				}
				if act.Undo != nil {
					act.Undo()
				}
				b.clear(t)
				if st := b.status(t); st.Error != printer.ClassNone {
					t.Errorf("after Clear the status says %q (%s)", st.Error, st.Raw)
				}
				b.prints(t, "after Clear")
			})
		})
	}
}
