package matica

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

// patience ends a test in which the device does not answer at all.
const patience = 2 * time.Minute

// bench is a machine with its device and a plain host that keeps the framing.
type bench struct {
	*testing.T
	ctx   context.Context
	m     *printer.Machine
	d     *Device
	cards []*printer.Plastic
	tag   uint32
}

func newBench(t *testing.T, model string, n int, cfg Config) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	mod, ok := printer.FindModel(model)
	if !ok {
		t.Fatalf("no model %q", model)
	}
	ribbon := mod.NewRibbon("A")
	ribbon.Lot = "LOT042"
	m := printer.New(printer.Config{Name: "line-1", Model: mod, Serial: "12345678", Zone: "A", Ribbon: ribbon})
	if cfg.Firmware == "" {
		cfg.Firmware = "V1.00"
	}
	b := &bench{T: t, ctx: ctx, m: m, d: New(m, cfg)}
	t.Cleanup(func() { _ = b.d.Close() })
	for i := range n {
		b.cards = append(b.cards, printer.NewPlastic(fmt.Sprint(i+1), chip.New(chip.Config{Serial: [8]byte{byte(i + 1)}})))
	}
	if err := m.Load(b.cards...); err != nil {
		t.Fatal(err)
	}
	return b
}

// ready is newBench with the first sense read.
func ready(t *testing.T, model string, n int) *bench {
	t.Helper()
	b := newBench(t, model, n, Config{})
	b.wantCode(0x00062800)
	return b
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// blockOf is a command block as the Bulk-Only Transport 1.0 has it, section 5.1.
func blockOf(tag uint32, length int, in bool, cdb []byte) []byte {
	out := append([]byte("USBC"), make([]byte, 27)...)
	binary.LittleEndian.PutUint32(out[4:], tag)
	binary.LittleEndian.PutUint32(out[8:], uint32(length))
	if in {
		out[12] = 0x80
	}
	out[14] = byte(len(cdb))
	copy(out[15:], cdb)
	return out
}

func (b *bench) read(n int) ([]byte, error) {
	buf := make([]byte, n)
	got, err := b.d.Read(b.ctx, buf)
	return buf[:got], err
}

// answer is what came of a command.
type answer struct {
	data    []byte
	failed  byte
	residue uint32
}

// ask sends one command (CDB in hexadecimal) and reads its answer; want is the length of an IN phase.
func (b *bench) ask(cdb string, want int, out []byte) answer {
	b.Helper()
	a, err := b.try(cdb, want, out)
	if err != nil {
		b.Fatalf("%s: %v", cdb, err)
	}
	return a
}

func (b *bench) try(cdb string, want int, out []byte) (a answer, err error) {
	b.tag++
	length := want
	if out != nil {
		length = len(out)
	}
	if err := b.d.Write(b.ctx, blockOf(b.tag, length, out == nil && want > 0, unhex(cdb))); err != nil {
		return a, err
	}
	if len(out) > 0 {
		if err := b.d.Write(b.ctx, out); err != nil && !errors.Is(err, ErrStall) {
			return a, err
		}
	}
	if want > 0 && out == nil {
		if a.data, err = b.read(want); errors.Is(err, ErrStall) {
			err = b.d.ClearHalt(b.ctx, true)
		}
		if err != nil {
			return a, err
		}
	}
	status, err := b.read(statusSize)
	if err != nil {
		return a, err
	}
	if len(status) != statusSize || string(status[:4]) != "USBS" || binary.LittleEndian.Uint32(status[4:]) != b.tag {
		return a, fmt.Errorf("status % x", status)
	}
	a.residue, a.failed = binary.LittleEndian.Uint32(status[8:]), status[12]
	return a, nil
}

// code reads the sense.
func (b *bench) code() uint32 {
	b.Helper()
	d := b.ask("03 00 00 00 14 00", 20, nil).data
	return uint32(d[2])<<16 | uint32(d[12])<<8
}

func (b *bench) wantCode(want uint32) {
	b.Helper()
	if got := b.code(); got != want {
		b.Fatalf("sense %08x (%s), want %08x (%s)", got, Codes[got], want, Codes[want])
	}
}

// settled reads the sense until the printer has looked for its card, ribbon and film, and is warm.
func (b *bench) settled(want uint32) {
	b.Helper()
	for first := true; ; first = false {
		switch got := b.code(); {
		case got == 0x0002DB00 || got == 0x0002DA00:
		case got != want || first:
			b.Fatalf("sense %08x, want %08x", got, want)
		default:
			return
		}
	}
}

// good makes commands that must succeed; bad one that must fail with a code.
func (b *bench) good(cdbs ...string) {
	b.Helper()
	for _, cdb := range cdbs {
		if a := b.ask(cdb, 0, nil); a.failed != 0 {
			b.Fatalf("%s failed with %08x", cdb, b.code())
		}
	}
}

func (b *bench) bad(cdb string, want uint32) {
	b.Helper()
	if a := b.ask(cdb, 0, nil); a.failed != 1 {
		b.Fatalf("%s: status %d", cdb, a.failed)
	}
	b.wantCode(want)
}

// The commands by name.
const (
	loadPrint  = "31 01 00 00 00 00 00 00 00 00"
	loadRFID   = "31 01 00 00 00 00 00 02 00 00"
	movePrint  = "31 0b 00 00 00 00 00 00 00 00"
	moveRFID   = "31 0b 00 00 00 00 00 02 00 00"
	reject     = "31 0b 00 00 00 00 00 04 00 00"
	eject      = "31 0b 00 00 00 00 00 05 00 00"
	engage     = "32 04 00 00 00 00 00 00 00 00"
	disengage  = "32 05 00 00 00 00 00 00 00 00"
	printAll   = "31 08 06 00 00 00 00 00 00 00"
	printBlack = "31 08 04 00 00 00 00 00 00 00"
	stay       = "31 0d 00 00 00 00 00 00 00 00"
	out        = "31 09 00 00 00 00 00 00 00 00"
	over       = "31 0a 00 00 00 00 00 00 00 00"
	testUnit   = "00 00 00 00 00 00"
)

// send sends a panel.
func (b *bench) send(number byte, data []byte) answer {
	b.Helper()
	return b.ask(fmt.Sprintf("2a 00 %02x 00 00 %08x 00", number, len(data)), 0, data)
}

// sendAll sends Y, M, C and K of one value each.
func (b *bench) sendAll() {
	b.Helper()
	for n, v := range []byte{0xFF, 0x30, 0x20, 0x10} {
		if a := b.send(byte(n), bytes.Repeat([]byte{v}, b.d.geo.size())); a.failed != 0 {
			b.Fatalf("panel %d: %08x", n, b.code())
		}
	}
}

func (b *bench) wantAt(i int, place string) {
	b.Helper()
	if got := b.cards[i].Place().String(); got != place {
		b.Fatalf("card %d is at %s, want %s", i+1, got, place)
	}
	if wrong := b.m.Audit(); len(wrong) > 0 {
		b.Fatalf("audit: %v", wrong)
	}
}

func (b *bench) wantFindings(want ...string) {
	b.Helper()
	got := b.d.Findings()
	if len(got) != len(want) {
		b.Fatalf("findings %v, want %q", got, want)
	}
	for i, w := range want {
		if !strings.Contains(got[i].Text, w) {
			b.Errorf("finding %q, want %q", got[i].Text, w)
		}
	}
}

func (b *bench) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
