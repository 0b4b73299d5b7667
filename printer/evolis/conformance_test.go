package evolis_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/evolis"
	"blanko/internal/rig/outlet"
	"blanko/internal/rig/person"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/printertest"
)

// bench is an emulated printer with its emulated language, and a person.
type bench struct {
	*person.Person
	t      *testing.T
	m      *machine.Machine
	d      *device.Device
	p      *evolis.Printer
	ribbon machine.Ribbon
	link   *tap
	plug   *outlet.Printer
}

const benchCards = 10

// unit is a model of the virtual world and how its firmware speaks.
type unit struct {
	model  string
	set    device.CommandSet
	disarm bool // an eject disarms itself
	split  int  // answers come in pieces of so many bytes
	hold   bool
	real   bool // at the guest's real USB; the world's time passes at once
}

func newBench(t *testing.T, u unit) *bench {
	t.Helper()
	model, ok := machine.FindModel(u.model)
	if !ok {
		t.Fatalf("no model %s", u.model)
	}
	b := &bench{t: t, ribbon: machine.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 500, Zone: "EU"}}
	made := machine.Config{Name: "line", Model: model, Serial: "10000012345", Zone: "EU", Ribbon: b.ribbon, Spend: pass}
	if u.real {
		made.Spend, made.Serial = nil, "1"+outlet.Serial(10)
	}
	b.m = machine.New(made)
	b.Person = person.Beside(t, b.m, benchCards)
	b.d = device.New(b.m, device.Config{Firmware: "0820", Set: u.set, DisarmAfterEject: u.disarm, SplitReplies: u.split})
	t.Cleanup(func() {
		if err := b.d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range b.d.Findings() {
			if !probing[f.Text] && !b.Rough {
				t.Errorf("the device found: %s", f.Text)
			}
		}
	})
	b.link = &tap{Link: b.d}
	if u.real {
		b.plugIn()
	}
	p, err := evolis.Open(t.Context(), b.link, evolis.Config{HoldAfterPrint: u.hold})
	if err != nil {
		t.Fatal(err)
	}
	b.p = p
	return b
}

// probing are the commands that an older unit may find fault with: they are tried once.
var probing = map[string]bool{
	`"Psmgr;2": unknown command`: true, `"Pcim;F": unknown command`: true, `"Pcrm;D": unknown command`: true,
	`"Pneab;E": unknown command`: true, `"Pneab;A;1": unknown command`: true,
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

// tap is the cable, with an ear at the panels.
type tap struct {
	printer.Link
	panel int
	at    int
	hear  func()
}

func (l *tap) Write(ctx context.Context, p []byte) error {
	switch {
	case bytes.HasPrefix(p, []byte("\x1bSs\r")):
		l.panel = 0
	case bytes.HasPrefix(p, []byte("\x1bDb")):
		l.panel++
		if l.hear != nil && l.panel == l.at {
			l.hear()
			l.hear = nil
		}
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
	c.Output = printertest.Act{Do: b.fillOutput, Undo: func() { b.m.TakeOutput() }}
	c.Ribbon = printertest.Act{Do: b.Fit(machine.Ribbon{}, nil), Undo: good}
	c.Wrong = printertest.Act{Do: b.Fit(b.ribbon, func(r *machine.Ribbon) { r.Zone = "US" }), Undo: good}
	c.Spent = printertest.Act{Do: b.Fit(b.ribbon, func(r *machine.Ribbon) { r.Left = 0 }), Undo: good}
	c.LoseAnswer = func() { b.d.Plan(device.Fault{Kind: device.KindLostReply, Command: "Sic"}) }
	c.DuringPanel = func(n int, f func()) { b.link.at, b.link.hear = n, f }
	return c
}

// fillOutput lets a hand block the output tray, while the card at the encoder is re-seated.
func (b *bench) fillOutput() {
	b.m.Plan(machine.Fault{Kind: machine.KindOutputFull})
	if err := b.m.Move(b.t.Context(), machine.StationContactless); err != nil {
		b.t.Fatal(err)
	}
}

// The suite on every model of the virtual world, in the world's own time.
func TestConformance(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]unit{
		"newer unit":               {model: "Primacy 2", set: device.SetNewer, hold: true, disarm: true},
		"newer unit, stays armed":  {model: "Primacy 2", set: device.SetNewer, hold: true, split: 2},
		"older unit, ejects alone": {model: "Dualys", set: device.SetOlder},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printertest.Run(t, synctest.Test, func(t *testing.T) printertest.Bench { return newBench(t, u).acts() })
		})
	}
}

// A KC200 ejects into its front slot and prints one side.
func TestBezelUnit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, unit{model: "KC200", set: device.SetNewer, hold: true})
		if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		if err := b.p.Eject(t.Context(), printer.TrayOutput); err != nil {
			t.Fatal(err)
		}
		if pos, err := b.p.Position(t.Context()); err != nil || pos != printer.Know(printer.PositionExit) {
			t.Errorf("position %+v, %v", pos, err)
		}
		if b.m.TakeBezel() != b.Blanks[0] {
			t.Error("the card is not in the front slot")
		}
		if st, err := b.p.Status(t.Context()); err != nil || st.Card != printer.Know(printer.PositionNone) || st.Error != printer.ClassNone {
			t.Errorf("status %+v, %v", st, err)
		}
	})
}

// A host that died inside a panel leaves a printer that waits for the rest of it: the next one
// opens it all the same, and the card is not printed for it.
func TestReopenInsidePanel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, unit{model: "Primacy 2", set: device.SetNewer, hold: true})
		b.Rough = true
		if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"\x1bSs\r", "\x1bSr\r", "\x1bDb;y;128;" + strings.Repeat("\x2a", 300_000)} {
			if err := b.d.Write(t.Context(), []byte(part)); err != nil {
				t.Fatal(err)
			}
		}
		p, err := evolis.Open(t.Context(), b.d, evolis.Config{HoldAfterPrint: true})
		if err != nil {
			t.Fatal(err)
		}
		if st, err := p.Status(t.Context()); err != nil || st.Error != printer.ClassNone || st.Counters.Panels != printer.Know(0) {
			t.Errorf("status %+v, %v", st, err)
		}
		if err := p.Eject(t.Context(), printer.TrayReject); err != nil {
			t.Fatal(err)
		}
		if _, reject := b.Trays(); len(reject) != 1 || len(reject[0].Front) != 0 {
			t.Errorf("reject box %+v", reject)
		}
	})
}
