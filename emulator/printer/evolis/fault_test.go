package evolis

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"blanko/emulator/printer"
)

// Every error that the mechanics can end with: its answer, and that it stays until Scs.
func TestErrorsStayUntilCleared(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		fault   printer.Fault
		before  string // dialog
		command string
		answer  string
		mend    func(*bench)
		after   string // dialog after Scs
	}{
		"hopper empty": {
			printer.Fault{Kind: printer.KindHopperLifted},
			"", "Sic", "FEEDER EMPTY",
			func(b *bench) { b.check(b.m.Load(b.m.Lifted()...)) }, "Rlr;p=OK Rco;c=0 Sic=OK",
		},
		"cover in the feed": {
			printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepFeed, When: printer.WhenBefore},
			"", "Sic", "COVER OPEN",
			func(b *bench) { b.m.CloseCover() }, "Rlr;p=OK Rse;o=5,00_Volts Sic=OK",
		},
		"cover after the move": {
			printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepContactless, When: printer.WhenAfter},
			"", "Sic", "COVER OPEN",
			func(b *bench) { b.m.CloseCover() }, "Rlr;p=CONTACTLESS_CARD Sic=OK",
		},
		"cover midway": {
			printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepContactless},
			"", "Sic", "COVER OPEN",
			func(b *bench) { b.m.CloseCover() }, "Rlr;p=ERR_CARD Sic=ERR_CARD Srs=OK Rlr;p=CARD Sic=OK",
		},
		"jam in the feed": {
			printer.Fault{Kind: printer.KindJam, Step: printer.StepFeed},
			"", "Sic", "ERROR TIME OUT",
			func(b *bench) { b.m.ClearJam() }, "Rlr;p=OK Rco;c=1 Sic=OK Rco;c=2",
		},
		"two cards at once": {
			printer.Fault{Kind: printer.KindDoubleFeed, Step: printer.StepFeed},
			"", "Sic", "ERROR TIME OUT",
			func(b *bench) {
				if n := len(b.m.ClearJam()); n != 2 {
					b.Errorf("%d cards were in the path", n)
				}
			}, "Rlr;p=OK Rco;c=2 Sic=OK",
		},
		"jam at the encoder": {
			printer.Fault{Kind: printer.KindJam, Step: printer.StepContactless},
			"", "Sic", "ERROR TIME OUT",
			func(b *bench) { b.m.ClearJam() }, "Rlr;p=OK Sic=OK",
		},
		"jam not cleared": {
			printer.Fault{Kind: printer.KindJam, Step: printer.StepContact},
			"", "Sis", "ERROR TIME OUT",
			func(*bench) {}, "Rlr;p=ERR_CARD Sis=ERROR_TIME_OUT",
		},
		"jam at the eject": {
			printer.Fault{Kind: printer.KindJam, Step: printer.StepEject},
			"Si=OK Ss=OK", "Se", "ERROR TIME OUT",
			func(b *bench) { b.m.ClearJam() }, "Rlr;p=OK",
		},
		"jam at the reject": {
			printer.Fault{Kind: printer.KindJam, Step: printer.StepReject},
			"Sic=OK", "Ser", "ERROR TIME OUT",
			func(b *bench) { b.m.ClearJam() }, "Rlr;p=OK",
		},
		"output full": {
			printer.Fault{Kind: printer.KindOutputFull, Step: printer.StepEject},
			"Si=OK Ss=OK", "Se", "ERROR TIME OUT",
			func(b *bench) { b.m.TakeOutput() }, "Rlr;h=NO_CARD Rlr;p=CARD Se=OK Rlr;p=OK",
		},
		"reject full": {
			printer.Fault{Kind: printer.KindRejectFull, Step: printer.StepReject},
			"Si=OK", "Ser", "ERROR TIME OUT",
			func(b *bench) { b.m.TakeReject() }, "Rlr;p=CARD Ser=OK",
		},
		"position lost": {
			printer.Fault{Kind: printer.KindCardLost, Step: printer.StepContactless},
			"", "Sic", "ERR CARD",
			func(b *bench) { b.m.ClearJam() }, "Rlr;p=OK Sic=OK",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 5)
			b.m.Plan(v.fault)
			b.want("Pem;2=OK " + v.before)
			if got := b.ask(v.command); got != v.answer {
				t.Fatalf("%s: %q, want %q", v.command, got, v.answer)
			}
			v.mend(b)
			for _, again := range []string{"Sic", "Si", "Ss", "Ser", v.command} {
				if got := b.ask(again); got != v.answer {
					t.Errorf("%s in the error state: %q", again, got)
				}
			}
			if got := b.panel('k', 2); got != v.answer {
				t.Errorf("panel in the error state: %q", got)
			}
			b.want("Pem;2=OK Rtp=Evolis_Primacy_2 Scs=OK " + v.after)
			if wrong := b.m.Audit(); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

func (b *bench) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// The ribbon in print: torn in the middle of a panel, missing, of another zone, of another type,
// without a tag, at its end.
func TestRibbon(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		plan   []printer.Fault
		ribbon printer.Ribbon
		before string
		want   string
		after  string
		panels int // laid on the card
	}{
		"torn in panel 2": {
			[]printer.Fault{{Kind: printer.KindRibbonTorn, Step: printer.StepPanel, Panel: 2}},
			roll(), "Pr;ymcko=OK",
			"OK,OK,ERR RIBBON,ERR RIBBON,ERR RIBBON", "Rcr=ERR_RIBBON Rrt;count=0 Rco;p=1 Rlr;p=CARD", 2,
		},
		"taken out before panel 3": {
			[]printer.Fault{{Kind: printer.KindRibbonGone, Step: printer.StepPanel, Panel: 3}},
			roll(), "",
			"OK,OK,OK,ERR RIBBON,ERR RIBBON", "Rrt;qty=ERR_RIB_DETECTION Rco;p=2", 2,
		},
		"another zone": {
			[]printer.Fault{{Kind: printer.KindRibbonWrong, Step: printer.StepFeed}},
			roll(), "",
			"OK,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE", "Rzp=A Rrt;zone=other_than_A Rco;p=0", 0,
		},
		"another type": {
			nil,
			printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 5, Zone: "A"},
			"Pr;ymckok=OK",
			"OK,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE", "Rco;c=0 Rlr;p=OK", 0,
		},
		"panel not on the ribbon": {
			nil,
			printer.Ribbon{Type: "kb", Panels: "K", Total: 500, Left: 5, Zone: "A"},
			"Pr;k=OK",
			"OK,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE,ERR RIBBON TYPE", "Rrt;count=5", 0,
		},
		"at its end": {
			nil,
			printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Zone: "A"},
			"Rcr=ERR_RIBBON",
			"OK,ERR RIBBON,ERR RIBBON,ERR RIBBON,ERR RIBBON", "Rrt;count=0", 0,
		},
		"the last frame": {
			nil,
			printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 1, Zone: "A"},
			"Rcr=OK",
			"OK,OK,OK,OK,OK", "Se=OK Rrt;count=0 Rcr=ERR_RIBBON Rco;p=5", 5,
		},
		"without a tag": {
			[]printer.Fault{{Kind: printer.KindNoTag, Step: printer.StepFeed}},
			roll(), "",
			"OK,OK,OK,OK,OK", "Se=OK Rrt;count=ERR_RIB_DETECTION Rco;p=5", 5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 2)
			b.m.ReplaceRibbon(v.ribbon)
			b.m.Plan(v.plan...)
			b.want("Pem;2=OK " + v.before + " Ss=OK Sr=OK")
			if got := b.printSide(); got != v.want {
				t.Fatalf("panels: %s, want %s", got, v.want)
			}
			b.want(v.after)
			front, _ := b.cards[0].Prints()
			if n := len(b.cards[0].Front.Layers()); n != v.panels || (front > 0) != (n > 0) {
				t.Errorf("%d panels on the card, %d passes", n, front)
			}
			if old := b.m.ReplaceRibbon(roll()); old.Type != v.ribbon.Type {
				t.Errorf("old ribbon %v", old)
			}
			b.want("Scs=OK Pr;ymcko=OK Ser=OK Ss=OK Sr=OK")
			if got := b.printSide(); got != "OK,OK,OK,OK,OK" {
				t.Errorf("with a new ribbon: %s", got)
			}
		})
	}
}

// A panel that stopped in the middle covers half of the card, and the print counts.
func TestHalfPrintedPanel(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.m.Plan(printer.Fault{Kind: printer.KindJam, Step: printer.StepPanel, Panel: 1})
	b.want("Pem;2=OK Ss=OK Sr=OK")
	b.write(db('k', 2, packImage(1, func(int, int) int { return 1 })))
	b.read()
	b.want("Se=ERROR_TIME_OUT Rco;p=0 Rlr;p=ERR_CARD")
	card := b.m.ClearJam()[0]
	if front, _ := card.Prints(); front != 1 || !card.Front.Layer('K').Partial() {
		t.Errorf("passes %d", front)
	}
	img := card.Front.Picture()
	if left, right := img.RGBAAt(10, 300).R, img.RGBAAt(lines-10, 300).R; left != 0 || right != 255 {
		t.Errorf("left %d, right %d", left, right)
	}
	b.wantAt(0, "line-1/hand from path")
}

// A letter is left out although the printer says that all is well.
func TestLostPanel(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.m.Plan(printer.Fault{Kind: printer.KindPanelLost, Step: printer.StepPanel, Panel: 4})
	b.want("Pem;2=OK Ss=OK Sr=OK")
	if got := b.printSide(); got != "OK,OK,OK,OK,OK" {
		t.Fatal(got)
	}
	b.want("Se=OK Rco;p=5")
	if b.cards[0].Front.Layer('K') != nil || b.cards[0].Front.Layer('O') == nil {
		t.Error("the black panel should be missing")
	}
}

// Printing twice on one card is seen on the card.
func TestReprintIsSeen(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want(setup)
	for range 2 {
		b.want("Ss=OK Sr=OK")
		b.panel('k', 2)
		b.want("Se=OK")
	}
	if front, _ := b.cards[0].Prints(); front != 2 {
		t.Errorf("%d passes", front)
	}
	b.want("Rrt;count=310 Rco;c=1")
}

// With Pem;0 the printer waits for the operator and goes on by itself, with another card when
// the first is gone.
func TestPrinterManagesErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 3)
	b.m.Plan(printer.Fault{Kind: printer.KindJam, Step: printer.StepPanel, Panel: 2})
	b.want("Rem=0;0 Ss=OK Sr=OK")
	b.panel('y', 128)
	b.panel('m', 128)
	b.write(db('c', 128, make([]byte, panelSize(7))))
	b.check(b.m.Await(b.ctx, func(s printer.State) bool { return s.Jam }))
	if n := len(b.m.ClearJam()); n != 1 {
		t.Fatalf("%d cards in the path", n)
	}
	if got := b.read(); got != "OK" {
		t.Fatalf("after the operator: %s", got)
	}
	b.want("Rco;c=2 Se=OK")
	if first, second := len(b.cards[0].Front.Layers()), len(b.cards[1].Front.Layers()); first != 2 || second != 2 {
		t.Errorf("panels on the cards: %d, %d", first, second)
	}
	b.wantAt(1, "line-1/output")
}

func TestCleaningDue(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.m.Plan(printer.Fault{Kind: printer.KindCleaningDue})
	b.want("Pem;2=OK Sic=OK Rlr;r=ERR_NEED_CLEANING Scp=ERR_CARD Scs=OK Ser=OK Scp=OK Rlr;r=OK Rco;n=1")
}

// A path sensor that lies makes the printer run a second card into the first.
func TestPathSensorLies(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 3)
	b.want("Pem;2=OK Sic=OK")
	b.m.StickPath(printer.StationNone)
	b.want("Rlr;p=OK Sic=ERROR_TIME_OUT")
	b.m.FreeSensors()
	b.want("Rlr;p=ERR_CARD")
	if n := len(b.m.ClearJam()); n != 2 {
		t.Errorf("%d cards in the path", n)
	}
	b.m.StickPath(printer.StationContactless)
	b.want("Scs=OK Rlr;p=CONTACTLESS_CARD Sic=OK Rco;c=2")
	b.m.FreeSensors()
	b.m.StickCounter()
	b.want("Rlr;p=OK Sic=OK Rco;c=2")
	if fed := b.m.State().Fed; fed != 3 {
		t.Errorf("%d fed", fed)
	}
}

// What can happen to an answer.
func TestReplyFaults(t *testing.T) {
	t.Parallel()
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.d.Plan(Fault{Kind: KindLostReply, Card: 1, Command: "Sic"})
		b.want("Pem;2=OK")
		b.write([]byte("\x1bSic\r"))
		b.want("Rlr;p=CONTACTLESS_CARD")
		if n := len(b.d.Pending()); n != 0 {
			t.Errorf("%d faults pending", n)
		}
	})
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.d.Plan(Fault{Kind: KindLateReply, Command: "Rtp"})
		b.write([]byte("\x1bRtp\r"))
		b.check(heldAnswer(b))
		b.want("Rsn=Evolis_Primacy_2")
		if got := b.read(); got != "S1" {
			t.Errorf("the next answer: %q", got)
		}
	})
	t.Run("stray OK", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.d.Plan(Fault{Kind: KindStrayOK, Command: "Rrt;count"})
		b.want("Rrt;qty=500 Rrt;count=OK Rrt;count=312")
	})
	t.Run("in pieces", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.d.Plan(Fault{Kind: KindSplitReply})
		b.write([]byte("\x1bRtp\r"))
		buf := make([]byte, 64)
		for _, want := range []byte("Evolis Primacy 2\x00") {
			if n, err := b.d.Read(b.ctx, buf); n != 1 || err != nil || buf[0] != want {
				t.Fatalf("%d bytes, %v, %q", n, err, buf[0])
			}
		}
	})
	t.Run("always in pieces", func(t *testing.T) {
		t.Parallel()
		b := openBench(t, "Primacy 2", 1, Config{SplitReplies: 3})
		b.want("Rtp=Evolis_Primacy_2 Rse;f=5,00_Volts")
	})
	t.Run("settings lost", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.d.Plan(Fault{Kind: KindSettingsLost, Card: 1, Command: "Sic"})
		b.want(setup + "Sic=OK Ss=OK Se=OK Rlr;p=OK")
	})
}

// heldAnswer waits until a late answer is held back.
func heldAnswer(b *bench) error {
	for {
		b.d.mu.Lock()
		n, changed := len(b.d.held), b.d.changed
		b.d.mu.Unlock()
		if n > 0 {
			return nil
		}
		select {
		case <-changed:
		case <-b.ctx.Done():
			return b.ctx.Err()
		}
	}
}

// The cable is pulled in the middle of a panel: nothing of that panel is printed; after the
// cable is back the printer takes commands again.
func TestLinkLostInsideAPanel(t *testing.T) {
	t.Parallel()
	for _, blob := range []bool{false, true} {
		t.Run(fmt.Sprintf("blob %v", blob), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 1)
			b.d.Plan(Fault{Kind: KindLinkLost, Card: 1, Panel: 2})
			y, m := db('y', 128, make([]byte, panelSize(7))), db('m', 128, make([]byte, panelSize(7)))
			var err error
			if blob {
				err = b.d.Write(b.ctx, append(append([]byte("\x1bPem;2\r\x1bSs\r\x1bSr\r"), y...), m...))
			} else {
				b.want("Pem;2=OK Ss=OK Sr=OK")
				b.write(y)
				b.read()
				err = b.d.Write(b.ctx, m)
			}
			if !errors.Is(err, printer.ErrUnplugged) {
				t.Fatalf("write: %v", err)
			}
			if _, err := b.d.Read(b.ctx, make([]byte, 1)); !errors.Is(err, printer.ErrUnplugged) {
				t.Errorf("read: %v", err)
			}
			b.m.Replug()
			b.want("Rco;p=0 Rlr;p=OK Pem;2=OK Sic=OK")
		})
	}
}

// Power fails at each moment of the feed: the position stays, the counters tell.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		when     printer.When
		position string
		cards    string
	}{{printer.WhenBefore, "OK", "0"}, {printer.WhenMidway, "ERR_CARD", "1"}, {printer.WhenAfter, "CARD", "1"}} {
		t.Run(string(v.when), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 2)
			b.m.Plan(printer.Fault{Kind: printer.KindPowerCut, Step: printer.StepFeed, When: v.when})
			b.want(setup)
			b.write([]byte("\x1bSic\r"))
			if _, err := b.d.Read(b.ctx, make([]byte, 9)); !errors.Is(err, printer.ErrPowerOff) {
				t.Fatalf("read: %v", err)
			}
			b.check(b.m.PowerOn(b.ctx))
			b.want("Rlr;p=" + v.position + " Rco;c=" + v.cards + " Rem=0;0")
			b.want(setup + "Srs=OK Rco;c=" + v.cards)
			if wrong := b.m.Audit(); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

// A read ends with its context and leaves the answer for the next one.
func TestReadTimeout(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	ctx, cancel := context.WithTimeout(b.ctx, time.Millisecond)
	defer cancel()
	if _, err := b.d.Read(ctx, make([]byte, 1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read: %v", err)
	}
	b.want("Rsn=S1")
}
