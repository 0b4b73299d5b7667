package station

import (
	"context"
	"slices"

	"blanko/fault"
	"blanko/jobs"
	"blanko/keys/pkcs11"
	device "blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/magicard"
	"blanko/printer/matica"
	"blanko/printer/spool"
	"blanko/printer/usb"
)

// printerLanguage is a language that the station speaks.
type printerLanguage struct {
	Name   string // in the configuration
	Vendor uint16 // USB vendor id of its maker
	Path   bool   // the host owns the card's way; without it a person carries the card
	Tuned  bool   // it tells its own settings, so that they can be compared
	// Options of a printer in the configuration that mean something in this language.
	Options []string
	// Open sets the printer up. A line prints on the card inside alone: a blank in its place would get
	// the face and no chip.
	Open func(ctx context.Context, link device.Link, c PrinterConfig, line bool) (device.Printer, error)
}

// printerLanguages lists them. Adding a printer is a package under printer and a row here.
var printerLanguages = []printerLanguage{
	{"evolis", usb.Evolis, true, false, []string{"ribbon"}, func(ctx context.Context, link device.Link, c PrinterConfig, line bool) (device.Printer, error) {
		return evolis.Open(ctx, link, evolis.Config{HoldAfterPrint: true, OnlyInside: line, Ribbon: c.Ribbon})
	}},
	{"matica", usb.Matica, true, true, []string{"settings", "cleaning_every"}, func(ctx context.Context, link device.Link, c PrinterConfig, line bool) (device.Printer, error) {
		return matica.Open(ctx, link, matica.Config{HoldAfterPrint: true, OnlyInside: line, Settings: c.Settings, CleaningEvery: c.CleaningEvery})
	}},
	{"magicard", usb.Magicard, false, false, []string{"ribbon", "film", "two_sided"}, func(ctx context.Context, link device.Link, c PrinterConfig, _ bool) (device.Printer, error) {
		return magicard.Open(ctx, link, magicard.Config{Ribbon: c.Ribbon, Film: c.Film, TwoSided: c.TwoSided})
	}},
}

// spoolLanguage names what is spoken to a print queue, and spoolOptions what it takes.
const spoolLanguage = "spool"

var spoolOptions = []string{"queue", "print_service", "page", "retransfer", "two_sided"}

// openQueue opens the print queue of a line.
func openQueue(ctx context.Context, c PrinterConfig) (*spool.Printer, error) {
	cfg := spool.Config{Server: c.PrintService, Queue: c.Queue, Retransfer: c.Retransfer, TwoSided: c.TwoSided}
	if c.Page != (PageConfig{}) {
		cfg.Geometry = spool.ID1
		cfg.Geometry.Columns, cfg.Geometry.Rows = c.Page.Columns, c.Page.Rows
	}
	return spool.Open(ctx, cfg)
}

// cable is a way to a device, as the configuration names it.
type cable struct {
	Name  string
	Built bool // this version can open it
}

// cableUSB is the way to a printer that is plugged in, cableCUPS to one that the operating system drives.
const (
	cableUSB  = "usb"
	cableCUPS = "cups"
)

// printerCables and readerCables list them.
var (
	printerCables = []cable{{cableUSB, true}, {cableCUPS, true}, {"tcp", false}}
	readerCables  = []cable{{"pcsc", true}}
)

// keyKind is a place where keys may be, as the configuration names it.
type keyKind struct {
	Name  string
	Built bool
}

var keyKinds = []keyKind{{pkcs11.Kind, true}}

// refusal says why a line of the configuration cannot run, nil when it can.
func refusal(l LineConfig, k KeysConfig) *fault.Error {
	const op = "station.refusal"
	built := func(list []cable, name string) bool { return slices.Contains(list, cable{name, true}) }
	at := slices.IndexFunc(printerLanguages, func(r printerLanguage) bool { return r.Name == l.Printer.Language })
	queue := l.Printer.Language == spoolLanguage
	switch {
	case at < 0 && !queue:
		return PrinterUnknown.At(op, nil).With("printer.language", "%q", l.Printer.Language)
	case l.Kind != jobs.Desktop && (queue || !printerLanguages[at].Path):
		return PrinterNotInline.At(op, nil).With("kind", "%q with a %s printer", l.Kind, l.Printer.Language)
	case !built(printerCables, l.Printer.Cable):
		return CableMissing.At(op, nil).With("printer.cable", "%q", l.Printer.Cable)
	case !built(readerCables, l.Reader.Cable):
		return CableMissing.At(op, nil).With("reader.cable", "%q", l.Reader.Cable)
	case !slices.Contains(keyKinds, keyKind{k.Kind, true}):
		return KeysMissing.At(op, nil).With("keys.kind", "%q", k.Kind)
	case l.Kind == jobs.Inline: // nobody can see the card while it is inside
		return FaceUnseen.At(op, nil).With("kind", "%q", l.Kind)
	}
	return nil
}
