package magicard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/magicard"
	"blanko/fault"
	"blanko/printer"
	"blanko/printer/magicard"
)

func (b *bench) prints() int {
	b.t.Helper()
	c, err := b.p.Counters(b.t.Context())
	if err != nil || !c.Prints.Known {
		b.t.Fatalf("%+v, %v", c, err)
	}
	return c.Prints.Value
}

func (b *bench) clear() {
	b.t.Helper()
	if err := b.p.Clear(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// full is a side of every panel, so that a turned or shifted picture shows.
func full(shift int) printer.Side {
	var s printer.Side
	for i, letter := range []byte("YMCKO") {
		p := printer.Panel{Letter: letter, Levels: magicard.Levels, Dots: make([]byte, magicard.Columns*magicard.Rows)}
		if letter == 'K' {
			p.Levels = 2
		}
		for d := range p.Dots {
			x, y := d%magicard.Columns, d/magicard.Columns
			p.Dots[d] = byte((x/3 + 2*y + i + shift) % p.Levels)
		}
		if letter == 'O' {
			p.Levels, p.Dots = 2, holed(printer.Geometry{Columns: magicard.Columns, Rows: magicard.Rows})
		}
		s.Panels = append(s.Panels, p)
	}
	return s
}

func fullJob() printer.Panels {
	return printer.Panels{Geometry: printer.Geometry{Columns: magicard.Columns, Rows: magicard.Rows, DPI: magicard.DPI, Levels: magicard.Levels}, Front: full(0)}
}

func carries(t *testing.T, what string, on *machine.Print, want printer.Side) {
	t.Helper()
	if n := len(on.Layers()); n != len(want.Panels) {
		t.Errorf("%s: %d panels", what, n)
	}
	for _, p := range want.Panels {
		if l := on.Layer(p.Letter); l == nil || l.Levels != p.Levels || !bytes.Equal(l.Dots(), p.Dots) {
			t.Errorf("%s: %c is not as it was sent", what, p.Letter)
		}
	}
}

// Both sides with every panel come out to the dot, wherever the head stands.
func TestTwoSidesExact(t *testing.T) {
	t.Parallel()
	for _, head := range []int{35, 50, 65} {
		t.Run(fmt.Sprint(head), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, unit{model: "Enduro", speak: device.Config{Head: head}})
				job := fullJob()
				back := full(7)
				job.Back = &back
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatal(err)
				}
				card := b.m.TakeOutput()[0]
				carries(t, "front", card.Front, job.Front)
				carries(t, "back", card.Back, back)
			})
		})
	}
}

// The one dot by which the public sources differ is a value of the model's data file: set right, the
// print is exact; set wrong, it lies one row beside.
func TestHeadShiftIsData(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		shift   int
		noShift bool
	}{{1, false}, {0, true}, {0, false}} {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &magicard.Model{ID: "t", Name: "T", Format: magicard.KEE, Words: []string{"KEE", "RT2"}, Overcoat: [4]int{0, 0, 1025, 641}, HeadShift: v.shift}
				b := newBench(t, unit{model: "Rio 2e", speak: device.Config{NoShift: v.noShift}, host: magicard.Config{Model: m}})
				job := fullJob()
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatal(err)
				}
				got, want := b.m.TakeOutput()[0].Front.Layer('K').Dots(), job.Front.Panels[3].Dots
				right := (v.shift == 1) == !v.noShift
				if bytes.Equal(got, want) != right {
					t.Errorf("exact: %v", !right)
				}
				const row = magicard.Columns
				if !right && !bytes.Equal(got[:len(got)-row], want[row:]) {
					t.Error("not one row beside")
				}
			})
		})
	}
}

// The cable is pulled in the middle of any plane: in doubt, and the count says what was finished:
// nothing, unless the rest of the job was in a buffer that outlives the cable. Plugged in again, the
// printer is cleared and the next card is good.
func TestUnpluggedWithinAPlane(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]unit{
		"Enduro":                {model: "Enduro"},
		"Enduro, eager":         {model: "Enduro", speak: device.Config{Eager: true}},
		"Enduro, keeps its job": {model: "Enduro", speak: device.Config{KeepStale: true}},
		"Tango 2e":              {model: "Tango 2e", speak: device.Config{Eager: true, KeepStale: true}},
	} {
		for plane := 1; plane <= 4; plane++ {
			t.Run(fmt.Sprintf("%s, plane %d", name, plane), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, u)
					b.Rough = true
					before := b.prints()
					b.d.Plan(device.Fault{Kind: device.KindLinkLost, Panel: plane})
					err := b.p.Print(t.Context(), fullJob())
					if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, machine.ErrUnplugged) {
						t.Errorf("%s, %v", fault.KindOf(err), err)
					}
					if _, err := b.p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
						t.Errorf("without cable: %v", err)
					}
					b.m.Replug()
					b.clear()
					finished := 0
					for _, c := range b.m.TakeOutput() {
						if len(c.Front.Layers()) == 5 {
							carries(t, "the card", c.Front, fullJob().Front)
							finished++
						}
					}
					if n := b.prints() - before; n != finished || finished > 0 && (plane < 4 || !u.speak.KeepStale) {
						t.Errorf("%d prints are counted, %d cards finished", n, finished)
					}
					job := fullJob()
					if err := b.p.Print(t.Context(), job); err != nil {
						t.Fatal(err)
					}
					out := b.m.TakeOutput()
					carries(t, "the next card", out[len(out)-1].Front, job.Front)
					if n := b.prints() - before; n != finished+1 {
						t.Errorf("%d prints are counted", n)
					}
				})
			})
		}
	}
}

// The cable is pulled, or the host dies, when the whole job is in the printer, which goes on with
// it: in doubt for the host, and the count proves the print later. When the power is cut instead,
// the count stands still.
func TestTheCountProves(t *testing.T) {
	t.Parallel()
	type ends func(*bench, context.CancelFunc)
	for name, v := range map[string]struct {
		end    ends
		proved int
	}{
		"cable out":  {func(b *bench, _ context.CancelFunc) { b.m.Unplug() }, 1},
		"host died":  {func(_ *bench, die context.CancelFunc) { die() }, 1},
		"power cut":  {func(b *bench, _ context.CancelFunc) { b.m.PowerCut() }, 0},
		"cover open": {func(b *bench, _ context.CancelFunc) { b.m.OpenCover() }, 0},
	} {
		for _, model := range []string{"Enduro", "Tango 2e"} {
			t.Run(name+", "+model, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, unit{model: model})
					b.Rough = true
					before := b.prints()
					ctx, die := context.WithCancel(t.Context())
					defer die()
					go func() {
						_ = pass(t.Context(), 10*time.Second) // within the panels of a card of 17 s
						v.end(b, die)
					}()
					err := b.p.Print(ctx, fullJob())
					if fault.KindOf(err) != fault.InDoubt {
						t.Errorf("%s, %v", fault.KindOf(err), err)
					}
					if err := pass(t.Context(), time.Minute); err != nil {
						t.Fatal(err)
					}
					b.m.Replug()
					b.m.CloseCover()
					if err := b.m.PowerOn(t.Context()); err != nil {
						t.Fatal(err)
					}
					// A new process on a new connection reads what the old one left.
					b.link.Link = b.d.Connect()
					b.open(magicard.Config{})
					if n := b.prints() - before; n != v.proved {
						t.Errorf("%d prints are counted", n)
					}
					finished := 0
					for _, c := range b.m.TakeOutput() {
						carries(t, "card", c.Front, fullJob().Front)
						finished++
					}
					if finished != v.proved {
						t.Errorf("%d cards are finished", finished)
					}
				})
			})
		}
	}
}

// A cable that is back before the card is done costs nothing: Clear waits for the card in place of
// a reset that would spoil it.
func TestCableBackInTime(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"Enduro", "Rio 2e"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, unit{model: model})
				before := b.prints()
				go func() {
					_ = pass(t.Context(), 5*time.Second)
					b.m.Unplug()
				}()
				if err := b.p.Print(t.Context(), fullJob()); fault.KindOf(err) != fault.InDoubt {
					t.Errorf("got %v", err)
				}
				if err := b.p.Clear(t.Context()); printer.ClassOf(err) != printer.ClassComm {
					t.Errorf("without cable: %v", err)
				}
				b.m.Replug()
				b.clear()
				if n := b.prints(); n != before+1 {
					t.Errorf("%d prints are counted", n-before)
				}
				carries(t, "card", b.m.TakeOutput()[0].Front, fullJob().Front)
				if err := b.p.Print(t.Context(), fullJob()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A host that died inside a plane leaves a printer that waits for the rest of it: the next process
// opens it all the same, nothing is printed of what filled the plane, and nothing is counted.
func TestHostDiesWithinAPlane(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"Enduro", "Rio 2e"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, unit{model: model, speak: device.Config{KeepStale: true}})
				b.Rough = true
				before := b.prints()
				ctx, die := context.WithCancel(t.Context())
				defer die()
				b.link.at, b.link.hear = 2, die
				if err := b.p.Print(ctx, fullJob()); fault.KindOf(err) != fault.InDoubt || !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				b.link.Link = b.d.Connect()
				b.open(magicard.Config{})
				b.clear()
				if n := b.prints(); n != before || b.m.State().Fed != 0 {
					t.Errorf("%d prints, %d cards fed", n-before, b.m.State().Fed)
				}
				job := fullJob()
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatal(err)
				}
				carries(t, "the next card", b.m.TakeOutput()[0].Front, job.Front)
			})
		})
	}
}

// A printer that goes on with a job by itself would spend a second blank on it: Clear, as a line
// calls it before the person acts, takes the job away.
func TestClearTakesTheJobAway(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"Enduro", "Tango 2e"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, unit{model: model, speak: device.Config{Resumes: true}})
				b.m.Plan(machine.Fault{Kind: machine.KindJam, Step: machine.StepPanel, Panel: 2})
				if err := b.p.Print(t.Context(), fullJob()); fault.KindOf(err) != fault.InDoubt {
					t.Fatalf("got %v", err)
				}
				_ = b.p.Clear(t.Context()) // the card still sticks
				b.m.ClearJam()
				if err := pass(t.Context(), 5*time.Minute); err != nil {
					t.Fatal(err)
				}
				if fed := b.m.State().Fed; fed != 1 {
					t.Errorf("%d cards fed", fed)
				}
				b.clear()
				job := fullJob()
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatal(err)
				}
				carries(t, "the next card", b.m.TakeOutput()[0].Front, job.Front)
			})
		})
	}
}
