package printertest

import (
	"testing"

	"blanko/printer"
)

// zeroIfUnknown is the rule of printer.Known: what is not known carries no value.
func zeroIfUnknown[T comparable](t *testing.T, name string, k printer.Known[T]) {
	t.Helper()
	var zero T
	if !k.Known && k.Value != zero {
		t.Errorf("%s is not known and says %v", name, k.Value)
	}
}

func checkUnknown(t *testing.T, st printer.Status) {
	t.Helper()
	zeroIfUnknown(t, "ready", st.Ready)
	zeroIfUnknown(t, "busy", st.Busy)
	zeroIfUnknown(t, "card", st.Card)
	zeroIfUnknown(t, "cover", st.Cover)
	zeroIfUnknown(t, "hopper", st.Hopper)
	zeroIfUnknown(t, "output", st.Output)
	zeroIfUnknown(t, "reject", st.Reject)
	zeroIfUnknown(t, "ribbon", st.Ribbon)
	zeroIfUnknown(t, "ribbon total", st.Ribbon.Value.Total)
	zeroIfUnknown(t, "ribbon left", st.Ribbon.Value.Left)
	zeroIfUnknown(t, "ribbon fits", st.Ribbon.Value.Fits)
	zeroIfUnknown(t, "film", st.Film)
	zeroIfUnknown(t, "film total", st.Film.Value.Total)
	zeroIfUnknown(t, "film left", st.Film.Value.Left)
	zeroIfUnknown(t, "cards since cleaning", st.Cleaning.Since)
	zeroIfUnknown(t, "cleaning limit", st.Cleaning.Limit)
	zeroIfUnknown(t, "cleaning due", st.Cleaning.Due)
	zeroIfUnknown(t, "cleaning must", st.Cleaning.Must)
	zeroIfUnknown(t, "cards", st.Counters.Cards)
	zeroIfUnknown(t, "panels", st.Counters.Panels)
	zeroIfUnknown(t, "prints", st.Counters.Prints)
	zeroIfUnknown(t, "prints left", st.Counters.RibbonLeft)
	zeroIfUnknown(t, "job", st.Counters.Job)
}

func statusReady(t *testing.T, b Bench) {
	st := b.status(t)
	checkUnknown(t, st)
	c := b.Printer.Capabilities()
	if st.Error != printer.ClassNone || st.Ready.Known && !st.Ready.Value {
		t.Errorf("a printer that is ready says %+v", st)
	}
	if st.Card.Known && st.Card.Value != printer.PositionNone {
		t.Errorf("card %q", st.Card.Value)
	}
	if st.Cover.Known && !st.Cover.Value {
		t.Error("the cover is closed and said to be open")
	}
	for name, v := range map[string]struct{ has, known bool }{
		"feed counter":  {c.FeedCounter, st.Counters.Cards.Known},
		"print counter": {c.PrintCounter, st.Counters.Panels.Known || st.Counters.Prints.Known},
		"ribbon":        {c.RibbonCounter, st.Counters.RibbonLeft.Known},
	} {
		if v.has != v.known {
			t.Errorf("%s: the capabilities say %v, the status %v", name, v.has, v.known)
		}
	}
	g := c.Geometry
	if c.Model == "" || c.Serial == "" || c.Panels == "" || g.Columns <= 0 || g.Rows <= 0 || g.DPI <= 0 || g.Levels < 2 {
		t.Errorf("capabilities %+v", c)
	}
}

func statusFollows(t *testing.T, b Bench) {
	before := b.status(t)
	if before.Hopper.Known {
		if before.Hopper.Value == printer.LevelEmpty {
			t.Errorf("hopper %q with %d cards", before.Hopper.Value, b.Cards)
		}
		can(t, b.Hopper.Do != nil)
		b.Hopper.Do()
		st := b.status(t)
		checkUnknown(t, st)
		if st.Hopper != printer.Know(printer.LevelEmpty) || st.Ready.Value {
			t.Errorf("hopper empty: %+v", st)
		}
		b.Hopper.Undo()
	}
	if before.Cover.Known {
		can(t, b.Cover.Do != nil)
		b.Cover.Do()
		st := b.status(t)
		checkUnknown(t, st)
		if st.Cover != printer.Know(false) || st.Ready.Value || st.Error != printer.ClassCoverOpen {
			t.Errorf("cover open: %+v", st)
		}
		b.Cover.Undo()
	}
	if st := b.status(t); st.Ready != before.Ready || st.Error != printer.ClassNone {
		t.Errorf("after all is well again: %+v", st)
	}
}

func countersRise(t *testing.T, b Bench) {
	path := b.path(t)
	before := b.status(t).Counters
	rise := func(what string, before, after printer.Known[int], by int) {
		t.Helper()
		if before.Known != after.Known || after.Known && after.Value != before.Value+by {
			t.Errorf("%s went from %+v to %+v, want %+d", what, before, after, by)
		}
	}
	if err := path.Move(t.Context(), b.station()); err != nil {
		t.Fatal(err)
	}
	fed := b.status(t).Counters
	rise("cards", before.Cards, fed.Cards, 1)
	rise("panels", before.Panels, fed.Panels, 0)
	rise("prints left", before.RibbonLeft, fed.RibbonLeft, 0)

	job := b.job()
	if err := b.Printer.Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	printed := b.status(t).Counters
	rise("cards", fed.Cards, printed.Cards, 0)
	rise("panels", fed.Panels, printed.Panels, len(job.Front.Panels))
	rise("prints left", fed.RibbonLeft, printed.RibbonLeft, -1)

	if err := Emptied(path.Eject(t.Context(), printer.TrayOutput)); err != nil {
		t.Fatal(err)
	}
	out := b.status(t).Counters
	rise("cards", printed.Cards, out.Cards, 0)
	rise("panels", printed.Panels, out.Panels, 0)
}

func cleaning(t *testing.T, b Bench) {
	path := b.path(t)
	can(t, b.Cleaned.Do != nil)
	b.Cleaned.Do()
	if st := b.status(t); st.Cleaning.Due.Known && (!st.Cleaning.Due.Value || st.Error != printer.ClassCleaningDue) {
		t.Errorf("cleaning is due: %+v", st)
	}
	b.clean(t, path)
	if st := b.status(t); st.Cleaning.Due.Value || st.Error != printer.ClassNone {
		t.Errorf("after the cleaning: %+v", st)
	}
}

// clean ends a cleaning that is due: by command, or by hand where the printer has none.
func (b Bench) clean(t *testing.T, path printer.Path) {
	t.Helper()
	err := path.Clean(t.Context())
	if b.Cleaned.Undo == nil {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	if printer.ClassOf(err) != printer.ClassUnsupported {
		t.Errorf("the cleaning is the operator's, and the command for it ends with %v", err)
	}
	b.Cleaned.Undo()
}
