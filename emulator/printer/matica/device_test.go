package matica

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"blanko/emulator/printer"
)

// Worked command blocks with their tags, made by hand from Bulk-Only Transport 1.0, section 5.1,
// and the command table of the family. Each one must do what stands beside it.
func TestWorkedBlocks(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 3)
	for _, v := range []struct {
		what, block string
		in          int
		place       string
	}{
		{"test unit ready", "55534243 01000000 00000000 00 00 06 000000000000 00000000000000000000", 0, ""},
		{"request sense", "55534243 02000000 14000000 80 00 06 030000001400 00000000000000000000", 20, ""},
		{"inquiry", "55534243 03000000 60000000 80 00 06 120000006000 00000000000000000000", 96, ""},
		{"parameters", "55534243 04000000 40000000 80 00 06 1a0068004000 00000000000000000000", 64, ""},
		{"position", "55534243 05000000 08000000 80 00 0a 34000000000000000000 000000000000", 8, ""},
		{"load to RFID", "55534243 06000000 00000000 00 00 0a 31010000000000020000 000000000000", 0, "line-1/path/contactless"},
		{"RFID engage", "55534243 07000000 00000000 00 00 0a 32040000000000000000 000000000000", 0, ""},
		{"RFID disengage", "55534243 08000000 00000000 00 00 0a 32050000000000000000 000000000000", 0, ""},
		{"move to print", "55534243 09000000 00000000 00 00 0a 310b0000000000000000 000000000000", 0, "line-1/path/print"},
		{"panel Y", "55534243 0a000000 207f0a00 00 00 0a 2a00030000000a7f2000 000000000000", 0, ""},
	} {
		block := unhex(v.block)
		b.check(b.d.Write(b.ctx, block))
		if block[15] == 0x2A {
			b.check(b.d.Write(b.ctx, make([]byte, 687_904)))
		}
		if v.in > 0 {
			if got, err := b.read(v.in); err != nil || len(got) != v.in {
				t.Fatalf("%s: %d bytes, %v", v.what, len(got), err)
			}
		}
		want := append([]byte("USBS"), block[4:8]...)
		want = append(want, 0, 0, 0, 0, 0)
		if got, err := b.read(13); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s: status % x, %v", v.what, got, err)
		}
		if v.place != "" {
			b.wantAt(0, v.place)
		}
	}
	for n := range byte(3) {
		b.send(n, make([]byte, 687_904))
	}
	for _, v := range []struct{ what, block, place string }{
		{"print YMC + K", "55534243 0c000000 00000000 00 00 0a 31080600000000000000 000000000000", "line-1/path/print"},
		{"transfer and eject", "55534243 0d000000 00000000 00 00 0a 31090000000000000000 000000000000", "line-1/output"},
	} {
		b.check(b.d.Write(b.ctx, unhex(v.block)))
		if got, err := b.read(13); err != nil || got[12] != 0 {
			t.Fatalf("%s: status % x, %v", v.what, got, err)
		}
		b.wantAt(0, v.place)
	}
	b.good(loadPrint)
	b.check(b.d.Write(b.ctx, unhex("55534243 0e000000 00000000 00 00 0a 310b0000000000040000 000000000000")))
	if got, err := b.read(13); err != nil || got[12] != 0 {
		t.Fatalf("move to reject: % x, %v", got, err)
	}
	b.wantAt(1, "line-1/reject")
	b.wantFindings()
}

// The answers, byte for byte where the family's description gives them.
func TestReads(t *testing.T) {
	t.Parallel()
	b := newBench(t, "XID8600", 2, Config{Was: Counts{Total: 1234, Free: 766, Head: 1234, Error: 2}})
	b.wantCode(0x00062800)

	q := b.ask("12 00 00 00 60 00", 96, nil).data
	if string(q[8:16]) != "Matica  " || string(q[16:24]) != "XID8600\x00" || string(q[24:32]) != "12345678" || string(q[58:63]) != "V1.00" {
		t.Errorf("inquiry %q", q)
	}
	p := b.ask("1a 00 68 00 40 00", 64, nil).data
	be := binary.BigEndian
	for at, want := range map[int]uint16{8: 600, 10: 600, 16: 2022, 18: 1275, 32: 2072, 34: 1328} {
		if got := be.Uint16(p[at:]); got != want {
			t.Errorf("parameters at %d: %d, want %d", at, got, want)
		}
	}
	if p[0x25] != 2 || p[0x18] != 0 {
		t.Errorf("settings % x", p)
	}
	r := b.ask("1a 00 63 00 2c 00", 44, nil).data
	if r[6] != 0 || be.Uint16(r[8:]) != 500 || string(r[12:18]) != "LOT042" {
		t.Errorf("ribbon % x", r)
	}
	c := b.ask("4d 00 78 00 00 00 00 00 34 00", 52, nil).data
	if want := unhex("00000000 00000004000004d2 00010004000002fe 00020004000004d2 0003000400000000 0004000400000002 0000000000000000"); !bytes.Equal(c, want) {
		t.Errorf("counters % x", c)
	}
	if got := b.ask("34 00 00 00 00 00 00 00 00 00", 8, nil).data; !bytes.Equal(got, unhex("0100000000000000")) {
		t.Errorf("position % x", got)
	}
	b.good(loadRFID)
	if got := b.ask("34 00 00 00 00 00 00 00 00 00", 8, nil).data; !bytes.Equal(got, unhex("0000000000000002")) {
		t.Errorf("position % x", got)
	}
	b.m.OpenCover()
	if got := b.ask("03 00 00 00 14 00", 20, nil).data; !bytes.Equal(got, unhex("70000200000000 0c 00000000 d1 00000000000000")) {
		t.Errorf("sense % x", got)
	}
	b.m.CloseCover()
	b.settled(0)
	for panels, code := range map[string]byte{"YMCK": 0, "YMCKK": 4, "YMCKU": 5, "KO": 0xFF} {
		b.m.ReplaceRibbon(printer.Ribbon{Type: "x", Panels: panels, Total: 300, Left: 20, Zone: "A"})
		r := b.ask("1a 00 63 00 2c 00", 44, nil).data
		if r[6] != code || be.Uint16(r[8:]) != 300 || !bytes.Equal(r[12:18], bytes.Repeat([]byte{0xFF}, 6)) {
			t.Errorf("%s: ribbon % x", panels, r)
		}
	}
}

// What the counters count, in both readings of "total".
func TestCounters(t *testing.T) {
	t.Parallel()
	for total, want := range map[Total][3]int{TotalFed: {1, 1, 1}, TotalPrinted: {0, 1, 1}} {
		b := newBench(t, "XID580i", 2, Config{Total: total})
		b.wantCode(0x00062800)
		b.good(loadPrint)
		b.sendAll()
		fed := b.d.Counts().Total
		b.good(printAll)
		b.good(stay)
		printed := b.d.Counts().Total
		b.good(eject)
		if got := [3]int{fed, printed, b.d.Counts().Total}; got != want {
			t.Errorf("%q: %v, want %v", total, got, want)
		}
		if c := b.d.Counts(); c.Head != 1 || c.Clean != 1 || c.Error != 0 {
			t.Errorf("%+v", c)
		}
		b.m.Plan(printer.Fault{Kind: printer.KindJam}, printer.Fault{Kind: printer.KindCleaningDue, When: printer.WhenAfter})
		b.bad(loadPrint, 0x00039000)
		if c := b.d.Counts(); c.Error != 1 {
			t.Errorf("%+v", c)
		}
	}
}

// What the printer says of itself, and what lasts until a person acts.
func TestConditions(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 1)
	b.good(testUnit)
	b.m.OpenCover()
	for range 2 {
		if a := b.ask(testUnit, 0, nil); a.failed != 1 {
			t.Error("ready with an open door")
		}
		b.wantCode(0x0002D100)
	}
	b.bad(loadPrint, 0x0002D100)
	b.m.CloseCover()
	b.bad(loadPrint, 0x0002DB00)
	b.settled(0)
	b.good(testUnit, loadPrint)
	b.wantCode(0x0002D000) // the hopper is empty now, with a card inside
	b.wantCode(0x0002D000)
	b.good(eject)
	b.bad(loadPrint, 0x0002D000)

	b.check(b.m.Load(printer.NewPlastic("more", nil)))
	b.m.Plan(printer.Fault{Kind: printer.KindJam})
	b.bad(loadPrint, 0x00039000)
	b.wantCode(0x00039000) // the card sticks still
	b.m.ClearJam()
	b.wantCode(0x0002D000)
}

// Refusals of the movements, with the code that is left.
func TestRefusals(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 4)
	const position, command = 0x00052600, 0x00052000
	b.bad(moveRFID, position) // no card
	b.bad(engage, position)
	b.bad(printBlack, position)
	b.bad(stay, position)
	b.good(loadPrint)
	b.bad(loadPrint, position) // a card is inside
	b.bad(engage, position)    // not at the station
	b.bad(printAll, command)   // nothing was sent
	b.bad(stay, command)       // nothing is on the film
	b.bad("31 0b 00 00 00 00 00 06 00 00", command)
	b.bad("31 0b 02 00 00 00 00 00 00 00", command)
	b.bad("31 0b 00 00 01 00 00 00 00 00", command)
	b.bad("31 08 00 00 00 00 00 00 00 00", command)
	b.bad("31 08 04 00 01 00 00 00 00 00", command) // a second buffer
	b.bad("31 0d 02 00 00 00 00 00 00 00", command)
	b.bad("31 07 00 00 00 00 00 00 00 00", command)
	b.good(moveRFID, engage)
	b.bad(movePrint, position) // engaged
	b.bad(reject, position)
	b.good(engage, disengage, disengage)
	b.bad(printBlack, position) // not at the head
	b.good("31 0b 00 00 00 00 00 01 00 00", "32 00 00 00 00 00 00 00 00 00", "32 01 00 00 00 00 00 00 00 00", "31 0b 00 00 00 00 00 03 00 00")
	b.wantAt(0, "line-1/path/magnetic")
	if n := b.m.State().Fed; n != 1 {
		t.Errorf("%d cards were fed", n)
	}
	for _, v := range []struct {
		number byte
		size   int
	}{{6, 687_904}, {3, 687_903}, {3, 10}} {
		if a := b.send(v.number, make([]byte, v.size)); a.failed != 1 {
			t.Errorf("panel %d of %d bytes is taken", v.number, v.size)
		}
		b.wantCode(command)
	}
}

// The encoder reaches the chip while it is engaged, and only then.
func TestEncoder(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID8600", 1)
	r := b.m.Reader()
	b.good(loadRFID)
	if _, err := r.Reset(b.ctx); !errors.Is(err, printer.ErrNoCard) {
		t.Errorf("not engaged: %v", err)
	}
	b.good(engage)
	if _, err := r.Reset(b.ctx); err != nil {
		t.Error(err)
	}
	b.good(disengage)
	if _, err := r.Reset(b.ctx); !errors.Is(err, printer.ErrNoCard) {
		t.Errorf("disengaged: %v", err)
	}
}

// A motion that the host does not wait for: busy until it is over, and its end is told by sense.
func TestMotionAtOnce(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 3)
	b.good("31 01 01 00 00 00 00 02 00 00")
	for b.code() == 0x0002D300 {
		continue
	}
	b.wantAt(0, "line-1/path/contactless")
	b.m.Plan(printer.Fault{Kind: printer.KindJam})
	b.good("31 0b 01 00 00 00 00 05 00 00")
	got := b.code()
	for ; got == 0x0002D300; got = b.code() {
		continue
	}
	if got != 0x00039400 {
		t.Errorf("sense %08x", got)
	}
}

// After the power comes back the printer initializes, warms up, and tells a reset first.
func TestPowerUp(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.good(loadPrint)
	b.send(0, make([]byte, b.d.geo.size()))
	b.m.Plan(printer.Fault{Kind: printer.KindPowerCut, Step: printer.StepContactless})
	if _, err := b.try(moveRFID, 0, nil); !errors.Is(err, printer.ErrPowerOff) {
		t.Fatalf("got %v", err)
	}
	b.check(b.m.PowerOn(b.ctx))
	b.wantCode(0x00062800)
	b.settled(0)
	b.wantAt(0, "line-1/path/print") // found again
	b.bad(printBlack, 0x00052000)    // the panel is gone
}

func TestSettings(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 1)
	data := bytes.Repeat([]byte{0xFF}, 32)
	data[0], data[1], data[0x04] = 0x28, 0x1E, 3
	if a := b.ask("15 10 28 00 20 00", 0, data); a.failed != 0 {
		t.Fatal("refused")
	}
	if p := b.ask("1a 00 68 00 40 00", 64, nil).data; p[0x25] != 3 || p[0x26] != 2 {
		t.Errorf("parameters % x", p)
	}
	for at, v := range map[int]byte{0: 0, 1: 0, 0x04: 9, 0x02: 1, 0x11: 2} {
		wrong := bytes.Clone(data)
		wrong[at] = v
		if a := b.ask("15 10 28 00 20 00", 0, wrong); a.failed != 1 {
			t.Errorf("byte %02x with %d is taken", at, v)
		}
		b.wantCode(0x00052000)
	}
	if p := b.ask("1a 00 68 00 40 00", 64, nil).data; p[0x25] != 3 {
		t.Errorf("parameters % x", p)
	}
	if !b.d.Turn("transfer-temp", 4) || b.d.Turn("transfer-temp", 9) || b.d.Turn("volume", 1) {
		t.Error("at the panel")
	}
	if p := b.ask("1a 00 68 00 40 00", 64, nil).data; p[0x25] != 4 {
		t.Errorf("parameters % x", p)
	}
}

// Track 2 ";123=45?" and the bits of track 1, worked by hand.
func TestStripe(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID8600", 1)
	b.bad("2c 00 00 a6 00 00 4c 00 00 00", 0x00052000) // without room for its data
	b.good("31 01 00 00 00 00 00 03 00 00")
	if a := b.ask("2c 00 00 00 b4 00 00 25 00 00", 0x25, nil); a.failed != 1 {
		t.Error("a blank track is read")
	}
	b.wantCode(0x0003A800)
	data := unhex("b4 08 0b 01 02 03 0d 04 05 0f")
	if a := b.ask("2d 00 00 00 b4 00 00 00 0a 00", 0, data); a.failed != 0 {
		t.Fatalf("track 2: %08x", b.code())
	}
	if a := b.ask("2d 00 00 a6 00 00 00 00 06 00", 0, unhex("a6 04 05 22 11 1f")); a.failed != 0 {
		t.Fatalf("track 1: %08x", b.code())
	}
	for n, want := range map[int]string{1: "%B1?", 2: ";123=45?"} {
		if got, err := b.m.ReadStripe(b.ctx, n); err != nil || got != want {
			t.Errorf("track %d: %q, %v", n, got, err)
		}
	}
	if got := b.ask("2c 00 00 00 b4 00 00 25 00 00", 0x25, nil).data; !bytes.Equal(got[:8], data[2:]) {
		t.Errorf("read back % x", got)
	}
	for _, wrong := range []string{"b4 08 0b", "b5 01 01", "b4 01 10", "b4 01 01 b4 01 01", "b4"} {
		p := unhex(wrong)
		if a := b.ask(fmt.Sprintf("2d 00 00 00 b4 00 00 00 %02x 00", len(p)), 0, p); a.failed != 1 {
			t.Errorf("% x is taken", p)
		}
		b.wantCode(0x00052000)
	}
}
