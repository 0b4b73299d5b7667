package evolis

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"blanko/fault"
	"blanko/printer"
)

var testGeometry = printer.Geometry{Columns: Columns, Rows: Rows, DPI: DPI, Levels: 128}

var (
	dyeDots   = landscape(func(x, y int) int { return (x + 2*y) % 128 })
	resinDots = landscape(ink11)
)

func dye(letter byte) printer.Panel {
	dots := bytes.Clone(dyeDots)
	copy(dots[Columns*300:], bytes.Repeat([]byte{letter % 128}, Columns)) // a line of its own
	return printer.Panel{Letter: letter, Levels: 128, Dots: dots}
}

func resin(letter byte) printer.Panel {
	return printer.Panel{Letter: letter, Levels: 2, Dots: bytes.Clone(resinDots)}
}

func ymcko() printer.Panels {
	return printer.Panels{Geometry: testGeometry, Front: printer.Side{Panels: []printer.Panel{dye('Y'), dye('M'), dye('C'), resin('K'), resin('O')}}}
}

// printing answers as a unit with a card inside: the counters stand until the end of the job
// and show it afterwards.
func printing(over map[string][]string) *script {
	s := &script{answers: answersOf(map[string][]string{"Rlr;p": {"CARD"}})}
	for k, v := range over {
		s.answers[k] = v
	}
	s.onWrite = func(text string) error {
		if text == "Se" {
			s.answers["Rco;p"], s.answers["Rrt;count"] = []string{"505"}, []string{"249"}
		}
		return nil
	}
	return s
}

func TestPrint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(nil)
		p := opened(t, s, Config{HoldAfterPrint: true})
		job := ymcko()
		if err := p.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Pneab;E", "Ss", "Sr", "Db;y;128", "Db;m;128", "Db;c;128", "Dbc;k;2;83036", "Dbc;o;2;83036", "Se"})
		panel := 0
		for i, text := range s.sent {
			switch {
			case strings.HasPrefix(text, "Db;"):
				head := "\x1b" + text + ";"
				want := packed(job.Front.Panels[panel].Dots, 7)
				if got := s.frames[i][len(head) : len(head)+len(want)]; !bytes.Equal(got, want) {
					t.Errorf("%s carries other dots", text)
				}
				panel++
			case text == "Se":
				if len(s.frames[i]) != 128 {
					t.Errorf("the job ends with %d bytes", len(s.frames[i]))
				}
			}
		}
	})
}

func TestPrintTwoSides(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(nil)
		p := opened(t, s, Config{HoldAfterPrint: true, Ribbon: "ymckok"})
		job := ymcko()
		job.Back = &printer.Side{Panels: []printer.Panel{resin('K')}}
		s.onWrite = func(text string) error {
			if text == "Se" {
				s.answers["Rco;p"] = []string{"506"}
			}
			return nil
		}
		if err := p.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Pneab;E", "Ss", "Sr", "Db;y;128", "Db;m;128", "Db;c;128", "Dbc;k;2;83036", "Dbc;o;2;83036", "Sv", "Dbc;k;2;83036", "Se"})
	})
}

// Panels without ink are left out, and a side of none is not begun.
func TestPrintLeavesBlanksOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(nil)
		p := opened(t, s, Config{HoldAfterPrint: true})
		none := make([]byte, Columns*Rows)
		job := printer.Panels{
			Geometry: testGeometry, Front: printer.Side{Panels: []printer.Panel{{Letter: 'Y', Levels: 128, Dots: none}, resin('K')}},
			Back: &printer.Side{Panels: []printer.Panel{{Letter: 'K', Levels: 2, Dots: none}}},
		}
		if err := p.Print(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		same(t, "acts", s.acts(), []string{"Pneab;E", "Ss", "Sr", "Dbc;k;2;83036", "Se"})
	})
}

// A card elsewhere, or none, is brought under the head before the job begins.
func TestPrintBringsCard(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"OK", "CONTACTLESS CARD"} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(map[string][]string{"Rlr;p": {from, "CARD"}})
				p := opened(t, s, Config{HoldAfterPrint: true})
				if err := p.Print(t.Context(), ymcko()); err != nil {
					t.Fatal(err)
				}
				if acts := s.acts(); acts[0] != "Si" || acts[1] != "Pneab;E" || acts[2] != "Ss" {
					t.Errorf("acts %q", acts)
				}
			})
		})
	}
}

// For a line whose chips are written before, a print never feeds: nothing is moved, and the card inside is
// printed as ever.
func TestOnlyInside(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]printer.Class{"OK": printer.ClassCardPosition, "CONTACTLESS CARD": printer.ClassNone} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(map[string][]string{"Rlr;p": {from, from, "CARD"}})
				p := opened(t, s, Config{HoldAfterPrint: true, OnlyInside: true})
				err := p.Print(t.Context(), ymcko())
				if printer.ClassOf(err) != want || err != nil && (fault.KindOf(err) != fault.Device || len(s.acts()) > 0) {
					t.Errorf("%v, acts %q", err, s.acts())
				}
			})
		})
	}
}

func TestPrintRefusesPanels(t *testing.T) {
	t.Parallel()
	change := func(f func(*printer.Panels)) printer.Panels {
		job := ymcko()
		f(&job)
		return job
	}
	none := make([]byte, Columns*Rows)
	for name, v := range map[string]struct {
		job   printer.Panels
		entry fault.Entry
	}{
		"other geometry":      {change(func(j *printer.Panels) { j.Geometry.Columns = 648 }), printer.FaceSizeWrong},
		"short panel":         {change(func(j *printer.Panels) { j.Front.Panels[4].Dots = none[1:] }), printer.FaceSizeWrong},
		"other levels":        {change(func(j *printer.Panels) { j.Front.Panels[0].Levels = 64 }), printer.PanelsUnsupported},
		"deep black":          {change(func(j *printer.Panels) { j.Front.Panels[3].Levels = 128 }), printer.PanelsUnsupported},
		"dot over the levels": {change(func(j *printer.Panels) { j.Front.Panels[4].Dots[700] = 2 }), printer.PanelsUnsupported},
		"wrong order": {change(func(j *printer.Panels) {
			j.Front.Panels[0], j.Front.Panels[1] = j.Front.Panels[1], j.Front.Panels[0]
		}), printer.PanelsUnsupported},
		"twice":          {change(func(j *printer.Panels) { j.Front.Panels[1] = j.Front.Panels[0] }), printer.PanelsUnsupported},
		"not on ribbon":  {change(func(j *printer.Panels) { j.Front.Panels[4].Letter = 'U' }), printer.PanelsUnsupported},
		"nothing":        {change(func(j *printer.Panels) { j.Front.Panels = nil }), printer.NothingToPrint},
		"nothing inked":  {change(func(j *printer.Panels) { j.Front.Panels = []printer.Panel{{Letter: 'K', Levels: 2, Dots: none}} }), printer.NothingToPrint},
		"back not on it": {change(func(j *printer.Panels) { j.Back = &printer.Side{Panels: []printer.Panel{dye('U')}} }), printer.PanelsUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(nil)
				p := opened(t, s, Config{})
				if err := p.Print(t.Context(), v.job); !fault.Is(err, v.entry) || fault.KindOf(err) != fault.Invalid {
					t.Errorf("got %v", err)
				}
				if len(s.sent) != 0 {
					t.Errorf("sent %q", s.sent)
				}
			})
		})
	}
	t.Run("one-sided printer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := printing(map[string][]string{"Rtp": {"Zenius"}})
			p := opened(t, s, Config{})
			job := ymcko()
			job.Back = &printer.Side{Panels: []printer.Panel{resin('K')}}
			if err := p.Print(t.Context(), job); !fault.Is(err, printer.PanelsUnsupported) {
				t.Errorf("got %v", err)
			}
		})
	})
}

// Before the first byte of a panel an error is of kind Device and nothing of a panel was
// sent; after it the print is in doubt. The class tells the cause in both.
func TestPrintErrors(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		answers map[string][]string
		kind    fault.Kind
		class   printer.Class
		panels  int // sent
	}{
		"cover":          {map[string][]string{"Rse;o": {"5,00", "0,00 Volts"}}, fault.Device, printer.ClassCoverOpen, 0},
		"no ribbon":      {map[string][]string{"Rrt;count": {"ERR RIB DETECTION"}}, fault.Device, printer.ClassRibbonGone, 0},
		"ribbon used up": {map[string][]string{"Rrt;count": {"0"}}, fault.Device, printer.ClassRibbonOut, 0},
		"wrong ribbon":   {map[string][]string{"Rrt;zone": {"US"}}, fault.Device, printer.ClassRibbonWrong, 0},
		"no cards":       {map[string][]string{"Rlr;p": {"OK"}, "Si": {"FEEDER EMPTY"}}, fault.Device, printer.ClassNoCards, 0},
		"jam on the way": {map[string][]string{"Rlr;p": {"CONTACTLESS CARD"}, "Si": {"ERROR TIME OUT"}}, fault.Device, printer.ClassJam, 0},
		"start refused":  {map[string][]string{"Ss": {"ERR RIBBON TYPE"}}, fault.Device, printer.ClassRibbonWrong, 0},
		"side refused":   {map[string][]string{"Sr": {"COVER OPEN"}}, fault.Device, printer.ClassCoverOpen, 0},
		"start lost":     {map[string][]string{"Ss": {""}}, fault.Device, printer.ClassComm, 0},
		"first panel":    {map[string][]string{"Db;y;128": {"ERR RIBBON"}}, fault.InDoubt, printer.ClassRibbonOut, 1},
		"third panel":    {map[string][]string{"Db;c;128": {"COVER OPEN"}}, fault.InDoubt, printer.ClassCoverOpen, 3},
		"panel lost":     {map[string][]string{"Dbc;k;2;83036": {""}}, fault.InDoubt, printer.ClassComm, 4},
		"jam at the end": {map[string][]string{"Se": {"ERROR TIME OUT"}}, fault.InDoubt, printer.ClassJam, 5},
		"jam afterwards": {map[string][]string{"Rlr;p": {"CARD", "ERROR TIME OUT"}}, fault.InDoubt, printer.ClassJam, 5},
		"card has left":  {map[string][]string{"Rlr;p": {"CARD", "OK"}}, fault.InDoubt, printer.ClassCardPosition, 5},
		"place unknown":  {map[string][]string{"Rlr;p": {"CARD", "ERR CARD"}}, fault.InDoubt, printer.ClassCardPosition, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(v.answers)
				p := opened(t, s, Config{HoldAfterPrint: true})
				err := p.Print(t.Context(), ymcko())
				if fault.KindOf(err) != v.kind || printer.ClassOf(err) != v.class {
					t.Errorf("got %s, %v", fault.KindOf(err), err)
				}
				panels := 0
				for _, text := range s.sent {
					if strings.HasPrefix(text, "Db") {
						panels++
					}
				}
				if panels != v.panels {
					t.Errorf("%d panels sent, want %d: %q", panels, v.panels, s.acts())
				}
			})
		})
	}
}

// A unit that counts panels in its own way is believed when the ribbon's counter bears out
// the answered end.
func TestPrintOtherCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(nil)
		s.onWrite = func(text string) error {
			if text == "Se" {
				s.answers["Rco;p"], s.answers["Rrt;count"] = []string{"501"}, []string{"249"}
			}
			return nil
		}
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Print(t.Context(), ymcko()); err != nil {
			t.Error(err)
		}
	})
}

// Counters that do not move leave a print in doubt, whatever the end was answered.
func TestPrintWithoutProof(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(nil)
		s.onWrite = nil
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Print(t.Context(), ymcko()); fault.KindOf(err) != fault.InDoubt {
			t.Errorf("got %v", err)
		}
	})
}

// The lost answer to the end of a job is made up for by the panel counter, and by nothing
// else: the ribbon's counter falls with the first panel, so a cover opened under the last one
// must not pass for a whole print.
func TestPrintLostEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(map[string][]string{"Se": {""}})
		s.onWrite = func(text string) error {
			if text == "Se" {
				s.answers["Rco;p"], s.answers["Rrt;count"] = []string{"504"}, []string{"249"}
			}
			return nil
		}
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Print(t.Context(), ymcko()); fault.KindOf(err) != fault.InDoubt {
			t.Errorf("got %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := printing(map[string][]string{"Se": {""}})
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Print(t.Context(), ymcko()); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		refuse := []string{"ERR PARAMETRES"}
		s := printing(map[string][]string{"Se": {""}, "Rco;p": refuse, "Rrt;qty": refuse})
		s.onWrite = nil
		p := opened(t, s, Config{HoldAfterPrint: true})
		if err := p.Print(t.Context(), ymcko()); fault.KindOf(err) != fault.InDoubt || printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("got %v", err)
		}
	})
}

// A unit that ejects after printing is waited for until the card is gone.
func TestPrintLetsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(map[string][]string{"Rlr;p": {"CARD", "CARD", "CARD", "OK"}})
		p := opened(t, s, Config{})
		if err := p.Print(t.Context(), ymcko()); err != nil {
			t.Fatal(err)
		}
		if pos, err := p.Position(t.Context()); err != nil || pos.Value != printer.PositionNone {
			t.Errorf("%+v, %v", pos, err)
		}
	})
}

func TestPrintBrokenLink(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]fault.Kind{"Sr": fault.Device, "Db;y;128": fault.InDoubt, "Se": fault.InDoubt} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(nil)
				p := opened(t, s, Config{HoldAfterPrint: true})
				broken := false
				s.onWrite = func(text string) error {
					broken = broken || text == at
					if broken {
						return errCable
					}
					return nil
				}
				err := p.Print(t.Context(), ymcko())
				if fault.KindOf(err) != want || printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, errCable) {
					t.Errorf("got %s, %v", fault.KindOf(err), err)
				}
			})
		})
	}
}

func TestPrintCanceled(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]fault.Kind{"": fault.Device, "Ss": fault.Device, "Db;m;128": fault.InDoubt, "Se": fault.InDoubt} {
		t.Run("at "+at, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := printing(map[string][]string{at: {""}})
				p := opened(t, s, Config{HoldAfterPrint: true})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if at == "" {
					cancel()
				}
				s.onWrite = func(text string) error {
					if text == at {
						cancel()
					}
					return nil
				}
				err := p.Print(ctx, ymcko())
				if fault.KindOf(err) != want || !errors.Is(err, context.Canceled) {
					t.Errorf("got %s, %v", fault.KindOf(err), err)
				}
			})
		})
	}
}

// Job data never reaches an error text.
func TestErrorsHoldNoPanelData(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := printing(map[string][]string{"Db;y;128": {"ERR"}})
		p := opened(t, s, Config{})
		if err := p.Print(t.Context(), ymcko()); err == nil || len(err.Error()) > 200 {
			t.Errorf("%d bytes: %.300v", len(err.Error()), err)
		}
	})
}
