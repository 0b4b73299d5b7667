package emulator

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"blanko/emulator/printer"
)

// replyTime is how long the plain host of this test waits for one answer.
const replyTime = 200 * time.Millisecond

// plainHost drives a line without any station: encoder, print, eject; whatever goes wrong, the
// card inside is rejected.
type plainHost struct {
	t   *testing.T
	ctx context.Context
	l   *Line
}

// ask sends a command and returns its answer; empty when there was none.
func (h *plainHost) ask(command string) string {
	buf := make([]byte, 64)
	if h.l.Device.Write(h.ctx, []byte("\x1b"+command+"\r")) != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(h.ctx, replyTime)
	defer cancel()
	var got []byte
	for !bytes.HasSuffix(got, []byte{0}) {
		n, err := h.l.Device.Read(ctx, buf)
		if err != nil {
			return ""
		}
		got = append(got, buf[:n]...)
	}
	return string(got[:len(got)-1])
}

func (h *plainHost) all(commands ...string) bool {
	for _, c := range commands {
		if h.ask(c) != "OK" {
			return false
		}
	}
	return true
}

func (h *plainHost) setup() bool { return h.all("Pem;2", "Pcim;F", "Pcrm;D", "Pneab;E") }

// blankPanels are small: compressed black and overlay, and color in memory is not used.
var blankPanel = func(letter byte) string {
	return fmt.Sprintf("Dbc;%c;2;1016;%s", letter, bytes.Repeat([]byte{0xFF}, 1016))
}

// card makes one card; false: something went wrong on the way.
func (h *plainHost) card() bool {
	if !h.all("Sic") {
		return false
	}
	r := h.l.Machine.Reader()
	defer func() { _ = r.Close() }()
	if _, err := r.Reset(h.ctx); err != nil {
		return false
	}
	for range 20 {
		if rapdu, err := r.Transmit(h.ctx, []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}); err != nil || !bytes.HasSuffix(rapdu, []byte{0x90, 0}) {
			return false
		}
	}
	return h.all("Ss", "Sr", blankPanel('k'), blankPanel('o'), "Se", "Ss", "Pneab;A;1", "Se", "Pneab;E")
}

// recover brings the line back to an empty path.
func (h *plainHost) recover() {
	for h.ctx.Err() == nil {
		must(h.t, h.l.Machine.Await(h.ctx, func(s printer.State) bool { return s.Powered && s.Plugged && !s.CoverOpen && !s.Jam }))
		h.l.Device.Connect()
		if !h.setup() || !h.all("Scs") {
			continue
		}
		if h.ask("Rlr;p") == "ERR CARD" && !h.all("Srs") {
			continue
		}
		if h.setup() && h.all("Ser") && h.ask("Rlr;p") == "OK" {
			return
		}
	}
}

// done tells whether every card has come out.
func done(cards []*printer.Plastic) bool {
	for _, p := range cards {
		if at := p.Place().At; at != printer.AtOutput && at != printer.AtReject && at != printer.AtBox {
			return false
		}
	}
	return true
}

// A batch with faults on two lines, mended by their operators: every blank is somewhere,
// none was printed twice.
func TestBatchWithSomeFaults(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := room(t, Config{Seed: 3, Lines: []LineConfig{
		{Name: "line-1", Model: "Primacy 2"},
		{Name: "line-2", Model: "Primacy 2", Operator: OperatorConfig{Dispose: DisposeReject}},
	}})
	const each = 100
	must(t, w.Plan(Some(5, []string{"line-1", "line-2"}, 2*each)...))
	cards := map[string][]*printer.Plastic{}
	for _, l := range w.Lines() {
		cards[l.Name] = w.Blanks(each)
		l.Shelve(cards[l.Name]...)
	}
	working, stop := context.WithCancel(ctx)
	var operators, hosts sync.WaitGroup
	operators.Go(func() { w.Operate(working) })
	for _, l := range w.Lines() {
		hosts.Go(func() {
			h := &plainHost{t, ctx, l}
			h.recover()
			for ctx.Err() == nil {
				if done(cards[l.Name]) {
					return
				}
				if !h.card() {
					h.recover()
				}
			}
		})
	}
	hosts.Wait()
	stop()
	operators.Wait()
	if ctx.Err() != nil {
		t.Fatal("the batch did not end")
	}
	c := w.Census()
	if len(c.Wrong) > 0 || len(c.Rows) != 2*each {
		t.Fatalf("%d rows, wrong: %v", len(c.Rows), c.Wrong)
	}
	good := 0
	for _, r := range c.Rows {
		part := r.Place.At
		if part == printer.AtBox {
			part = r.Place.From
		}
		switch part {
		case printer.AtOutput:
			if good++; r.Front != 1 {
				t.Errorf("card %s came out with %d passes", r.Serial, r.Front)
			}
		case printer.AtReject, printer.AtPath:
		default:
			t.Errorf("card %s is left at %s", r.Serial, r.Place)
		}
		if r.Front > 1 {
			t.Errorf("card %s was printed %d times", r.Serial, r.Front)
		}
	}
	if good < each || good == 2*each {
		t.Errorf("%d good cards of %d", good, 2*each)
	}
	for _, l := range w.Lines() {
		if n := len(l.Device.Findings()); n > 0 {
			t.Errorf("%s: findings %v", l.Name, l.Device.Findings())
		}
		if s := l.Clock.Spent(); s < each*10*time.Second {
			t.Errorf("%s: only %v of its own time", l.Name, s)
		}
	}
}

// One YMCKO side of 128 levels, from the command to the tray, without looking at the picture.
func BenchmarkPrint(b *testing.B) {
	w, err := New(Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2", KeepPrints: 100}}})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	l := w.Line("line-1")
	roll := printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 1 << 30, Left: 1 << 30, Zone: "A"}
	l.Machine.ReplaceRibbon(roll)
	var job bytes.Buffer
	job.WriteString("\x1bSs\r\x1bSr\r")
	for _, p := range []struct {
		letter byte
		levels int
		size   int
	}{{'y', 128, 576072}, {'m', 128, 576072}, {'c', 128, 576072}, {'k', 2, 82296}, {'o', 2, 82296}} {
		fmt.Fprintf(&job, "\x1bDb;%c;%d;%s\r", p.letter, p.levels, make([]byte, p.size))
	}
	job.WriteString("\x1bSe\r")
	b.SetBytes(int64(job.Len()))
	buf := make([]byte, 64)
	for b.Loop() {
		b.StopTimer()
		l.Machine.TakeOutput()
		if err := l.Machine.Load(printer.NewPlastic("1", nil)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := l.Device.Write(b.Context(), job.Bytes()); err != nil {
			b.Fatal(err)
		}
		for range 8 {
			if n, err := l.Device.Read(b.Context(), buf); err != nil || string(buf[:n]) != "OK\x00" {
				b.Fatal(string(buf[:n]), err)
			}
		}
	}
}
