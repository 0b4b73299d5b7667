package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/emulator"
	"blanko/emulator/cable"
	machine "blanko/emulator/printer"
)

// PrinterOrder is one thing that a person does with the printers.
type PrinterOrder struct {
	word    PrinterWord
	printer int // from 1; 0: not named
	all     bool
	rest    []string // behind the printer's number
	count   int      // of cards or sides; 0: not named
	fault   emulator.Fault
	usb     cable.USBFault
}

// PrinterWord is a verb of orders. Nothing is changed before every printer of an order has passed prepare.
type PrinterWord struct {
	word, takes, help string
	read              func(*PrinterOrder) error // what stands behind the printer's number; nil: nothing may
	prepare           func(ctx context.Context, p *USBPrinters, u *usbUnit, o PrinterOrder) (act func() error, err error)
}

// Form is how the order is written.
func (w PrinterWord) Form() string { return strings.TrimSpace(w.word + " " + w.takes) }

// Help says what it does.
func (w PrinterWord) Help() string { return w.help }

const takesPrinter = "PRINTER"

// PrinterWords are the orders, in the order of the help.
func PrinterWords() []PrinterWord {
	on := func(act func(*machine.Machine)) func(context.Context, *USBPrinters, *usbUnit, PrinterOrder) (func() error, error) {
		return func(_ context.Context, _ *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
			return func() error { act(u.line.Machine); return nil }, nil
		}
	}
	gone := func(act func(*machine.Machine)) func(context.Context, *USBPrinters, *usbUnit, PrinterOrder) (func() error, error) {
		return func(_ context.Context, _ *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
			return func() error { act(u.line.Machine); u.port.Pull(); return nil }, nil // before the answer is out
		}
	}
	return []PrinterWord{
		{"unplug", takesPrinter, "pull the USB cable", nil, gone((*machine.Machine).Unplug)},
		{"plug", takesPrinter, "put the cable back; a host has to attach the printer again", nil, preparePlug},
		{"power-cut", takesPrinter, "take the power away", nil, gone((*machine.Machine).PowerCut)},
		{"power-on", takesPrinter, "switch it on; it answers when it has started", nil, preparePowerOn},
		{"open", takesPrinter, "open the cover", nil, on((*machine.Machine).OpenCover)},
		{"close", takesPrinter, "close the cover", nil, on((*machine.Machine).CloseCover)},
		{"load", takesPrinter + " [CARDS]", "put blanks into the hopper, 20 if not said", readCount, prepareLoad},
		{"unload", takesPrinter, "take the rest of the stack out of the hopper", nil, prepareUnload},
		{"empty", takesPrinter, "empty output tray, reject box and front slot", nil, prepareEmpty},
		{"ribbon", takesPrinter + " [SIDES]", "fit another ribbon, with so many printed sides left", readCount, prepareRibbon},
		{"no-ribbon", takesPrinter, "take the ribbon out", nil, on(func(m *machine.Machine) { m.ReplaceRibbon(machine.Ribbon{}) })},
		{"mend", takesPrinter, "clear the path, close the cover, change what is used up, empty the trays", nil, prepareMend},
		{"fault", takesPrinter + " KIND [KEY=VALUE ...]", "a fault to come, by kind and keys of a fault script, such as: fault 1 jam step=panel panel=2", readFault, prepareFaultRow},
		{"usb", takesPrinter + " KIND [in|out|control] [after TRANSFERS]", "a fault of the cable to come: " + kindList(), readUSBFault, prepareUSBFault},
		{"show", "", "tell the printers as they are", nil, nil},
	}
}

func kindList() string {
	var names []string
	for _, k := range usbFaults {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// ParsePrinterOrder reads an order: a verb, a printer's number or "all", and what the verb takes besides.
// The printer may be left out where there is one alone.
func ParsePrinterOrder(text string) (o PrinterOrder, err error) {
	words := strings.Fields(text)
	var verbs []string
	for _, w := range PrinterWords() {
		if len(words) > 0 && w.word == words[0] {
			o.word = w
		}
		verbs = append(verbs, w.word)
	}
	switch {
	case len(words) == 0:
		return o, badOrder("nothing is written; one of %s", strings.Join(verbs, ", "))
	case o.word.word == "":
		return o, badOrder("%q; one of %s", words[0], strings.Join(verbs, ", "))
	}
	o.rest = words[1:]
	if len(o.rest) > 0 && o.word.takes != "" {
		if n, err := strconv.Atoi(o.rest[0]); err == nil && n < 1 {
			return o, badOrder("%q is no printer; a number from 1, or all", o.rest[0])
		} else if err == nil {
			o.printer, o.rest = n, o.rest[1:]
		} else if o.rest[0] == "all" {
			o.all, o.rest = true, o.rest[1:]
		}
	}
	if o.word.read != nil {
		return o, o.word.read(&o)
	}
	if len(o.rest) > 0 {
		return o, badOrder("%q; it is written: %s", strings.Join(words, " "), o.word.Form())
	}
	return o, nil
}

// maxCount bounds cards and sides in an order.
const maxCount = 10_000

// number reads a number of an order, 0 to most.
func number(text string, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, badOrder("%q is no number, 0 to %d", text, most)
	}
	return n, nil
}

func readCount(o *PrinterOrder) (err error) {
	switch len(o.rest) {
	case 0:
		return nil
	case 1:
		o.count, err = number(o.rest[0], maxCount)
		return err
	}
	return badOrder("%q; it is written: %s", strings.Join(o.rest, " "), o.word.Form())
}

// rowKeys read the keys of a fault script's row.
var rowKeys = map[string]func(*emulator.Fault, string) error{
	"card":    rowNumber(func(f *emulator.Fault) *int { return &f.Card }),
	"panel":   rowNumber(func(f *emulator.Fault) *int { return &f.Panel }),
	"apdu":    rowNumber(func(f *emulator.Fault) *int { return &f.APDU }),
	"page":    rowNumber(func(f *emulator.Fault) *int { return &f.Page }),
	"step":    rowText(func(f *emulator.Fault) *string { return &f.Step }),
	"when":    rowText(func(f *emulator.Fault) *string { return &f.When }),
	"station": rowText(func(f *emulator.Fault) *string { return &f.Station }),
	"command": rowText(func(f *emulator.Fault) *string { return &f.Command }),
	"code":    rowText(func(f *emulator.Fault) *string { return &f.Code }),
	"phase":   rowText(func(f *emulator.Fault) *string { return &f.Phase }),
	"delay": func(f *emulator.Fault, v string) (err error) {
		if f.Delay, err = time.ParseDuration(v); err != nil {
			return badOrder("delay: %q is no time with its unit, such as 3s", v)
		}
		return nil
	},
}

func rowNumber(at func(*emulator.Fault) *int) func(*emulator.Fault, string) error {
	return func(f *emulator.Fault, v string) (err error) {
		*at(f), err = number(v, maxAfter)
		return err
	}
}

func rowText(at func(*emulator.Fault) *string) func(*emulator.Fault, string) error {
	return func(f *emulator.Fault, v string) error { *at(f) = v; return nil }
}

// readFault reads a row of a fault script.
func readFault(o *PrinterOrder) error {
	if len(o.rest) == 0 {
		return badOrder("which fault? It is written: %s", o.word.Form())
	}
	o.fault.Kind = o.rest[0]
	if !slices.Contains(emulator.Kinds(), o.fault.Kind) {
		return badOrder("no fault %q; one of %s", o.fault.Kind, strings.Join(emulator.Kinds(), ", "))
	}
	for _, pair := range o.rest[1:] {
		key, value, has := strings.Cut(pair, "=")
		read := rowKeys[key]
		if !has || read == nil {
			return badOrder("%q is no KEY=VALUE of a fault", pair)
		}
		if err := read(&o.fault, value); err != nil {
			return err
		}
	}
	return nil
}

// readUSBFault reads a fault of the cable.
func readUSBFault(o *PrinterOrder) (err error) {
	if len(o.rest) == 0 || !slices.Contains(usbFaults, cable.USBFaultKind(o.rest[0])) {
		return badOrder("which fault of the cable? One of %s", kindList())
	}
	o.usb = cable.USBFault{Kind: cable.USBFaultKind(o.rest[0]), Pipe: cable.PipeOut}
	rest := o.rest[1:]
	for pipe, name := range pipeNames {
		if len(rest) > 0 && rest[0] == name {
			o.usb.Pipe, rest = pipe, rest[1:]
			break
		}
	}
	switch {
	case len(rest) == 0:
		return nil
	case len(rest) == 2 && rest[0] == "after":
		o.usb.After, err = number(rest[1], maxAfter)
		return err
	}
	return badOrder("%q; it is written: %s", strings.Join(rest, " "), o.word.Form())
}

// Do carries out an order. An error of an order that is wrongly written, or that a printer cannot follow,
// leaves everything as it was.
func (p *USBPrinters) Do(ctx context.Context, o PrinterOrder) error {
	if o.word.prepare == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.units)
	var chosen []int
	switch {
	case o.all:
		for i := range p.units {
			chosen = append(chosen, i)
		}
	case o.printer == 0 && n > 1:
		return badOrder("which printer? %s with 1 to %d, or all", o.word.Form(), n)
	case o.printer > n:
		return badOrder("there is no printer %d; 1 to %d", o.printer, n)
	default:
		chosen = append(chosen, max(o.printer, 1)-1)
	}
	var acts []func() error
	for _, i := range chosen {
		act, err := o.word.prepare(ctx, p, p.units[i], o)
		if err != nil {
			return fmt.Errorf("printer %d: %w", i+1, err)
		}
		acts = append(acts, act)
	}
	var errs []error
	for _, act := range acts {
		errs = append(errs, act())
	}
	return errors.Join(errs...)
}

// preparePlug puts the plug back that a person or a fault of the cable has pulled.
func preparePlug(_ context.Context, _ *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
	return func() error {
		u.line.Machine.Replug()
		if is, _ := onBus(u.line.Machine); is {
			u.port.PutBack()
		}
		return nil
	}, nil
}

// preparePowerOn switches on; starting takes a printer longer than an order may.
func preparePowerOn(_ context.Context, p *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
	if u.line.Machine.State().Powered {
		return nil, errors.New("it has power")
	}
	return func() error {
		p.serving.Go(func() { _ = u.line.Machine.PowerOn(p.life) })
		return nil
	}, nil
}

func prepareLoad(_ context.Context, p *USBPrinters, u *usbUnit, o PrinterOrder) (func() error, error) {
	m := u.line.Machine
	if o.count == 0 {
		o.count = blanksInside
	}
	if room := m.Model().Hopper - m.State().Hopper; o.count > room {
		return nil, fmt.Errorf("its hopper has room for %d more", room)
	}
	return func() error { return m.Load(p.world.Blanks(o.count)...) }, nil
}

func prepareUnload(_ context.Context, _ *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
	return func() error { return boxAll(u.line.Machine.Unload()) }, nil
}

func prepareEmpty(_ context.Context, _ *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
	return func() error { return boxAll(u.emptyTrays()) }, nil
}

func prepareRibbon(_ context.Context, _ *USBPrinters, u *usbUnit, o PrinterOrder) (func() error, error) {
	r := freshRibbon(u.line.Machine)
	if o.count > r.Total {
		return nil, fmt.Errorf("its ribbon has %d sides", r.Total)
	}
	if o.count > 0 {
		r.Left = o.count
	}
	return func() error { u.line.Machine.ReplaceRibbon(r); return nil }, nil
}

func prepareMend(ctx context.Context, p *USBPrinters, u *usbUnit, _ PrinterOrder) (func() error, error) {
	return func() error { return u.mend(ctx, p.world) }, nil
}

func prepareFaultRow(_ context.Context, p *USBPrinters, u *usbUnit, o PrinterOrder) (func() error, error) {
	f := o.fault
	f.Line = u.line.Name
	if err := p.world.Check(f); err != nil {
		return nil, badOrder("%v", err)
	}
	return func() error { return p.world.Plan(f) }, nil
}

func prepareUSBFault(_ context.Context, _ *USBPrinters, u *usbUnit, o PrinterOrder) (func() error, error) {
	return func() error { u.port.Plan(o.usb); return nil }, nil
}
