package station

import (
	"context"
	"testing"
	"time"

	machine "blanko/emulator/printer"
	evolisUnit "blanko/emulator/printer/evolis"
	magicardUnit "blanko/emulator/printer/magicard"
	maticaUnit "blanko/emulator/printer/matica"

	"blanko/fault"
	"blanko/jobs"
	device "blanko/printer"
)

// Every language of the table opens its printer, which is a Path where the table says so.
func TestLanguagesOpen(t *testing.T) {
	t.Parallel()
	mechanics := func(name string) *machine.Machine {
		model, ok := machine.FindModel(name)
		if !ok {
			t.Fatal("no such model")
		}
		return machine.New(machine.Config{
			Name: "line", Model: model, Serial: "10000012345", Zone: "EU", Ribbon: model.NewRibbon("EU"),
			Spend: func(context.Context, time.Duration) error { return nil },
		})
	}
	m := mechanics("Primacy 2")
	units := map[string]device.Link{
		"evolis":   evolisUnit.New(m, evolisUnit.Config{Firmware: "0820"}),
		"matica":   maticaUnit.New(mechanics("XID8600"), maticaUnit.Config{}),
		"magicard": magicardUnit.New(m, magicardUnit.Config{Firmware: "1.40"}),
	}
	for _, l := range printerLanguages {
		link := units[l.Name]
		if link == nil {
			t.Fatalf("%s: no such printer in the test", l.Name)
		}
		defer link.Close()
		p, err := l.Open(t.Context(), link, PrinterConfig{}, false)
		if err != nil {
			t.Fatalf("%s: %v", l.Name, err)
		}
		if s, err := p.Status(t.Context()); err != nil {
			t.Errorf("%s: %+v, %v", l.Name, s, err)
		}
		if _, tuned := p.(settingsTeller); tuned != l.Tuned {
			t.Errorf("%s tells its settings: %v", l.Name, tuned)
		}
		if _, path := p.(device.Path); path != l.Path {
			t.Errorf("%s: a path is %v, the table says %v", l.Name, path, l.Path)
		}
	}
}

// A printer without a path makes no line but one whose card a person carries.
func TestInlineNeedsAPath(t *testing.T) {
	t.Parallel()
	for _, kind := range jobs.Kinds {
		l := LineConfig{ID: "a", Kind: kind, Printer: PrinterConfig{Language: "magicard", Cable: "usb"}, Reader: ReaderConfig{Cable: "pcsc"}}
		r := refusal(l, KeysConfig{Kind: "pkcs11"})
		if refused := r != nil && r.Code == PrinterNotInline.Code; refused != (kind != jobs.Desktop) {
			t.Errorf("%s: %v", kind, r)
		}
		l.Printer.Language = "evolis"
		if r := refusal(l, KeysConfig{Kind: "pkcs11"}); r != nil && r.Code == PrinterNotInline.Code {
			t.Errorf("%s with a path: %v", kind, r)
		}
	}
}

// A line is refused by the first thing that it lacks.
func TestRefusal(t *testing.T) {
	t.Parallel()
	line := func(language, printer, reader string) LineConfig {
		return LineConfig{ID: "a", Printer: PrinterConfig{Language: language, Cable: printer}, Reader: ReaderConfig{Cable: reader}}
	}
	for _, c := range []struct {
		line  LineConfig
		code  fault.Code
		field string
	}{
		{line("fanuc", "usb", "pcsc"), PrinterUnknown.Code, "printer.language"},
		{line("", "usb", "pcsc"), PrinterUnknown.Code, "printer.language"},
		{line("spool", "cups", "pcsc"), PrinterNotInline.Code, "kind"},
		{line("evolis", "tcp", "pcsc"), CableMissing.Code, "printer.cable"},
		{line("evolis", "", ""), CableMissing.Code, "printer.cable"},
		{line("evolis", "pcsc", "pcsc"), CableMissing.Code, "printer.cable"},
	} {
		if r := refusal(c.line, KeysConfig{Kind: "pkcs11"}); r == nil || r.Code != c.code || r.Field != c.field {
			t.Errorf("%+v: %v", c.line, r)
		}
	}
	whole := line("evolis", "usb", "pcsc")
	if r := refusal(whole, KeysConfig{Kind: "files"}); r == nil || r.Code != KeysMissing.Code || r.Field != "keys.kind" {
		t.Errorf("keys in files: %v", r)
	}
	if r := refusal(whole, KeysConfig{Kind: "pkcs11"}); r != nil {
		t.Errorf("nothing lacks: %v", r)
	}
}

// Every code of the house is told once.
func TestEntriesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[fault.Code]bool{}
	for _, e := range Entries() {
		if seen[e.Code] {
			t.Errorf("%s twice", e.Code)
		}
		seen[e.Code] = true
	}
	if len(seen) < 100 {
		t.Errorf("only %d entries", len(seen))
	}
}
