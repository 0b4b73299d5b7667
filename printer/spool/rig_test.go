package spool_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/internal/rig"
	"blanko/printer"
	"blanko/printer/spool"
)

// poll is a quick look at a job, for tests.
const poll = 10 * time.Millisecond

// queue is a printer at the end of a real CUPS.
func queue(t *testing.T, o rig.CUPSOptions) (*rig.PrintServer, *rig.CardDevice, spool.Config) {
	t.Helper()
	s := rig.CUPS(t, o)
	d := rig.NewCardDevice(t)
	s.Queue(t, "card", d.URI(), "abort-job")
	return s, d, spool.Config{Server: s.Address, Queue: "card", TwoSided: true, Poll: poll, Patience: time.Minute}
}

func open(t *testing.T, cfg spool.Config) *spool.Printer {
	t.Helper()
	p, err := spool.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// face has a gradient in each color and a black frame.
func face(t *testing.T, twoSided bool) printer.Panels {
	t.Helper()
	g := spool.ID1
	picture, mask := image.NewNRGBA(image.Rect(0, 0, g.Columns, g.Rows)), image.NewGray(image.Rect(0, 0, g.Columns, g.Rows))
	for y := range g.Rows {
		for x := range g.Columns {
			picture.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: uint8(x + y), A: 255})
			if x < 5 || y < 5 {
				mask.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	side, err := printer.Separate(picture, mask, g, "YMCK")
	if err != nil {
		t.Fatal(err)
	}
	p := printer.Panels{Job: "00112233445566778899aabbccddeeff", Geometry: g, Front: side}
	if twoSided {
		back, err := printer.Separate(nil, mask, g, "K")
		if err != nil {
			t.Fatal(err)
		}
		p.Back = &back
	}
	return p
}

// pages decodes CUPS raster, version 3, with the test's own reader.
func pages(t *testing.T, job []byte) [][]byte {
	t.Helper()
	if !bytes.HasPrefix(job, []byte("RaS3")) {
		t.Fatalf("a job of %d bytes is no raster", len(job))
	}
	job = job[4:]
	var out [][]byte
	for len(job) > 0 {
		if len(job) < 1796 {
			t.Fatalf("%d bytes are no header", len(job))
		}
		line, rows := binary.BigEndian.Uint32(job[392:]), binary.BigEndian.Uint32(job[376:])
		n := int(line * rows)
		if len(job) < 1796+n {
			t.Fatalf("a page of %d bytes ends after %d", n, len(job)-1796)
		}
		out = append(out, job[1796:1796+n])
		job = job[1796+n:]
	}
	return out
}

// TestPrintedDots: what comes out at the printer is the artwork, black exact and each color within
// one level, on both sides.
func TestPrintedDots(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{})
	p := open(t, cfg)
	want := face(t, true)
	if err := p.Print(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	jobs := d.Jobs()
	if len(jobs) != 1 {
		t.Fatalf("%d jobs at the printer", len(jobs))
	}
	got := pages(t, jobs[0])
	if len(got) != 2 {
		t.Fatalf("%d pages", len(got))
	}
	for n, side := range []printer.Side{want.Front, *want.Back} {
		black := make([]bool, spool.ID1.Columns*spool.ID1.Rows)
		for _, panel := range side.Panels {
			if panel.Letter == 'K' {
				for i, v := range panel.Dots {
					black[i] = v != 0
				}
			}
		}
		for i, k := range black {
			dot := got[n][3*i : 3*i+3]
			if isBlack := dot[0] == 0 && dot[1] == 0 && dot[2] == 0; k && !isBlack {
				t.Fatalf("side %d dot %d is %v, want black", n, i, dot)
			}
		}
		for _, panel := range side.Panels {
			c := strings.IndexByte("CMY", panel.Letter)
			for i, v := range panel.Dots {
				if c < 0 || black[i] {
					continue
				}
				if level := 255 - int(got[n][3*i+c]); level-int(v) > 1 || int(v)-level > 1 {
					t.Fatalf("side %d panel %c dot %d: %d, want %d", n, panel.Letter, i, level, v)
				}
			}
		}
	}
	st, err := p.Status(t.Context())
	if err != nil || !st.Counters.Job.Known {
		t.Errorf("status %+v, %v: the job's number is evidence", st, err)
	}
	if kept := s.Spooled(t); len(kept) > 0 {
		t.Errorf("pictures stay behind: %v", kept)
	}
}

// TestPicturesAreWiped: a server that keeps files for a day is told to forget each job.
func TestPicturesAreWiped(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{KeepFiles: true})
	p := open(t, cfg)
	for n := range 2 {
		if err := p.Print(t.Context(), face(t, false)); err != nil {
			t.Fatal(err)
		}
		if kept := s.Spooled(t); len(kept) > 0 {
			t.Errorf("after job %d pictures stay behind: %v", n+1, kept)
		}
	}
	if n := len(d.Jobs()); n != 2 {
		t.Errorf("%d jobs at the printer, want 2", n)
	}
}

// TestQueuesRefused: nothing is printed through a queue that repeats jobs, that nobody knows, that
// takes no picture, or that is elsewhere.
func TestQueuesRefused(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{})
	s.Queue(t, "again", d.URI(), "retry-job")
	s.Queue(t, "halt", d.URI(), "stop-printer")
	for _, c := range []struct {
		change func(*spool.Config)
		want   fault.Code
	}{
		{func(c *spool.Config) { c.Queue = "again" }, spool.PolicyWrong.Code},
		{func(c *spool.Config) { c.Queue = "halt" }, spool.PolicyWrong.Code},
		{func(c *spool.Config) { c.Queue = "nobody" }, spool.QueueUnknown.Code},
		{func(c *spool.Config) { c.Server = "192.0.2.1:631" }, spool.NotHere.Code},
		{func(c *spool.Config) { c.Server = "print.example:631" }, spool.NotHere.Code},
		{func(c *spool.Config) { c.Server = "/no/such/socket" }, "printer.comm"},
	} {
		changed := cfg
		c.change(&changed)
		if _, err := spool.Open(t.Context(), changed); fault.CodeOf(err) != c.want {
			t.Errorf("%s %s: %v, want %s", changed.Server, changed.Queue, err, c.want)
		}
	}

	// Somebody changes the policy while the station runs.
	p := open(t, cfg)
	s.Policy(t, "card", "retry-job")
	if err := p.Print(t.Context(), face(t, false)); fault.CodeOf(err) != spool.PolicyWrong.Code {
		t.Errorf("print with another policy: %v", err)
	}
	s.Policy(t, "card", "abort-job")
	if n := len(d.Jobs()); n != 0 {
		t.Errorf("%d jobs at the printer, want none", n)
	}
	if err := p.Print(t.Context(), face(t, false)); err != nil {
		t.Errorf("after the policy is mended: %v", err)
	}
}

// TestCutIsNeverSentAgain: a printer that drops the connection in the middle of a job leaves a
// doubt, or the spooler calls the job complete, since its last bytes were on their way; in neither
// case does the job come a second time.
func TestCutIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	_, d, cfg := queue(t, rig.CUPSOptions{})
	p := open(t, cfg)
	d.Set(rig.DeviceMode{Cut: 100_000})
	if err := p.Print(t.Context(), face(t, false)); err != nil && fault.KindOf(err) != fault.InDoubt {
		t.Errorf("print into a cut: %v (kind %v), want in doubt", err, fault.KindOf(err))
	}
	d.Set(rig.DeviceMode{})
	if err := p.Print(t.Context(), face(t, false)); err != nil { // the queue is usable, and empty
		t.Errorf("the next card: %v", err)
	}
	if n := len(d.Jobs()); n != 2 {
		t.Errorf("%d jobs at the printer, want the cut one and the next", n)
	}
}

// TestStalled: a printer that takes nothing more is a doubt after the line's patience, and when
// the line is told to stop; the job leaves the queue.
func TestStalled(t *testing.T) {
	t.Parallel()
	_, d, cfg := queue(t, rig.CUPSOptions{})
	cfg.Patience = 20 * poll
	p := open(t, cfg)
	d.Set(rig.DeviceMode{Stall: true})
	err := p.Print(t.Context(), face(t, false))
	if fault.CodeOf(err) != spool.JobUnknown.Code || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("print into a stall: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cfg.Patience = time.Minute
	looks := 0
	cfg.Sleep = func(ctx context.Context, _ time.Duration) error {
		if looks++; looks == 3 {
			cancel()
		}
		return ctx.Err()
	}
	d.Set(rig.DeviceMode{}) // lets the first job's remains go
	d.Set(rig.DeviceMode{Stall: true})
	stopped := open(t, cfg)
	if err := settled(t, stopped); err != nil {
		t.Fatal(err)
	}
	if err := stopped.Print(ctx, face(t, false)); !errors.Is(err, context.Canceled) {
		t.Errorf("print, told to stop: %v", err)
	}
	d.Set(rig.DeviceMode{})
	if err := settled(t, p); err != nil {
		t.Fatal(err)
	}
	if err := p.Print(t.Context(), face(t, false)); err != nil {
		t.Errorf("the next card: %v", err)
	}
}

// settled waits until the queue is idle again.
func settled(t *testing.T, p *spool.Printer) error {
	t.Helper()
	for {
		st, err := p.Status(t.Context())
		if err != nil || st.Busy.Known && !st.Busy.Value {
			return err
		}
	}
}

// TestNeverBegun: a job that waited in a stopped queue and was taken out has printed nothing, and
// the line may print the card later.
func TestNeverBegun(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{})
	p := open(t, cfg)
	s.Disable(t, "card")
	err := p.Print(t.Context(), face(t, false))
	if fault.KindOf(err) == fault.InDoubt || printer.ClassOf(err) != printer.ClassBusy {
		t.Errorf("print on a stopped queue: %v", err)
	}
	st, err := p.Status(t.Context())
	if err != nil || !st.Ready.Known || st.Ready.Value {
		t.Errorf("status of a stopped queue: %+v, %v", st, err)
	}
	s.Enable(t, "card")
	if n := len(d.Jobs()); n != 0 {
		t.Errorf("%d jobs at the printer", n)
	}
	if err := p.Print(t.Context(), face(t, false)); err != nil {
		t.Error(err)
	}
}

// TestServerGone: a server that dies while the job is under way leaves a doubt; one that is gone
// before leaves none.
func TestServerGone(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{})
	looks := 0
	cfg.Sleep = func(ctx context.Context, _ time.Duration) error {
		if looks++; looks == 1 {
			s.Kill()
		}
		return ctx.Err()
	}
	p := open(t, cfg)
	d.Set(rig.DeviceMode{Stall: true})
	if err := p.Print(t.Context(), face(t, false)); fault.CodeOf(err) != spool.JobUnknown.Code {
		t.Errorf("print while the server dies: %v", err)
	}
	d.Set(rig.DeviceMode{})
	if err := p.Print(t.Context(), face(t, false)); printer.ClassOf(err) != printer.ClassComm || fault.KindOf(err) == fault.InDoubt {
		t.Errorf("print without a server: %v", err)
	}
	if _, err := p.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("status without a server: %v", err)
	}
}

// TestFileQueue: "completed" of a queue that writes nowhere is no proof; the counters that would
// prove a print stay unknown.
func TestFileQueue(t *testing.T) {
	t.Parallel()
	s, _, cfg := queue(t, rig.CUPSOptions{})
	s.Queue(t, "nowhere", "file:"+os.DevNull, "abort-job")
	cfg.Queue = "nowhere"
	p := open(t, cfg)
	if err := p.Print(t.Context(), face(t, false)); err != nil {
		t.Fatal(err)
	}
	st, err := p.Status(t.Context())
	if err != nil || st.Counters.Panels.Known || st.Counters.Cards.Known || st.Counters.RibbonLeft.Known {
		t.Errorf("a spooler's counters: %+v, %v", st.Counters, err)
	}
	if c := p.Capabilities(); c.PrintCounter || c.FeedCounter || c.HoldAfterPrint || c.Contactless || c.RejectTray {
		t.Errorf("a spooler claims %+v", c)
	}
}

// TestPanelsRefused: what does not fit the queue is refused before anything is sent.
func TestPanelsRefused(t *testing.T) {
	t.Parallel()
	_, d, cfg := queue(t, rig.CUPSOptions{})
	cfg.TwoSided = false
	p := open(t, cfg)
	small := face(t, false)
	small.Geometry.Rows--
	short := face(t, false)
	short.Front.Panels[0].Dots = short.Front.Panels[0].Dots[1:]
	for name, c := range map[string]struct {
		panels printer.Panels
		want   fault.Code
	}{
		"two sides":     {face(t, true), printer.PanelsUnsupported.Code},
		"another size":  {small, printer.FaceSizeWrong.Code},
		"missing dots":  {short, printer.PanelsUnsupported.Code},
		"nothing on it": {printer.Panels{Geometry: spool.ID1}, printer.NothingToPrint.Code},
	} {
		if err := p.Print(t.Context(), c.panels); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if n := len(d.Jobs()); n != 0 {
		t.Errorf("%d jobs at the printer", n)
	}
}

// TestServerComesBack: a server that died begins its last job anew when it is started again. That job was
// given up, so it is taken out of the queue before anything else, lest it be printed on the next card.
func TestServerComesBack(t *testing.T) {
	t.Parallel()
	s, d, cfg := queue(t, rig.CUPSOptions{})
	looks := 0
	cfg.Sleep = func(ctx context.Context, _ time.Duration) error {
		if looks++; looks == 1 {
			s.Kill()
		}
		return ctx.Err()
	}
	p := open(t, cfg)
	d.Set(rig.DeviceMode{Stall: true})
	if err := p.Print(t.Context(), face(t, false)); fault.CodeOf(err) != spool.JobUnknown.Code {
		t.Fatalf("print while the server dies: %v", err)
	}
	s.Restart(t)
	if err := settled(t, p); err != nil { // the printer takes nothing yet: the job would stay
		t.Fatal(err)
	}
	d.Set(rig.DeviceMode{})
	if err := p.Print(t.Context(), face(t, false)); err != nil {
		t.Fatal(err)
	}
	if left := s.Spooled(t); len(left) > 0 {
		t.Errorf("pictures stay behind: %v", left)
	}
}

// TestRulesBrokenMeanwhile: a queue that breaks the rules is not ready, so that nothing is fed for it.
func TestRulesBrokenMeanwhile(t *testing.T) {
	t.Parallel()
	s, _, cfg := queue(t, rig.CUPSOptions{})
	p := open(t, cfg)
	s.Policy(t, "card", "retry-job")
	st, err := p.Status(t.Context())
	if err != nil || st.Ready != printer.Know(false) || st.Error == printer.ClassNone || st.Raw != string(spool.PolicyWrong.Code) {
		t.Errorf("with another policy: %+v, %v", st, err)
	}
	if err := p.Print(t.Context(), face(t, false)); fault.KindOf(err) != fault.Device { // nothing was sent
		t.Errorf("print with another policy: %v, %v", fault.KindOf(err), err)
	}
	s.Policy(t, "card", "abort-job")
	if st, err := p.Status(t.Context()); err != nil || st.Ready.Known || st.Error != printer.ClassNone {
		t.Errorf("mended: %+v, %v", st, err)
	}
}
