package evolis

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

// patience ends a test in which the device does not answer at all.
const patience = 2 * time.Minute

// bench is a machine with its device and a host that asks and waits.
type bench struct {
	*testing.T
	ctx   context.Context
	m     *printer.Machine
	d     *Device
	cards []*printer.Plastic
}

func roll() printer.Ribbon {
	return printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 500, Left: 312, Zone: "A"}
}

// newBench loads n blanks. The device knows the newer settings.
func newBench(t *testing.T, model string, n int) *bench {
	t.Helper()
	return openBench(t, model, n, Config{Firmware: "1.2", HeadKit: "K1"})
}

func openBench(t *testing.T, model string, n int, cfg Config) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	mod, ok := printer.FindModel(model)
	if !ok {
		t.Fatalf("no model %q", model)
	}
	m := printer.New(printer.Config{Name: "line-1", Model: mod, Serial: "S1", Zone: "A", Ribbon: roll()})
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

func (b *bench) write(p []byte) {
	b.Helper()
	if err := b.d.Write(b.ctx, p); err != nil {
		b.Fatalf("write: %v", err)
	}
}

// read waits for one answer.
func (b *bench) read() string {
	b.Helper()
	var got []byte
	for {
		buf := make([]byte, 64)
		n, err := b.d.Read(b.ctx, buf)
		if err != nil {
			b.Fatalf("read after %q: %v", got, err)
		}
		if got = append(got, buf[:n]...); got[len(got)-1] == 0 {
			return string(got[:len(got)-1])
		}
	}
}

// ask sends one text command and waits for its answer.
func (b *bench) ask(command string) string {
	b.Helper()
	b.write([]byte("\x1b" + command + "\r"))
	return b.read()
}

// want asks and compares; "command=answer", several separated by spaces. An underscore in an
// answer stands for a space.
func (b *bench) want(dialog string) {
	b.Helper()
	for _, turn := range strings.Fields(dialog) {
		at := strings.LastIndexByte(turn, '=')
		command, answer := turn[:at], strings.ReplaceAll(turn[at+1:], "_", " ")
		if got := b.ask(command); got != answer {
			b.Fatalf("%s: %q, want %q", command, got, answer)
		}
	}
}

// panel sends one panel and waits for its answer.
func (b *bench) panel(letter byte, levels int) string {
	b.Helper()
	b.write(db(letter, levels, make([]byte, panelSize(bitsOf[levels]))))
	return b.read()
}

const setup = "Pem;2=OK Psmgr;2=OK Pcim;F=OK Pcrm;D=OK Pneab;E=OK "

// printSide prints all panels of one side; the answers are joined.
func (b *bench) printSide() string {
	b.Helper()
	var all []string
	for _, l := range []byte("ymc") {
		all = append(all, b.panel(l, 128))
	}
	all = append(all, b.panel('k', 2), b.panel('o', 2))
	return strings.Join(all, ",")
}

func (b *bench) at(i int) string { return b.cards[i].Place().String() }

func (b *bench) wantAt(i int, place string) {
	b.Helper()
	if got := b.at(i); got != place {
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

var nul = bytes.Repeat([]byte{0}, 64)
