package station

import (
	"context"
	"slices"

	"blanko/fault"
	"blanko/jobs"
	device "blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/magicard"
	"blanko/printer/matica"
	"blanko/printer/usb"
)

// printerLanguage is a language that the station speaks.
type printerLanguage struct {
	Name   string // in the configuration
	Vendor uint16 // USB vendor id of its maker
	Path   bool   // the host owns the card's way; without it a person carries the card
	Tuned  bool   // it tells its own settings, so that they can be compared
	Open   func(context.Context, device.Link, PrinterConfig) (device.Printer, error)
}

// printerLanguages lists them. Adding a printer is a package under printer and a row here.
var printerLanguages = []printerLanguage{
	{"evolis", usb.Evolis, true, false, func(ctx context.Context, link device.Link, _ PrinterConfig) (device.Printer, error) {
		return evolis.Open(ctx, link, evolis.Config{HoldAfterPrint: true})
	}},
	{"matica", usb.Matica, true, true, func(ctx context.Context, link device.Link, c PrinterConfig) (device.Printer, error) {
		return matica.Open(ctx, link, matica.Config{HoldAfterPrint: true, Settings: c.Settings, CleaningEvery: c.CleaningEvery})
	}},
	{"magicard", usb.Magicard, false, false, func(ctx context.Context, link device.Link, _ PrinterConfig) (device.Printer, error) {
		return magicard.Open(ctx, link, magicard.Config{})
	}},
}

// cable is a way to a device, as the configuration names it.
type cable struct {
	Name  string
	Built bool // this version can open it
}

// cableUSB is the way to a printer that is plugged in.
const cableUSB = "usb"

// printerCables and readerCables list them.
var (
	printerCables = []cable{{cableUSB, false}, {"tcp", false}}
	readerCables  = []cable{{"pcsc", true}}
)

// keyKind is a place where keys may be, as the configuration names it.
type keyKind struct {
	Name  string
	Built bool
}

var keyKinds = []keyKind{{"pkcs11", false}}

// refusal says why a line of the configuration cannot run, nil when it can.
func refusal(l LineConfig, k KeysConfig) *fault.Error {
	const op = "station.refusal"
	built := func(list []cable, name string) bool { return slices.Contains(list, cable{name, true}) }
	at := slices.IndexFunc(printerLanguages, func(r printerLanguage) bool { return r.Name == l.Printer.Language })
	switch {
	case at < 0:
		return PrinterUnknown.At(op, nil).With("printer.language", "%q", l.Printer.Language)
	case l.Kind != jobs.Desktop && !printerLanguages[at].Path:
		return PrinterNotInline.At(op, nil).With("kind", "%q with a %s printer", l.Kind, l.Printer.Language)
	case !built(printerCables, l.Printer.Cable):
		return CableMissing.At(op, nil).With("printer.cable", "%q", l.Printer.Cable)
	case !built(readerCables, l.Reader.Cable):
		return CableMissing.At(op, nil).With("reader.cable", "%q", l.Reader.Cable)
	case !slices.Contains(keyKinds, keyKind{k.Kind, true}):
		return KeysMissing.At(op, nil).With("keys.kind", "%q", k.Kind)
	}
	return nil
}
