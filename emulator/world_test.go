package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

// patience ends a test in which nothing moves any more.
const patience = 2 * time.Minute

var dawn = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

func room(t *testing.T, cfg Config) *World {
	t.Helper()
	cfg.Start = dawn
	if cfg.Lines == nil {
		cfg.Lines = []LineConfig{{Name: "line-1", Model: "Primacy 2"}}
	}
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask sends one command to a line and waits for its answer.
func ask(t *testing.T, ctx context.Context, l *Line, command string) string {
	t.Helper()
	must(t, l.Device.Write(ctx, []byte("\x1b"+command+"\r")))
	var got []byte
	for !bytes.HasSuffix(got, []byte{0}) {
		buf := make([]byte, 64)
		n, err := l.Device.Read(ctx, buf)
		must(t, err)
		got = append(got, buf[:n]...)
	}
	return string(got[:len(got)-1])
}

func TestClock(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := NewVirtualClock(dawn)
	must(t, c.Spend(ctx, time.Hour))
	if got := c.Now(); !got.Equal(dawn.Add(time.Hour)) {
		t.Errorf("virtual: %v", got)
	}
	c = NewClock(dawn, 0)
	must(t, c.Spend(ctx, 24*time.Hour))
	if got := c.Now(); got.Before(dawn.Add(24*time.Hour)) || c.Spent() != 24*time.Hour {
		t.Errorf("without waiting: %v", got)
	}
	c = NewClock(dawn, 1e6)
	must(t, c.Spend(ctx, 10*time.Second))
	if got := c.Now(); got.Before(dawn.Add(10 * time.Second)) {
		t.Errorf("fast: %v", got)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []*Clock{NewVirtualClock(dawn), NewClock(dawn, 0), NewClock(dawn, 1e-6)} {
		if err := c.Spend(gone, time.Hour); !errors.Is(err, context.Canceled) || c.Spent() != 0 {
			t.Errorf("speed %g: %v, spent %v", c.Speed(), err, c.Spent())
		}
	}
}

func TestConfigRefused(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"unknown model": {Lines: []LineConfig{{Name: "a", Model: "Typewriter"}}},
		"no name":       {Lines: []LineConfig{{Model: "Primacy 2"}}},
		"name twice":    {Lines: []LineConfig{{Name: "a", Model: "Primacy 2"}}, Desks: []string{"a"}},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The same seed makes the same chips; every chip is another one, and the transport keys are
// those of the caller.
func TestBlanks(t *testing.T) {
	t.Parallel()
	kdds := func(seed uint64) (all []string) {
		w := room(t, Config{Seed: seed})
		w.Blanks(3)
		w.Blanks(2)
		for _, r := range w.Census().Rows {
			all = append(all, r.Serial+" "+r.KDD)
		}
		return all
	}
	a, b, c := kdds(1), kdds(1), kdds(2)
	if !slices.Equal(a, b) || slices.Equal(a, c) || len(a) != 5 {
		t.Errorf("%v %v %v", a, b, c)
	}
	if slices.Sort(a); len(slices.Compact(a)) != 5 {
		t.Errorf("chips are not unique: %v", a)
	}
	var asked [][10]byte
	w := room(t, Config{TransportKey: func(kdd [10]byte) chip.Keys { asked = append(asked, kdd); return chip.Keys{} }})
	card := w.Blanks(1)[0]
	if len(asked) != 1 || asked[0] != card.Chip.View().KDD {
		t.Errorf("keys asked for %x", asked)
	}
}

// The world's account of its cards, as JSON.
func TestCensus(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true, Desks: []string{"desk-1"}})
	l, d, ctx := w.Line("line-1"), w.Desk("desk-1"), t.Context()
	cards := w.Blanks(4)
	must(t, l.Machine.Load(cards[0], cards[1]))
	must(t, l.Machine.Go(ctx, printer.StationContactless, printer.FromHopper))
	must(t, d.Lay(ctx, cards[2]))
	c := w.Census()
	if len(c.Wrong) != 0 {
		t.Errorf("wrong: %v", c.Wrong)
	}
	var places []string
	for _, r := range c.Rows {
		places = append(places, r.Place.String()+" "+r.State)
	}
	want := []string{"line-1/path/contactless blank", "line-1/hopper blank", "desk-1/reader blank", "stock blank"}
	if !slices.Equal(places, want) {
		t.Errorf("%v, want %v", places, want)
	}
	raw, err := json.Marshal(c)
	must(t, err)
	var back Census
	must(t, json.Unmarshal(raw, &back))
	if !reflect.DeepEqual(c, back) {
		t.Errorf("json: %s", raw)
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true, Desks: []string{"desk-1"}})
	must(t, w.Plan(Fault{Line: "desk-1", Card: 2, Kind: KindNoChip}))
	d, ctx := w.Desk("desk-1"), t.Context()
	cards := w.Blanks(2)
	cplc := []byte{0x80, 0xCA, 0x9F, 0x7F, 0x00}
	r := d.Reader()
	if _, err := r.Reset(ctx); !errors.Is(err, printer.ErrNoCard) {
		t.Errorf("empty: %v", err)
	}
	must(t, d.Lay(ctx, cards[0]))
	if got := d.Clock.Spent(); got != handTime {
		t.Errorf("laying a card took %v", got)
	}
	if err := d.Lay(ctx, cards[1]); !errors.Is(err, printer.ErrTooMany) {
		t.Errorf("two cards: %v", err)
	}
	if _, err := r.Transmit(ctx, cplc); !errors.Is(err, printer.ErrCardReset) {
		t.Errorf("before the reset: %v", err)
	}
	_, err := r.Reset(ctx)
	must(t, err)
	if rapdu, err := r.Transmit(ctx, cplc); err != nil || !bytes.HasSuffix(rapdu, []byte{0x90, 0}) {
		t.Errorf("CPLC: % x, %v", rapdu, err)
	}
	if d.Lift() != cards[0] || d.Lift() != nil {
		t.Error("lift")
	}
	if _, err := r.Transmit(ctx, cplc); !errors.Is(err, printer.ErrNoCard) {
		t.Errorf("lifted: %v", err)
	}
	must(t, d.Lay(ctx, cards[1]))
	if err := d.Lay(ctx, cards[0]); !errors.Is(err, printer.ErrTooMany) {
		t.Errorf("two cards: %v", err)
	}
	if _, err := r.Reset(ctx); !errors.Is(err, chip.ErrMute) {
		t.Errorf("no chip: %v", err)
	}
	must(t, r.Close())
	if _, err := r.Reset(ctx); !errors.Is(err, printer.ErrReaderClosed) {
		t.Errorf("closed: %v", err)
	}
	if c := w.Census(); len(c.Wrong) != 0 || c.Rows[0].Place.From != printer.AtReader || !c.Rows[1].Dead {
		t.Errorf("census %+v", c)
	}
}

// A script with one row that can never strike changes nothing.
func TestScriptRefused(t *testing.T) {
	t.Parallel()
	good := Fault{Line: "line-1", Card: 1, Kind: "jam", Step: "feed"}
	for name, f := range map[string]Fault{
		"unknown kind":      {Line: "line-1", Kind: "meteorite"},
		"unknown line":      {Line: "line-9", Kind: "jam"},
		"unknown step":      {Line: "line-1", Kind: "jam", Step: "lunch"},
		"unknown moment":    {Line: "line-1", Kind: "jam", When: "later"},
		"negative card":     {Line: "line-1", Kind: "jam", Card: -1},
		"jam with an APDU":  {Line: "line-1", Kind: "jam", APDU: 3},
		"jam with a delay":  {Line: "line-1", Kind: "jam", Delay: time.Second},
		"reply with a step": {Line: "line-1", Kind: "lost_reply", Step: "feed"},
		"chip without card": {Line: "line-1", Kind: "mute", APDU: 3},
		"impossible place":  {Line: "line-1", Card: 1, Kind: "mute", Page: 3},
		"delivered late":    {Line: "line-1", Card: 1, Kind: "wrong_transport_key", APDU: 3},
		"jam on a desk":     {Line: "desk-1", Card: 1, Kind: "jam"},
		"another language":  {Line: "line-1", Kind: "wrong_tag"},
		"jam with a code":   {Line: "line-1", Kind: "jam", Code: "00039000"},
		"code of nobody":    {Line: "xid", Kind: "code", Code: "00012345"},
		"code of no number": {Line: "xid", Kind: "code", Code: "jam"},
		"no code":           {Line: "xid", Kind: "code"},
		"wait without end":  {Line: "xid", Kind: "wait", Code: "0002DA00"},
		"no such phase":     {Line: "xid", Kind: "stall", Phase: "lunch"},
		"phase of a reply":  {Line: "xid", Kind: "lost_reply", Phase: "data"},
		"reply with after":  {Line: "xid", Kind: "lost_reply", After: true},
		"no command":        {Line: "xid", Kind: "stall", Command: "Sic"},
		"not of this one":   {Line: "xid", Kind: "stray_ok"},
	} {
		w := room(t, Config{
			Virtual: true, Desks: []string{"desk-1"}, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2"}, {Name: "xid", Model: "XID8600"}},
		})
		if err := w.Plan(good, f); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if n := w.Pending(); n["line-1"] != 0 {
			t.Errorf("%s: %v planned", name, n)
		}
	}
}

// Every kind of the table can be planned and reaches its device.
func TestEveryKindIsPlanned(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2"}, {Name: "xid", Model: "XID580i"}, {Name: "tango", Model: "Tango 2e"}}})
	planned := 0
	for kind, k := range kinds {
		for _, line := range []string{"line-1", "xid", "tango"} {
			if k.part == partConnection && !w.Line(line).lang.kinds[kind] {
				continue
			}
			f := Fault{Line: line, Card: 1, Kind: kind}
			switch kind {
			case string(chip.Slow):
				f.Factor = 2
			case "code", "wait":
				f.Code, f.Delay = "0002DA00", map[string]time.Duration{"wait": time.Second}[kind]
			case "stall":
				f.Phase, f.Command = "data", "1a 00"
			}
			must(t, w.Plan(f))
			planned++
		}
	}
	if n := w.Pending(); n["line-1"]+n["xid"]+n["tango"] != planned {
		t.Errorf("%v of %d pending", n, planned)
	}
}

// Chip faults meet the n-th card that is fed, not the n-th that was loaded.
func TestChipFaultsMeetTheFedCard(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true})
	l, ctx := w.Line("line-1"), t.Context()
	must(t, w.Plan(
		Fault{Line: "line-1", Card: 2, Kind: string(chip.ForeignAttempt)},
		Fault{Line: "line-1", Card: 3, Kind: KindNoChip},
	))
	cards := w.Blanks(4)
	must(t, l.Machine.Load(cards[3], cards[2], cards[1], cards[0]))
	var got []string
	for range cards {
		must(t, l.Machine.Feed(ctx))
		must(t, l.Machine.Eject(ctx, printer.ToOutput))
	}
	for _, p := range l.Machine.TakeOutput() {
		got = append(got, fmt.Sprint(p.Chip.View().State, p.InField() == nil))
	}
	if want := []string{"blankfalse", "claimedfalse", "blanktrue", "blankfalse"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The same seed gives the same script; every row can be planned; faults are spread, one card
// each, over every line.
func TestSome(t *testing.T) {
	t.Parallel()
	lines := []string{"line-1", "line-2"}
	a, b, c := Some(7, lines, 400), Some(7, lines, 400), Some(8, lines, 400)
	if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Error("the seed does not decide")
	}
	if len(a) != 400/cardsPerFault {
		t.Errorf("%d faults", len(a))
	}
	w := room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2"}, {Name: "line-2", Model: "Primacy"}}})
	must(t, w.Plan(a...))
	used := map[string]bool{}
	seen := map[string]bool{}
	for _, f := range a {
		at := fmt.Sprint(f.Line, f.Card)
		if used[at] || f.Card < 1 || f.Card > 200 {
			t.Errorf("card %s", at)
		}
		used[at], seen[f.Kind] = true, true
	}
	for _, f := range slices.Concat(everyday, languages["Evolis"].everyday) {
		if !seen[f.Kind] {
			t.Errorf("%s never strikes in 200 cards a line", f.Kind)
		}
	}
	w = room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "XID8600"}, {Name: "line-2", Model: "XID580i"}}})
	must(t, w.Plan(SomeOf("Matica", 7, lines, 400)...))
	w = room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Enduro"}, {Name: "line-2", Model: "Tango 2e"}}})
	must(t, w.Plan(SomeOf("Magicard", 7, lines, 400)...))
	if Some(1, nil, 100) != nil || Some(1, lines, 3) != nil {
		t.Error("faults for nothing")
	}
}

// For each problem: what the operator does, how long it takes, and where the cards went.
func TestOperator(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		cfg   OperatorConfig
		fault Fault
		after time.Duration
		do    string // acts, joined
		at    string // where card 1 is then
	}{
		"hopper lifted": {OperatorConfig{}, Fault{Kind: "hopper_lifted", Mend: 40 * time.Second}, 40 * time.Second, "fill the hopper", "line-1/hopper"},
		"cover":         {OperatorConfig{}, Fault{Kind: "cover_open", When: "before"}, 10 * time.Second, "close the cover", "line-1/hopper"},
		"cover midway":  {OperatorConfig{}, Fault{Kind: "cover_open", Step: "feed", Mend: 5 * time.Second}, time.Minute, "open, clear the path, close|put into a box", "line-1 path box/box from path"},
		"jam":           {OperatorConfig{}, Fault{Kind: "jam", Step: "feed"}, time.Minute, "open, clear the path, close|put into a box", "line-1 path box/box from path"},
		"jam, thrown away": {
			OperatorConfig{Dispose: DisposeReject},
			Fault{Kind: "jam", Step: "feed", Mend: 3 * time.Second},
			3 * time.Second,
			"open, clear the path, close|throw into the reject box", "line-1/reject",
		},
		"ribbon torn":    {OperatorConfig{}, Fault{Kind: "ribbon_torn", Step: "feed"}, 2 * time.Minute, "change the ribbon", "line-1/path/print"},
		"output full":    {OperatorConfig{}, Fault{Kind: "output_full"}, 30 * time.Second, "empty the output tray", "line-1/path/print"},
		"reject full":    {OperatorConfig{}, Fault{Kind: "reject_full"}, 30 * time.Second, "empty the reject box", "line-1/path/print"},
		"cable":          {OperatorConfig{}, Fault{Kind: "cable_out", Mend: time.Second}, time.Second, "plug in", "line-1/path/print"},
		"power":          {OperatorConfig{}, Fault{Kind: "power_cut", When: "after", Mend: time.Second}, 16 * time.Second, "switch on", "line-1/path/print"},
		"left to others": {OperatorConfig{Leave: []printer.Problem{printer.ProblemJam}}, Fault{Kind: "jam", Step: "feed"}, 0, "", "line-1/path/between"},
		"cleaning":       {OperatorConfig{}, Fault{Kind: "cleaning_due"}, 0, "", "line-1/path/print"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := 0
			v.cfg.Told = func(Act) { told++ }
			w := room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2", Operator: v.cfg}}})
			l, ctx := w.Line("line-1"), t.Context()
			cards := w.Blanks(2)
			must(t, l.Machine.Load(cards...))
			v.fault.Line = "line-1"
			must(t, w.Plan(v.fault))
			_ = l.Machine.Feed(ctx)
			before := l.Clock.Spent()
			acts, err := l.Operator.Step(ctx)
			must(t, err)
			var do []string
			for _, a := range acts {
				do = append(do, a.Do)
				if a.At.Before(dawn) || a.Line != "line-1" {
					t.Errorf("act %+v", a)
				}
			}
			if got := strings.Join(do, "|"); got != v.do {
				t.Errorf("did %q, want %q", got, v.do)
			}
			if got := l.Clock.Spent() - before; got != v.after {
				t.Errorf("after %v, want %v", got, v.after)
			}
			if got := cards[0].Place().String(); got != v.at {
				t.Errorf("card 1 is at %s, want %s", got, v.at)
			}
			if told != len(acts) || len(l.Operator.Log()) != told {
				t.Errorf("told %d of %d", told, len(acts))
			}
			if c := w.Census(); len(c.Wrong) > 0 {
				t.Error(c.Wrong)
			}
		})
	}
}

// The operator fills the hopper from the shelf, then from the supply, and leaves it when there
// is nothing.
func TestRefill(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true})
	l, ctx := w.Line("line-1"), t.Context()
	if acts, err := l.Operator.Step(ctx); len(acts) != 0 || err != nil || l.Clock.Spent() != 0 {
		t.Errorf("nothing to fill in: %v, %v", acts, err)
	}
	l.Shelve(w.Blanks(150)...)
	acts, err := l.Operator.Step(ctx)
	must(t, err)
	if len(acts) != 1 || len(acts[0].Cards) != 100 || l.Shelf() != 50 {
		t.Errorf("%d cards, %d on the shelf", len(acts[0].Cards), l.Shelf())
	}
	asked := 0
	w = room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "Primacy 2", Operator: OperatorConfig{
		Supply: func(int) []*printer.Plastic { asked++; return nil },
	}}}})
	for range 3 {
		if acts, err := w.Line("line-1").Operator.Step(ctx); len(acts) != 0 || err != nil {
			t.Errorf("empty supply: %v, %v", acts, err)
		}
	}
	if asked != 1 {
		t.Errorf("the empty supply was asked %d times", asked)
	}
}

// A ribbon shelf that is empty leaves the problem; a host that reads the tag sees the new roll.
func TestRibbonShelf(t *testing.T) {
	t.Parallel()
	next := printer.Ribbon{}
	w := room(t, Config{Virtual: true, Lines: []LineConfig{{
		Name: "line-1", Model: "Primacy 2", Ribbon: printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 200, Zone: "A"},
		Operator: OperatorConfig{Ribbon: func() printer.Ribbon { return next }},
	}}})
	l, ctx := w.Line("line-1"), t.Context()
	if acts, err := l.Operator.Step(ctx); len(acts) != 0 || err != nil {
		t.Errorf("%v, %v", acts, err)
	}
	next = printer.Ribbon{Type: "ymcko", Panels: "YMCKO", Total: 200, Left: 127, Zone: "A", Lot: "L2"}
	if acts, err := l.Operator.Step(ctx); len(acts) != 1 || err != nil {
		t.Errorf("%v, %v", acts, err)
	}
	if got := ask(t, ctx, l, "Rrt;count"); got != "127" {
		t.Errorf("left %s", got)
	}
}

// Of a retransfer printer the operator changes the film, and cleans by the book when nothing is inside.
func TestOperatorOfARetransferPrinter(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Virtual: true, Lines: []LineConfig{{Name: "line-1", Model: "XID580i"}}})
	l, ctx := w.Line("line-1"), t.Context()
	must(t, l.Machine.Load(w.Blanks(2)...))
	must(t, w.Plan(
		Fault{Line: "line-1", Kind: "film_torn", Step: "feed"},
		Fault{Line: "line-1", Kind: "cleaning_due", Step: "feed"},
		Fault{Line: "line-1", Kind: "ribbon_torn", Step: "eject"},
	))
	acts := func() (all []string) {
		t.Helper()
		for {
			done, err := l.Operator.Step(ctx)
			must(t, err)
			if len(done) == 0 {
				return all
			}
			for _, a := range done {
				all = append(all, a.Do)
			}
		}
	}
	must(t, l.Machine.Feed(ctx))
	if got := acts(); !slices.Equal(got, []string{"change the film"}) {
		t.Errorf("with a card inside: %q", got)
	}
	first := l.Machine.State().Ribbon.Lot
	must(t, l.Machine.Eject(ctx, printer.ToOutput))
	if got := acts(); !slices.Equal(got, []string{"change the ribbon", "clean by the book"}) {
		t.Errorf("with nothing inside: %q", got)
	}
	s := l.Machine.State()
	if s.Film.Left != s.Film.Total || s.Cleaning.Due || s.Ribbon.Lot == first || s.Ribbon.Left != s.Ribbon.Total {
		t.Errorf("state %+v", s)
	}
}

// Every line has a connection in its printer's language.
func TestLanguages(t *testing.T) {
	t.Parallel()
	w := room(t, Config{Lines: []LineConfig{{Name: "a", Model: "Primacy 2"}, {Name: "b", Model: "XID8600"}, {Name: "c", Model: "Rio Pro"}}})
	for name, want := range map[string]string{"a": "Evolis Primacy 2", "b": "Matica XID8600", "c": "MDL:Rio Pro"} {
		l := w.Line(name)
		c := l.Device.Connect()
		id, err := c.DeviceID(t.Context())
		if err != nil || !strings.Contains(id, want) {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		must(t, c.Close())
		if f := l.Device.Findings(); len(f) != 0 {
			t.Errorf("%s: %q", name, f)
		}
	}
}
