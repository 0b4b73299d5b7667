package printertest

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"blanko/fault"
	"blanko/printer"
)

// printed is the card that was printed last: inside, or the newest in the output.
func (b Bench) printed(t *testing.T) Card {
	t.Helper()
	can(t, b.Inside != nil, b.Trays != nil)
	if c, ok := b.Inside(); ok {
		return c
	}
	output, _ := b.Trays()
	if len(output) == 0 {
		t.Fatal("no printed card is anywhere")
	}
	return output[len(output)-1]
}

// blank checks that nothing is on the card inside, if there is one.
func (b Bench) blank(t *testing.T) {
	t.Helper()
	can(t, b.Inside != nil)
	if c, ok := b.Inside(); ok && len(c.Front)+len(c.Back) > 0 {
		t.Errorf("%d panels are on the card", len(c.Front)+len(c.Back))
	}
}

func printExact(t *testing.T, b Bench) {
	if path, ok := b.Printer.(printer.Path); ok {
		if err := path.Move(t.Context(), b.station()); err != nil {
			t.Fatal(err)
		}
	}
	job := b.whole()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	card := b.printed(t)
	compare(t, "front", job.Geometry, job.Front, card.Front)
	if len(card.Back) > 0 {
		t.Errorf("%d panels on the back", len(card.Back))
	}
}

// One makes one card of the suite and finds it exact. It leaves the printer.
func One(t *testing.T, b Bench) {
	t.Helper()
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	compare(t, "the card", job.Geometry, job.Front, b.printed(t).Front)
	path, owns := b.Printer.(printer.Path)
	if _, inside := b.Inside(); !inside || !owns {
		return
	}
	if err := path.Eject(t.Context(), printer.TrayOutput); err != nil {
		t.Fatal(err)
	}
}

func printBothSides(t *testing.T, b Bench) {
	if !b.Printer.Capabilities().TwoSided {
		t.Skip("prints one side")
	}
	job := b.whole()
	back := side(job.Geometry, "K", 5)
	job.Back = &back
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	card := b.printed(t)
	compare(t, "front", job.Geometry, job.Front, card.Front)
	compare(t, "back", job.Geometry, back, card.Back)
	b.fed(t, 1)
}

func printFeeds(t *testing.T, b Bench) {
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	compare(t, "front", job.Geometry, job.Front, b.printed(t).Front)
	b.fed(t, 1)
}

func printHolds(t *testing.T, b Bench) {
	path := b.path(t)
	c := b.Printer.Capabilities()
	can(t, b.Inside != nil, b.Trays != nil)
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatal(err)
	}
	before, _ := b.Inside()
	if err := b.Printer.Print(t.Context(), b.job()); err != nil {
		t.Fatal(err)
	}
	after, inside := b.Inside()
	if inside != c.HoldAfterPrint {
		t.Fatalf("inside after the print: %v, the capabilities say %v", inside, c.HoldAfterPrint)
	}
	if !c.HoldAfterPrint {
		b.at(t, printer.PositionNone)
		return
	}
	if after.Serial != before.Serial {
		t.Errorf("card %s is inside, want %s", after.Serial, before.Serial)
	}
	if c.ReturnAfterPrint {
		if err := path.Move(t.Context(), b.station()); err != nil {
			t.Fatal(err)
		}
		b.at(t, b.station())
	}
	if err := path.Eject(t.Context(), printer.TrayOutput); err != nil {
		t.Fatal(err)
	}
	// The next card is held as well, whatever the way out did to the settings.
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatal(err)
	}
	if err := b.Printer.Print(t.Context(), b.job()); err != nil {
		t.Fatal(err)
	}
	if _, inside := b.Inside(); !inside {
		t.Error("the second card was not held")
	}
	b.fed(t, 2)
}

func badPanels(t *testing.T, b Bench) {
	before := b.status(t).Counters
	change := func(f func(*printer.Panels)) printer.Panels {
		job := b.job()
		f(&job)
		return job
	}
	for name, job := range map[string]printer.Panels{
		"no panel":        {Geometry: b.Printer.Capabilities().Geometry},
		"other geometry":  change(func(j *printer.Panels) { j.Geometry.Rows++ }),
		"panel cut short": change(func(j *printer.Panels) { p := &j.Front.Panels[0]; p.Dots = p.Dots[1:] }),
		"dot over its levels": change(func(j *printer.Panels) {
			p := shallow(j.Front)
			p.Dots = bytes.Clone(p.Dots)
			p.Dots[len(p.Dots)-1] = byte(p.Levels)
		}),
		"unknown panel": change(func(j *printer.Panels) { j.Front.Panels[0].Letter = '?' }),
		"a panel twice": change(func(j *printer.Panels) {
			j.Front.Panels = append(j.Front.Panels, j.Front.Panels[len(j.Front.Panels)-1])
		}),
	} {
		if err := b.Printer.Print(t.Context(), job); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := b.status(t).Counters; after != before {
		t.Errorf("counters went from %+v to %+v", before, after)
	}
	b.fed(t, 0)
}

// shallow is the first panel whose dots do not use up a byte.
func shallow(s printer.Side) *printer.Panel {
	for i := range s.Panels {
		if s.Panels[i].Levels < 256 {
			return &s.Panels[i]
		}
	}
	return nil
}

// printFailsBefore: what a print finds before it sends a panel is of kind Device, with
// nothing on the card.
func printFailsBefore(t *testing.T, b Bench) {
	can(t, b.Cover.Do != nil)
	before := b.status(t).Counters
	b.Cover.Do()
	if st := b.status(t); st.Error == printer.ClassNone && !st.Cover.Known {
		t.Skip("the printer does not tell an open cover")
	}
	err := b.Printer.Print(t.Context(), b.job())
	if fault.KindOf(err) != fault.Device || printer.ClassOf(err) != b.says(printer.ClassCoverOpen) {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	b.blank(t)
	b.Cover.Undo()
	b.clear(t)
	if after := b.status(t).Counters; after.Panels != before.Panels || after.RibbonLeft != before.RibbonLeft {
		t.Errorf("counters went from %+v to %+v", before, after)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Printer.Print(ctx, b.job()); fault.KindOf(err) != fault.Device || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %s, %v", fault.KindOf(err), err)
	}
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatalf("the print that never began cannot be made: %v", err)
	}
	compare(t, "front", job.Geometry, job.Front, b.printed(t).Front)
}

// printFailsAfter: a card that sticks under the head leaves the print in doubt, and the
// printer needs a person and Clear.
func printFailsAfter(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.JamAt != nil, b.Jam.Undo != nil)
	b.JamAt(2)
	err := b.Printer.Print(t.Context(), b.job())
	if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassJam {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	if st := b.status(t); st.Error == printer.ClassNone || st.Ready.Value {
		t.Errorf("after the jam: %+v", st)
	}
	b.Jam.Undo()
	if err := path.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.at(t, printer.PositionNone)
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	compare(t, "front", job.Geometry, job.Front, b.printed(t).Front)
	b.fed(t, 2)
}

func ribbonEnds(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.SpentAt != nil, b.Spent.Undo != nil)
	b.SpentAt(2)
	err := b.Printer.Print(t.Context(), b.job())
	if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassRibbonOut {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	if st := b.status(t); st.Error != printer.ClassRibbonOut || st.Ready.Value {
		t.Errorf("with the ribbon at its end: %+v", st)
	}
	b.Spent.Undo()
	if err := path.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := b.status(t); st.Error != printer.ClassNone {
		t.Errorf("with a new ribbon: %+v", st)
	}
	tray := printer.TrayOutput
	if b.Printer.Capabilities().RejectTray {
		tray = printer.TrayReject
	}
	if err := path.Eject(t.Context(), tray); err != nil {
		t.Fatal(err)
	}
	b.at(t, printer.PositionNone)
}

func canceledWithin(t *testing.T, b Bench) {
	can(t, b.DuringPanel != nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.DuringPanel(b.wire(), cancel)
	err := b.Printer.Print(ctx, b.job())
	if fault.KindOf(err) != fault.InDoubt || !errors.Is(err, context.Canceled) {
		t.Errorf("got %s, %v", fault.KindOf(err), err)
	}
	b.clear(t)
	if path, ok := b.Printer.(printer.Path); ok {
		if err := path.Eject(t.Context(), printer.TrayOutput); err != nil {
			t.Fatal(err)
		}
	}
	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	compare(t, "front", job.Geometry, job.Front, b.printed(t).Front)
}
