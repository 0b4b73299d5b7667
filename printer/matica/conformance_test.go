package matica_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/matica"
	"blanko/internal/rig/outlet"
	"blanko/internal/rig/person"
	"blanko/printer"
	"blanko/printer/matica"
	"blanko/printer/printertest"
)

// bench is an emulated printer with its emulated language, and a person.
type bench struct {
	*person.Person
	t     *testing.T
	u     unit
	m     *machine.Machine
	d     *device.Device
	p     *matica.Printer
	link  *tap
	plug  *outlet.Printer
	rolls int
}

const benchCards = 10

// cleaningEvery is the interval that the line of the bench wants, in cards.
const cleaningEvery = 900

// unit is a model of the virtual world and how its firmware speaks.
type unit struct {
	model  string
	device device.Config
	hold   bool
	real   bool // at the guest's real USB; the world's time passes at once
}

func newBench(t *testing.T, u unit) *bench {
	t.Helper()
	model, ok := machine.FindModel(u.model)
	if !ok {
		t.Fatalf("no model %s", u.model)
	}
	b := &bench{t: t, u: u}
	made := machine.Config{Name: "line", Model: model, Serial: "12345678", Zone: "EU", Ribbon: b.roll(model), Spend: pass}
	if u.real {
		made.Spend, made.Serial = nil, "1"+outlet.Serial(7)
	}
	b.m = machine.New(made)
	b.Person = person.Beside(t, b.m, benchCards)
	b.d = device.New(b.m, u.device)
	t.Cleanup(func() {
		if err := b.d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range b.d.Findings() {
			if !b.Rough {
				t.Errorf("the device found: %s", f.Text)
			}
		}
	})
	b.link = &tap{cable: &cable{bulk: b.d}}
	if u.real {
		b.plugIn()
	}
	b.p = b.open()
	return b
}

func (b *bench) config() matica.Config {
	return matica.Config{HoldAfterPrint: b.u.hold, CleaningEvery: cleaningEvery}
}

func (b *bench) open() *matica.Printer {
	b.t.Helper()
	p, err := matica.Open(b.t.Context(), b.link, b.config())
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// roll is a new ribbon: every one is of a lot of its own.
func (b *bench) roll(m machine.Model) machine.Ribbon {
	b.rolls++
	r := m.NewRibbon("EU")
	r.Lot = fmt.Sprintf("L%05d", b.rolls)
	return r
}

// change fits another ribbon the way a person does.
func (b *bench) change(edit func(*machine.Ribbon)) {
	r := b.roll(b.m.Model())
	if edit != nil {
		edit(&r)
	}
	b.m.OpenCover()
	b.m.ReplaceRibbon(r)
	b.m.CloseCover()
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

// bulk is a device behind the framing of USB storage.
type bulk interface {
	printer.Link
	ClearHalt(ctx context.Context, in bool) error
	Reset(ctx context.Context) error
}

// cable joins the emulated device to the port: its stall is the port's. After so many transfers it
// says that it is gone.
type cable struct {
	bulk
	after int // 0: never
	count int
	gone  error
}

func (c *cable) transfer() error {
	if c.count++; c.after > 0 && c.count > c.after {
		return c.gone
	}
	return nil
}

func stall(err error) error {
	if errors.Is(err, device.ErrStall) {
		return errors.Join(printer.ErrStall, err)
	}
	return err
}

func (c *cable) Write(ctx context.Context, p []byte) error {
	if err := c.transfer(); err != nil {
		return err
	}
	return stall(c.bulk.Write(ctx, p))
}

func (c *cable) Read(ctx context.Context, p []byte) (int, error) {
	if err := c.transfer(); err != nil {
		return 0, err
	}
	n, err := c.bulk.Read(ctx, p)
	return n, stall(err)
}

// tap is the cable, with an ear at the panels.
type tap struct {
	*cable
	panel int
	at    int
	hear  func()
}

// shortest is less than any panel and more than any command.
const shortest = 1000

func (l *tap) Write(ctx context.Context, p []byte) error {
	if len(p) > shortest {
		l.panel++
		if l.hear != nil && l.panel == l.at {
			l.hear()
			l.hear = nil
		}
	}
	return l.cable.Write(ctx, p)
}

func (b *bench) acts() printertest.Bench {
	clearJam := func() { b.m.OpenCover(); b.m.ClearJam(); b.m.CloseCover() }
	c := b.Acts()
	c.Printer = b.p
	c.Cover.Undo = func() { b.m.CloseCover(); b.wait() }
	// Trays, a missing ribbon and a ribbon without a print left have no sensor in this family.
	c.Spent = printertest.Act{Undo: func() { b.change(nil) }}
	c.Jam.Undo, c.Lost.Undo = clearJam, clearJam
	c.Cleaned.Undo = func() {
		if err := b.m.CleanByHand(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
	c.LoseAnswer = func() { b.d.Plan(device.Fault{Kind: device.KindLostReply, Command: "31"}) }
	c.DuringPanel = func(n int, f func()) { b.link.panel, b.link.at, b.link.hear = 0, n, f }
	return c
}

// wait lets the printer look for its ribbon and film after the door was closed.
func (b *bench) wait() {
	b.t.Helper()
	for range 100 {
		st, err := b.p.Status(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if !st.Busy.Value && st.Error != printer.ClassHeating {
			return
		}
		_ = pass(b.t.Context(), time.Second)
	}
}

// The suite on both engines of the family and on firmware that speaks otherwise where public sources
// leave it open, in the world's own time.
func TestConformance(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]unit{
		"300 dpi":                   {model: "XID580i", hold: true},
		"600 dpi":                   {model: "XID8600", hold: true},
		"ejects alone":              {model: "XID580i"},
		"tells trouble once":        {model: "XID580i", hold: true, device: device.Config{ForgetsJam: true, ForgetsSupply: true}},
		"says nothing of its reset": {model: "XID580i", hold: true, device: device.Config{QuietReset: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printertest.Run(t, synctest.Test, func(t *testing.T) printertest.Bench { return newBench(t, u).acts() })
		})
	}
}
