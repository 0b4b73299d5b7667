package trial

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	machine "blanko/emulator/printer"

	"blanko/artwork"
	"blanko/fault"
	"blanko/printer"
	"blanko/printer/usb"
	"blanko/station"
)

// choice is a command's choice of the only printer, with the configuration of the sample.
func choice() station.PrinterChoice {
	var c station.PrinterChoice
	c.Config = "/etc/blanko/blanko.yaml"
	return c
}

// A test card comes out in the output tray as it was drawn, in every language; nothing else was fed.
func TestTestCardOnEveryPrinter(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"Primacy 2", "Dualys", "XID580i", "XID8600", "Enduro", "Tango 2e"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			p := &Printers{Emulated: []string{model}}
			t.Cleanup(func() {
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			})
			var out bytes.Buffer
			c := station.PrinterTestCardCommand{PrinterChoice: choice(), Reason: "test", JSON: true}
			c.PathEmpty = true
			if err := c.Run(t.Context(), station.Terminal{Out: &out, Err: &out, Language: station.English}, p); err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			m := p.units[0].Machine
			if s := m.State(); s.Output != 1 || s.Fed != 1 || s.Path != 0 || s.Hopper != blanksInside-1 {
				t.Errorf("%+v", s)
			}
			card := m.TakeOutput()[0]
			resin(t, card.Front.Layers())
			if len(card.Back.Layers()) > 0 {
				t.Error("something is on the back")
			}
			if p.units[0].claimed {
				t.Error("the printer was not given back")
			}
		})
	}
}

// resin compares the black panel on a card with the test card, whose title and samples do not depend on
// the day: the lower part is the same on every one.
func resin(t *testing.T, layers []*machine.Layer) {
	t.Helper()
	for _, l := range layers {
		if l.Letter != 'K' {
			continue
		}
		dpi := 300
		if l.Width > 2000 {
			dpi = 600
		}
		f, err := artwork.TestCard(dpi)
		if err != nil {
			t.Fatal(err)
		}
		side, err := printer.Separate(f.Color, f.Black, printer.Geometry{Columns: l.Width, Rows: l.Height, DPI: dpi, Levels: 128}, "YMCK")
		if err != nil {
			t.Fatal(err)
		}
		from := l.Width * l.Height / 3
		if !bytes.Equal(l.Dots()[from:], side.Panels[3].Dots[from:]) {
			t.Error("the black panel on the card is another")
		}
		return
	}
	t.Errorf("%d panels, none of them black", len(layers))
}

// Who has claimed a printer has it alone, until the link is closed.
func TestEmulatedPrinterIsClaimed(t *testing.T) {
	t.Parallel()
	p := &Printers{Emulated: []string{"XID580i", "Enduro"}}
	defer func() { _ = p.Close() }()
	list, err := p.List(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	first, err := p.Open(t.Context(), usb.Identity{Serial: list[0].Serial})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Open(t.Context(), usb.Identity{Serial: list[0].Serial}); !fault.Is(err, usb.InUse) {
		t.Errorf("a second claim: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := p.Open(t.Context(), usb.Identity{Serial: list[0].Serial})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := p.Open(t.Context(), usb.Identity{Serial: "none"}); !fault.Is(err, usb.NotPluggedIn) {
		t.Errorf("nobody's number: %v", err)
	}
}

// What stands in the way of a test card leaves every blank where it was.
func TestTestCardRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	for model, want := range map[string]fault.Code{
		"Primacy 2:card":       station.CardInside.Code,
		"XID8600:card":         station.CardInside.Code,
		"Primacy 2:no_ribbon":  printer.Fault(printer.ClassRibbonGone).Code,
		"XID580i:cover_open":   printer.Fault(printer.ClassCoverOpen).Code,
		"Enduro":               station.PathUnseen.Code,
		"Tango 2e":             station.PathUnseen.Code,
		"Primacy 2:cover_open": printer.Fault(printer.ClassCoverOpen).Code,
	} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			p := &Printers{Emulated: []string{model}}
			defer func() { _ = p.Close() }()
			if err := p.Build(); err != nil {
				t.Fatal(err)
			}
			before := p.units[0].Machine.State()
			var out bytes.Buffer
			c := station.PrinterTestCardCommand{PrinterChoice: choice(), Reason: "test"}
			err := c.Run(t.Context(), station.Terminal{Out: &out, Err: &out}, p)
			if fault.CodeOf(err) != want || errors.Is(err, station.ErrShown) {
				t.Errorf("%v, want %s", err, want)
			}
			if now := p.units[0].Machine.State(); now != before {
				t.Errorf("before %+v\nafter  %+v", before, now)
			}
			c.Out = filepath.Join(t.TempDir(), "x.png")
			if err := c.Run(t.Context(), station.Terminal{Out: &out, Err: &out}, p); err != nil {
				t.Errorf("the picture alone: %v", err)
			}
		})
	}
}
