package evolis

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"blanko/printer"
)

func TestStatusReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := opened(t, &script{}, Config{})
		got, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := printer.Status{
			Ready: printer.Know(true), Card: printer.Know(printer.PositionNone), Cover: printer.Know(true),
			Hopper: printer.Know(printer.LevelCards), Output: printer.Know(printer.LevelRoom), Reject: printer.Know(printer.LevelRoom),
			Ribbon:   printer.Know(printer.Ribbon{Type: "ymcko", Total: printer.Know(300), Left: printer.Know(250), Fits: printer.Know(true)}),
			Cleaning: printer.Cleaning{Due: printer.Know(false)},
			Counters: printer.Counters{Cards: printer.Know(100), Panels: printer.Know(500), RibbonLeft: printer.Know(250)},
		}
		if got != want {
			t.Errorf("\n got %+v\nwant %+v", got, want)
		}
	})
}

// Each read tells its fault; what cannot be read is not known and never shown as fine.
func TestStatusFaults(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		answers map[string][]string
		class   printer.Class
		raw     string
		ready   printer.Known[bool]
		check   func(printer.Status) bool
	}{
		"cover open": {
			map[string][]string{"Rse;o": {"0,00 Volts"}},
			printer.ClassCoverOpen, "Rse;o 0,00 Volts", printer.Know(false),
			func(s printer.Status) bool { return s.Cover == printer.Know(false) },
		},
		"feeder empty": {
			map[string][]string{"Rse;f": {"0,00 Volts"}},
			printer.ClassNoCards, "Rse;f 0,00 Volts", printer.Know(false),
			func(s printer.Status) bool { return s.Hopper == printer.Know(printer.LevelEmpty) },
		},
		"feeder empty, card inside": {
			map[string][]string{"Rse;f": {"0,00 Volts"}, "Rlr;p": {"CARD"}},
			printer.ClassNone, "", printer.Know(false),
			func(s printer.Status) bool { return s.Card == printer.Know(printer.PositionPrint) },
		},
		"feeder low": {
			map[string][]string{"Rse;n": {"3,92 Volts"}},
			printer.ClassNone, "", printer.Know(true),
			func(s printer.Status) bool { return s.Hopper == printer.Know(printer.LevelLow) },
		},
		"card lost": {
			map[string][]string{"Rlr;p": {"ERR CARD"}},
			printer.ClassCardPosition, "ERR CARD", printer.Know(false),
			func(s printer.Status) bool { return s.Card == printer.Know(printer.PositionUnknown) },
		},
		"position not told": {
			map[string][]string{"Rlr;p": {"ERR"}},
			printer.ClassUnknown, "ERR", printer.Know(false),
			func(s printer.Status) bool { return s.Card == printer.Known[printer.Position]{} },
		},
		"no card, old unit": {
			map[string][]string{"Rlr;p": {"NO CARD"}},
			printer.ClassNone, "", printer.Know(true),
			func(s printer.Status) bool { return s.Card == printer.Know(printer.PositionNone) },
		},
		"output full": {
			map[string][]string{"Rlr;h": {"CARD"}},
			printer.ClassOutputFull, "Rlr;h CARD", printer.Know(false),
			func(s printer.Status) bool { return s.Output == printer.Know(printer.LevelFull) && !s.Reject.Known },
		},
		"cleaning due": {
			map[string][]string{"Rlr;r": {"ERR NEED CLEANING"}},
			printer.ClassCleaningDue, "ERR NEED CLEANING", printer.Know(true),
			func(s printer.Status) bool { return s.Cleaning.Due == printer.Know(true) && !s.Cleaning.Must.Known },
		},
		"cleaning not told": {
			map[string][]string{"Rlr;r": {"?"}},
			printer.ClassNone, "", printer.Know(true),
			func(s printer.Status) bool { return !s.Cleaning.Due.Known },
		},
		"no ribbon": {
			map[string][]string{"Rrt;qty": {"ERR RIB DETECTION"}, "Rrt;count": {"ERR RIB DETECTION"}, "Rrt;zone": {"ERR RIB DETECTION"}},
			printer.ClassRibbonGone, "ERR RIB DETECTION", printer.Know(false),
			func(s printer.Status) bool { return !s.Ribbon.Known && !s.Counters.RibbonLeft.Known },
		},
		"ribbon used up": {
			map[string][]string{"Rrt;count": {"0"}},
			printer.ClassRibbonOut, "Rrt;count 0", printer.Know(false),
			func(s printer.Status) bool { return s.Ribbon.Value.Left == printer.Know(0) },
		},
		"end mark": {map[string][]string{"Rcr": {"ERR"}}, printer.ClassRibbonOut, "Rcr ERR", printer.Know(false), nil},
		"wrong zone": {
			map[string][]string{"Rrt;zone": {"US"}},
			printer.ClassRibbonWrong, "Rrt;zone US", printer.Know(false),
			func(s printer.Status) bool { return s.Ribbon.Value.Fits == printer.Know(false) },
		},
		"restarted": {map[string][]string{"Rem": {"2;0", "0;0"}}, printer.ClassRestarted, "Rem", printer.Know(false), nil},
		"cover before cards": {
			map[string][]string{"Rse;f": {"0,00 Volts"}, "Rse;o": {"0,00 Volts"}},
			printer.ClassCoverOpen, "Rse;o 0,00 Volts",
			printer.Know(false), nil,
		},
		"sensors not told": {
			map[string][]string{"Rse;o": {"?"}, "Rse;f": {"?"}},
			printer.ClassNone, "",
			printer.Known[bool]{},
			func(s printer.Status) bool { return !s.Cover.Known && !s.Hopper.Known },
		},
		"stray OK to the tag": {
			map[string][]string{"Rrt;qty": {"300", "OK", "300"}, "Rrt;count": {"OK|249"}},
			printer.ClassNone, "",
			printer.Known[bool]{},
			func(s printer.Status) bool {
				return s.Ribbon.Value.Total == printer.Know(300) && !s.Ribbon.Value.Left.Known
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := opened(t, &script{answers: answersOf(v.answers)}, Config{})
				got, err := p.Status(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if got.Error != v.class || got.Raw != v.raw || got.Ready != v.ready || v.check != nil && !v.check(got) {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// A stray answer before the true one is thrown away, and the next reads keep in step.
func TestStrayAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rrt;count": {"OK|250", "249"}, "Rco;c": {"100", "OK", "101"}, "Rlr;p": {"OK|CARD", "CARD"}})}
		p := opened(t, s, Config{})
		st, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if st.Ribbon.Value.Left != printer.Know(249) || st.Counters.Cards != printer.Know(101) {
			t.Errorf("%+v", st)
		}
	})
}

func TestBezel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rtp": {"KC200"}, "Rse;b": {"4,93 Volts"}})}
		p := opened(t, s, Config{})
		if pos, err := p.Position(t.Context()); err != nil || pos != printer.Know(printer.PositionExit) {
			t.Errorf("%+v, %v", pos, err)
		}
		s.answers["Rse;b"] = []string{"0,21 Volts"}
		if pos, err := p.Position(t.Context()); err != nil || pos != printer.Know(printer.PositionNone) {
			t.Errorf("%+v, %v", pos, err)
		}
	})
}

// A lost answer is an error of class comm; the next reading gets over it.
func TestStatusLostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rlr;h": {"NO CARD", "", "NO CARD"}})}
		p := opened(t, s, Config{})
		if _, err := p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("got %v", err)
		}
		s.queue = append(s.queue, "NO CARD\x00"...) // the late answer
		st, err := p.Status(t.Context())
		if err != nil || st.Ready != printer.Know(true) {
			t.Errorf("%+v, %v", st, err)
		}
	})
}

func TestStatusCableOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		s.onWrite = func(string) error { return errCable }
		if _, err := p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, errCable) {
			t.Errorf("got %v", err)
		}
	})
}

func TestStatusCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := opened(t, &script{}, Config{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Status(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if st, err := p.Status(t.Context()); err != nil || st.Ready != printer.Know(true) {
			t.Errorf("%+v, %v", st, err)
		}
	})
}
