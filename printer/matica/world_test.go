package matica_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/matica"
	"blanko/fault"
	"blanko/printer"
	"blanko/printer/matica"
	"blanko/printer/printertest"
)

// face is a job of all four panels that differ from each other, and from themselves turned.
func face(p *matica.Printer) printer.Panels {
	g := p.Capabilities().Geometry
	job := printer.Panels{Geometry: g}
	for _, letter := range []byte("YMCK") {
		panel := printer.Panel{Letter: letter, Levels: 256, Dots: make([]byte, g.Columns*g.Rows)}
		if letter == 'K' {
			panel.Levels = 2
		}
		for i := range panel.Dots {
			panel.Dots[i] = byte((i/3 + i/g.Columns*7 + int(letter)) % panel.Levels)
		}
		job.Front.Panels = append(job.Front.Panels, panel)
	}
	return job
}

// wantPrinted checks that exactly the panels of the job lie on the card.
func wantPrinted(t *testing.T, what string, p *machine.Plastic, job printer.Panels) {
	t.Helper()
	if passes, _ := p.Prints(); passes != 1 || len(p.Front.Layers()) != len(job.Front.Panels) {
		t.Errorf("%s: %d passes, %d panels", what, passes, len(p.Front.Layers()))
		return
	}
	for _, panel := range job.Front.Panels {
		if l := p.Front.Layer(panel.Letter); l == nil || l.Partial() || !bytes.Equal(l.Dots(), panel.Dots) {
			t.Errorf("%s: %c is not on the card as it was sent", what, panel.Letter)
		}
	}
}

// within runs a test in the world's own time.
func within(t *testing.T, u unit, f func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newBench(t, u)) })
}

var unit300 = unit{model: "XID580i", hold: true}

// Every code of the family strikes every command of a card. The printer says in which class; nothing
// but a print that had begun is in doubt; after a person and Clear the line goes on.
func TestEveryCodeAtEveryStep(t *testing.T) {
	t.Parallel()
	steps := []struct {
		name, cdb string
		loaded    bool // a card is at the encoder before
		begun     bool // bytes of a panel were sent
		act       func(*bench, printer.Panels) error
	}{
		{"load", "31 01", false, false, func(b *bench, _ printer.Panels) error { return b.p.Move(b.t.Context(), printer.PositionContactless) }},
		{"engage", "32 04", false, false, func(b *bench, _ printer.Panels) error { return b.p.Move(b.t.Context(), printer.PositionContactless) }},
		{"move", "31 0b", true, false, func(b *bench, _ printer.Panels) error { return b.p.Move(b.t.Context(), printer.PositionPrint) }},
		{"first panel", "2a", true, true, func(b *bench, j printer.Panels) error { return b.p.Print(b.t.Context(), j) }},
		{"last panel", "2a 00 00", true, true, func(b *bench, j printer.Panels) error { return b.p.Print(b.t.Context(), j) }},
		{"print", "31 08", true, true, func(b *bench, j printer.Panels) error { return b.p.Print(b.t.Context(), j) }},
		{"transfer", "31 0d", true, true, func(b *bench, j printer.Panels) error { return b.p.Print(b.t.Context(), j) }},
		{"eject", "31 0b", true, false, func(b *bench, _ printer.Panels) error { return b.p.Eject(b.t.Context(), printer.TrayOutput) }},
	}
	for _, v := range steps {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			within(t, unit300, func(t *testing.T, b *bench) {
				b.Rough = true // a failed print leaves its sense to be read
				job := face(b.p)
				for code := range device.Codes {
					class := matica.Code(code).Class()
					if v.loaded {
						if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
							t.Fatalf("%08x: %v", code, err)
						}
					}
					card := b.Inside()
					strikes := 1
					if v.name == "print" && (class == printer.ClassBusy || class == printer.ClassHeating || class == printer.ClassCooling) {
						strikes = 2 // once, the print is made when it is over
					}
					for range strikes {
						b.d.Plan(device.Fault{Kind: device.KindCode, Command: v.cdb, Code: code})
					}
					err := v.act(b, job)
					want := printer.Fault(class).Kind
					switch {
					case v.begun:
						want = fault.InDoubt
					case len(b.d.Pending()) > 0:
						t.Fatalf("%08x has not struck", code)
					}
					if printer.ClassOf(err) != class || fault.KindOf(err) != want {
						t.Errorf("%08x: %s, %v", code, fault.KindOf(err), err)
					}
					if card != nil && b.Inside() != card {
						t.Errorf("%08x: the card is at %s", code, card.Place())
					}
					b.m.OpenCover()
					b.m.CloseCover()
					if err := b.p.Clear(t.Context()); err != nil {
						t.Fatalf("%08x: clear: %v", code, err)
					}
					if st, err := b.p.Status(t.Context()); err != nil || st.Error != printer.ClassNone || !st.Ready.Value {
						t.Fatalf("%08x: %+v, %v", code, st, err)
					}
					if err := printertest.Emptied(b.p.Eject(t.Context(), printer.TrayReject)); err != nil {
						t.Fatalf("%08x: reject: %v", code, err)
					}
					if _, reject := b.Trays(); len(reject) > 0 && len(reject[len(reject)-1].Front) > 0 && v.name != "eject" {
						t.Errorf("%08x: something is on the card", code)
					}
					if err := b.m.Load(append(b.m.TakeReject(), b.m.TakeOutput()...)...); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}

// What a wait in the middle of a card costs is time, and nothing else.
func TestWaitsInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, code := range []uint32{0x0002D300, 0x0002DA00, 0x0002F600, 0x0002C200, 0x0002F000, 0x0002F300, 0x0002F800} {
		within(t, unit300, func(t *testing.T, b *bench) {
			job := face(b.p)
			if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
				t.Fatal(err)
			}
			// At the look before the second panel.
			b.link.panel, b.link.at = 0, 2
			b.link.hear = func() { b.d.Plan(device.Fault{Kind: device.KindWait, Command: "00", Code: code, Delay: time.Minute}) }
			began := time.Now()
			if err := b.p.Print(t.Context(), job); err != nil {
				t.Fatalf("%08x: %v", code, err)
			}
			if took := time.Since(began); took < time.Minute {
				t.Errorf("%08x: the print took %v", code, took)
			}
			wantPrinted(t, "after the wait", b.Inside(), job)
		})
	}
}

// A print that is refused because something is too hot or too cold is made on a fresh frame of the
// film when it is over; a transfer that is refused is in doubt.
func TestPrintRefusedForHeat(t *testing.T) {
	t.Parallel()
	for _, code := range []uint32{0x0002DA00, 0x0002F000, 0x0002F800, 0x0002D300} {
		for _, after := range []bool{false, true} {
			within(t, unit300, func(t *testing.T, b *bench) {
				job := face(b.p)
				b.d.Plan(device.Fault{Kind: device.KindCode, Command: "31 08", Code: code, After: after})
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatalf("%08x: %v", code, err)
				}
				wantPrinted(t, "refused once", b.Inside(), job)
			})
		}
		within(t, unit300, func(t *testing.T, b *bench) {
			b.d.Plan(device.Fault{Kind: device.KindCode, Command: "31 0d", Code: code})
			if err := b.p.Print(t.Context(), face(b.p)); fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != matica.Code(code).Class() {
				t.Errorf("%08x: %v", code, err)
			}
		})
		within(t, unit300, func(t *testing.T, b *bench) {
			b.d.Plan(device.Fault{Kind: device.KindCode, Command: "31 08", Code: code}, device.Fault{Kind: device.KindCode, Command: "31 08", Code: code})
			if err := b.p.Print(t.Context(), face(b.p)); fault.KindOf(err) != fault.InDoubt {
				t.Errorf("%08x twice: %v", code, err)
			}
		})
	}
}

// A stall in any phase of any command of a card is got over without a trace.
func TestStallsInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, phase := range []device.Phase{device.PhaseCommand, device.PhaseData, device.PhaseStatus} {
		for _, cdb := range []string{"00", "03", "34", "4d", "31 01", "32 04", "32 05", "31 0b", "2a", "31 08", "31 0d"} {
			if phase == device.PhaseData && (cdb[:1] == "3" && cdb != "34" && cdb != "03" || cdb == "00" || cdb == "2a" || cdb == "03" || cdb == "34" || cdb == "4d") {
				continue // no data phase, or one whose loss is told
			}
			within(t, unit300, func(t *testing.T, b *bench) {
				job := face(b.p)
				b.d.Plan(device.Fault{Kind: device.KindStall, Command: cdb, Phase: phase})
				if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
					t.Fatalf("%s, %s: %v", cdb, phase, err)
				}
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatalf("%s, %s: %v", cdb, phase, err)
				}
				if n := len(b.d.Pending()); n != 0 {
					t.Errorf("%s, %s has not struck", cdb, phase)
				}
				wantPrinted(t, cdb, b.Inside(), job)
				if fed := b.m.State().Fed; fed != 1 {
					t.Errorf("%s, %s: %d cards were fed", cdb, phase, fed)
				}
			})
		}
	}
}

// Whatever comes in place of the status of a movement: the movement is not made twice.
func TestStrangeStatus(t *testing.T) {
	t.Parallel()
	for _, kind := range []device.Kind{device.KindLostReply, device.KindWrongTag, device.KindWrongSignature, device.KindShortStatus, device.KindLateReply} {
		within(t, unit300, func(t *testing.T, b *bench) {
			job := face(b.p)
			b.d.Plan(device.Fault{Kind: kind, Command: "31 01", Delay: 2 * time.Minute})
			if err := b.p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("%s: %v", kind, err)
			}
			// A printer that is still busy with the answer before answers late: a line asks again.
			for range 10 {
				if err := b.p.Clear(t.Context()); err == nil {
					break
				}
			}
			if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			if fed := b.m.State().Fed; fed != 1 {
				t.Errorf("%s: %d cards were fed", kind, fed)
			}
			b.d.Plan(device.Fault{Kind: kind, Command: "31 0d", Delay: 2 * time.Minute})
			if err := b.p.Print(t.Context(), job); fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("%s: %v", kind, err)
			}
			for range 10 {
				if err := b.p.Clear(t.Context()); err == nil {
					break
				}
			}
			wantPrinted(t, string(kind), b.Inside(), job)
		})
	}
}

// The cable is pulled in the middle of a panel: in doubt, nothing of it on the card, and the line is
// usable when it is back.
func TestUnplugInAPanel(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 4; n++ {
		within(t, unit300, func(t *testing.T, b *bench) {
			job := face(b.p)
			b.d.Plan(device.Fault{Kind: device.KindLinkLost, Command: "2a", Nth: n})
			err := b.p.Print(t.Context(), job)
			if fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("panel %d: %v", n, err)
			}
			if _, err := b.p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("panel %d: status without a cable: %v", n, err)
			}
			b.m.Replug()
			if err := b.p.Clear(t.Context()); err != nil {
				t.Fatal(err)
			}
			if c := b.Inside(); c == nil || len(c.Front.Layers()) != 0 {
				t.Errorf("panel %d: something is on the card", n)
			}
			if err := b.p.Eject(t.Context(), printer.TrayReject); err != nil {
				t.Fatal(err)
			}
			if err := b.p.Print(t.Context(), job); err != nil {
				t.Fatal(err)
			}
			wantPrinted(t, "the next card", b.Inside(), job)
		})
	}
}

// The power is cut at each step of a card. Nothing is fed twice, a print that had begun is in doubt,
// and the film of the card before never comes to the next one.
func TestPowerCutAtEachStep(t *testing.T) {
	t.Parallel()
	for _, step := range []machine.Step{
		machine.StepFeed, machine.StepContactless, machine.StepEngage, machine.StepDisengage, machine.StepPrint, machine.StepPanel,
		machine.StepTransfer, machine.StepEject,
	} {
		for _, when := range []machine.When{machine.WhenBefore, machine.WhenMidway, machine.WhenAfter} {
			within(t, unit300, func(t *testing.T, b *bench) {
				job := face(b.p)
				b.m.Plan(machine.Fault{Kind: machine.KindPowerCut, Step: step, When: when})
				var failed error
				for _, act := range []func() error{
					func() error { return b.p.Move(t.Context(), printer.PositionContactless) },
					func() error { return b.p.Print(t.Context(), job) },
					func() error { return b.p.Eject(t.Context(), printer.TrayOutput) },
				} {
					if failed = act(); failed != nil {
						break
					}
				}
				if printer.ClassOf(failed) != printer.ClassComm {
					t.Fatalf("%s, %s: %v", step, when, failed)
				}
				begun := step == machine.StepPanel || step == machine.StepTransfer
				if (fault.KindOf(failed) == fault.InDoubt) != begun {
					t.Errorf("%s, %s: %s", step, when, fault.KindOf(failed))
				}
				if err := b.m.PowerOn(t.Context()); err != nil {
					t.Fatal(err)
				}
				fed := b.m.State().Fed
				if err := b.p.Clear(t.Context()); err != nil {
					t.Fatalf("%s, %s: clear: %v", step, when, err)
				}
				if err := printertest.Emptied(b.p.Eject(t.Context(), printer.TrayReject)); err != nil {
					t.Fatalf("%s, %s: reject: %v", step, when, err)
				}
				if b.Inside() != nil || b.m.State().Fed != fed {
					t.Errorf("%s, %s: %+v", step, when, b.m.State())
				}
				if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
					t.Fatalf("%s, %s: the next card: %v", step, when, err)
				}
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatalf("%s, %s: the next card: %v", step, when, err)
				}
				wantPrinted(t, string(step)+", "+string(when), b.Inside(), job)
			})
		}
	}
}

// A process that died at any moment leaves a printer that the next one opens; sensor and counter say
// what became of the feed, and what stayed on the film comes to no card.
func TestEvidenceAfterACrash(t *testing.T) {
	t.Parallel()
	gone := errors.New("the process is gone")
	for n := 1; n < 1000; n += 13 {
		done := false
		within(t, unit300, func(t *testing.T, b *bench) {
			b.Rough = true
			job := face(b.p)
			before, err := b.p.Counters(t.Context())
			if err != nil || !before.Cards.Known {
				t.Fatalf("%+v, %v", before, err)
			}
			b.link.cable.after, b.link.cable.gone = n, gone
			err = b.p.Move(t.Context(), printer.PositionContactless)
			if err == nil {
				err = b.p.Print(t.Context(), job)
			}
			done = err == nil
			b.link.cable = &cable{bulk: b.d}
			_ = pass(t.Context(), time.Minute) // the printer ends what it was told
			b.p = b.open()
			if err := b.p.Clear(t.Context()); err != nil {
				t.Fatalf("transfer %d: clear: %v", n, err)
			}
			st, err := b.p.Status(t.Context())
			if err != nil {
				t.Fatalf("transfer %d: %v", n, err)
			}
			fed := b.m.State().Fed
			if got := st.Counters.Cards.Value - before.Cards.Value; got != fed || !st.Counters.Cards.Known {
				t.Errorf("transfer %d: the counter rose by %d, %d cards were fed", n, got, fed)
			}
			if inside := st.Card.Value != printer.PositionNone; inside != (fed == 1) {
				t.Errorf("transfer %d: %q with %d cards fed", n, st.Card.Value, fed)
			}
			if err := printertest.Emptied(b.p.Eject(t.Context(), printer.TrayReject)); err != nil {
				t.Fatalf("transfer %d: reject: %v", n, err)
			}
			if err := b.p.Print(t.Context(), job); err != nil {
				t.Fatalf("transfer %d: the next card: %v", n, err)
			}
			wantPrinted(t, "the next card", b.Inside(), job)
		})
		if done {
			return
		}
	}
	t.Error("the card is never done")
}

// A counter that counts prints, and no feeds, is found out by the first card and is no evidence.
func TestCounterOfPrints(t *testing.T) {
	t.Parallel()
	u := unit300
	u.device.Total = device.TotalPrinted
	within(t, u, func(t *testing.T, b *bench) {
		if !b.p.Capabilities().FeedCounter {
			t.Error("the data file takes it for a feed counter")
		}
		if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		st, err := b.p.Status(t.Context())
		if err != nil || st.Counters.Cards.Known || b.p.Capabilities().FeedCounter {
			t.Errorf("%+v, %v", st.Counters, err)
		}
	})
}

// A printer that tells the end of its ribbon once is not believed to be ready until somebody was at
// it; one that tells it until it is mended is believed.
func TestInkOut(t *testing.T) {
	t.Parallel()
	mend := map[string]func(*bench){
		"door":    func(b *bench) { b.m.OpenCover(); b.m.ReplaceRibbon(b.m.Model().NewRibbon("EU")); b.m.CloseCover() },
		"another": func(b *bench) { b.m.ReplaceRibbon(b.roll(b.m.Model())) },
		"power": func(b *bench) {
			b.m.ReplaceRibbon(b.m.Model().NewRibbon("EU"))
			b.m.PowerCut()
			_ = b.m.PowerOn(b.t.Context())
		},
		"by reading": func(b *bench) { b.m.ReplaceRibbon(b.m.Model().NewRibbon("EU")) },
	}
	for name, act := range mend {
		for _, forgets := range []bool{false, true} {
			if name == "by reading" && forgets {
				continue // nothing shows that somebody was there
			}
			u := unit300
			u.device.ForgetsSupply = forgets
			within(t, u, func(t *testing.T, b *bench) {
				job := face(b.p)
				b.m.Plan(machine.Fault{Kind: machine.KindRibbonTorn, Step: machine.StepPanel, Panel: 2})
				if err := b.p.Print(t.Context(), job); printer.ClassOf(err) != printer.ClassRibbonOut || fault.KindOf(err) != fault.InDoubt {
					t.Errorf("%v", err)
				}
				for range 3 {
					if err := b.p.Clear(t.Context()); err != nil {
						t.Fatal(err)
					}
					if st, err := b.p.Status(t.Context()); err != nil || st.Error != printer.ClassRibbonOut || st.Ready.Value {
						t.Errorf("%s, %v: %+v, %v", name, forgets, st, err)
					}
				}
				// The card goes out, and another one in, but none is printed.
				if err := b.p.Eject(t.Context(), printer.TrayReject); err != nil {
					t.Fatal(err)
				}
				if err := b.p.Print(t.Context(), job); printer.ClassOf(err) != printer.ClassRibbonOut || fault.KindOf(err) != fault.Device {
					t.Errorf("%s, %v: %v", name, forgets, err)
				}
				act(b)
				if err := b.p.Clear(t.Context()); err != nil {
					t.Fatal(err)
				}
				if st, err := b.p.Status(t.Context()); err != nil || st.Error != printer.ClassNone {
					t.Errorf("%s, %v: mended: %+v, %v", name, forgets, st, err)
				}
				if err := b.p.Print(t.Context(), job); err != nil {
					t.Fatal(err)
				}
				wantPrinted(t, name, b.Inside(), job)
			})
		}
	}
}

// The film tears: a class of its own, and the card can go out.
func TestFilmTorn(t *testing.T) {
	t.Parallel()
	for _, step := range []machine.Step{machine.StepPanel, machine.StepTransfer} {
		within(t, unit300, func(t *testing.T, b *bench) {
			job := face(b.p)
			b.m.Plan(machine.Fault{Kind: machine.KindFilmTorn, Step: step})
			if err := b.p.Print(t.Context(), job); printer.ClassOf(err) != printer.ClassFilmError || fault.KindOf(err) != fault.InDoubt {
				t.Errorf("%v", err)
			}
			if err := b.p.Eject(t.Context(), printer.TrayReject); err != nil {
				t.Errorf("with a torn film: %v", err)
			}
			b.m.OpenCover()
			b.m.ReplaceFilm(b.m.Model().NewFilm())
			b.m.CloseCover()
			if err := b.p.Clear(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := b.p.Print(t.Context(), job); err != nil {
				t.Fatal(err)
			}
			wantPrinted(t, string(step), b.Inside(), job)
		})
	}
}

// The encoder is with the card while it stands at the station, and away before it moves: also for a
// process that finds the card there.
func TestEncoder(t *testing.T) {
	t.Parallel()
	within(t, unit300, func(t *testing.T, b *bench) {
		for range 2 {
			if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
				t.Fatal(err)
			}
			if s := b.m.State(); !s.Engaged || s.Fed != 1 {
				t.Fatalf("%+v", s)
			}
		}
		b.p = b.open()
		if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil || !b.m.State().Engaged {
			t.Fatalf("%v, %+v", err, b.m.State())
		}
		b.p = b.open()
		if err := b.p.Move(t.Context(), printer.PositionContact); err != nil {
			t.Fatal(err)
		}
		if s := b.m.State(); s.Station != machine.StationContact || !s.Engaged {
			t.Errorf("%+v", s)
		}
		if err := b.p.Eject(t.Context(), printer.TrayOutput); err != nil || b.m.State().Engaged {
			t.Errorf("%v", err)
		}
	})
}

// Two printers of one model side by side do not know of each other.
func TestTwoPrinters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := newBench(t, unit300), newBench(t, unit300)
		if err := a.p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		b.m.OpenCover()
		if st, err := a.p.Status(t.Context()); err != nil || st.Error != printer.ClassNone || st.Card != printer.Know(printer.PositionContactless) {
			t.Errorf("%+v, %v", st, err)
		}
		if st, err := b.p.Status(t.Context()); err != nil || st.Error != printer.ClassCoverOpen || st.Card != printer.Know(printer.PositionNone) {
			t.Errorf("%+v, %v", st, err)
		}
	})
}

// A card that nobody expects is met at the start, at any station, and can be rejected.
func TestCardLeftInside(t *testing.T) {
	t.Parallel()
	for _, at := range []machine.Station{machine.StationPrint, machine.StationContact, machine.StationContactless, machine.StationMagnetic} {
		within(t, unit300, func(t *testing.T, b *bench) {
			if err := b.m.Go(t.Context(), at, machine.FromHopper); err != nil {
				t.Fatal(err)
			}
			b.p = b.open()
			if st, err := b.p.Status(t.Context()); err != nil || string(st.Card.Value) != string(at) {
				t.Errorf("%s: %+v, %v", at, st.Card, err)
			}
			if err := b.p.Eject(t.Context(), printer.TrayReject); err != nil {
				t.Fatal(err)
			}
			if _, reject := b.Trays(); len(reject) != 1 {
				t.Errorf("%s: not rejected", at)
			}
		})
	}
}

// A cancelled movement is not made twice.
func TestCanceledInAMovement(t *testing.T) {
	t.Parallel()
	within(t, unit300, func(t *testing.T, b *bench) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.p.Move(ctx, printer.PositionContactless); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if err := b.p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		if s := b.m.State(); s.Fed != 1 || !s.Engaged {
			t.Errorf("%+v", s)
		}
	})
}

// A printer of a line whose chips are written before never feeds for a print.
func TestOnlyInside(t *testing.T) {
	t.Parallel()
	within(t, unit300, func(t *testing.T, b *bench) {
		cfg := b.config()
		cfg.OnlyInside = true
		p, err := matica.Open(t.Context(), b.link, cfg)
		if err != nil {
			t.Fatal(err)
		}
		job := face(p)
		if err := p.Print(t.Context(), job); fault.KindOf(err) != fault.Device || printer.ClassOf(err) != printer.ClassCardPosition {
			t.Errorf("%v", err)
		}
		if st, err := p.Status(t.Context()); err != nil || st.Error != printer.ClassNone || b.m.State().Fed != 0 {
			t.Errorf("%+v, %v", st, err)
		}
		if err := p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		wantPrinted(t, "the card inside", b.Inside(), job)
	})
}
