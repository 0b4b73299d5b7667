package magicard

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"blanko/fault"
	"blanko/printer"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		want := printer.Capabilities{
			Model: "Enduro", Serial: "46E1234", Firmware: "1.40", Technology: "direct",
			Geometry: printer.Geometry{Columns: 1016, Rows: 642, DPI: 300, Levels: 64}, Panels: "YMCKO",
			TwoSided: true, Hopper: 100, PrintCounter: true, RibbonCounter: true,
		}
		if got := p.Capabilities(); got != want {
			t.Errorf("capabilities\n got %+v\nwant %+v", got, want)
		}
		if _, path := any(p).(printer.Path); path {
			t.Error("a Magicard is no path: it is not known to hold a card at an encoder")
		}
	})
}

// A printer of the other format never answers INF. Its name saves the wait; it does not tell
// whether it prints two sides.
func TestOpenKEE(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"MFG:Magicard;MDL:Tango 2e;", "Ultra printer"} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{id: id, answers: tango(nil)}
			start := time.Now()
			p := opened(t, s, Config{TwoSided: true, Ribbon: "YMCKOK"})
			c := p.Capabilities()
			if c.Serial != "T42" || c.Firmware != "2.01" || !c.TwoSided || !c.RibbonCounter || c.Panels != "YMCKO" {
				t.Errorf("capabilities %+v", c)
			}
			named := id != "Ultra printer"
			if waited := time.Since(start); named != (waited < 2*time.Second) {
				t.Errorf("%q: opened after %v", id, waited)
			}
			if want := map[bool]string{true: "tango2e", false: "other-kee"}[named]; p.model.ID != want {
				t.Errorf("model %s, want %s", p.model.ID, want)
			}
		})
	}
}

// A unit that does not tell a value is not asked again; one that does not count cards is of no use.
func TestOpenKEEWithout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{id: "Tango", answers: tango(map[string][]string{"DFR": {""}, "CLP": {""}, "CCP": {""}, "FPP": {""}})}
		p := opened(t, s, Config{})
		st, err := p.Status(t.Context())
		if err != nil || st.Ribbon.Known || st.Counters.RibbonLeft.Known || st.Cleaning.Due.Known || st.Cleaning.Since != printer.Know(8) || st.Ready.Known {
			t.Errorf("%+v, %v", st, err)
		}
		if p.Capabilities().RibbonCounter {
			t.Error("a counter that is not told")
		}
		s = &script{id: "Tango", answers: tango(map[string][]string{"TCQ": {""}})}
		if _, err := Open(t.Context(), s, Config{}); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("no count of cards: %v", err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		cfg   Config
		link  *script
		code  fault.Code
		class printer.Class
	}{
		"a ribbon without format": {Config{Ribbon: "YMCKUV"}, &script{}, settingsWrong.Code, ""},
		"model of another format": {Config{Model: &Model{ID: "x", Format: KEE}}, &script{answers: map[string][]string{"INF": {enduro(nil)}}}, "", printer.ClassComm},
		"a head of another kind":  {Config{}, &script{answers: map[string][]string{"INF": {enduro(map[int]string{fieldHead: "1"})}}}, "", printer.ClassUnsupported},
		"nobody":                  {Config{}, &script{}, "", printer.ClassComm},
		"a cable that is out":     {Config{}, &script{onWrite: func([]byte) error { return errCable }}, "", printer.ClassComm},
	} {
		synctest.Test(t, func(t *testing.T) {
			p, err := Open(t.Context(), v.link, v.cfg)
			if p != nil || v.code != "" && fault.CodeOf(err) != v.code || v.class != "" && printer.ClassOf(err) != v.class {
				t.Errorf("%s: %v, %v", name, p, err)
			}
			if v.code != "" && len(v.link.sent) > 0 {
				t.Errorf("%s: something was sent", name)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Open(ctx, &script{}, Config{}); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled: %v", err)
		}
	})
}

// A host that died inside a plane leaves a printer that says nothing until the plane is full.
func TestOpenFillsABrokenPlane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]string{}}
		s.onWrite = func(p []byte) error {
			if len(p) == KGE2.planeBytes(6)+4 {
				s.answers["INF"] = []string{enduro(map[int]string{fieldMajor: "6", fieldMinor: "2"})}
			}
			return nil
		}
		p := opened(t, s, Config{})
		st, err := p.Status(t.Context())
		if err != nil || st.Error != printer.ClassUnknown || st.Raw != "6/2" {
			t.Errorf("%+v, %v", st, err)
		}
	})
}
