package magicard_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/magicard"
	"blanko/fault"
	"blanko/printer"
	"blanko/printer/magicard"
)

// A black panel and an overlay are enough to tell a whole print from a part of one. Each is of
// another person.
var smallJobs = [3]printer.Panels{smallJob(9), smallJob(10), smallJob(11)}

func smallJob(person int) printer.Panels {
	black := make([]byte, magicard.Columns*magicard.Rows)
	for i := range black {
		black[i] = byte(i / magicard.Columns / person % 2)
	}
	g := printer.Geometry{Columns: magicard.Columns, Rows: magicard.Rows, DPI: magicard.DPI, Levels: magicard.Levels}
	return printer.Panels{
		Geometry: g,
		Front:    printer.Side{Panels: []printer.Panel{{Letter: 'K', Levels: 2, Dots: black}, {Letter: 'O', Levels: 2, Dots: holed(g)}}},
	}
}

var (
	anyStep = rapid.SampledFrom([]machine.Step{
		machine.StepAny, machine.StepFeed, machine.StepPrint, machine.StepPanel, machine.StepEject,
	})
	anyMishap = rapid.SampledFrom([]machine.Kind{
		machine.KindJam, machine.KindDoubleFeed, machine.KindCoverOpen, machine.KindHopperLifted, machine.KindRibbonTorn, machine.KindRibbonGone,
		machine.KindRibbonWrong, machine.KindNoTag, machine.KindOutputFull, machine.KindCleaningDue, machine.KindCardLost,
		machine.KindPowerCut, machine.KindCableOut, machine.KindCooling, machine.KindCounterStuck,
	})
	anyWhen  = rapid.SampledFrom([]machine.When{machine.WhenUsual, machine.WhenBefore, machine.WhenMidway, machine.WhenAfter})
	anyCable = rapid.SampledFrom([]device.Fault{
		{Kind: device.KindLostReply},
		{Kind: device.KindLateReply},
		{Kind: device.KindLateReply, Delay: 3 * time.Second},
		{Kind: device.KindLateReply, Delay: 40 * time.Second},
		{Kind: device.KindLateReply, Command: "TCQ", Delay: 9 * time.Second},
		{Kind: device.KindLostReply, Command: "TCQ"},
		{Kind: device.KindSplitReply},
		{Kind: device.KindLinkLost},
		{Kind: device.KindDeaf},
	})
	anyUnit = rapid.Custom(func(t *rapid.T) unit {
		model := rapid.SampledFrom([]string{"Enduro", "Tango 2e"}).Draw(t, "model")
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		return unit{model: model, speak: device.Config{
			Eager: flag("eager"), Resumes: flag("resumes"), DyesOnly: flag("dyes"), DeafWhilePrinting: flag("deaf"), KeepStale: flag("stale"),
		}}
	})
)

// walk makes cards on a bench where things go wrong, as a line does whose cards a person carries,
// and looks after every print whether what the printer said is what happened.
type walk struct {
	*bench
	says []string
}

func (w *walk) find(format string, args ...any) {
	w.says = append(w.says, fmt.Sprintf(format, args...))
}

// whole tells whether the front carries the job. A printer that goes on by itself after a person
// acted may lay a panel again over its own half.
func whole(p *machine.Plastic, job printer.Panels) bool {
	for _, want := range job.Front.Panels {
		if l := p.Front.Layer(want.Letter); l == nil || l.Partial() || !bytes.Equal(l.Dots(), want.Dots) {
			return false
		}
	}
	return true
}

func (w *walk) wholes(job printer.Panels) (n int) {
	for _, p := range w.Blanks {
		if whole(p, job) {
			n++
		}
	}
	return n
}

// mixed tells whether parts of two jobs lie on a card.
func mixed(p *machine.Plastic) bool {
	var first *machine.Layer
	for _, l := range p.Front.Layers() {
		switch {
		case l.Letter != 'K':
		case first == nil:
			first = l
		case l.Sum() != first.Sum():
			return true
		}
	}
	return false
}

func (w *walk) layers() (n int) {
	for _, p := range w.Blanks {
		n += len(p.Front.Layers())
	}
	return n
}

// mend is the person: everything that can be seen is put right, then the host clears. A printer
// that does not answer is switched off and on.
func (w *walk) mend(ctx context.Context) bool {
	for round := range 40 {
		acted := false
		for _, problem := range w.m.Problems() {
			acted = acted || problem != machine.ProblemCleaning
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
			case machine.ProblemHopperEmpty:
				_ = w.m.Load(w.m.Lifted()...)
			}
		}
		if round == 10 {
			w.m.PowerCut()
			_ = w.m.PowerOn(ctx)
		}
		if w.m.State().Ribbon.NoTag {
			w.m.ReplaceRibbon(w.ribbon)
		}
		// What goes wrong while the host clears, the person sees.
		if w.p.Clear(ctx) == nil && !acted {
			if st, err := w.p.Status(ctx); err == nil && (st.Error == printer.ClassNone || st.Error == printer.ClassCleaningDue) {
				return true
			}
		}
		_ = pass(ctx, 5*time.Second)
	}
	w.find("the printer does not come back")
	return false
}

func (w *walk) count(ctx context.Context) (int, bool) {
	c, err := w.p.Counters(ctx)
	return c.Prints.Value, err == nil && c.Prints.Known
}

func (w *walk) run(ctx context.Context, resumes bool) {
	for _, job := range smallJobs {
		before, counted := w.count(ctx)
		layers := w.layers()
		err := w.p.Print(ctx, job)
		switch kind := fault.KindOf(err); {
		case err == nil && w.wholes(job) != 1:
			w.find("print: done, and %d cards are whole", w.wholes(job))
		case err == nil:
		case kind == fault.Device && w.layers() != layers:
			w.find("print: %v, and something is on a card", err)
		case kind != fault.Device && kind != fault.InDoubt:
			w.find("print: kind %s, %v", kind, err)
		}
		if !w.mend(ctx) {
			return
		}
		if after, ok := w.count(ctx); ok && counted && after > before+w.wholes(job) {
			w.find("the count rose by %d, and %d cards are whole", after-before, w.wholes(job))
		}
		for _, p := range w.Blanks {
			if front, _ := p.Prints(); front > 1 && !resumes || mixed(p) {
				w.find("card %s was printed %d times", p.Serial, front)
			}
		}
		w.m.TakeOutput()
	}
}

// Whatever goes wrong in machine, cable and hands, on whatever firmware: a print that is said to be
// done lies on one card, an error before a panel leaves every card clean, the count proves no print
// that is not there, no card gets a second print but by a printer that goes on by itself, and none
// that of another person; with a person's help the printer comes back.
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
		u := anyUnit.Draw(rt, "unit")

		var says []string
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, u)
			b.Rough = true
			b.m.Plan(mishaps...)
			b.d.Plan(cable...)
			w := &walk{bench: b}
			w.run(t.Context(), u.speak.Resumes)
			says = w.says
		})
		if len(says) > 0 {
			rt.Fatalf("%q", says)
		}
	})
}
