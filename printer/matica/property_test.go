package matica_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/matica"
	"blanko/fault"
	"blanko/printer"
)

var (
	anyStep = rapid.SampledFrom([]machine.Step{
		machine.StepAny, machine.StepFeed, machine.StepContactless, machine.StepEngage, machine.StepDisengage, machine.StepPrint,
		machine.StepPanel, machine.StepTransfer, machine.StepFlip, machine.StepEject, machine.StepReject,
	})
	anyMishap = rapid.SampledFrom([]machine.Kind{
		machine.KindJam, machine.KindDoubleFeed, machine.KindCoverOpen, machine.KindHopperLifted, machine.KindRibbonTorn, machine.KindFilmTorn,
		machine.KindRibbonGone, machine.KindRibbonWrong, machine.KindNoTag, machine.KindOutputFull, machine.KindRejectFull,
		machine.KindCardLost, machine.KindPowerCut, machine.KindCableOut, machine.KindCooling,
	})
	anyWhen  = rapid.SampledFrom([]machine.When{machine.WhenUsual, machine.WhenBefore, machine.WhenMidway, machine.WhenAfter})
	anyCable = rapid.SampledFrom([]device.Kind{
		device.KindStall, device.KindLostReply, device.KindLateReply, device.KindWrongTag, device.KindWrongSignature, device.KindShortStatus,
		device.KindShortData, device.KindLinkLost, device.KindCode, device.KindWait,
	})
	anyCommand = rapid.SampledFrom([]string{"", "00", "03", "1a", "34", "4d", "31", "31 01", "31 0b", "31 08", "31 0d", "31 0a", "32", "2a"})
	anyPhase   = rapid.SampledFrom([]device.Phase{device.PhaseCommand, device.PhaseData, device.PhaseStatus})
	anyCode    = rapid.SampledFrom([]uint32{
		0x0002D000, 0x0002D100, 0x0002D300, 0x0002DA00, 0x0002F000, 0x0002D800, 0x00039000, 0x00039300, 0x00039500, 0x0003A100, 0x0003B000,
		0x0003B200, 0x00034400, 0x00052000, 0x00052600, 0x00062800,
	})
)

// walk makes cards on a bench where things go wrong, as a line does, and looks after every step
// whether what the printer said is what happened.
type walk struct {
	*bench
	jobs  []printer.Panels
	cards map[*machine.Plastic]int // which job is on it, from 1
	says  []string
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
	for range 60 {
		if len(w.m.Problems()) > 0 {
			w.m.OpenCover() // whoever mends something opens the printer
		}
		for _, problem := range w.m.Problems() {
			switch problem {
			case machine.ProblemPower:
				_ = w.m.PowerOn(ctx)
			case machine.ProblemCable:
				w.m.Replug()
			case machine.ProblemJam, machine.ProblemCardLost:
				w.m.ClearJam()
			case machine.ProblemRibbonOut, machine.ProblemRibbonGone, machine.ProblemRibbonWrong:
				w.m.ReplaceRibbon(w.roll(w.m.Model()))
			case machine.ProblemFilmOut:
				w.m.ReplaceFilm(w.m.Model().NewFilm())
			case machine.ProblemOutputFull:
				w.m.TakeOutput()
			case machine.ProblemRejectFull:
				w.m.TakeReject()
			case machine.ProblemHopperEmpty:
				_ = w.m.Load(w.m.Lifted()...)
			}
		}
		if w.m.State().Ribbon.NoTag {
			w.m.ReplaceRibbon(w.roll(w.m.Model()))
		}
		w.m.CloseCover()
		if w.p.Clear(ctx) == nil {
			st, err := w.p.Status(ctx)
			if err == nil && (st.Error == printer.ClassNone || st.Error == printer.ClassNoCards) {
				return
			}
			if err == nil && (st.Error == printer.ClassRibbonError || st.Error == printer.ClassFilmError || st.Error == printer.ClassRibbonOut) {
				w.m.OpenCover() // told by a script: somebody looks
				_, _ = w.p.Status(ctx)
				w.m.CloseCover()
			}
		}
		_ = pass(ctx, 5*time.Second)
	}
	st, err := w.p.Status(ctx)
	w.find("the printer does not come back: %+v, %v, %v", st, err, w.m.Problems())
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
	case err == nil && (station == machine.StationContactless) != now.Engaged:
		w.find("move to %s: done, engaged %v", to, now.Engaged)
	}
	return err == nil
}

func (w *walk) print(ctx context.Context, number int) {
	job := w.jobs[number]
	before := w.Inside()
	had := passes(before)
	err := w.p.Print(ctx, job)
	after := before
	if after == nil {
		after = w.Inside()
	}
	if after != nil && w.cards[after] == 0 {
		w.cards[after] = number + 1
	}
	sides := 1
	if job.Back != nil {
		sides = 2
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		if after == nil || w.Inside() != after {
			w.find("print: done, and the card is not inside")
			return
		}
		if passes(after) != had+sides {
			w.find("print: done in %d passes", passes(after)-had)
		}
		for _, p := range job.Front.Panels {
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

func (w *walk) eject(ctx context.Context, tray printer.Tray, place machine.At) {
	before, fed := w.Inside(), w.m.State().Fed
	err := w.p.Eject(ctx, tray)
	if now := w.m.State().Fed; now != fed {
		w.find("eject fed %d cards", now-fed)
	}
	if err != nil {
		return
	}
	if w.m.State().Path != 0 {
		w.find("eject: done, and a card is inside")
	}
	if before != nil && before.Place().At != place && before.Place().At != machine.AtHand {
		w.find("eject to %s: done, and the card is at %s", tray, before.Place())
	}
}

// foreign looks at every card: nothing of another job lies on it. Every job is a black panel of its
// own.
func (w *walk) foreign() {
	for _, c := range w.m.Census() {
		for _, l := range append(c.Plastic.Front.Layers(), c.Plastic.Back.Layers()...) {
			job := w.cards[c.Plastic]
			if job == 0 || !bytes.Equal(l.Dots(), w.jobs[job-1].Front.Panels[0].Dots) {
				w.find("card %s was printed for job %d and shows another's panel", c.Serial, job)
			}
		}
	}
}

// Black panels tell the jobs apart.
var walkJobs = func() []printer.Panels {
	var all []printer.Panels
	for n := range 3 {
		dots := make([]byte, 1036*664)
		for i := range dots {
			dots[i] = byte(i / 1036 / (n + 5) % 2)
		}
		job := printer.Panels{
			Geometry: printer.Geometry{Columns: 1036, Rows: 664, DPI: 300, Levels: 256},
			Front:    printer.Side{Panels: []printer.Panel{{Letter: 'K', Levels: 2, Dots: dots}}},
		}
		if n == 2 {
			back := job.Front
			job.Back = &back
		}
		all = append(all, job)
	}
	return all
}()

// Whatever goes wrong: at most one card is fed for one job, "done" is done, an error of kind Device
// before a print means a clean card, no card is lost, nobody's face comes to another's card, and the
// printer comes back after a person and Clear.
func TestWhatIsSaidIsWhatHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := unit300
		u.device.ForgetsJam = rapid.Bool().Draw(rt, "forgets jam")
		u.device.ForgetsSupply = rapid.Bool().Draw(rt, "forgets supply")
		u.device.QuietReset = rapid.Bool().Draw(rt, "quiet reset")
		mishaps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) machine.Fault {
			f := machine.Fault{Kind: anyMishap.Draw(t, "kind"), Card: rapid.IntRange(0, 3).Draw(t, "card"), Step: anyStep.Draw(t, "step"), When: anyWhen.Draw(t, "when")}
			if f.Kind == machine.KindDoubleFeed {
				f.Step = machine.StepFeed
			}
			return f
		}), 0, 3).Draw(rt, "mishaps")
		faults := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) device.Fault {
			return device.Fault{
				Kind: anyCable.Draw(t, "kind"), Command: anyCommand.Draw(t, "command"), Nth: rapid.IntRange(0, 5).Draw(t, "nth"), Phase: anyPhase.Draw(t, "phase"),
				Code: anyCode.Draw(t, "code"), After: rapid.Bool().Draw(t, "after"), Delay: time.Duration(rapid.IntRange(0, 90).Draw(t, "delay")) * time.Second,
			}
		}), 0, 3).Draw(rt, "cable")
		rejects := rapid.SliceOfN(rapid.Bool(), len(walkJobs), len(walkJobs)).Draw(rt, "rejects")

		var says []string
		synctest.Test(t, func(t *testing.T) {
			w := &walk{bench: newBench(t, u), jobs: walkJobs, cards: map[*machine.Plastic]int{}}
			w.Rough = true
			w.m.Plan(mishaps...)
			w.d.Plan(faults...)
			w.run(t.Context(), rejects)
			says = w.says
		})
		if len(says) > 0 {
			rt.Fatalf("%q", says)
		}
	})
}

// run makes one card after the other; where an act fails a person mends, and the card goes out.
func (w *walk) run(ctx context.Context, rejects []bool) {
	for n := range w.jobs {
		if !w.move(ctx, printer.PositionContactless, machine.StationContactless) {
			w.mend(ctx)
		}
		w.print(ctx, n)
		if w.m.Online() != nil {
			w.mend(ctx)
		}
		tray, place := printer.TrayOutput, machine.AtOutput
		if rejects[n] {
			tray, place = printer.TrayReject, machine.AtReject
		}
		w.eject(ctx, tray, place)
		w.mend(ctx)
		for range 3 {
			if w.Inside() != nil {
				w.eject(ctx, tray, place)
				w.mend(ctx)
			}
		}
		if w.Inside() != nil {
			w.find("card %d does not leave", n+1)
		}
	}
	w.foreign()
	w.says = append(w.says, w.m.Audit()...)
}
