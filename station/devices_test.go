package station

import (
	"context"
	"testing"
	"time"

	machine "blanko/emulator/printer"
	unit "blanko/emulator/printer/evolis"

	"blanko/fault"
)

// Every language of the table opens its printer.
func TestLanguagesOpen(t *testing.T) {
	t.Parallel()
	model, ok := machine.FindModel("Primacy 2")
	if !ok {
		t.Fatal("no such model")
	}
	m := machine.New(machine.Config{
		Name: "line", Model: model, Serial: "10000012345", Zone: "EU",
		Ribbon: machine.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 500, Zone: "EU"},
		Spend:  func(context.Context, time.Duration) error { return nil },
	})
	d := unit.New(m, unit.Config{Firmware: "0820"})
	defer d.Close()
	for _, l := range languages {
		p, err := l.Open(t.Context(), d)
		if err != nil {
			t.Fatalf("%s: %v", l.Name, err)
		}
		if s, err := p.Status(t.Context()); err != nil {
			t.Errorf("%s: %+v, %v", l.Name, s, err)
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
		{line("evolis", "usb", "pcsc"), CableMissing.Code, "printer.cable"},
		{line("evolis", "tcp", "pcsc"), CableMissing.Code, "printer.cable"},
		{line("evolis", "", ""), CableMissing.Code, "printer.cable"},
	} {
		if r := refusal(c.line, KeysConfig{Kind: "pkcs11"}); r == nil || r.Code != c.code || r.Field != c.field {
			t.Errorf("%+v: %v", c.line, r)
		}
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
