package trial

import (
	"context"
	"testing"

	"blanko/emulator"
	machine "blanko/emulator/printer"
	unit "blanko/emulator/printer/magicard"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/magicard"
)

// magicardKept is what was prepared for panels of a Magicard.
var magicardKept = &kept{}

// magicardShop is a desk with a Magicard in place of the world's own printer. A connection that
// breaks is opened anew.
func magicardShop(t *testing.T, model string) *shop {
	t.Helper()
	s := newShop(t, jobs.Desktop)
	s.kept, s.account.face = magicardKept, magicardKept.face
	m, ok := unit.FindModel(model)
	if !ok {
		t.Fatalf("no model %s", model)
	}
	d := unit.New(s.crashMachine(), unit.Config{Model: m, Firmware: "1.40", DeafWhilePrinting: true})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range d.Findings() {
			t.Errorf("the printer found: %s", f.Text)
		}
	})
	s.other = func(ctx context.Context, l *emulator.Line) (printer.Printer, error) {
		return magicard.Open(ctx, d, magicard.Config{
			Ribbon: panels, Sleep: lineClock{l.Clock}.Sleep, Now: l.Clock.Now, Timeouts: magicard.Timeouts{Quiet: quiet},
		})
	}
	return s
}

// A desktop line on a printer that tells little: what its count of cards proves is printed, all else
// that goes wrong at work costs the card.
func TestDesktopMagicard(t *testing.T) {
	t.Parallel()
	strike := func(kind machine.Kind) []emulator.Fault {
		return []emulator.Fault{{Line: string(crashLine), Card: 1, Kind: string(kind), Step: string(machine.StepPanel), Panel: 2}}
	}
	unknown := printer.Fault(printer.ClassUnknown).Code
	for _, model := range []string{"Enduro", "Tango 2e"} {
		code := func(kge2, kee printer.Class) fault.Code {
			if model == "Enduro" {
				return printer.Fault(kge2).Code
			}
			return printer.Fault(kee).Code
		}
		for _, k := range []kindCase{
			{name: "clean", want: map[jobs.State]int{jobs.Out: 2}},
			{name: "cable out in a panel", faults: strike(machine.KindCableOut), want: map[jobs.State]int{jobs.Out: 2}},
			{name: "power cut in a panel", faults: strike(machine.KindPowerCut), want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: printer.Fault(printer.ClassComm).Code},
			{name: "jam in a panel", faults: strike(machine.KindJam), want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: unknown},
			{name: "ribbon torn", faults: strike(machine.KindRibbonTorn), want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: code(printer.ClassRibbonOut, printer.ClassRibbonOut)},
			{
				name:  "card not put into the printer",
				hands: map[personalize.Ask]deed{personalize.AskPrinter: func(*carrier, context.Context) error { return nil }},
				want:  map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: unknown,
			},
		} {
			t.Run(model+", "+k.name, func(t *testing.T) {
				t.Parallel()
				k.on(t, magicardShop(t, model))
			})
		}
	}
}

// A Magicard makes no line of another kind.
func TestMagicardOnlyByHand(t *testing.T) {
	t.Parallel()
	s := magicardShop(t, "Enduro")
	s.build(t.Context())
	for _, kind := range jobs.Kinds {
		l := *s.line
		l.Kind, l.Hands = kind, nil
		if err := l.Run(t.Context(), nil); fault.CodeOf(err) != personalize.LineMisbuilt.Code {
			t.Errorf("%s without hands: %v", kind, err)
		}
	}
	if s.line.Path != nil || s.crashMachine().State().Fed != 0 {
		t.Error("a path, or a card fed")
	}
}
