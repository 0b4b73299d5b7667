// Package person stands beside an emulated printer and does what a person does to a real one, as the
// conformance suite of printers wants it.
//
// What lives here: the joint of emulator/printer and printer/printertest. What may not: a printer
// language, a cable, a case. Tests of the printer languages call it. Start reading at Acts.
package person

import (
	"fmt"
	"testing"

	machine "blanko/emulator/printer"
	"blanko/printer/printertest"
)

// Person is beside one machine until the test ends.
type Person struct {
	Machine *machine.Machine
	Blanks  []*machine.Plastic // as they were loaded, first to be fed first
	// Rough: what the machine went through leaves the host no chance to speak well.
	Rough bool

	t     testing.TB
	taken []*machine.Plastic // out of the hopper
}

// Beside loads blanks into the hopper of the machine.
func Beside(t testing.TB, m *machine.Machine, blanks int) *Person {
	t.Helper()
	p := &Person{Machine: m, t: t}
	for i := range blanks {
		p.Blanks = append(p.Blanks, machine.NewPlastic(fmt.Sprintf("blank %d", i), nil))
	}
	if err := m.Load(p.Blanks...); err != nil {
		t.Fatal(err)
	}
	return p
}

// Acts are what a person can do to every machine, and the truth about its cards. Printer and what is
// the language's own (Says, Overlay, DuringPanel, LoseAnswer, supplies) are the caller's.
func (p *Person) Acts() printertest.Bench {
	m := p.Machine
	must := func(err error) {
		if err != nil {
			p.t.Fatal(err)
		}
	}
	plan := func(f machine.Fault) func() { return func() { m.Plan(f) } }
	within := func(kind machine.Kind) func(int) {
		return func(n int) { m.Plan(machine.Fault{Kind: kind, Step: machine.StepPanel, Panel: n}) }
	}
	clearJam := func() { m.ClearJam() }
	return printertest.Bench{
		Cards: len(p.Blanks),
		Hopper: printertest.Act{
			Do:   func() { p.taken = m.Unload() },
			Undo: func() { must(m.Load(p.taken...)) },
		},
		Cover: printertest.Act{Do: m.OpenCover, Undo: m.CloseCover},
		Jam:   printertest.Act{Do: plan(machine.Fault{Kind: machine.KindJam}), Undo: clearJam},
		Lost:  printertest.Act{Do: plan(machine.Fault{Kind: machine.KindCardLost}), Undo: clearJam},
		Power: printertest.Act{Do: m.PowerCut, Undo: func() { must(m.PowerOn(p.t.Context())) }},
		Cleaned: printertest.Act{Do: func() {
			m.Plan(machine.Fault{Kind: machine.KindCleaningDue, Step: machine.StepClean, When: machine.WhenAfter})
			must(m.Clean(p.t.Context()))
		}},
		SpentAt: within(machine.KindRibbonTorn),
		JamAt:   within(machine.KindJam),
		Fed:     func() int { return m.State().Fed },
		Trays:   p.Trays,
		Inside: func() (printertest.Card, bool) {
			c := p.Inside()
			if c == nil {
				return printertest.Card{}, false
			}
			return card(c), true
		},
	}
}

// Fit puts ribbons into the machine: r, changed.
func (p *Person) Fit(r machine.Ribbon, change func(*machine.Ribbon)) func() {
	return func() {
		r := r
		if change != nil {
			change(&r)
		}
		p.Machine.ReplaceRibbon(r)
	}
}

// Inside is the card in the path; nil when there is none.
func (p *Person) Inside() *machine.Plastic {
	for _, c := range p.Machine.Census() {
		if c.Place.At == machine.AtPath {
			return c.Plastic
		}
	}
	return nil
}

// Trays are the cards that lie in the output and in the reject box.
func (p *Person) Trays() (output, reject []printertest.Card) {
	for _, c := range p.Machine.Census() {
		switch c.Place.At {
		case machine.AtOutput:
			output = append(output, card(c.Plastic))
		case machine.AtReject:
			reject = append(reject, card(c.Plastic))
		}
	}
	return output, reject
}

func card(c *machine.Plastic) printertest.Card {
	return printertest.Card{Serial: c.Serial, Front: layers(c.Front), Back: layers(c.Back)}
}

func layers(side *machine.Print) []printertest.Layer {
	var out []printertest.Layer
	for _, l := range side.Layers() {
		out = append(out, printertest.Layer{Letter: l.Letter, Levels: l.Levels, Dots: l.Dots})
	}
	return out
}
