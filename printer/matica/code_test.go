package matica

import (
	"strings"
	"testing"
	"testing/synctest"

	"blanko/fault"
	"blanko/printer"
)

// classOf is every code of the family with its class.
var classOf = map[Code]printer.Class{
	0x0002DA00: printer.ClassHeating, 0x0002DB00: printer.ClassBusy, 0x0002D000: printer.ClassNoCards, 0x0002D100: printer.ClassCoverOpen,
	0x0002D300: printer.ClassBusy, 0x0002D400: printer.ClassBusy, 0x0002C100: printer.ClassHardware, 0x0002C200: printer.ClassCooling,
	0x0002C300: printer.ClassHardware, 0x0002D800: printer.ClassHardware, 0x0002F000: printer.ClassCooling, 0x0002F100: printer.ClassHardware,
	0x0002F200: printer.ClassHardware, 0x0002F300: printer.ClassCooling, 0x0002F400: printer.ClassHardware, 0x0002F500: printer.ClassHardware,
	0x0002F600: printer.ClassHeating, 0x0002F800: printer.ClassCooling,
	0x00039000: printer.ClassJam, 0x00039100: printer.ClassJam, 0x00039200: printer.ClassJam, 0x00039300: printer.ClassJam,
	0x00039400: printer.ClassJam, 0x00039500: printer.ClassJam, 0x0003A100: printer.ClassFilmError, 0x0003A800: printer.ClassMagnetic,
	0x0003AB00: printer.ClassMagnetic, 0x0003AC00: printer.ClassMagnetic, 0x0003AD00: printer.ClassMagnetic,
	0x0003B000: printer.ClassRibbonError, 0x0003B100: printer.ClassRibbonError, 0x0003B200: printer.ClassRibbonOut, 0x00034400: printer.ClassHardware,
	0x00052000: printer.ClassUnsupported, 0x00052600: printer.ClassCardPosition, 0x00062800: printer.ClassRestarted,
}

// Every code has its class, and the class has words and steps in both languages.
func TestEveryCodeHasAClass(t *testing.T) {
	t.Parallel()
	if len(codes) != len(classOf) {
		t.Errorf("%d codes, want %d", len(codes), len(classOf))
	}
	for c, want := range classOf {
		if got := c.Class(); got != want {
			t.Errorf("%v is %q, want %q", c, got, want)
		}
		if e := printer.Fault(want); e.Code != fault.Code("printer."+string(want)) || e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%v: entry %+v", c, e)
		}
	}
	for c, want := range map[Code]printer.Class{0: printer.ClassNone, 0x00031100: printer.ClassUnknown, 0x000B0000: printer.ClassUnknown} {
		if got := c.Class(); got != want {
			t.Errorf("%v is %q", c, got)
		}
	}
}

// A code that the printer tells by itself surfaces in the status, and a movement ends with its class:
// at once, or after the printer's patience where the code ends by itself. What stays until Clear is
// told in the status although the printer tells it no more.
func TestEveryCodeSurfaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for c, class := range classOf {
			s := &script{answers: answersOf(nil)}
			p := opened(t, s, Config{})
			s.answers[askSense] = []string{senseOf(c), senseOf(0)}
			st, err := p.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if st.Error != class || st.Raw != c.String() || st.Ready != printer.Know(false) || st.Busy != printer.Know(waits(class)) {
				t.Errorf("%v: %+v", c, st)
			}
			later, err := p.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if (later.Error == class) != keeps(class) {
				t.Errorf("%v: later %q", c, later.Error)
			}

			s = &script{answers: answersOf(nil)}
			p = opened(t, s, Config{})
			s.answers[askSense] = []string{senseOf(c)}
			err = p.Move(t.Context(), printer.PositionPrint)
			switch {
			case supplies(class):
				if printer.ClassOf(err) != printer.ClassCardPosition { // moved, and the script's card does not come
					t.Errorf("%v: %v", c, err)
				}
			case printer.ClassOf(err) != class:
				t.Errorf("%v: %v", c, err)
			}
			if !supplies(class) && len(s.acts()) != 0 {
				t.Errorf("%v: %q", c, s.acts())
			}
			if !strings.Contains(err.Error(), c.String()) && !supplies(class) {
				t.Errorf("%v: the error does not name it: %v", c, err)
			}
		}
	})
}

// A command that fails asks for the sense and ends with its class.
func TestEveryCodeOfAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for c, class := range classOf {
			s := &script{answers: answersOf(nil)}
			p := opened(t, s, Config{})
			s.answers["31010000040000020000"] = []string{bad}
			s.answers[askSense] = []string{senseOf(0), senseOf(0), senseOf(c)}
			if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != class {
				t.Errorf("%v: %v", c, err)
			}
		}
		s := &script{answers: answersOf(map[string][]string{"31010000040000020000": {bad}})}
		p := opened(t, s, Config{})
		if err := p.Move(t.Context(), printer.PositionContactless); printer.ClassOf(err) != printer.ClassUnknown {
			t.Errorf("without a code: %v", err)
		}
	})
}

// Clear reads codes away; one that stays is met by one reset where no person can mend it, and by none
// where a person must.
func TestClear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for c, class := range classOf {
			for _, stays := range []bool{false, true} {
				s := &script{answers: answersOf(nil)}
				p := opened(t, s, Config{})
				s.answers[askSense] = []string{senseOf(c), senseOf(0)}
				if stays {
					s.answers[askSense] = []string{senseOf(c)}
				}
				err := p.Clear(t.Context())
				fine := !stays || class == printer.ClassNoCards || supplies(class)
				want := class
				if fine {
					want = printer.ClassNone
				}
				if printer.ClassOf(err) != want {
					t.Errorf("%v stays %v: %v", c, stays, err)
				}
				wantResets := 0
				if stays && resets(class) {
					wantResets = 1
				}
				if s.resets != wantResets {
					t.Errorf("%v stays %v: %d resets", c, stays, s.resets)
				}
			}
		}
		s := &script{answers: answersOf(map[string][]string{askPosition: {positionOf(7)}})}
		p := opened(t, s, Config{})
		if err := p.Clear(t.Context()); printer.ClassOf(err) != printer.ClassCardPosition {
			t.Errorf("a card that no sensor sees: %v", err)
		}
	})
}
