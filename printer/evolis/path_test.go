package evolis

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"blanko/fault"
	"blanko/printer"
)

func TestMove(t *testing.T) {
	t.Parallel()
	for to, v := range map[printer.Position]struct{ send, there string }{
		printer.PositionPrint:       {"Si", "CARD"},
		printer.PositionContact:     {"Sis", "SMART CARD"},
		printer.PositionContactless: {"Sic", "CONTACTLESS CARD"},
	} {
		t.Run(string(to), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				// The card is on its way for three looks: OK comes at once (Psmgr;2).
				s := &script{answers: answersOf(map[string][]string{"Rlr;p": {"OK", "OK", "ERR CARD", v.there}})}
				p := opened(t, s, Config{})
				if err := p.Move(t.Context(), to); err != nil {
					t.Fatal(err)
				}
				same(t, "acts", s.acts(), []string{v.send})
				if first := slices.Index(s.sent, "Rlr;p"); first < 0 || first > slices.Index(s.sent, v.send) {
					t.Errorf("the position was not read before: %q", s.sent)
				}
				s.forget()
				if err := p.Move(t.Context(), to); err != nil || len(s.acts()) != 0 {
					t.Errorf("moved again: %q, %v", s.acts(), err)
				}
			})
		})
	}
}

func TestMoveFaults(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		answers map[string][]string
		class   printer.Class
		acts    []string
	}{
		"feeder empty":    {map[string][]string{"Sic": {"FEEDER EMPTY"}}, printer.ClassNoCards, []string{"Sic"}},
		"cover open":      {map[string][]string{"Sic": {"COVER OPEN"}}, printer.ClassCoverOpen, []string{"Sic"}},
		"jam":             {map[string][]string{"Sic": {"ERROR TIME OUT"}}, printer.ClassJam, []string{"Sic"}},
		"refused":         {map[string][]string{"Sic": {"ERR PARAMETRES"}}, printer.ClassUnsupported, []string{"Sic"}},
		"place not known": {map[string][]string{"Rlr;p": {"ERR CARD"}}, printer.ClassCardPosition, nil},
		"never arrives":   {map[string][]string{"Rlr;p": {"OK"}}, printer.ClassCardPosition, []string{"Sic"}},
		"lost on the way": {map[string][]string{"Rlr;p": {"OK", "ERR CARD"}}, printer.ClassCardPosition, []string{"Sic"}},
		"jam on the way":  {map[string][]string{"Rlr;p": {"OK", "ERROR TIME OUT"}}, printer.ClassJam, []string{"Sic"}},
		"restarted":       {map[string][]string{"Rem": {"2", "0"}}, printer.ClassRestarted, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: answersOf(v.answers)}
				p := opened(t, s, Config{})
				err := p.Move(t.Context(), printer.PositionContactless)
				if printer.ClassOf(err) != v.class || fault.KindOf(err) != fault.Device {
					t.Errorf("got %v", err)
				}
				same(t, "acts", s.acts(), v.acts)
			})
		})
	}
}

func TestNoSuchStation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{Fitted: &Fitted{}})
		for _, to := range []printer.Position{printer.PositionContact, printer.PositionContactless, printer.PositionMagnetic, printer.PositionNone, ""} {
			if err := p.Move(t.Context(), to); printer.ClassOf(err) != printer.ClassUnsupported {
				t.Errorf("%s: %v", to, err)
			}
		}
		for _, tray := range []printer.Tray{printer.TrayReject, ""} {
			if err := p.Eject(t.Context(), tray); printer.ClassOf(err) != printer.ClassUnsupported {
				t.Errorf("%s: %v", tray, err)
			}
		}
		if err := p.Flip(t.Context()); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("flip: %v", err)
		}
		if len(s.sent) != 0 {
			t.Errorf("sent %q", s.sent)
		}
	})
}

// A movement whose answer is lost is never sent again before the position was read; a card
// that has arrived is left where it is.
func TestMoveLostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Sic": {""}, "Rlr;p": {"OK", "CONTACTLESS CARD"}})}
		p := opened(t, s, Config{})
		start := time.Now()
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassComm {
			t.Fatalf("got %v", err)
		}
		if waited := time.Since(start); waited != 30*time.Second {
			t.Errorf("waited %v for a movement", waited)
		}
		s.queue = append(s.queue, "OK\x00"...) // it comes late
		if err := p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Sic"})
	})
}

// The late answer of a movement does not pass for the answer of the next command.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Sic": {""}, "Scp": {""}, "Rsn": {"10000012345", "10000012345", "OK|10000012345"}})}
		p := opened(t, s, Config{})
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassComm {
			t.Fatalf("got %v", err)
		}
		if err := p.Clean(t.Context()); printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("a late OK was taken for the end of the cleaning: %v", err)
		}
	})
}

// A fault that the unit keeps stops every movement until Clear.
func TestStuckUntilClear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Sic": {"ERROR TIME OUT", "OK"}, "Rlr;p": {"OK", "OK", "OK", "OK", "CONTACTLESS CARD"}})}
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassJam {
			t.Fatalf("got %v", err)
		}
		st, err := p.Status(t.Context())
		if err != nil || st.Error != printer.ClassJam || st.Raw != "ERROR TIME OUT" || st.Ready != printer.Know(false) {
			t.Errorf("%+v, %v", st, err)
		}
		s.forget()
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassJam || len(s.acts()) != 0 {
			t.Errorf("%v, sent %q", err, s.sent)
		}
		if err := p.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), append([]string{"Scs"}, primacy2Setup...))
		if st, err := p.Status(t.Context()); err != nil || st.Error != printer.ClassNone {
			t.Errorf("%+v, %v", st, err)
		}
		if err := p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Error(err)
		}
	})
}

// Where the clear command does not help, the unit is reset and set up again, even if it
// resets without an answer.
func TestClearByReset(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]map[string][]string{
		"clear refused":      {"Scs": {"ERROR TIME OUT"}},
		"fault stays":        {"Rlr;p": {"ERROR TIME OUT", "OK"}},
		"setup refused":      {"Pem;2": {"OK", "ERR", "OK"}},
		"no answer to reset": {"Scs": {"ERR"}, "Srs": {""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: answersOf(answers)}
				p := opened(t, s, Config{HoldAfterPrint: true})
				if err := p.Clear(t.Context()); err != nil {
					t.Fatal(err)
				}
				acts := s.acts()
				at := slices.Index(acts, "Srs")
				if acts[0] != "Scs" || at < 0 {
					t.Fatalf("acts %q", acts)
				}
				same(t, "after the reset", acts[at+1:], primacy2Setup)
			})
		})
	}
}

// Nothing is reset while a person must act first.
func TestClearWaitsForPerson(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]map[string][]string{
		"cover open": {"Rse;o": {"5,00 Volts", "0,00 Volts"}},
		"card lost":  {"Rlr;p": {"ERR CARD"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: answersOf(answers)}
				p := opened(t, s, Config{})
				if err := p.Clear(t.Context()); err == nil {
					t.Error("cleared")
				}
				same(t, "acts", s.acts(), []string{"Scs"})
			})
		})
	}
}

func TestEject(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		tray    printer.Tray
		cfg     Config
		answers map[string][]string
		acts    []string
		waits   time.Duration
	}{
		"output":              {printer.TrayOutput, Config{HoldAfterPrint: true}, nil, []string{"Ss", "Pneab;A;1", "Se"}, 0},
		"reject":              {printer.TrayReject, Config{HoldAfterPrint: true}, nil, []string{"Ss", "Pneab;A;1", "Pcrm;D", "Ser"}, 0},
		"output, older unit":  {printer.TrayOutput, Config{}, map[string][]string{"Rtp": {"Dualys 3"}}, []string{"Ss", "Se"}, 0},
		"reject, older unit":  {printer.TrayReject, Config{}, map[string][]string{"Rtp": {"Dualys 3"}}, []string{"Ss", "Ser"}, 0},
		"output to the bezel": {printer.TrayOutput, Config{HoldAfterPrint: true}, map[string][]string{"Rtp": {"KC200"}}, []string{"Ss", "Pneab;A;1", "Se"}, 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: answersOf(map[string][]string{"Rlr;p": {"CONTACTLESS CARD", "OK"}})}
				for k, a := range v.answers {
					s.answers[k] = a
				}
				p := opened(t, s, v.cfg)
				start := time.Now()
				if err := p.Eject(t.Context(), v.tray); err != nil {
					t.Fatal(err)
				}
				same(t, "acts", s.acts(), v.acts)
				if waited := time.Since(start); waited != v.waits {
					t.Errorf("waited %v between the steps, want %v", waited, v.waits)
				}
				s.forget()
				if err := p.Eject(t.Context(), v.tray); !errors.Is(err, printer.ErrNothingInside) || len(s.acts()) != 0 {
					t.Errorf("nothing inside: sent %q, %v", s.acts(), err)
				}
			})
		})
	}
}

// A purge sends the way to the reject box though no card is seen, and reads no position.
func TestPurge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rlr;p": {"OK"}})}
		p := opened(t, s, Config{HoldAfterPrint: true})
		s.forget()
		if err := p.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Ss", "Pneab;A;1", "Pcrm;D", "Ser"})
	})
}

// The setup is sent again before a card is touched when the link was broken.
func TestSetupAfterBrokenLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{"Rlr;p": {"OK", "CONTACTLESS CARD"}})}
		p := opened(t, s, Config{HoldAfterPrint: true})
		s.onWrite = func(string) error { return errCable }
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, errCable) {
			t.Fatalf("got %v", err)
		}
		s.onWrite = nil
		s.forget()
		if err := p.Move(t.Context(), printer.PositionContactless); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), append(slices.Clone(primacy2Setup), "Sic"))
	})
}

func TestEjectFaults(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		answers map[string][]string
		class   printer.Class
		acts    []string
	}{
		"place not known": {map[string][]string{"Rlr;p": {"ERR CARD"}}, printer.ClassCardPosition, nil},
		"jam":             {map[string][]string{"Rlr;p": {"CARD"}, "Ser": {"ERROR TIME OUT"}}, printer.ClassJam, []string{"Ss", "Pneab;A;1", "Pcrm;D", "Ser"}},
		"box full":        {map[string][]string{"Rlr;p": {"CARD"}, "Rlr;h": {"NO CARD", "CARD"}, "Ser": {"ERROR TIME OUT"}}, printer.ClassRejectFull, []string{"Ss", "Pneab;A;1", "Pcrm;D", "Ser"}},
		"stays inside":    {map[string][]string{"Rlr;p": {"CARD"}}, printer.ClassCardPosition, []string{"Ss", "Pneab;A;1", "Pcrm;D", "Ser"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: answersOf(v.answers)}
				p := opened(t, s, Config{HoldAfterPrint: true})
				if err := p.Eject(t.Context(), printer.TrayReject); printer.ClassOf(err) != v.class {
					t.Errorf("got %v", err)
				}
				same(t, "acts", s.acts(), v.acts)
			})
		})
	}
}

func TestMoveCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := p.Move(ctx, printer.PositionContactless)
		if !errors.Is(err, context.Canceled) || len(s.acts()) != 0 {
			t.Errorf("%v, sent %q", err, s.sent)
		}
	})
}

func TestClean(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		if err := p.Clean(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Scp"})
	})
}
