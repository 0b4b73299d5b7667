package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	machine "blanko/emulator/printer"
	evolisUnit "blanko/emulator/printer/evolis"
	magicardUnit "blanko/emulator/printer/magicard"
	maticaUnit "blanko/emulator/printer/matica"

	"blanko/printer"
	"blanko/printer/spool"
	"blanko/printer/usb"
	"blanko/station"
)

// Printers are those of the machine, or emulated ones in their place, for the printer commands. An
// emulated printer lives as long as the value.
type Printers struct {
	// Emulated are printers by model, such as "Primacy 2", or model and states, such as
	// "XID8600:card,ribbon=12".
	Emulated []string

	station.ConnectedPrinters
	once  sync.Once
	err   error
	units []*emulatedPrinter
}

var _ station.Printers = (*Printers)(nil)

// emulatedPrinter is an emulated printer.
type emulatedPrinter struct {
	Machine *machine.Machine
	told    usb.Device
	connect func() printer.Link
	close   func() error
	claimed bool
}

// maker is what a family has on USB; product ids that no public source tells are made up. A class of 0
// is that of printers; endpoints of 0 are the usual ones.
type maker struct {
	vendor, product uint16
	class, out, in  byte
	join            func(*machine.Machine) (connect func() printer.Link, close func() error)
}

// makers by the name of the maker.
var makers = map[string]maker{
	"Evolis": {0x0F49, 0xB001, 0, 0, 0, func(m *machine.Machine) (func() printer.Link, func() error) {
		d := evolisUnit.New(m, evolisUnit.Config{})
		return func() printer.Link { return d.Connect() }, d.Close
	}},
	"Matica": {0x2166, 0x701D, 0xFF, 0x02, 0x81, func(m *machine.Machine) (func() printer.Link, func() error) {
		d := maticaUnit.New(m, maticaUnit.Config{Firmware: "1.00"})
		return func() printer.Link { return stalling{d.Connect()} }, d.Close
	}},
	"Magicard": {0x0C1F, 0x1800, 0, 0, 0, func(m *machine.Machine) (func() printer.Link, func() error) {
		d := magicardUnit.New(m, magicardUnit.Config{Firmware: "1.40"})
		return func() printer.Link { return d.Connect() }, d.Close
	}},
}

// stalling is the cable of a bulk-only device: its stall is the port's.
type stalling struct{ *maticaUnit.Link }

func stall(err error) error {
	if errors.Is(err, maticaUnit.ErrStall) {
		return errors.Join(printer.ErrStall, err)
	}
	return err
}

func (s stalling) Write(ctx context.Context, p []byte) error { return stall(s.Link.Write(ctx, p)) }

func (s stalling) Read(ctx context.Context, p []byte) (int, error) {
	n, err := s.Link.Read(ctx, p)
	return n, stall(err)
}

// blanksInside is how many cards are in the hopper of an emulated printer.
const blanksInside = 20

// zoneOfWorld is that of every ribbon and every printer here.
const zoneOfWorld = "A"

// printerStates are the words behind a model.
var printerStates = map[string]func(*machine.Machine, int) error{
	"card": func(m *machine.Machine, _ int) error { return m.Feed(context.Background()) },
	"cover_open": func(m *machine.Machine, _ int) error {
		m.OpenCover()
		return nil
	},
	"no_cards": func(m *machine.Machine, _ int) error {
		m.Unload()
		return nil
	},
	"no_ribbon": func(m *machine.Machine, _ int) error {
		m.ReplaceRibbon(machine.Ribbon{})
		return nil
	},
	"ribbon": func(m *machine.Machine, left int) error {
		r := m.State().Ribbon
		r.Left = left
		m.ReplaceRibbon(r)
		return nil
	},
	"cleaning_due": func(m *machine.Machine, _ int) error {
		m.Plan(machine.Fault{Kind: machine.KindCleaningDue, Step: machine.StepClean, When: machine.WhenAfter})
		if m.Model().CleanByHand {
			return m.CleanByHand(context.Background())
		}
		return m.Clean(context.Background())
	},
	"in_use": nil, // by somebody else; a word for the port, not for the machine
	"jam": func(m *machine.Machine, _ int) error {
		m.Plan(machine.Fault{Kind: machine.KindJam, Step: machine.StepPanel})
		return nil
	},
}

// PrinterStates are the words that may stand behind a model.
func PrinterStates() []string {
	var out []string
	for name := range printerStates {
		if name == "ribbon" {
			name = "ribbon=N"
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// PrinterModels are the models that there are.
func PrinterModels() []string {
	var out []string
	for _, m := range machine.Models {
		out = append(out, m.Name)
	}
	return out
}

// Build makes the emulated printers; it is done once.
func (p *Printers) Build() error {
	p.once.Do(func() {
		for i, text := range p.Emulated {
			u, err := newUnit(text, fmt.Sprintf("%08d", 90000001+i))
			if err != nil {
				p.err = err
				return
			}
			u.told.Place = fmt.Sprintf("9-%d", i+1)
			p.units = append(p.units, u)
		}
	})
	return p.err
}

func newUnit(text, serial string) (*emulatedPrinter, error) {
	name, states, _ := strings.Cut(text, ":")
	model, ok := machine.FindModel(name)
	if !ok {
		return nil, fmt.Errorf("--emulated: no model %q; there are %s", name, strings.Join(PrinterModels(), ", "))
	}
	ribbon := model.NewRibbon(zoneOfWorld)
	ribbon.Lot = "L00001"
	m := machine.New(machine.Config{Name: "line", Model: model, Serial: serial, Zone: zoneOfWorld, Ribbon: ribbon})
	var blanks []*machine.Plastic
	for i := range blanksInside {
		blanks = append(blanks, machine.NewPlastic(fmt.Sprintf("T%07d", i+1), nil))
	}
	if err := m.Load(blanks...); err != nil {
		return nil, err
	}
	claimed, err := bringInto(m, states)
	if err != nil {
		return nil, fmt.Errorf("--emulated: %w", err)
	}
	by := makers[model.Maker]
	u := &emulatedPrinter{Machine: m, claimed: claimed, told: usb.Device{Vendor: by.vendor, Product: by.product, Manufacturer: model.Maker, Name: model.Name, Serial: serial}}
	u.connect, u.close = by.join(m)
	return u, nil
}

// bringInto brings a machine into the states that stand behind its model, with commas between.
func bringInto(m *machine.Machine, states string) (claimed bool, err error) {
	for state := range strings.SplitSeq(states, ",") {
		if state == "" {
			continue
		}
		unknown := fmt.Errorf("no state %q; there are %s", state, strings.Join(PrinterStates(), ", "))
		word, n := state, 0
		if key, value, has := strings.Cut(state, "="); has {
			if n, err = strconv.Atoi(value); err != nil || n < 0 || key != "ribbon" {
				return false, unknown
			}
			word = key
		}
		do, ok := printerStates[word]
		if word == "in_use" {
			claimed = true
			continue
		}
		if !ok || (word == "ribbon") != strings.Contains(state, "=") {
			return false, unknown
		}
		if err := do(m, n); err != nil {
			return false, fmt.Errorf("%s: %w", state, err)
		}
	}
	return claimed, nil
}

// Close ends the emulated printers.
func (p *Printers) Close() error {
	var err error
	for _, u := range p.units {
		err = errors.Join(err, u.close())
	}
	return err
}

// List tells the emulated printers, or those that are plugged in.
func (p *Printers) List(ctx context.Context) ([]usb.Device, error) {
	if len(p.Emulated) == 0 {
		return p.ConnectedPrinters.List(ctx)
	}
	if err := p.Build(); err != nil {
		return nil, err
	}
	var list []usb.Device
	for _, u := range p.units {
		list = append(list, u.told)
	}
	return list, nil
}

// Open claims one: nobody else can use it until the link is closed.
func (p *Printers) Open(ctx context.Context, i usb.Identity) (printer.Link, error) {
	if len(p.Emulated) == 0 {
		return p.ConnectedPrinters.Open(ctx, i)
	}
	if err := p.Build(); err != nil {
		return nil, err
	}
	for _, u := range p.units {
		if i.Serial != "" && u.told.Serial != i.Serial || i.Place != "" && u.told.Place != i.Place {
			continue
		}
		if u.claimed {
			return nil, usb.InUse.At("trial.Open", nil).With("printer.serial", "%s", i)
		}
		u.claimed = true
		return claimed(u), nil
	}
	return nil, usb.NotPluggedIn.At("trial.Open", nil).With("printer.serial", "%s", i)
}

// Queues are those of the machine, whatever is emulated.
func (p *Printers) Queues(ctx context.Context, server string) ([]spool.Queue, error) {
	return p.ConnectedPrinters.Queues(ctx, server)
}

// claim is a link that is given back when it is closed.
type claim struct {
	printer.Link
	u *emulatedPrinter
}

// bulkClaim is one of a bulk-only device.
type bulkClaim struct {
	claim
	port
}

// port is what a bulk-only device's cable can do besides.
type port interface {
	ClearHalt(ctx context.Context, in bool) error
	Reset(ctx context.Context) error
}

func claimed(u *emulatedPrinter) printer.Link {
	l := u.connect()
	c := claim{l, u}
	if b, ok := l.(port); ok {
		return bulkClaim{c, b}
	}
	return c
}

func (c claim) Close() error {
	c.u.claimed = false
	return c.Link.Close()
}
