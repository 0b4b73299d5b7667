package magicard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"blanko/fault"
	"blanko/printer"
)

var update = flag.Bool("update", false, "write the files under testdata anew; look at them afterwards")

var geometry = printer.Geometry{Columns: Columns, Rows: Rows, DPI: DPI, Levels: Levels}

func panel(letter byte, dots []byte) printer.Panel {
	levels := 2
	if strings.IndexByte("YMC", letter) >= 0 {
		levels = Levels
	}
	return printer.Panel{Letter: letter, Levels: levels, Dots: dots}
}

var (
	rampDots  = landscape(ramp)
	ruledDots = landscape(ruled)
	noDots    = make([]byte, Columns*Rows)
)

func front(panels ...printer.Panel) printer.Panels {
	return printer.Panels{Geometry: geometry, Front: printer.Side{Panels: panels}}
}

func ymcko() printer.Panels {
	return front(panel('Y', rampDots), panel('M', rampDots), panel('C', rampDots), panel('K', ruledDots), panel('O', drawn(whole)))
}

// counting is a unit that counts a card when the last byte of a job has come, and answers each time
// with the newest count.
func counting(s *script, pages int) {
	done, cards := 0, 1200
	s.onWrite = func(p []byte) error {
		if len(p) > 10_000 && p[len(p)-1] == end {
			if done++; done%pages == 0 {
				cards++
			}
			s.answers["INF"] = []string{enduro(map[int]string{fieldCards: fmt.Sprint(cards)})}
			s.answers["TCQ"] = []string{fmt.Sprint(cards)}
		}
		return nil
	}
}

// told writes a job so that a person can read it: planes as their size and hash.
func told(job []byte) string {
	var out strings.Builder
	for len(job) > 0 {
		n := bytes.IndexByte(job, start)
		fmt.Fprintf(&out, "<05> x %d <01>\n", n)
		job = job[n+1:]
		head, rest, _ := bytes.Cut(job, []byte{endOfText})
		fmt.Fprintf(&out, "%s\n<1C> header of %d bytes\n", head, len(head))
		job = rest
		for w := range bytes.SplitSeq(head, []byte{','}) {
			var size int
			var letter rune
			if n, _ := fmt.Sscanf(string(w), "SZ%c%d", &letter, &size); n != 2 {
				continue
			}
			fmt.Fprintf(&out, "%c: %d bytes, SHA-256 %x, then % X\n", letter, size, sha256.Sum256(job[:size]), job[size:size+3])
			job = job[size+3:]
		}
		fmt.Fprintf(&out, "<%02X>\n", job[0])
		job = job[1:]
	}
	return out.String()
}

// Whole jobs. The hashes of the ramp and of the ruled plane are those of TestWholePlanes; the
// black job is the smallest that the filter's rules allow, 97,723 bytes with a header of 117.
func TestGoldenJobs(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		model, ribbon string
		firmware      string
		job           printer.Panels
		back          *printer.Side
	}{
		"enduro-black":        {"enduro", "K", "", front(panel('K', ruledDots)), nil},
		"enduro-ymcko":        {"enduro", "YMCKO", "1.40", ymcko(), nil},
		"enduro-two-sides":    {"enduro", "YMCKOK", "1.40", ymcko(), &printer.Side{Panels: []printer.Panel{panel('K', ruledDots)}}},
		"enduro-color-alone":  {"enduro", "YMCKO", "1.40", front(panel('Y', rampDots), panel('K', noDots)), nil},
		"enduro-chip-hole":    {"enduro", "KO", "1.40", front(panel('K', ruledDots), panel('O', drawn(whole, area{90, 295, 260, 450}))), nil},
		"riopro-overlay-only": {"riopro", "YMCKO", "1.40", front(panel('O', drawn(area{10, 20, 1000, 600}))), nil},
		"tango-ymcko":         {"tango2e", "YMCKO", "2.01", ymcko(), nil},
		"rio2e-black":         {"rio2e", "KO", "2.01", front(panel('K', ruledDots), panel('O', noDots)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: tango(map[string][]string{"INF": {enduro(map[int]string{fieldFirmware: v.firmware})}, "VRS": {v.firmware}})}
				m := modelOf(t, v.model)
				pages := 1
				if v.job.Back = v.back; v.back != nil {
					pages = 2
				}
				p := opened(t, s, Config{Model: m, Ribbon: v.ribbon, Now: func() time.Time { return time.Unix(0x69000000, 0) }})
				counting(s, pages)
				if err := p.Print(t.Context(), v.job); err != nil {
					t.Fatal(err)
				}
				var job []byte
				for _, w := range s.sent {
					if !bytes.Contains(w, []byte("REQ,")) {
						job = append(job, w...)
					}
				}
				if v.model == "enduro" && v.ribbon == "K" && len(job) != 97_723 {
					t.Errorf("%d bytes", len(job))
				}
				file := filepath.Join("testdata", "jobs", name+".txt")
				got := told(job)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil || got != string(want) {
					t.Errorf("%v: the job is not the one of %s:\n%s", err, file, got)
				}
			})
		})
	}
}

// The smallest job's header, as it is worked out from the filter.
func TestBlackHeader(t *testing.T) {
	t.Parallel()
	const want = ",NOC1,VER1.0,LANENG,TDT69000000,RSPDEF,COEH,KGE2,DPXOFF,PAG1,IMFK,XCO0,YCO0,WID1016,HGT642,OVROFF,ICC0,DDD50,SZK97536"
	got := topic{model: modelOf(t, "enduro"), at: time.Unix(0x69000000, 0)}.header(page{planes: []plane{{'K', make([]byte, 97_536)}}}, 1)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The count of printed cards decides, however long it takes and whatever else is said.
func TestPrintedByTheCount(t *testing.T) {
	t.Parallel()
	at := func(over map[int]string) string { return enduro(over) }
	type fields = map[int]string
	for name, v := range map[string]struct {
		answers []string // after the job
		class   printer.Class
		takes   time.Duration // at least
	}{
		"at once":               {[]string{at(fields{9: "1201"})}, printer.ClassNone, 0},
		"after a while":         {[]string{at(nil), at(nil), at(nil), at(fields{9: "1201"})}, printer.ClassNone, 3 * time.Second},
		"silent while it works": {[]string{"", "", "", "", at(fields{9: "1201"})}, printer.ClassNone, 8 * time.Second},
		"done, with an error":   {[]string{at(fields{9: "1201", 19: "2"})}, printer.ClassNone, 0},
		"an error":              {[]string{at(nil), at(fields{19: "3", 20: "1"})}, printer.ClassUnknown, time.Second},
		"film out":              {[]string{at(fields{19: "4", 23: "300"})}, printer.ClassRibbonOut, 0},
		"the last of the film":  {[]string{at(fields{23: "300"}), at(fields{9: "1201", 23: "300"})}, printer.ClassNone, time.Second},
		"two cards":             {[]string{at(fields{9: "1202"})}, printer.ClassUnknown, 0},
		"a count that falls":    {[]string{at(fields{9: "1199"})}, printer.ClassUnknown, 0},
		"never":                 {[]string{at(nil)}, printer.ClassUnknown, 3 * time.Minute},
		"never an answer":       {[]string{""}, printer.ClassComm, 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				p := opened(t, s, Config{})
				s.onWrite = func(w []byte) error {
					if len(w) > 10_000 {
						s.answers["INF"] = slices.Clone(v.answers)
					}
					return nil
				}
				start := time.Now()
				err := p.Print(t.Context(), front(panel('K', ruledDots)))
				if printer.ClassOf(err) != v.class || err != nil && fault.KindOf(err) != fault.InDoubt {
					t.Errorf("%s, %v", fault.KindOf(err), err)
				}
				if took := time.Since(start); took < v.takes || took > v.takes+time.Minute {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// Up to the first plane a failure is of kind Device, from there on in doubt; nothing is printed
// before Clear, which takes the job out of the printer.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		write int // number of the write that fails, from 1
		kind  fault.Kind
	}{"question": {1, fault.Device}, "header": {2, fault.Device}, "first plane": {3, fault.InDoubt}, "last plane": {6, fault.InDoubt}, "while it works": {7, fault.InDoubt}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				p := opened(t, s, Config{})
				n := 0
				s.onWrite = func([]byte) error {
					if n++; n == v.write {
						return errCable
					}
					return nil
				}
				err := p.Print(t.Context(), ymcko())
				if fault.KindOf(err) != v.kind || printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, errCable) {
					t.Errorf("%s, %v", fault.KindOf(err), err)
				}
				counting(s, 1)
				s.acts()
				if v.write > 1 {
					if err := p.Print(t.Context(), ymcko()); fault.KindOf(err) != fault.Device {
						t.Errorf("before Clear: %v", err)
					}
					same(t, "before Clear", s.acts(), nil)
					if err := p.Clear(t.Context()); err != nil {
						t.Fatal(err)
					}
					same(t, "Clear", s.acts(), []string{"RST", "EJT"})
				}
				if err := p.Print(t.Context(), ymcko()); err != nil {
					t.Errorf("after Clear: %v", err)
				}
				if acts := s.acts(); (acts[0] == "EJT") != (v.write > 1) || !slices.Equal(acts[len(acts)-4:], []string{"plane B", "plane G", "plane R", "plane K"}) {
					t.Errorf("after Clear: %q", acts)
				}
			})
		})
	}
}

func TestPrintCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := opened(t, s, Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := p.Print(ctx, ymcko())
		if fault.KindOf(err) != fault.InDoubt || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while it works: %s, %v", fault.KindOf(err), err)
		}
		if err := p.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.sent = nil
		err = p.Print(ctx, ymcko())
		if fault.KindOf(err) != fault.Device || !errors.Is(err, context.DeadlineExceeded) || len(s.sent) != 0 {
			t.Errorf("before it began: %s, %v, %d writes", fault.KindOf(err), err, len(s.sent))
		}
	})
}

// What cannot be printed is refused with nothing sent.
func TestPrintRefuses(t *testing.T) {
	t.Parallel()
	chip := area{90, 295, 260, 450}
	withBack := ymcko()
	withBack.Back = &printer.Side{Panels: []printer.Panel{panel('K', ruledDots)}}
	deep := panel('C', rampDots)
	deep.Levels = 128
	short := panel('K', ruledDots[1:])
	for name, v := range map[string]struct {
		cfg  Config
		keys bool
		job  printer.Panels
		code fault.Code
	}{
		"another geometry":        {Config{}, false, printer.Panels{Geometry: printer.Geometry{Columns: 1016, Rows: 648, DPI: 300, Levels: 64}}, printer.FaceSizeWrong.Code},
		"no panel":                {Config{}, false, front(), printer.NothingToPrint.Code},
		"no ink":                  {Config{}, false, front(panel('K', noDots), panel('O', noDots)), printer.NothingToPrint.Code},
		"128 levels":              {Config{}, false, front(deep), printer.PanelsUnsupported.Code},
		"a panel cut short":       {Config{}, false, front(short), printer.FaceSizeWrong.Code},
		"color on a black ribbon": {Config{Ribbon: "KO"}, false, ymcko(), printer.PanelsUnsupported.Code},
		"order of the ribbon":     {Config{}, false, front(panel('K', ruledDots), panel('Y', rampDots)), printer.PanelsUnsupported.Code},
		"two holes":               {Config{}, false, front(panel('K', ruledDots), panel('O', drawn(whole, chip, area{600, 1, 700, 9}))), printer.PanelsUnsupported.Code},
		"two sides on one":        {Config{}, true, withBack, printer.PanelsUnsupported.Code},
		"color behind YMCKOK": {Config{Ribbon: "YMCKOK"}, false, printer.Panels{
			Geometry: geometry, Front: ymcko().Front, Back: &printer.Side{Panels: []printer.Panel{panel('Y', rampDots)}},
		}, printer.PanelsUnsupported.Code},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				if v.keys {
					s.answers = tango(nil)
				}
				p := opened(t, s, v.cfg)
				s.sent = nil
				if err := p.Print(t.Context(), v.job); fault.CodeOf(err) != v.code || fault.KindOf(err) != fault.Invalid || len(s.sent) != 0 {
					t.Errorf("%v, %d writes", err, len(s.sent))
				}
			})
		})
	}
}

// A printer that goes on to show an error is reset with the first, second, fourth and eighth call
// of Clear, and at once when the error is another's job.
func TestClear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		jam := enduro(map[int]string{fieldMajor: "3", fieldMinor: "1"})
		s := &script{}
		p := opened(t, s, Config{})
		if err := p.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "nothing to clear", s.acts(), nil)
		for round := range 2 {
			s.answers["INF"] = []string{jam}
			resets := 0
			for range 16 {
				if err := p.Clear(t.Context()); printer.ClassOf(err) != printer.ClassUnknown {
					t.Fatalf("got %v", err)
				}
				resets += len(s.acts()) / 2
			}
			if resets != 5 {
				t.Errorf("round %d: %d resets", round, resets)
			}
			s.answers["INF"] = []string{enduro(nil)}
			if err := p.Clear(t.Context()); err != nil {
				t.Error(err)
			}
		}
		// A printer that starts says nothing for a while.
		s.answers["INF"] = []string{jam, "", "", "", "", "", enduro(nil)}
		if err := p.Clear(t.Context()); err != nil {
			t.Error(err)
		}
		same(t, "a slow start", s.acts(), []string{"RST", "EJT"})
		s.answers["INF"] = []string{jam, ""}
		if err := p.Clear(t.Context()); printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("no start: %v", err)
		}
	})
}

// A whole YMCKO side: five panels looked at, packed, framed.
func BenchmarkSide(b *testing.B) {
	for _, id := range []string{"enduro", "tango2e"} {
		b.Run(id, func(b *testing.B) {
			p := &Printer{model: modelOf(b, id), front: "YMCKO", back: "YMCKO"}
			job := ymcko()
			for b.Loop() {
				sides, err := p.check(job)
				if err != nil {
					b.Fatal(err)
				}
				p.pack(sides, headDefault)
			}
		})
	}
}
