package magicard_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/magicard"
	"blanko/internal/rig/outlet"
	"blanko/internal/rig/person"
	"blanko/printer"
	"blanko/printer/magicard"
	"blanko/printer/printertest"
)

// bench is an emulated printer with its emulated language, and a person.
type bench struct {
	*person.Person
	t      *testing.T
	m      *machine.Machine
	d      *device.Device
	p      *magicard.Printer
	ribbon machine.Ribbon
	link   *tap
	plug   *outlet.Printer
}

const benchCards = 10

// unit is a model of the virtual world, how its firmware speaks, and what the host knows of it.
type unit struct {
	model string
	speak device.Config
	host  magicard.Config
	real  bool // at the guest's real USB; the world's time passes at once
}

func newBench(t *testing.T, u unit) *bench {
	t.Helper()
	model, ok := device.FindModel(u.model)
	if !ok {
		t.Fatalf("no model %s", u.model)
	}
	b := &bench{t: t, ribbon: machine.Ribbon{Type: "LC1", Panels: "YMCKO", Total: 300, Left: 250, Zone: "A", Lot: "E0040100AB"}}
	made := machine.Config{Name: "line", Model: model.Model, Serial: "46E1234", Zone: "A", Ribbon: b.ribbon, Spend: pass}
	if u.real {
		made.Spend, made.Serial = nil, "46E"+outlet.Serial(4)
	}
	b.m = machine.New(made)
	b.Person = person.Beside(t, b.m, benchCards)
	u.speak.Firmware, u.speak.Cards, u.speak.Panels = "1.40", 1200, 6000
	b.d = device.New(b.m, u.speak)
	t.Cleanup(func() {
		if err := b.d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range b.d.Findings() {
			if !b.Rough && !strings.HasSuffix(f.Text, "ends with 05 05 05") { // how the host ends a job that was broken off
				t.Errorf("the device found: %s", f.Text)
			}
		}
		for _, w := range b.m.Audit() {
			t.Error(w)
		}
	})
	b.link = &tap{Link: b.d}
	if u.real {
		b.plugIn()
	}
	b.open(u.host)
	return b
}

func (b *bench) open(cfg magicard.Config) {
	b.t.Helper()
	p, err := magicard.Open(b.t.Context(), b.link, cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	b.p = p
}

// pass lets the world's time go by.
func pass(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tap is the cable, with an ear at the planes: every plane comes in a write of its own.
type tap struct {
	printer.Link
	plane int
	at    int
	hear  func()
}

const smallestPlane = 80_000 // bytes

func (l *tap) Write(ctx context.Context, p []byte) error {
	if len(p) < smallestPlane {
		l.plane = 0
		return l.Link.Write(ctx, p)
	}
	l.plane++
	if l.hear != nil && l.plane == l.at {
		half := len(p) / 2
		if err := l.Link.Write(ctx, p[:half]); err != nil {
			return err
		}
		l.hear()
		l.hear = nil
		p = p[half:]
	}
	return l.Link.Write(ctx, p)
}

// ClearHalt is that of a cable whose endpoints can halt.
func (l *tap) ClearHalt(ctx context.Context, in bool) error {
	if h, ok := l.Link.(interface {
		ClearHalt(ctx context.Context, in bool) error
	}); ok {
		return h.ClearHalt(ctx, in)
	}
	return nil
}

func (b *bench) acts() printertest.Bench {
	good := b.Fit(b.ribbon, nil)
	c := b.Acts()
	c.Printer = b.p
	c.Output = printertest.Act{Do: func() { b.m.Plan(machine.Fault{Kind: machine.KindOutputFull}) }, Undo: func() { b.m.TakeOutput() }}
	c.Ribbon = printertest.Act{Do: b.Fit(machine.Ribbon{}, nil), Undo: good}
	c.Wrong = printertest.Act{Do: b.Fit(b.ribbon, func(r *machine.Ribbon) { r.Zone = "B" }), Undo: good}
	c.Spent = printertest.Act{Do: b.Fit(b.ribbon, func(r *machine.Ribbon) { r.Left = 0 }), Undo: good}
	c.Lost.Do = func() { b.m.Plan(machine.Fault{Kind: machine.KindCardLost, Step: machine.StepFeed}) }
	c.Cleaned.Undo = func() {
		if err := b.m.Clean(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
	c.DuringPanel = func(n int, f func()) { b.link.at, b.link.hear = n, f }
	c.Overlay = holed
	return c
}

// holed is an overlay that a Magicard can lay, and that shows when it is turned: a border free on
// two sides, and a hole for the contacts of a chip.
func holed(g printer.Geometry) []byte {
	dots := make([]byte, g.Columns*g.Rows)
	for y := range g.Rows {
		for x := range g.Columns {
			if x >= 11 && y < g.Rows-7 && (x < 90 || x > 260 || y < 192 || y > 346) {
				dots[y*g.Columns+x] = 1
			}
		}
	}
	return dots
}

// emulated is the Enduro whose numbers are known to the host.
func emulated(t testing.TB) *magicard.Model {
	t.Helper()
	b, err := os.ReadFile("testdata/emulated.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := magicard.ParseModel(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// numbersOnly is what a printer tells whose error numbers nobody has met yet; speechless is what is
// left of one that tells no errors.
var (
	numbersOnly = map[printer.Class]printer.Class{
		printer.ClassNoCards: printer.ClassUnknown, printer.ClassCoverOpen: printer.ClassUnknown, printer.ClassJam: printer.ClassUnknown,
		printer.ClassCardPosition: printer.ClassUnknown, printer.ClassOutputFull: printer.ClassUnknown,
		printer.ClassRibbonGone: printer.ClassUnknown, printer.ClassRibbonWrong: printer.ClassUnknown,
	}
	speechless = map[printer.Class]printer.Class{
		printer.ClassNoCards: printer.ClassUnknown, printer.ClassCoverOpen: printer.ClassUnknown, printer.ClassJam: printer.ClassUnknown,
		printer.ClassCardPosition: printer.ClassUnknown, printer.ClassOutputFull: printer.ClassUnknown,
		printer.ClassRibbonGone: printer.ClassRibbonOut, printer.ClassRibbonWrong: printer.ClassUnknown,
	}
)

// The suite on models of either format, in the world's own time.
func TestConformance(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]struct {
		unit
		says map[printer.Class]printer.Class
	}{
		"Enduro, numbers known":            {unit{model: "Enduro", host: magicard.Config{Model: emulated(t)}}, nil},
		"Rio Pro, eager, deaf, head aside": {unit{model: "Rio Pro", speak: device.Config{Eager: true, DeafWhilePrinting: true, Colons: true, SplitReplies: 3, Head: 61, DyesOnly: true}}, numbersOnly},
		"Tango 2e, two sides, split":       {unit{model: "Tango 2e", speak: device.Config{SplitReplies: 2, Head: 44}, host: magicard.Config{TwoSided: true}}, speechless},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printertest.Run(t, synctest.Test, func(t *testing.T) printertest.Bench {
				b := newBench(t, u.unit).acts()
				b.Says = u.says
				return b
			})
		})
	}
}
