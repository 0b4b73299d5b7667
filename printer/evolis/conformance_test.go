package evolis_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/evolis"
	"blanko/internal/rig/outlet"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/printertest"
)

// bench is an emulated printer with its emulated language, and a person.
type bench struct {
	t      *testing.T
	m      *machine.Machine
	d      *device.Device
	p      *evolis.Printer
	ribbon machine.Ribbon
	blanks []*machine.Plastic
	taken  []*machine.Plastic // out of the hopper
	link   *tap
	rough  bool // the cable is not to be trusted: what the device finds is no fault of the host
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
		made.Spend, made.Serial = nil, fmt.Sprintf("1%010d", serials.Add(1))
	}
	b.m = machine.New(made)
	for i := range benchCards {
		b.blanks = append(b.blanks, machine.NewPlastic(fmt.Sprintf("blank %d", i), nil))
	}
	if err := b.m.Load(b.blanks...); err != nil {
		t.Fatal(err)
	}
	b.d = device.New(b.m, device.Config{Firmware: "0820", Set: u.set, DisarmAfterEject: u.disarm, SplitReplies: u.split})
	t.Cleanup(func() {
		if err := b.d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range b.d.Findings() {
			if !probing[f.Text] && !b.rough {
				t.Errorf("the device found: %s", f.Text)
			}
		}
	})
	b.link = &tap{Link: b.d}
	cfg := evolis.Config{HoldAfterPrint: u.hold}
	if u.real {
		b.plugIn()
		cfg.Timeouts = realTimeouts
	}
	p, err := evolis.Open(t.Context(), b.link, cfg)
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
	fit := func(change func(*machine.Ribbon)) func() {
		return func() {
			r := b.ribbon
			change(&r)
			b.m.ReplaceRibbon(r)
		}
	}
	good := fit(func(*machine.Ribbon) {})
	plan := func(f machine.Fault) { b.m.Plan(f) }
	clearJam := func() { b.m.ClearJam() }
	return printertest.Bench{
		Printer: b.p,
		Cards:   benchCards,
		Hopper: printertest.Act{
			Do: func() { b.taken = b.m.Unload() },
			Undo: func() {
				if err := b.m.Load(b.taken...); err != nil {
					b.t.Fatal(err)
				}
			},
		},
		Cover:  printertest.Act{Do: b.m.OpenCover, Undo: b.m.CloseCover},
		Output: printertest.Act{Do: b.fillOutput, Undo: func() { b.m.TakeOutput() }},
		Ribbon: printertest.Act{Do: func() { b.m.ReplaceRibbon(machine.Ribbon{}) }, Undo: good},
		Wrong:  printertest.Act{Do: fit(func(r *machine.Ribbon) { r.Zone = "US" }), Undo: good},
		Spent:  printertest.Act{Do: fit(func(r *machine.Ribbon) { r.Left = 0 }), Undo: good},
		Jam:    printertest.Act{Do: func() { plan(machine.Fault{Kind: machine.KindJam}) }, Undo: clearJam},
		Lost:   printertest.Act{Do: func() { plan(machine.Fault{Kind: machine.KindCardLost}) }, Undo: clearJam},
		Power: printertest.Act{Do: b.m.PowerCut, Undo: func() {
			if err := b.m.PowerOn(b.t.Context()); err != nil {
				b.t.Fatal(err)
			}
		}},
		Cleaned: printertest.Act{Do: b.wear},
		SpentAt: func(n int) { plan(machine.Fault{Kind: machine.KindRibbonTorn, Step: machine.StepPanel, Panel: n}) },
		JamAt:   func(n int) { plan(machine.Fault{Kind: machine.KindJam, Step: machine.StepPanel, Panel: n}) },
		LoseAnswer: func() {
			b.d.Plan(device.Fault{Kind: device.KindLostReply, Command: "Sic"})
		},
		DuringPanel: func(n int, f func()) { b.link.at, b.link.hear = n, f },
		Fed:         func() int { return b.m.State().Fed },
		Trays:       b.trays,
		Inside: func() (printertest.Card, bool) {
			for _, c := range b.m.Census() {
				if c.Place.At == machine.AtPath {
					return card(c.Plastic), true
				}
			}
			return printertest.Card{}, false
		},
	}
}

// fillOutput lets a hand block the output tray, while the card at the encoder is re-seated.
func (b *bench) fillOutput() {
	b.m.Plan(machine.Fault{Kind: machine.KindOutputFull})
	if err := b.m.Move(b.t.Context(), machine.StationContactless); err != nil {
		b.t.Fatal(err)
	}
}

// wear makes the cleaning due.
func (b *bench) wear() {
	b.m.Plan(machine.Fault{Kind: machine.KindCleaningDue, Step: machine.StepClean, When: machine.WhenAfter})
	if err := b.m.Clean(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) trays() (output, reject []printertest.Card) {
	for _, c := range b.m.Census() {
		switch c.Place.At {
		case machine.AtOutput:
			output = append(output, card(c.Plastic))
		case machine.AtReject:
			reject = append(reject, card(c.Plastic))
		}
	}
	return output, reject
}

func card(p *machine.Plastic) printertest.Card {
	return printertest.Card{Serial: p.Serial, Front: layers(p.Front), Back: layers(p.Back)}
}

func layers(p *machine.Print) []printertest.Layer {
	var out []printertest.Layer
	for _, l := range p.Layers() {
		out = append(out, printertest.Layer{Letter: l.Letter, Levels: l.Levels, Dots: l.Dots()})
	}
	return out
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
		if b.m.TakeBezel() != b.blanks[0] {
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
		b.rough = true
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
		if _, reject := b.trays(); len(reject) != 1 || len(reject[0].Front) != 0 {
			t.Errorf("reject box %+v", reject)
		}
	})
}
