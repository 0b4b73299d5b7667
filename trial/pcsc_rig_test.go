package trial

import (
	"io"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/internal/rig"
	"blanko/jobs"
	"blanko/personalize"
)

// throughPCSC runs a demo whose readers are those of the test's own PC/SC service.
func throughPCSC(t *testing.T, o Options) (Summary, *demo) {
	t.Helper()
	shared := rig.PCSC(t)
	o.PCSC = true
	for range o.Lines + 1 {
		o.readers = append(o.readers, shared.Take(t))
	}
	var d *demo
	s, err := run(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop(), func(made *demo) { d = made })
	if err != nil {
		t.Fatal(err)
	}
	return s, d
}

// The main job with every APDU through pcscd and scard, two readers side by side: whatever the chips
// count has come through the service, and nothing else has.
func TestDemoThroughPCSC(t *testing.T) {
	t.Parallel()
	const cards = 2
	s, d := throughPCSC(t, Options{Cards: cards, Lines: cards, Faults: "none", Seed: 1, Chip: "32k", observe: together(cards)})
	if s.Made != cards || s.Spoiled != 0 || !s.Accounted() {
		t.Errorf("%d made, %d spoiled, %v", s.Made, s.Spoiled, s.Differences)
	}
	apdus := 0
	for _, p := range d.room.blanks {
		apdus += p.Chip.View().APDUs
	}
	if s.PCSC == nil || s.PCSC.APDUs != apdus || s.PCSC.Readers != 3 || s.PCSC.Cards < 2*cards {
		t.Errorf("%+v, the chips count %d APDUs", s.PCSC, apdus)
	}
	for _, l := range s.Lines {
		if n := d.pcsc.places[l.ID].apdus.Load(); l.Made == 0 || n == 0 {
			t.Errorf("%s made %d cards with %d APDUs", l.ID, l.Made, n)
		}
	}
	if n := d.pcsc.places[deskName].apdus.Load(); n != 0 {
		t.Errorf("%d APDUs at the desk", n)
	}
}

// together holds every line at its first feed until so many lines are there.
func together(lines int) func(personalize.Progress) {
	var came sync.WaitGroup
	came.Add(lines)
	var seen sync.Map
	return func(p personalize.Progress) {
		if p.Step != jobs.Feed || p.Phase != jobs.Intent {
			return
		}
		if _, again := seen.LoadOrStore(p.Line, true); !again {
			came.Done()
		}
		came.Wait()
	}
}

// Faults do the same to a batch through PC/SC as to one without: cards are spoiled for the same
// reasons, the one that jammed answers on the desk reader, and every blank is accounted for.
func TestFaultsThroughPCSC(t *testing.T) {
	t.Parallel()
	o := Options{Cards: 2, Lines: 1, Seed: 3, Chip: "8k", Faults: scriptFile(t, `faults:
  - {line: line-1, card: 1, kind: wrong_transport_key}
  - {line: line-1, card: 2, kind: jam, step: panel, panel: 2}
  - {line: line-1, card: 3, kind: field_loss, apdu: 30}
`)}
	s, d := throughPCSC(t, o)
	direct, err := Demo(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	if !s.Accounted() || s.Made == 0 || s.Made != direct.Made || s.Spoiled != direct.Spoiled || s.Blocked != direct.Blocked {
		t.Errorf("through PC/SC %d made, %v spoiled, %d blocked, %v; directly %d, %v, %d",
			s.Made, s.SpoiledByCause, s.Blocked, s.Differences, direct.Made, direct.SpoiledByCause, direct.Blocked)
	}
	for _, cause := range []string{"applet.auth_failed", "printer.jam", "applet.card_removed"} {
		if s.SpoiledByCause[cause] != 1 {
			t.Errorf("%v, no %s", s.SpoiledByCause, cause)
		}
	}
	if n := d.pcsc.places[deskName].apdus.Load(); n == 0 {
		t.Error("no card was read on the desk")
	}
}

// A service has only so many readers.
func TestPCSCLines(t *testing.T) {
	t.Parallel()
	for lines, ok := range map[int]bool{1: true, 15: true, 16: false} {
		o := Options{Cards: 1, Lines: lines, Chip: "32k", PCSC: true}
		if err := o.Check(); (err == nil) != ok {
			t.Errorf("%d lines: %v", lines, err)
		}
	}
}

// Through PC/SC the station sends the same commands, and the chip's clock shows the limit, to rounding.
func TestBenchThroughPCSC(t *testing.T) {
	t.Parallel()
	rows, err := Bench(t.Context(), BenchOptions{Cards: 1, PCSC: true, readers: []rig.Reader{rig.PCSC(t).Take(t)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(benchChips) * len(benchSpeeds) * len(benchDivisors); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	for _, r := range rows {
		if d := (r.Card - r.Limit).Abs(); d > time.Duration(r.APDUs)*time.Nanosecond || r.Reader <= 0 {
			t.Errorf("%s, %s, D %d: the chip took %v, the limit is %v, the reader took %v", r.Chip, r.Speed, r.D, r.Card, r.Limit, r.Reader)
		}
	}
}
