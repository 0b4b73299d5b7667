package evolis

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"blanko/fault"
	"blanko/printer"
)

// The setup of a Primacy 2 in its order, each command answered before the next.
var primacy2Setup = []string{"Pem;2", "Psmgr;2", "Pcim;F", "Pcrm;D", "Pneab;E", "Pps;0", "Pr;ymcko", "Pwr;0", "Wcb;a;0"}

func TestOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(nil)}
		p, err := Open(t.Context(), s, Config{HoldAfterPrint: true})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), primacy2Setup)
		want := printer.Capabilities{
			Model: "Evolis Primacy 2", Serial: "10000012345", Firmware: "0820", Technology: "direct",
			Geometry: printer.Geometry{Columns: 1016, Rows: 648, DPI: 300, Levels: 128}, Panels: "YMCKO",
			TwoSided: true, Contactless: true, HoldAfterPrint: true, ReturnAfterPrint: true, RejectTray: true,
			Hopper: 100, FeedCounter: true, PrintCounter: true, RibbonCounter: true,
		}
		if got := p.Capabilities(); got != want {
			t.Errorf("capabilities\n got %+v\nwant %+v", got, want)
		}
	})
}

func TestOpenWithoutHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(nil)}
		p, err := Open(t.Context(), s, Config{Ribbon: "KO", Levels: 64, Fitted: &Fitted{Hopper: 30}})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Pem;2", "Psmgr;2", "Pcim;F", "Pcrm;D", "Pneab;A;1", "Pps;0", "Pr;ko", "Pwr;0", "Wcb;a;0"})
		c := p.Capabilities()
		if c.HoldAfterPrint || c.ReturnAfterPrint || c.Contactless || c.RejectTray || c.TwoSided || c.Hopper != 30 || c.Panels != "KO" || c.Geometry.Levels != 64 {
			t.Errorf("capabilities %+v", c)
		}
	})
}

// A unit that refuses the newer commands is opened without them and not asked again.
func TestOpenProbes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refuse := []string{"ERR PARAMETRES"}
		s := &script{answers: answersOf(map[string][]string{
			"Psmgr;2": refuse, "Pcim;F": refuse, "Pcrm;D": refuse, "Pneab;E": refuse, "Rrt;qty": refuse, "Rse;f": refuse, "Rco;p": refuse,
		})}
		p, err := Open(t.Context(), s, Config{HoldAfterPrint: true})
		if err != nil {
			t.Fatal(err)
		}
		c := p.Capabilities()
		if c.HoldAfterPrint || c.ReturnAfterPrint || c.RibbonCounter || c.PrintCounter || !c.FeedCounter {
			t.Errorf("capabilities %+v", c)
		}
		s.forget()
		st, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if st.Hopper.Known || st.Ribbon.Known || st.Counters.Panels.Known || st.Counters.RibbonLeft.Known || !st.Counters.Cards.Known {
			t.Errorf("status %+v", st)
		}
		if err := p.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []string{"Psmgr;2", "Pcim;F", "Pneab;E", "Rrt;qty", "Rrt;count", "Rse;f", "Rco;p"} {
			if slices.Contains(s.sent, c) {
				t.Errorf("%s was asked again", c)
			}
		}
	})
}

// What the model's file calls certain is not probed.
func TestOpenRefusedSetup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Pr;ymcko": {"ERR PARAMETRES"}})}
		if _, err := Open(t.Context(), s, Config{}); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("got %v", err)
		}
	})
}

// A job that another host left open is ended first.
func TestOpenInsideJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Wcb;a;0": {"ERR PARAMETRES", "OK"}})}
		if _, err := Open(t.Context(), s, Config{HoldAfterPrint: true}); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), slices.Concat(primacy2Setup, []string{"Scs"}, primacy2Setup))
	})
}

func TestOpenSettings(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"half-panel ribbon": {Ribbon: "ymckos"},
		"no ribbon":         {Ribbon: "x"},
		"256 levels":        {Levels: 256},
		"two levels":        {Levels: 2},
	} {
		s := &script{answers: answersOf(nil)}
		if _, err := Open(t.Context(), s, cfg); !fault.Is(err, settingsWrong) || len(s.sent) != 0 {
			t.Errorf("%s: %v, sent %q", name, err, s.sent)
		}
	}
}

// A printer that stands with a fault is opened; Clear completes the setup.
func TestOpenWithFault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Pem;2": {"COVER OPEN"}, "Rse;o": {"0,00 Volts"}})}
		p, err := Open(t.Context(), s, Config{HoldAfterPrint: true})
		if err != nil {
			t.Fatal(err)
		}
		st, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if st.Error != printer.ClassCoverOpen || st.Raw != "Rse;o 0,00 Volts" || st.Ready != printer.Know(false) || st.Cover != printer.Know(false) {
			t.Errorf("status %+v", st)
		}
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassCoverOpen {
			t.Errorf("move: %v", err)
		}
		if err := p.Clear(t.Context()); printer.ClassOf(err) != printer.ClassCoverOpen {
			t.Errorf("clear: %v", err)
		}
		if slices.Contains(s.sent, "Sic") || slices.Contains(s.sent, "Srs") {
			t.Errorf("sent %q", s.sent)
		}
		s.answers["Pem;2"], s.answers["Rse;o"] = []string{"OK"}, []string{"5,00 Volts"}
		s.forget()
		if err := p.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), append([]string{"Scs"}, primacy2Setup...))
		if st, err := p.Status(t.Context()); err != nil || st.Ready != printer.Know(true) {
			t.Errorf("status %+v, %v", st, err)
		}
	})
}

// Answers that an earlier host never read do not get in the way.
func TestOpenAfterAnotherHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(nil), queue: []byte("OK\x00OK\x00312\x00OK"), chunk: 3}
		p, err := Open(t.Context(), s, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if c := p.Capabilities(); c.Serial != "10000012345" || c.Model != "Evolis Primacy 2" {
			t.Errorf("capabilities %+v", c)
		}
	})
}

// A late text of another read must not pass for the serial number.
func TestOpenLateText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rsn": {"Evolis Primacy 2", "10000012345"}})}
		p, err := Open(t.Context(), s, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Capabilities().Serial; got != "10000012345" {
			t.Errorf("serial %q", got)
		}
	})
}

func TestOpenNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rsn": {""}})}
		_, err := Open(t.Context(), s, Config{})
		if printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if len(s.acts()) != 1 { // the filling of a broken panel
			t.Errorf("sent %q", s.sent)
		}
	})
}

// A unit that a broken link left inside a panel takes the filling for the rest of it.
func TestOpenInsidePanel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rsn": {"", "10000012345"}})}
		if _, err := Open(t.Context(), s, Config{}); err != nil {
			t.Fatal(err)
		}
		if s.sent[0] != "Rsn" || s.sent[1] != "NUL x 576136" {
			t.Errorf("sent %q", s.sent[:2])
		}
	})
}
