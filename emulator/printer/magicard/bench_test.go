package magicard

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"blanko/emulator/printer"
)

// patience ends a test in which the device does not answer at all.
const patience = 2 * time.Minute

// bench is a machine with its device and a host that asks and waits. Motions take no time.
type bench struct {
	*testing.T
	ctx   context.Context
	m     *printer.Machine
	d     *Device
	cards []*printer.Plastic
}

func roll1() printer.Ribbon {
	return printer.Ribbon{Type: "LC1", Panels: "YMCKO", Total: 300, Left: 250, Zone: "A", Lot: "E0040100AB"}
}

func newBench(t *testing.T, model string, cfg Config) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	mod, ok := FindModel(model)
	if !ok {
		t.Fatalf("no model %q", model)
	}
	m := printer.New(printer.Config{Name: "line-1", Model: mod.Model, Serial: "46E1234", Zone: "A", Ribbon: roll1()})
	cfg.Firmware = "1.40"
	b := &bench{T: t, ctx: ctx, m: m, d: New(m, cfg)}
	t.Cleanup(func() {
		if err := b.d.Close(); err != nil {
			t.Error(err)
		}
		for _, w := range m.Audit() {
			t.Error(w)
		}
	})
	for i := range 5 {
		b.cards = append(b.cards, printer.NewPlastic(fmt.Sprint(i+1), nil))
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
		if got = append(got, buf[:n]...); got[len(got)-1] == endOf {
			return string(got)
		}
	}
}

// status asks a KGE2 printer and returns its fields.
func (b *bench) status() []string {
	b.Helper()
	b.write([]byte("\x01,REQ,INF,\x1c\x03"))
	text := b.read()
	if !strings.HasPrefix(text, "\x01STA$$") {
		b.Fatalf("answer %q", text)
	}
	return strings.Split(strings.ReplaceAll(text[6:len(text)-1], ":", ","), ",")
}

func (b *bench) field(i int) string {
	b.Helper()
	f := b.status()
	if len(f) != 35 {
		b.Fatalf("%d fields", len(f))
	}
	return f[i]
}

// until asks for the status until a field has a value.
func (b *bench) until(i int, want string) {
	b.Helper()
	for got := ""; got != want; {
		if b.ctx.Err() != nil {
			b.Fatalf("field %d is %q, want %q; findings %v", i, got, want, b.d.Findings())
		}
		got = b.field(i)
	}
}

// struck waits until no more than n faults are left in the script.
func (b *bench) struck(n int) {
	b.Helper()
	for len(b.d.Pending()) > n {
		if b.ctx.Err() != nil {
			b.Fatalf("left: %v", b.d.Pending())
		}
		runtime.Gosched()
	}
}

func (b *bench) key(key string) string {
	b.Helper()
	b.write([]byte(strings.Repeat("\x05", 9) + "\x01REQ,STA," + key + ",\x1c\x03"))
	text := b.read()
	value, ok := strings.CutPrefix(text, "\x01STA,"+key)
	if !ok {
		b.Fatalf("answer %q", text)
	}
	return strings.TrimSuffix(value, ",\x03")
}

func (b *bench) command(word string) {
	b.Helper()
	b.write([]byte(strings.Repeat("\x05", 9) + "\x01" + word + ",\x1c\x03"))
}

func (b *bench) found(text string) {
	b.Helper()
	for _, f := range b.d.Findings() {
		if strings.Contains(f.Text, text) {
			return
		}
	}
	b.Errorf("nothing was found about %q: %v", text, b.d.Findings())
}

// blackHeader is the header of a job with a black plane alone.
const blackHeader = ",NOC1,VER1.0,LANENG,TDT69000000,RSPDEF,COEH,KGE2,DPXOFF,PAG1,IMFK,XCO0,YCO0,WID1016,HGT642,OVROFF,ICC0,DDD50,SZK97536"

// job makes a page of a header and planes, in the test's own way.
func job(header string, planes ...plane) []byte {
	out := bytes.Repeat([]byte{leadIn}, 64)
	out = append(out, startOf)
	out = append(append(out, header...), endOfTop)
	for _, p := range planes {
		out = append(append(out, p.data...), endOfTop, p.letter, colon)
	}
	return append(out, endOf)
}

func black(fill byte) plane { return plane{'K', bytes.Repeat([]byte{fill}, 97536)} }
