package evolis

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

var anyCommand = []string{
	"Si", "Sis", "Sic", "Sib", "Sie", "Seb", "Ser", "Ss", "Sr", "Sv", "Se", "Scs", "Scp", "St", "Sc;2", "Smw", "Smr;1",
	"Pneab;E", "Pneab;A;1", "Pneab;A;0", "Pcim;F", "Pcim;I;S", "Pcim;B", "Pcem;I", "Pcem;k", "Pcem;S", "Rlr;p", "Ssd;k", "Sp;k", "Pr;ymcko", "Pr;k",
}

var anyKind = []printer.Kind{
	printer.KindJam, printer.KindDoubleFeed, printer.KindCoverOpen, printer.KindHopperLifted, printer.KindRibbonTorn, printer.KindRibbonGone,
	printer.KindRibbonWrong, printer.KindOutputFull, printer.KindRejectFull, printer.KindCleaningDue, printer.KindCardLost, printer.KindPathStuck,
	printer.KindCounterStuck, printer.KindPowerCut, printer.KindCableOut, printer.KindCooling, printer.KindPanelLost, printer.KindNoTag,
}

var (
	anyStep = []printer.Step{
		"", printer.StepFeed, printer.StepInsert, printer.StepPrint, printer.StepContact, printer.StepContactless,
		printer.StepFlip, printer.StepPanel, printer.StepEject, printer.StepReject, printer.StepBezel,
	}
	anyWhen    = []printer.When{"", printer.WhenBefore, printer.WhenMidway, printer.WhenAfter}
	anyStation = []printer.Station{printer.StationNone, printer.StationPrint, printer.StationContactless, printer.StationBetween}
)

// world is what the property test acts on.
type world struct {
	t     *rapid.T
	ctx   context.Context
	m     *printer.Machine
	d     *Device
	cards []*printer.Plastic
}

// tell sends a command and, unless the line is dead, waits for the answer.
func (w *world) tell(p []byte) {
	buf := make([]byte, 64)
	if err := w.d.Write(w.ctx, p); err != nil {
		w.dead(err)
		return
	}
	if _, err := w.d.Read(w.ctx, buf); err != nil {
		w.dead(err)
	}
}

func (w *world) dead(err error) {
	if !errors.Is(err, printer.ErrPowerOff) && !errors.Is(err, printer.ErrUnplugged) {
		w.t.Fatalf("link: %v", err)
	}
}

// free lists the cards that a person could pick up.
func (w *world) free() []*printer.Plastic {
	var out []*printer.Plastic
	for _, p := range w.cards {
		if at := p.Place().At; at == printer.AtHand || at == printer.AtStock || at == printer.AtBox {
			out = append(out, p)
		}
	}
	return out
}

// No card is ever lost or doubled, whatever the host sends, persons do and faults strike.
func TestNoCardIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		model := printer.Models[rapid.IntRange(0, len(printer.Models)-1).Draw(t, "model")]
		model.Bezel = rapid.Bool().Draw(t, "bezel")
		model.Hopper, model.Output, model.Reject = 6, 3, 2
		m := printer.New(printer.Config{Name: "line-1", Model: model, Zone: "A", Ribbon: roll()})
		w := &world{t: t, ctx: ctx, m: m, d: New(m, Config{Set: rapid.SampledFrom([]CommandSet{SetOlder, SetNewer}).Draw(t, "set")})}
		defer w.d.Close()
		for i := range 8 {
			w.cards = append(w.cards, printer.NewPlastic(fmt.Sprint(i), chip.New(chip.Config{Serial: [8]byte{byte(i)}})))
		}
		panel := compressResin(make([]byte, panelSize(1)))
		data := append(append([]byte(fmt.Sprintf("\x1bDbc;k;2;%d;", len(panel))), panel...), '\r')
		w.tell([]byte("\x1bPem;2\r"))
		if err := m.Load(w.cards[:rapid.IntRange(0, 6).Draw(t, "loaded")]...); err != nil {
			t.Fatal(err)
		}
		prints := map[*printer.Plastic]int{}
		t.Repeat(map[string]func(*rapid.T){
			"commands": func(t *rapid.T) {
				if rapid.Bool().Draw(t, "clear") {
					w.tell([]byte("\x1bScs\r"))
				}
				for _, c := range rapid.SliceOfN(rapid.SampledFrom(anyCommand), 1, 8).Draw(t, "commands") {
					w.tell([]byte("\x1b" + c + "\r"))
				}
			},
			"panel": func(*rapid.T) { w.tell(data) },
			"print": func(t *rapid.T) {
				w.tell([]byte("\x1bScs\r"))
				w.tell([]byte("\x1bSs\r"))
				w.tell(data)
				if rapid.Bool().Draw(t, "duplex") {
					w.tell([]byte("\x1bSv\r"))
					w.tell(data)
				}
				w.tell([]byte("\x1bSe\r"))
			},
			"reset": func(*rapid.T) { w.tell([]byte("\x1bSrs\r")); w.tell([]byte("\x1bPem;2\r")) },
			"load": func(t *rapid.T) {
				n := rapid.IntRange(0, 4).Draw(t, "n")
				cards := w.cards[:n] // some of them are elsewhere: then none goes in
				before := m.State().Hopper
				if err := m.Load(cards...); err != nil && m.State().Hopper != before {
					t.Fatalf("refused and changed: %v", err)
				}
			},
			"load free": func(*rapid.T) { _ = m.Load(w.free()...) },
			"unload":    func(*rapid.T) { m.Unload() },
			"trays":     func(*rapid.T) { m.TakeOutput(); m.TakeReject() },
			"bezel": func(t *rapid.T) {
				if free := w.free(); len(free) > 0 && rapid.Bool().Draw(t, "put") {
					_ = m.PutBezel(free[0])
				} else {
					m.TakeBezel()
				}
			},
			"throw": func(*rapid.T) {
				if free := w.free(); len(free) > 0 {
					_ = m.PutReject(free[0])
				}
			},
			"cover":  func(t *rapid.T) { m.OpenCover(); _, _ = m.PullCard(); m.CloseCover() },
			"clear":  func(*rapid.T) { m.ClearJam(); m.CloseCover() },
			"ribbon": func(*rapid.T) { m.ReplaceRibbon(roll()) },
			"power": func(*rapid.T) {
				m.PowerCut()
				_ = m.PowerOn(ctx)
				m.Replug()
				w.tell([]byte("\x1bPem;2\r"))
			},
			"mend": func(*rapid.T) {
				_ = m.PowerOn(ctx)
				m.Replug()
				m.FreeSensors()
				w.tell([]byte("\x1bPem;2\r"))
			},
			"lie": func(t *rapid.T) { m.StickPath(rapid.SampledFrom(anyStation).Draw(t, "station")) },
			"fault": func(t *rapid.T) {
				m.Plan(printer.Fault{
					Kind: rapid.SampledFrom(anyKind).Draw(t, "kind"), Step: rapid.SampledFrom(anyStep).Draw(t, "step"),
					When: rapid.SampledFrom(anyWhen).Draw(t, "when"), Station: rapid.SampledFrom(anyStation).Draw(t, "station"),
				})
			},
			"": func(t *rapid.T) {
				if wrong := m.Audit(); len(wrong) > 0 {
					t.Fatalf("audit: %v", wrong)
				}
				s := m.State()
				inside := s.Hopper + s.Path + s.Output + s.Reject
				if s.Bezel {
					inside++
				}
				if inside+len(w.free()) != len(w.cards) {
					t.Fatalf("%d inside, %d outside, %d cards: %+v", inside, len(w.free()), len(w.cards), s)
				}
				for _, p := range w.cards {
					front, back := p.Prints()
					if front+back < prints[p] {
						t.Fatalf("card %s was printed %d times, now %d", p.Serial, prints[p], front+back)
					}
					prints[p] = front + back
				}
			},
		})
	})
}
