package magicard

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"blanko/printer"
)

// A status as it comes: known is what the printer tells, no more.
func TestStatusKGE2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := opened(t, &script{chunk: 7}, Config{Film: "LC1"})
		st, err := p.Status(t.Context())
		want := printer.Status{
			Ready: printer.Know(true),
			Ribbon: printer.Know(printer.Ribbon{
				Type: "LC1", Total: printer.Know(300), Left: printer.Know(250), Lot: printer.Know("E0040100AB"), Fits: printer.Know(true),
			}),
			Cleaning: printer.Cleaning{Since: printer.Know(8), Limit: printer.Know(1000), Due: printer.Know(false)},
			Counters: printer.Counters{Prints: printer.Know(1200), RibbonLeft: printer.Know(250)},
		}
		if err != nil || st != want {
			t.Errorf("%v\n got %+v\nwant %+v", err, st, want)
		}
		c, err := p.Counters(t.Context())
		if err != nil || c != want.Counters {
			t.Errorf("counters %+v, %v", c, err)
		}
	})
}

func TestStatusKEE(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := opened(t, &script{id: "Tango 2e", answers: tango(nil), chunk: 2}, Config{})
		st, err := p.Status(t.Context())
		want := printer.Status{
			// 1250 panels of a film with five panels for each side.
			Ribbon:   printer.Know(printer.Ribbon{Left: printer.Know(250)}),
			Cleaning: printer.Cleaning{Since: printer.Know(8), Limit: printer.Know(1000), Due: printer.Know(false)},
			Counters: printer.Counters{Prints: printer.Know(1200), RibbonLeft: printer.Know(250)},
		}
		if err != nil || st != want {
			t.Errorf("%v\n got %+v\nwant %+v", err, st, want)
		}
		c, err := p.Counters(t.Context())
		if err != nil || c != want.Counters {
			t.Errorf("counters %+v, %v", c, err)
		}
	})
}

// Every error that is documented of these printers, with its class: numbers of which nothing is
// known, numbers that were met, a film that is used up or another one, a cleaning that is due.
func TestErrorsAndTheirClasses(t *testing.T) {
	t.Parallel()
	met := *modelOf(t, "enduro")
	met.Errors = []ErrorCode{{Major: 3, Minor: 1, Class: printer.ClassJam, Display: "CARD JAM"}}
	type fields = map[int]string
	for name, v := range map[string]struct {
		inf   fields
		keys  map[string][]string
		class printer.Class
		raw   string
		ready printer.Known[bool]
	}{
		"major alone":               {fields{19: "7"}, nil, printer.ClassUnknown, "7/0", printer.Know(false)},
		"minor alone":               {fields{20: "12"}, nil, printer.ClassUnknown, "0/12", printer.Know(false)},
		"numbers that were met":     {fields{19: "3", 20: "1"}, nil, printer.ClassJam, "3/1 CARD JAM", printer.Know(false)},
		"numbers, no film left":     {fields{19: "4", 20: "3", 23: "300"}, nil, printer.ClassRibbonOut, "4/3", printer.Know(false)},
		"no film left":              {fields{23: "300"}, nil, printer.ClassRibbonOut, "0 prints left", printer.Know(false)},
		"more used than there was":  {fields{23: "301"}, nil, printer.ClassRibbonOut, "0 prints left", printer.Know(false)},
		"another film":              {fields{24: "LC3"}, nil, printer.ClassRibbonWrong, "film LC3", printer.Know(false)},
		"cleaning due":              {fields{14: "1000"}, nil, printer.ClassCleaningDue, "1000 cards since the last cleaning", printer.Know(true)},
		"cleaning overdue, and jam": {fields{14: "1200", 19: "3", 20: "1"}, nil, printer.ClassJam, "3/1 CARD JAM", printer.Know(false)},
		"a film that was not read":  {fields{21: "", 22: "0", 23: "0", 24: ""}, nil, printer.ClassNone, "", printer.Know(true)},
		"no limit of cleaning":      {fields{15: "0"}, nil, printer.ClassNone, "", printer.Know(true)},
		"KEE, no panels left":       {nil, map[string][]string{"DFR": {"0"}}, printer.ClassRibbonOut, "0 prints left", printer.Know(false)},
		"KEE, less than one print":  {nil, map[string][]string{"DFR": {"4"}}, printer.ClassRibbonOut, "0 prints left", printer.Know(false)},
		"KEE, cleaning due":         {nil, map[string][]string{"CCQ": {"1000"}}, printer.ClassCleaningDue, "1000 cards since the last cleaning", printer.Known[bool]{}},
		"KEE, asks for cleaning":    {nil, map[string][]string{"CLP": {"1"}}, printer.ClassCleaningDue, "8 cards since the last cleaning", printer.Known[bool]{}},
		"KEE, no number":            {nil, map[string][]string{"DFR": {"-"}, "CCQ": {"?"}, "CLP": {"-"}}, printer.ClassNone, "", printer.Known[bool]{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := Config{Film: "LC1", Model: &met}
				s := &script{answers: map[string][]string{"INF": {enduro(v.inf)}}}
				if v.keys != nil {
					cfg.Model = modelOf(t, "tango2e")
					s.answers = tango(v.keys)
				}
				p := opened(t, s, cfg)
				st, err := p.Status(t.Context())
				if err != nil || st.Error != v.class || st.Raw != v.raw || st.Ready != v.ready {
					t.Errorf("%q (%s), ready %+v, %v", st.Error, st.Raw, st.Ready, err)
				}
				if e := printer.Fault(v.class); v.class != printer.ClassNone && (e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsEN) == 0) {
					t.Errorf("no words for %s", v.class)
				}
			})
		})
	}
}

// What is not told carries no value.
func TestNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := opened(t, &script{answers: map[string][]string{"INF": {enduro(map[int]string{14: "x", 15: "", 21: "", 22: "0", 24: ""})}}}, Config{Film: "LC1"})
		st, err := p.Status(t.Context())
		want := printer.Status{Ready: printer.Know(true), Counters: printer.Counters{Prints: printer.Know(1200)}}
		if err != nil || st != want {
			t.Errorf("%v\n got %+v\nwant %+v", err, st, want)
		}
	})
}

// A request is sent twice, for two seconds each (filter).
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]string{"INF": {enduro(nil), ""}}}
		p := opened(t, s, Config{})
		start := time.Now()
		_, err := p.Status(t.Context())
		if printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("got %v", err)
		}
		if waited := time.Since(start); waited < 4*time.Second || waited > 5*time.Second || len(s.sent) != 2 {
			t.Errorf("%v, %d requests", waited, len(s.sent))
		}
		s.answers["INF"] = []string{enduro(nil)}
		if _, err := p.Status(t.Context()); err != nil {
			t.Errorf("once more: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Status(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled: %v", err)
		}
	})
}

// An answer that comes late never passes for the answer to a later question: its counters are old.
func TestLateAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const cards = 1203
		s := &script{answers: map[string][]string{}}
		s.answers["INF"] = []string{enduro(nil)}
		p := opened(t, s, Config{})
		s.answers["INF"] = []string{""}
		if _, err := p.Status(t.Context()); err == nil {
			t.Fatal("answered")
		}
		// The two answers that are owed come now, with old counters.
		s.queue = append(s.queue, "\x01"+enduro(nil)+"\x03\x01"+enduro(nil)+"\x03"...)
		s.answers["INF"] = []string{enduro(map[int]string{fieldCards: fmt.Sprint(cards)})}
		c, err := p.Counters(t.Context())
		if err != nil || c.Prints != printer.Know(cards) {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// A printer that never stops talking is given up.
func TestBabble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		p.wire.lost = true
		for range 10_000 {
			s.queue = append(s.queue, "\x01STA$$x\x03"...)
		}
		if _, err := p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, errBabble) {
			t.Errorf("got %v", err)
		}
	})
}

// An endpoint that was halted is freed before the next request.
func TestStall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		s.onWrite = func([]byte) error { return fmt.Errorf("bulk out: %w", printer.ErrStall) }
		if _, err := p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm || len(s.freed) != 0 {
			t.Errorf("%v, freed %v", err, s.freed)
		}
		s.onWrite = nil
		if _, err := p.Status(t.Context()); err != nil || len(s.freed) != 2 {
			t.Errorf("%v, freed %v", err, s.freed)
		}
		if _, err := p.Status(t.Context()); err != nil || len(s.freed) != 2 {
			t.Errorf("%v, freed %v", err, s.freed)
		}
	})
}
