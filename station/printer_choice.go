package station

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"blanko/fault"
	device "blanko/printer"
	"blanko/printer/usb"
)

// PrintService is the flag of commands that look at print queues.
type PrintService struct {
	CUPS string `name:"cups" help:"Print service of this machine: host:port on loopback, or its socket; without it that of the variable CUPS_SERVER, else /run/cups/cups.sock." env:"CUPS_SERVER" placeholder:"ADDRESS"`
}

// PrinterChoice chooses the printer of one command.
type PrinterChoice struct {
	OptionalConfig
	PrintService
	Serial   string `help:"USB serial number of the printer, as blanko printer list shows it. Not needed with one printer." placeholder:"NUMBER" xor:"printer"`
	Queue    string `help:"Print queue of the system, for a printer that only its maker's driver can speak to." placeholder:"NAME" xor:"printer"`
	Place    string `kong:"-"` // of a line that is bound to it
	Language string `help:"Language of the printer; without it that of the line with this serial number, else that of its maker." placeholder:"NAME"`
}

// openedPrinter is the printer of one command.
type openedPrinter struct {
	device.Printer
	Name     string // as the operator chose it
	Language string
	Config   Config
	Line     LineConfig // that has this printer; the zero value: none
	Path     device.Path
	close    func() error
}

// open finds the printer and opens it. A line that works with it holds it: usb.in_use.
func (c PrinterChoice) open(ctx context.Context, ports Printers) (*openedPrinter, error) {
	cfg, err := c.read()
	if err != nil {
		return nil, err
	}
	if c.Queue != "" {
		line := cfg.lineOfQueue(c.Queue)
		wants := line.Printer
		wants.Queue = c.Queue
		if c.CUPS != "" {
			wants.PrintService = c.CUPS
		}
		q, err := openQueue(ctx, wants)
		if err != nil {
			return nil, err
		}
		return &openedPrinter{Printer: q, Name: c.Queue, Language: spoolLanguage, Config: cfg, Line: line, close: q.Close}, nil
	}
	list, err := ports.List(ctx)
	if err != nil {
		return nil, err
	}
	d, err := c.choose(list)
	if err != nil {
		return nil, err
	}
	l, err := c.language(d, lineOf(cfg, d))
	if err != nil {
		return nil, err
	}
	return openPrinter(ctx, ports, cfg, d, l)
}

// openPrinter takes a printer on USB, set up as its line wants it.
func openPrinter(ctx context.Context, ports Printers, cfg Config, d usb.Device, l printerLanguage) (*openedPrinter, error) {
	o := &openedPrinter{Name: d.Serial, Language: l.Name, Config: cfg, Line: lineOf(cfg, d)}
	wants := o.Line.Printer
	if wants.Language != l.Name { // its settings have the names of another language
		wants = PrinterConfig{}
	}
	link, err := ports.Open(ctx, usb.Identity{Vendor: d.Vendor, Product: d.Product, Serial: d.Serial, Place: d.Place})
	if err != nil {
		return nil, err
	}
	if o.Printer, err = l.Open(ctx, link, wants, false); err != nil {
		return nil, errors.Join(err, link.Close())
	}
	o.close = link.Close
	o.Path, _ = o.Printer.(device.Path)
	return o, nil
}

// choose gives the one printer that is meant.
func (c PrinterChoice) choose(list []usb.Device) (usb.Device, error) {
	const op = "station.PrinterChoice"
	fit := slices.DeleteFunc(slices.Clone(list), func(d usb.Device) bool {
		return c.Serial != "" && d.Serial != c.Serial || c.Place != "" && d.Place != c.Place
	})
	switch {
	case len(fit) == 1 && fit[0].Fault == "":
		return fit[0], nil
	case len(fit) == 1:
		if e, known := entryOf(fault.Code(fit[0].Fault)); known {
			return usb.Device{}, e.At(op, nil).With("printer", "%s at %s", deviceName(fit[0]), fit[0].Place)
		}
		return fit[0], nil
	case len(fit) == 0:
		return usb.Device{}, PrinterAbsent.At(op, nil).With("printer", "%d printers are plugged in%s", len(list), named(list))
	}
	return usb.Device{}, PrinterUnnamed.At(op, nil).With("printer", "%d printers fit%s", len(fit), named(fit))
}

// named lists printers behind a colon; nothing where there are none.
func named(list []usb.Device) string {
	var names []string
	for _, d := range list {
		serial := d.Serial
		if serial == "" {
			serial = "-"
		}
		names = append(names, serial+" ("+deviceName(d)+")")
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, "; ")
}

// deviceName is maker and product, else the numbers.
func deviceName(d usb.Device) string {
	name := strings.TrimSpace(d.Manufacturer + " " + d.Name)
	if name == "" {
		return fmt.Sprintf("%04x:%04x", d.Vendor, d.Product)
	}
	return name
}

// lineOf is the line that is bound to a printer on USB.
func lineOf(c Config, d usb.Device) LineConfig {
	return c.lineWith(func(p PrinterConfig) bool {
		return p.Cable == cableUSB && (p.Serial != "" || p.Place != "") && (p.Serial == "" || p.Serial == d.Serial) && (p.Place == "" || p.Place == d.Place)
	})
}

// lineOfQueue is the line that is bound to a print queue.
func (c Config) lineOfQueue(name string) LineConfig {
	return c.lineWith(func(p PrinterConfig) bool { return p.Cable == cableCUPS && p.Queue == name })
}

func (c Config) lineWith(has func(PrinterConfig) bool) LineConfig {
	i := slices.IndexFunc(c.Lines, func(l LineConfig) bool { return has(l.Printer) })
	if i < 0 {
		return LineConfig{}
	}
	return c.Lines[i]
}

// language is what is spoken to a printer: as the command says, as its line does, or as its maker's
// printers do.
func (c PrinterChoice) language(d usb.Device, l LineConfig) (printerLanguage, error) {
	name := c.Language
	if name == "" {
		name = l.Printer.Language
	}
	if name == "" {
		name = languageOf(d)
	}
	for _, r := range printerLanguages {
		if r.Name == name {
			return r, nil
		}
	}
	return printerLanguage{}, PrinterUnknown.At("station.PrinterChoice", nil).With("language", "%q for %s", name, deviceName(d))
}

// languageOf is the language of a maker's printers; empty where it is not known.
func languageOf(d usb.Device) string {
	for _, l := range printerLanguages {
		if l.Vendor == d.Vendor {
			return l.Name
		}
	}
	return ""
}
