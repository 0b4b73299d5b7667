package matica

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"blanko/emulator/printer"
)

// What the mechanics can end with, its code, and that a person mends it.
func TestMechanics(t *testing.T) {
	t.Parallel()
	prepare := func(b *bench) { b.good(loadPrint); b.sendAll() }
	printed := func(b *bench) { prepare(b); b.good(printAll) }
	for name, v := range map[string]struct {
		fault  printer.Fault
		before func(*bench)
		cdb    string
		code   uint32
		on     int // panels on the card
	}{
		"jam in the feed":         {printer.Fault{Kind: printer.KindJam, Step: printer.StepFeed}, nil, loadRFID, 0x00039000, 0},
		"two cards at once":       {printer.Fault{Kind: printer.KindDoubleFeed, Step: printer.StepFeed}, nil, loadRFID, 0x00039000, 0},
		"hopper lifted":           {printer.Fault{Kind: printer.KindHopperLifted, Step: printer.StepFeed}, nil, loadRFID, 0x0002D000, 0},
		"jam on the way":          {printer.Fault{Kind: printer.KindJam, Step: printer.StepContactless}, nil, loadRFID, 0x00039300, 0},
		"door on the way":         {printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepContactless}, nil, loadRFID, 0x0002D100, 0},
		"card lost":               {printer.Fault{Kind: printer.KindCardLost, Step: printer.StepContactless}, nil, loadRFID, 0x00052600, 0},
		"jam at the eject":        {printer.Fault{Kind: printer.KindJam, Step: printer.StepEject}, prepare, eject, 0x00039400, 0},
		"jam at the reject":       {printer.Fault{Kind: printer.KindJam, Step: printer.StepReject}, prepare, reject, 0x00039400, 0},
		"output full":             {printer.Fault{Kind: printer.KindOutputFull, Step: printer.StepEject}, prepare, eject, 0x00039400, 0},
		"ink out in a panel":      {printer.Fault{Kind: printer.KindRibbonTorn, Step: printer.StepPanel, Panel: 3}, prepare, printAll, 0x0003B200, 0},
		"ribbon gone":             {printer.Fault{Kind: printer.KindRibbonGone, Step: printer.StepPanel}, prepare, printAll, 0x0003B000, 0},
		"ribbon wrong":            {printer.Fault{Kind: printer.KindRibbonWrong, Step: printer.StepPanel}, prepare, printAll, 0x0003B100, 0},
		"film ends in a panel":    {printer.Fault{Kind: printer.KindFilmTorn, Step: printer.StepPanel}, prepare, printAll, 0x0003A100, 0},
		"door in a panel":         {printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepPanel, Panel: 2}, prepare, printAll, 0x0002D100, 0},
		"film ends before it":     {printer.Fault{Kind: printer.KindFilmTorn, Step: printer.StepTransfer, When: printer.WhenBefore}, printed, stay, 0x0003A100, 0},
		"door in the transfer":    {printer.Fault{Kind: printer.KindCoverOpen, Step: printer.StepTransfer}, printed, stay, 0x0002D100, 4},
		"jam in the transfer":     {printer.Fault{Kind: printer.KindJam, Step: printer.StepTransfer}, printed, stay, 0x00039500, 4},
		"jam in the turn-over":    {printer.Fault{Kind: printer.KindJam, Step: printer.StepFlip}, printed, over, 0x00039100, 4},
		"jam at the end":          {printer.Fault{Kind: printer.KindJam, Step: printer.StepEject}, printed, out, 0x00039400, 4},
		"ink out, never mind now": {printer.Fault{Kind: printer.KindRibbonTorn, Step: printer.StepPanel, When: printer.WhenBefore}, prepare, printAll, 0x0003B200, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := ready(t, "XID580i", 4)
			if v.before != nil {
				v.before(b)
			}
			b.m.Plan(v.fault)
			b.bad(v.cdb, v.code)
			if n := len(b.cards[0].Front.Layers()); n != v.on {
				t.Errorf("%d panels on the card, want %d", n, v.on)
			}
			for _, l := range b.cards[0].Front.Layers() {
				if l.Partial() != (v.fault.Step == printer.StepTransfer) {
					t.Errorf("panel %c partial: %v", l.Letter, l.Partial())
				}
			}
			b.m.OpenCover()
			b.m.ClearJam()
			b.m.ReplaceRibbon(b.m.Model().NewRibbon("A"))
			b.m.ReplaceFilm(b.m.Model().NewFilm())
			b.m.TakeOutput()
			b.check(b.m.Load(b.m.Lifted()...))
			b.m.CloseCover()
			b.settled(0)
			b.good("31 01 00 00 04 00 00 00 00 00")
			b.sendAll()
			b.good(printAll, out)
			if wrong := b.m.Audit(); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

// Every code of the family can strike every command of a card: the command fails with it, nothing
// moves, and the next try works.
func TestEveryCodeAtEveryCommand(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	panel := make([]byte, b.d.geo.size())
	for code := range Codes {
		at := func(cdb string) {
			t.Helper()
			before := b.m.State()
			b.d.Plan(Fault{Kind: KindCode, Command: cdb[:5], Code: code})
			b.bad(cdb, code)
			if after := b.m.State(); after != before {
				t.Errorf("%08x at %s: %+v became %+v", code, cdb, before, after)
			}
			b.good(cdb)
		}
		for _, cdb := range []string{loadRFID, engage, disengage, movePrint} {
			at(cdb)
		}
		for n := range byte(4) {
			b.d.Plan(Fault{Kind: KindCode, Command: "2a", Code: code})
			if a := b.send(n, panel); a.failed != 1 {
				t.Errorf("%08x at panel %d", code, n)
			}
			b.wantCode(code)
			b.send(n, panel)
		}
		for _, cdb := range []string{printAll, stay, eject} {
			at(cdb)
		}
		b.good(loadPrint)
		b.send(0, panel)
		at(printBlack)
		at(out)
		b.m.TakeOutput()
		b.check(b.m.Load(b.cards...))
	}
	if n := len(b.d.Pending()); n != 0 {
		t.Errorf("%d faults have not struck", n)
	}
}

// After the act: the command is obeyed, and fails all the same.
func TestCodeAfterTheAct(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.d.Plan(Fault{Kind: KindCode, Command: "3101", Code: 0x00039300, After: true})
	b.bad(loadRFID, 0x00039300)
	b.wantAt(0, "line-1/path/contactless")
}

// The printer waits for something: told until it is over, and nothing moves meanwhile.
func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mod, _ := printer.FindModel("XID8600")
		m := printer.New(printer.Config{Name: "line-1", Model: mod, Zone: "A", Ribbon: mod.NewRibbon("A"), Spend: pass})
		b := &bench{T: t, ctx: t.Context(), m: m, d: New(m, Config{})}
		defer b.d.Close()
		b.check(m.Load(printer.NewPlastic("1", nil), printer.NewPlastic("2", nil)))
		b.wantCode(0x00062800)
		b.d.Plan(Fault{Kind: KindWait, Command: "31", Code: 0x0002F000, Delay: time.Minute})
		began := time.Now()
		b.bad(loadRFID, 0x0002F000)
		for b.code() == 0x0002F000 {
			b.check(pass(b.ctx, time.Second))
		}
		if d := time.Since(began); d < time.Minute || d > time.Minute+5*time.Second {
			t.Errorf("it waits for %v", d)
		}
		b.good(loadRFID)
	})
}

// The printer that is switched on warms up for 80 s and moves nothing.
func TestWarmUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mod, _ := printer.FindModel("XID8600")
		m := printer.New(printer.Config{Name: "line-1", Model: mod, Zone: "A", Ribbon: mod.NewRibbon("A"), Spend: pass})
		b := &bench{T: t, ctx: t.Context(), m: m, d: New(m, Config{Cold: true})}
		defer b.d.Close()
		b.check(m.Load(printer.NewPlastic("1", nil)))
		b.wantCode(0x00062800)
		b.bad(loadRFID, 0x0002DB00)
		b.check(pass(b.ctx, 5*time.Second))
		synctest.Wait()
		b.bad(loadRFID, 0x0002DA00)
		began := time.Now()
		for b.code() == 0x0002DA00 {
			b.check(pass(b.ctx, time.Second))
		}
		if d := time.Since(began); d < 79*time.Second || d > 85*time.Second {
			t.Errorf("it warms up for %v", d)
		}
	})
}

// What can happen to a status, and what a host finds in its place.
func TestStatusFaults(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind]func([]byte) bool{
		KindWrongTag:       func(s []byte) bool { return len(s) == 13 && s[4] == 8 },
		KindWrongSignature: func(s []byte) bool { return len(s) == 13 && s[0] != 'U' },
		KindShortStatus:    func(s []byte) bool { return len(s) == 6 },
	} {
		b := ready(t, "XID580i", 1)
		b.d.Plan(Fault{Kind: kind, Command: "31 01", Card: 1})
		b.check(b.d.Write(b.ctx, blockOf(7, 0, false, unhex(loadPrint))))
		if got, err := b.read(13); err != nil || !want(got) {
			t.Errorf("%s: % x, %v", kind, got, err)
		}
		b.wantAt(0, "line-1/path/print")
	}
	b := ready(t, "XID580i", 1)
	b.d.Plan(Fault{Kind: KindShortData, Command: "12"})
	a := b.ask("12 00 00 00 60 00", 96, nil)
	if len(a.data) != 48 || a.residue != 48 || a.failed != 0 {
		t.Errorf("short data: %d bytes, residue %d", len(a.data), a.residue)
	}
}

// A lost status is never sent; after a reset the printer answers again and the card stands where
// the motion brought it.
func TestLostReply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mod, _ := printer.FindModel("XID8600")
		m := printer.New(printer.Config{Name: "line-1", Model: mod, Zone: "A", Ribbon: mod.NewRibbon("A"), Spend: pass})
		b := &bench{T: t, ctx: t.Context(), m: m, d: New(m, Config{}), cards: []*printer.Plastic{printer.NewPlastic("1", nil)}}
		defer b.d.Close()
		b.check(m.Load(b.cards...))
		b.wantCode(0x00062800)
		b.d.Plan(Fault{Kind: KindLostReply, Command: "31"}, Fault{Kind: KindLateReply, Command: "31 0b", Delay: time.Minute})
		b.check(b.d.Write(b.ctx, blockOf(1, 0, false, unhex(loadRFID))))
		synctest.Wait()
		b.check(pass(b.ctx, 10*time.Second))
		b.check(b.d.Reset(b.ctx))
		b.wantCode(0x00062800)
		b.wantAt(0, "line-1/path/contactless")
		began := time.Now()
		b.good(movePrint)
		if d := time.Since(began); d < time.Minute {
			t.Errorf("the status came after %v", d)
		}
	})
}

// A stall in each phase: the host clears the halt and goes on; a stalled data phase is followed by
// the status.
func TestStalls(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.d.Plan(Fault{Kind: KindStall, Command: "31 01", Phase: PhaseCommand})
	block := blockOf(1, 0, false, unhex(loadPrint))
	for range 2 {
		if err := b.d.Write(b.ctx, block); !errors.Is(err, ErrStall) {
			t.Fatalf("command: %v", err)
		}
	}
	b.check(b.d.ClearHalt(b.ctx, true))
	if err := b.d.Write(b.ctx, block); !errors.Is(err, ErrStall) {
		t.Fatalf("the other halt was cleared: %v", err)
	}
	b.check(b.d.ClearHalt(b.ctx, false))
	b.check(b.d.Write(b.ctx, block))
	if got, err := b.read(13); err != nil || got[12] != 0 {
		t.Fatalf("% x, %v", got, err)
	}

	b.d.Plan(Fault{Kind: KindStall, Command: "34"})
	b.check(b.d.Write(b.ctx, blockOf(2, 8, true, unhex("34 00 00 00 00 00 00 00 00 00"))))
	if got, err := b.read(8); err != nil || len(got) != 8 {
		t.Fatalf("data: % x, %v", got, err)
	}
	if _, err := b.read(13); !errors.Is(err, ErrStall) {
		t.Fatalf("status: %v", err)
	}
	b.check(b.d.ClearHalt(b.ctx, true))
	if got, err := b.read(13); err != nil || len(got) != 13 {
		t.Fatalf("status: % x, %v", got, err)
	}

	b.d.Plan(Fault{Kind: KindStall, Command: "34", Phase: PhaseData})
	if a := b.ask("34 00 00 00 00 00 00 00 00 00", 8, nil); len(a.data) != 0 || a.residue != 8 || a.failed != 0 {
		t.Errorf("IN data: %+v", a)
	}

	b.d.Plan(Fault{Kind: KindStall, Command: "2a", Phase: PhaseData})
	b.check(b.d.Write(b.ctx, blockOf(3, b.d.geo.size(), false, unhex("2a 00 00 00 00 00 0a 7f 20 00"))))
	if err := b.d.Write(b.ctx, make([]byte, b.d.geo.size())); !errors.Is(err, ErrStall) {
		t.Fatalf("OUT data: %v", err)
	}
	b.check(b.d.ClearHalt(b.ctx, false))
	if got, err := b.read(13); err != nil || got[12] != 1 {
		t.Fatalf("% x, %v", got, err)
	}
	b.wantCode(0x00052000)
	b.wantFindings()
}

// A command block that is none halts both ends until a reset.
func TestInvalidBlocks(t *testing.T) {
	t.Parallel()
	good := blockOf(1, 0, false, unhex(testUnit))
	edit := func(at int, v byte) []byte {
		b := append([]byte(nil), good...)
		b[at] = v
		return b
	}
	for name, block := range map[string][]byte{
		"short": good[:30], "long": append(append([]byte(nil), good...), 0), "signature": edit(3, 'X'), "unit": edit(13, 1),
		"no CDB": edit(14, 0), "long CDB": edit(14, 17), "flags": edit(12, 1), "endless data": edit(11, 0xFF), "nothing": {},
	} {
		b := ready(t, "XID580i", 1)
		if err := b.d.Write(b.ctx, block); !errors.Is(err, ErrStall) {
			t.Errorf("%s: %v", name, err)
		}
		b.check(b.d.ClearHalt(b.ctx, false))
		if err := b.d.Write(b.ctx, good); !errors.Is(err, ErrStall) {
			t.Errorf("%s, halt cleared: %v", name, err)
		}
		if len(b.d.Findings()) == 0 {
			t.Errorf("%s: nothing was found", name)
		}
		b.check(b.d.Reset(b.ctx))
		b.wantCode(0x00062800)
	}
	b := ready(t, "XID580i", 1)
	b.check(b.d.Write(b.ctx, blockOf(1, 20, true, unhex("03 00 00 00 14 00"))))
	if _, err := b.read(20); err != nil {
		t.Fatal(err)
	}
	if err := b.d.Write(b.ctx, good); !errors.Is(err, ErrStall) {
		t.Errorf("before the status was read: %v", err)
	}
}

// Lengths in the block and in the CDB must agree, and the data must have them.
func TestLengths(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 1)
	b.check(b.d.Write(b.ctx, blockOf(1, 100, false, unhex("2a 00 00 00 00 00 0a 7f 20 00"))))
	if err := b.d.Write(b.ctx, make([]byte, 101)); !errors.Is(err, ErrStall) {
		t.Errorf("too much: %v", err)
	}
	b.check(b.d.Reset(b.ctx))
	b.wantCode(0x00062800)
	if a := b.ask("2a 00 00 00 00 00 0a 7f 20 00", 0, make([]byte, 100)); a.failed != 1 {
		t.Error("a block that is shorter than the CDB says")
	}
	b.wantCode(0x00052000)
	for _, cdb := range []string{"12 00 00 00 61 00", "1a 00 69 00 40 00", "4d 00 78 00 00 00 00 00 33 00", "03 00 00 00 12 00"} {
		if a := b.ask(cdb, int(unhex(cdb)[4])+1, nil); a.failed != 1 {
			t.Errorf("%s is obeyed", cdb)
		}
		b.wantCode(0x00052000)
	}
}

// The cable is pulled in the middle of a panel: the panel is not there when it is back.
func TestLinkLostInsideAPanel(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.good(loadPrint)
	b.d.Plan(Fault{Kind: KindLinkLost, Command: "2a", Nth: 2})
	b.send(1, make([]byte, b.d.geo.size()))
	b.check(b.d.Write(b.ctx, blockOf(9, b.d.geo.size(), false, unhex("2a 00 00 00 00 00 0a 7f 20 00"))))
	var err error
	for range 4 {
		if err = b.d.Write(b.ctx, make([]byte, b.d.geo.size()/4)); err != nil {
			break
		}
	}
	if !errors.Is(err, printer.ErrUnplugged) {
		t.Fatalf("got %v", err)
	}
	if _, err := b.read(13); !errors.Is(err, printer.ErrUnplugged) {
		t.Fatalf("got %v", err)
	}
	b.m.Replug()
	b.bad(printBlack, 0x00052000)
	b.wantAt(0, "line-1/path/print")
}

// A host that went away in the middle of a panel leaves a printer that waits for the rest: without
// a new connection or a reset it takes the next command for the panel.
func TestNewHost(t *testing.T) {
	t.Parallel()
	for _, stale := range []bool{false, true} {
		b := newBench(t, "XID580i", 1, Config{KeepStale: stale})
		b.wantCode(0x00062800)
		b.check(b.d.Write(b.ctx, blockOf(9, b.d.geo.size(), false, unhex("2a 00 00 00 00 00 0a 7f 20 00"))))
		b.check(b.d.Write(b.ctx, make([]byte, 1000)))
		l := b.d.Connect()
		b.check(l.Write(b.ctx, blockOf(1, 20, true, unhex("03 00 00 00 14 00"))))
		if stale {
			b.check(l.Reset(b.ctx))
			b.wantCode(0x00062800)
			continue
		}
		buf := make([]byte, 20)
		if n, err := l.Read(b.ctx, buf); n != 20 || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
		b.check(l.ClearHalt(b.ctx, true))
		if id, err := l.DeviceID(b.ctx); err != nil || id != "Matica XID580i" {
			t.Errorf("%q, %v", id, err)
		}
		b.check(l.Close())
		for _, err := range []error{l.Write(b.ctx, nil), l.ClearHalt(b.ctx, true), l.Reset(b.ctx)} {
			if !errors.Is(err, printer.ErrClosed) {
				t.Errorf("closed: %v", err)
			}
		}
	}
}

// Two printers of a model know nothing of each other.
func TestTwoPrinters(t *testing.T) {
	t.Parallel()
	a, b := ready(t, "XID8600", 1), ready(t, "XID8600", 1)
	a.good(loadRFID)
	b.wantCode(0)
	b.bad(moveRFID, 0x00052600)
	a.wantAt(0, "line-1/path/contactless")
}

// A new host of a printer in which a card was left reads where it is.
func TestCardLeftInside(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.good(loadRFID)
	b.check(b.d.Close())
	b.d = New(b.m, Config{})
	b.wantCode(0x00062800)
	if got := b.ask("34 00 00 00 00 00 00 00 00 00", 8, nil).data; got[0] != 0 || got[7] != 2 {
		t.Errorf("position % x", got)
	}
	b.bad(loadRFID, 0x00052600)
	b.good(reject)
	b.wantAt(0, "line-1/reject")
}

// A ribbon at its end is told once, or until another one is fitted.
func TestInkOut(t *testing.T) {
	t.Parallel()
	for _, forgets := range []bool{false, true} {
		b := newBench(t, "XID580i", 2, Config{ForgetsSupply: forgets})
		b.wantCode(0x00062800)
		b.good(loadPrint)
		b.sendAll()
		b.m.Plan(printer.Fault{Kind: printer.KindRibbonTorn, Step: printer.StepPanel})
		b.bad(printAll, 0x0003B200)
		want := uint32(0x0003B200)
		if forgets {
			want = 0
		}
		b.wantCode(want)
		b.good(eject) // it hinders no movement
		b.m.ReplaceRibbon(b.m.Model().NewRibbon("A"))
		b.wantCode(0)
	}
}
