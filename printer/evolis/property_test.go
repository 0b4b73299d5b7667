package evolis_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/evolis"
	"blanko/fault"
	"blanko/printer"
)

// Two panels are enough to tell a whole print from a part of one.
var smallJob = func() printer.Panels {
	black, overlay := make([]byte, 1016*648), make([]byte, 1016*648)
	for i := range black {
		black[i], overlay[i] = byte(i/1016/9%2), byte(i/7%2)
	}
	return printer.Panels{
		Geometry: printer.Geometry{Columns: 1016, Rows: 648, DPI: 300, Levels: 128},
		Front:    printer.Side{Panels: []printer.Panel{{Letter: 'K', Levels: 2, Dots: black}, {Letter: 'O', Levels: 2, Dots: overlay}}},
	}
}()

var (
	anyStep = rapid.SampledFrom([]machine.Step{
		machine.StepAny, machine.StepFeed, machine.StepContactless, machine.StepPrint, machine.StepPanel, machine.StepEject, machine.StepReject,
	})
	anyMishap = rapid.SampledFrom([]machine.Kind{
		machine.KindJam, machine.KindDoubleFeed, machine.KindCoverOpen, machine.KindHopperLifted, machine.KindRibbonTorn, machine.KindRibbonGone,
		machine.KindRibbonWrong, machine.KindNoTag, machine.KindOutputFull, machine.KindRejectFull, machine.KindCleaningDue,
		machine.KindCardLost, machine.KindPowerCut, machine.KindCableOut, machine.KindCooling,
	})
	anyWhen  = rapid.SampledFrom([]machine.When{machine.WhenUsual, machine.WhenBefore, machine.WhenMidway, machine.WhenAfter})
	anyCable = rapid.SampledFrom([]device.Fault{
		{Kind: device.KindLostReply, Command: "Sic"},
		{Kind: device.KindLostReply, Command: "Si"},
		{Kind: device.KindLostReply, Command: "Se"},
		{Kind: device.KindLostReply, Command: "Ser"},
		{Kind: device.KindLostReply, Command: "Dbc"},
		{Kind: device.KindLostReply, Command: "Ss"},
		{Kind: device.KindLostReply, Command: "Rlr;p"},
		{Kind: device.KindLostReply, Command: "Scs"},
		{Kind: device.KindLostReply},
		{Kind: device.KindLateReply},
		{Kind: device.KindLateReply, Delay: 40 * time.Second},
		{Kind: device.KindLateReply, Command: "Sic"},
		{Kind: device.KindLateReply, Command: "Se"},
		{Kind: device.KindLateReply, Command: "Sic", Delay: 45 * time.Second},
		{Kind: device.KindLateReply, Command: "Ser", Delay: 31 * time.Second},
		{Kind: device.KindLateReply, Command: "Se", Delay: time.Minute},
		{Kind: device.KindStrayOK, Command: "Rrt;count"},
		{Kind: device.KindStrayOK, Command: "Rrt;qty"},
		{Kind: device.KindSplitReply},
		{Kind: device.KindSettingsLost, Command: "Rlr;p"},
		{Kind: device.KindSettingsLost, Command: "Dbc"},
		{Kind: device.KindLinkLost, Panel: 1},
		{Kind: device.KindLinkLost, Panel: 2},
	})
)

// walk makes cards on a bench where things go wrong, as a line does, and looks after every
// step whether what the printer said is what happened.
type walk struct {
	*bench
	says []string
}

func (w *walk) find(format string, args ...any) {
	w.says = append(w.says, fmt.Sprintf(format, args...))
}

func passes(p *machine.Plastic) int {
	if p == nil {
		return 0
	}
	front, back := p.Prints()
	return front + back
}

// mend is the person: everything that can be seen is put right, then the host clears.
func (w *walk) mend(ctx context.Context) {
	for range 40 {
		for _, problem := range w.m.Problems() {
			switch problem {
			case machine.ProblemPower:
				_ = w.m.PowerOn(ctx)
			case machine.ProblemCable:
				w.m.Replug()
			case machine.ProblemCover:
				w.m.CloseCover()
			case machine.ProblemJam, machine.ProblemCardLost:
				w.m.ClearJam()
			case machine.ProblemRibbonOut, machine.ProblemRibbonGone, machine.ProblemRibbonWrong:
				w.m.ReplaceRibbon(w.ribbon)
			case machine.ProblemOutputFull:
				w.m.TakeOutput()
			case machine.ProblemRejectFull:
				w.m.TakeReject()
			case machine.ProblemHopperEmpty:
				_ = w.m.Load(w.m.Lifted()...)
			}
		}
		if st := w.m.State(); st.Ribbon.NoTag {
			w.m.ReplaceRibbon(w.ribbon)
		}
		if w.p.Clear(ctx) == nil {
			if st, err := w.p.Status(ctx); err == nil && (st.Error == printer.ClassNone || st.Error == printer.ClassCleaningDue) {
				return
			}
		}
		_ = pass(ctx, 5*time.Second)
	}
	w.find("the printer does not come back")
}

func (w *walk) move(ctx context.Context, to printer.Position, station machine.Station) bool {
	before, fed := w.Inside(), w.m.State().Fed
	err := w.p.Move(ctx, to)
	now := w.m.State()
	costs := 0
	if before == nil {
		costs = 1
	}
	switch {
	case now.Fed > fed+costs && !(now.Jam && now.Path > 1): // a double feed is the machine's
		w.find("move to %s fed %d cards", to, now.Fed-fed)
	case err == nil && (now.Station != station || now.Path != 1):
		w.find("move to %s: done, and the card is at %q", to, now.Station)
	case err == nil && before != nil && w.Inside() != before:
		w.find("move to %s changed the card", to)
	}
	return err == nil
}

func (w *walk) print(ctx context.Context) {
	before := w.Inside()
	had := passes(before)
	err := w.p.Print(ctx, smallJob)
	after := before
	if after == nil {
		after = w.Inside()
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		if after == nil || w.Inside() != after {
			w.find("print: done, and the card is not inside")
			return
		}
		if passes(after) != had+1 {
			w.find("print: done in %d passes", passes(after)-had)
		}
		for _, p := range smallJob.Front.Panels {
			if l := after.Front.Layer(p.Letter); l == nil || l.Partial() || !bytes.Equal(l.Dots(), p.Dots) {
				w.find("print: done, and %c is not on the card", p.Letter)
			}
		}
	case kind == fault.Device:
		if after != nil && passes(after) != had {
			w.find("print: %v, and something is on the card", err)
		}
	case kind != fault.InDoubt:
		w.find("print: kind %s, %v", kind, err)
	}
}

func (w *walk) eject(ctx context.Context, tray printer.Tray, place machine.At) bool {
	before, fed := w.Inside(), w.m.State().Fed
	err := w.p.Eject(ctx, tray)
	if now := w.m.State().Fed; now != fed {
		w.find("eject fed %d cards", now-fed)
	}
	if err != nil {
		return false
	}
	if w.m.State().Path != 0 {
		w.find("eject: done, and a card is inside")
	}
	if before != nil && before.Place().At != place && before.Place().At != machine.AtHand {
		w.find("eject to %s: done, and the card is at %s", tray, before.Place())
	}
	return true
}

func (w *walk) run(ctx context.Context) {
	for i := range 3 {
		for range 10 {
			if w.move(ctx, printer.PositionContactless, machine.StationContactless) {
				break
			}
			w.mend(ctx)
		}
		w.print(ctx)
		w.mend(ctx)
		if w.Inside() != nil {
			w.move(ctx, printer.PositionContactless, machine.StationContactless)
			w.mend(ctx)
		}
		tray, place := printer.TrayOutput, machine.AtOutput
		if i == 1 {
			tray, place = printer.TrayReject, machine.AtReject
		}
		for range 10 {
			if w.eject(ctx, tray, place) {
				break
			}
			w.mend(ctx)
		}
		if w.m.State().Path != 0 {
			w.find("card %d does not leave", i+1)
		}
	}
}

// Whatever goes wrong in machine, cable and hands: what the printer package says of a move, a
// print or an eject is what happened; no move feeds two cards; an error before a panel leaves
// the card clean; and with a person's help the printer always comes back.
func TestSaysWhatHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		mishaps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) machine.Fault {
			f := machine.Fault{
				Kind: anyMishap.Draw(t, "kind"), Card: rapid.IntRange(0, 3).Draw(t, "card"), Step: anyStep.Draw(t, "step"),
				Panel: rapid.IntRange(0, 2).Draw(t, "panel"), When: anyWhen.Draw(t, "when"),
			}
			if f.Kind == machine.KindDoubleFeed {
				f.Step = machine.StepFeed
			}
			return f
		}), 0, 3).Draw(rt, "mishaps")
		cable := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) device.Fault {
			f := anyCable.Draw(t, "fault")
			f.Card = rapid.IntRange(0, 3).Draw(t, "card")
			return f
		}), 0, 3).Draw(rt, "cable")
		newer := rapid.Bool().Draw(rt, "disarms")

		var says []string
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, unit{model: "Primacy 2", set: device.SetNewer, hold: true, disarm: newer})
			b.Rough = true
			b.m.Plan(mishaps...)
			b.d.Plan(cable...)
			w := &walk{bench: b}
			w.run(t.Context())
			says = w.says
		})
		if len(says) > 0 {
			rt.Fatalf("%q", says)
		}
	})
}
