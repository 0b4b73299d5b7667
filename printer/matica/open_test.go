package matica

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"blanko/fault"
	"blanko/printer"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, v := range map[string]struct {
			answers map[string][]string
			cfg     Config
			want    printer.Capabilities
		}{
			"300 dpi": {nil, Config{HoldAfterPrint: true}, printer.Capabilities{
				Model: "XID580ie", Geometry: printer.Geometry{Columns: 1036, Rows: 664, DPI: 300, Levels: 256}, HoldAfterPrint: true, ReturnAfterPrint: true,
				TwoSided: true, FlipCommand: true, Contactless: true, Hopper: 100, FeedCounter: true,
			}},
			"600 dpi": {map[string][]string{askInquiry: {inquiryOf("XID8600\x00")}, askParameters: {parametersOf(600, 2072, 1328, nil)}}, Config{Fitted: &Fitted{}}, printer.Capabilities{
				Model: "XID8600", Geometry: printer.Geometry{Columns: 2072, Rows: 1328, DPI: 600, Levels: 256}, FeedCounter: true,
			}},
		} {
			s := &script{answers: answersOf(v.answers)}
			p := opened(t, s, v.cfg)
			v.want.Serial, v.want.Firmware, v.want.Technology, v.want.Panels, v.want.RejectTray = "12345678", "V2.31 A7", "retransfer", "YMCK", true
			if got := p.Capabilities(); got != v.want {
				t.Errorf("%s: capabilities\n got %+v\nwant %+v", name, got, v.want)
			}
			if len(s.acts()) != 0 {
				t.Errorf("%s: opening moves: %q", name, s.acts())
			}
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wrongModel := Model{ID: "x", Name: "X", Match: []string{"X"}, Columns: 1000, Rows: 600, DPI: 300, Total: TotalFed}
		for name, v := range map[string]struct {
			answers map[string][]string
			cfg     Config
			code    fault.Code
		}{
			"no such setting":     {nil, Config{Settings: map[string]string{"volume": "1"}}, settingsWrong.Code},
			"no such value":       {nil, Config{Settings: map[string]string{"transfer-temp": "170"}}, settingsWrong.Code},
			"cleaning":            {nil, Config{CleaningEvery: -1}, settingsWrong.Code},
			"another model":       {map[string][]string{askInquiry: {inquiryOf("XID8300")}}, Config{}, "printer.unsupported"},
			"another image":       {map[string][]string{askParameters: {parametersOf(300, 1036, 648, nil)}}, Config{}, "printer.unsupported"},
			"another resolution":  {map[string][]string{askParameters: {parametersOf(600, 1036, 664, nil)}}, Config{}, "printer.unsupported"},
			"another data file":   {nil, Config{Model: &wrongModel}, "printer.unsupported"},
			"parameters are none": {map[string][]string{askParameters: {parametersOf(0, 0, 0, nil)}}, Config{}, "printer.comm"},
			"nobody":              {map[string][]string{askInquiry: {""}, askReady: {""}}, Config{}, "printer.comm"},
		} {
			s := &script{answers: answersOf(v.answers)}
			p, err := Open(t.Context(), s, v.cfg)
			if fault.CodeOf(err) != v.code || p != nil {
				t.Errorf("%s: %v", name, err)
			}
			if v.code == settingsWrong.Code && len(s.sent) != 0 {
				t.Errorf("%s: sent %q", name, s.sent)
			}
		}
		if _, err := Open(t.Context(), plainLink{}, Config{}); fault.CodeOf(err) != settingsWrong.Code {
			t.Errorf("a link that clears no halt: %v", err)
		}
	})
}

// plainLink cannot do what a bulk-only device needs.
type plainLink struct{ printer.Link }

// A printer that stands with a fault is opened, and tells it.
func TestOpenWithFault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for c, class := range map[Code]printer.Class{codeDoorOpen: printer.ClassCoverOpen, 0x00039500: printer.ClassJam, 0x0002DA00: printer.ClassHeating, codeNoCards: printer.ClassNoCards} {
			s := &script{answers: answersOf(map[string][]string{askSense: {senseOf(codeReset), senseOf(c)}})}
			p := opened(t, s, Config{})
			st, err := p.Status(t.Context())
			if err != nil || st.Error != class || st.Ready != printer.Know(false) {
				t.Errorf("%v: %+v, %v", c, st, err)
			}
		}
	})
}

// What a printer that answers nothing but its sense does not tell is not known.
func TestStatusUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refuse := []string{bad}
		s := &script{answers: answersOf(nil)}
		p := opened(t, s, Config{})
		for _, c := range []string{askPosition, askRibbon, askCounters, askParameters} {
			s.answers[c] = refuse
		}
		s.answers[askSense] = []string{senseOf(0x0002DA00)}
		st, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := printer.Status{Ready: printer.Know(false), Busy: printer.Know(true), Error: printer.ClassHeating, Raw: "0002DA00"}
		if st != want {
			t.Errorf("\n got %+v\nwant %+v", st, want)
		}
	})
}

// What is known of ribbon, film and cleaning, and what is not.
func TestStatusSupplies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(nil)}
		p := opened(t, s, Config{})
		st, err := p.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ribbon := printer.Ribbon{Type: "YMCK", Total: printer.Know(500), Lot: printer.Know("AB1234"), Fits: printer.Know(true)}
		if st.Ribbon != printer.Know(ribbon) || st.Counters != (printer.Counters{Cards: printer.Know(1234)}) {
			t.Errorf("ribbon %+v, counters %+v", st.Ribbon, st.Counters)
		}
		if st.Film != printer.Know(printer.Film{Type: "1000", Total: printer.Know(1000)}) {
			t.Errorf("film %+v", st.Film)
		}
		if st.Cleaning != (printer.Cleaning{Since: printer.Know(84)}) || st.Output.Known || st.Reject.Known {
			t.Errorf("%+v", st)
		}
		if c, err := p.Counts(t.Context()); err != nil || c != (Counts{1234, 766, 1234, 84, 2}) {
			t.Errorf("counts %+v, %v", c, err)
		}
		for every, due := range map[int]bool{84: true, 85: false} {
			p := opened(t, &script{answers: answersOf(nil)}, Config{CleaningEvery: every})
			st, err := p.Status(t.Context())
			if err != nil || st.Cleaning.Limit != printer.Know(every) || st.Cleaning.Due != printer.Know(due) || (st.Error == printer.ClassCleaningDue) != due {
				t.Errorf("every %d: %+v, %v", every, st, err)
			}
			if st.Ready != printer.Know(true) {
				t.Errorf("a cleaning that is due hinders nothing yet: %+v", st)
			}
		}
		for ink, known := range map[byte]bool{4: true, 5: true, 9: false, 0xFF: false} {
			page := unhex(answersOf(nil)[askRibbon][0])
			page[6] = ink
			p := opened(t, &script{answers: answersOf(map[string][]string{askRibbon: {pad(page, ribbonSize)}})}, Config{})
			if st, err := p.Status(t.Context()); err != nil || st.Ribbon.Known != known {
				t.Errorf("ink %d: %+v, %v", ink, st.Ribbon, err)
			}
		}
	})
}

// The printer is waited for while it says that it is busy, heating or cooling, within its patience.
func TestWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for c, limit := range map[Code]time.Duration{
			0x0002D300: 2 * time.Minute, 0x0002D400: 2 * time.Minute, 0x0002DB00: 2 * time.Minute,
			0x0002DA00: 10 * time.Minute, 0x0002F600: 10 * time.Minute,
			0x0002C200: 15 * time.Minute, 0x0002F000: 15 * time.Minute, 0x0002F300: 15 * time.Minute, 0x0002F800: 15 * time.Minute,
		} {
			s := &script{answers: answersOf(map[string][]string{askPosition: {positionOf(2), noCard}})}
			p := opened(t, s, Config{})
			began := time.Now()
			s.answers[askSense] = []string{senseOf(c)}
			s.onWrite = func(string) error {
				if time.Since(began) >= limit/2 {
					s.answers[askSense] = []string{senseOf(0)}
				}
				return nil
			}
			if err := p.Eject(t.Context(), printer.TrayReject); err != nil {
				t.Errorf("%v: %v", c, err)
			}
			if took := time.Since(began); took < limit/2 || took > limit/2+time.Second {
				t.Errorf("%v: waited %v", c, took)
			}
			s = &script{answers: answersOf(map[string][]string{askPosition: {positionOf(0)}})}
			p = opened(t, s, Config{})
			s.answers[askSense] = []string{senseOf(c)}
			began = time.Now()
			err := p.Eject(t.Context(), printer.TrayReject)
			if printer.ClassOf(err) != c.Class() || fault.KindOf(err) != printer.Fault(c.Class()).Kind || len(s.acts()) != 0 {
				t.Errorf("%v for ever: %v, %q", c, err, s.acts())
			}
			if took := time.Since(began); took < limit || took > limit+time.Second {
				t.Errorf("%v: gave up after %v, want %v", c, took, limit)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := p.Eject(ctx, printer.TrayReject); err == nil || ctx.Err() == nil {
				t.Errorf("%v: canceled: %v", c, err)
			}
			cancel()
		}
	})
}

// Settings that are not those of the line stop it before a card is fed, and before one is printed.
func TestSettingsDrift(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		right, wrong := parametersOf(300, 1036, 664, map[int]byte{0x25: 2}), parametersOf(300, 1036, 664, map[int]byte{0x25: 4})
		s := &script{answers: answersOf(map[string][]string{askParameters: {right}})}
		p := opened(t, s, Config{Settings: map[string]string{"transfer-temp": "0"}})
		s.answers[askParameters] = []string{wrong}
		st, err := p.Status(t.Context())
		if err != nil || st.Ready != printer.Know(false) {
			t.Errorf("%+v, %v", st, err)
		}
		for _, do := range []func() error{
			func() error { return p.Move(t.Context(), printer.PositionContactless) },
			func() error { return p.Print(t.Context(), small('K')) },
		} {
			err := do()
			if !fault.Is(err, settingsDrifted) || fault.KindOf(err) != fault.Device || len(s.acts()) != 0 {
				t.Errorf("%v, %q", err, s.acts())
			}
		}
		// A card that is inside already can go out.
		s.answers[askPosition] = []string{positionOf(0), noCard}
		if err := p.Eject(t.Context(), printer.TrayReject); err != nil {
			t.Error(err)
		}
		s.answers[askParameters] = []string{right}
		s.answers[askPosition] = []string{noCard, positionOf(0)}
		if err := p.Move(t.Context(), printer.PositionPrint); err != nil {
			t.Error(err)
		}
	})
}

// The counter "total" is evidence of a feed as long as it follows the feeds.
func TestFeedCounter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		counts := func(total byte) string {
			b := unhex(someCounts)
			b[11] = total
			return pad(b, countersSize)
		}
		const loading = "31010000040000000000"
		for name, v := range map[string]struct {
			total  []string
			answer string
			code   Code
			want   bool
		}{
			"follows":                       {[]string{counts(1), counts(2)}, good, 0, true},
			"stands still":                  {[]string{counts(1)}, good, 0, false},
			"jumps":                         {[]string{counts(1), counts(3)}, good, 0, false},
			"failed, stands still":          {[]string{counts(1)}, bad, 0x00039000, false},
			"failed, moved":                 {[]string{counts(1), counts(2)}, bad, 0x00039300, true},
			"no cards":                      {[]string{counts(1)}, bad, codeNoCards, true},
			"no answer, so nothing is read": {[]string{counts(1)}, "", 0, false},
		} {
			s := &script{answers: answersOf(map[string][]string{askCounters: v.total, askPosition: {noCard, positionOf(0)}})}
			p := opened(t, s, Config{})
			s.answers[loading] = []string{v.answer}
			if v.code != 0 {
				s.answers[askSense] = []string{senseOf(0), senseOf(0), senseOf(v.code)}
			}
			_ = p.Move(t.Context(), printer.PositionPrint)
			if got := p.Capabilities().FeedCounter; got != v.want {
				t.Errorf("%s: believed %v", name, got)
			}
			c, err := p.Counters(t.Context())
			if err != nil || c.Cards.Known != v.want {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		}
		// A failure before the first feed leaves it open; the feed that is made then decides.
		s := &script{answers: answersOf(map[string][]string{
			askCounters: {counts(1), counts(1), counts(1), counts(2)}, askPosition: {noCard, noCard, positionOf(0)}, loading: {bad, good},
		})}
		p := opened(t, s, Config{})
		s.answers[askSense] = []string{senseOf(0), senseOf(0), senseOf(codeDoorOpen), senseOf(0)}
		if err := p.Move(t.Context(), printer.PositionPrint); printer.ClassOf(err) != printer.ClassCoverOpen {
			t.Fatal(err)
		}
		if p.Capabilities().FeedCounter {
			t.Error("believed before a feed was seen")
		}
		if err := p.Move(t.Context(), printer.PositionPrint); err != nil {
			t.Fatal(err)
		}
		if !p.Capabilities().FeedCounter {
			t.Error("not believed after a feed was seen")
		}
		// A model whose counter is not known has no evidence.
		m := *p.model
		m.Total = TotalUnknown
		p = opened(t, &script{answers: answersOf(nil)}, Config{Model: &m})
		if c, err := p.Counters(t.Context()); err != nil || c != (printer.Counters{}) || p.Capabilities().FeedCounter {
			t.Errorf("%+v, %v", c, err)
		}
	})
}
