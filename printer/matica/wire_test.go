package matica

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"blanko/printer"
)

// A stall in each phase is cleared on its own endpoint, and the command goes on.
func TestStalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Command: the block is sent again.
		s := &script{answers: answersOf(nil)}
		p := opened(t, s, Config{})
		left := 3
		s.onWrite = func(string) error {
			if left--; left >= 0 {
				return printer.ErrStall
			}
			return nil
		}
		if _, err := p.Position(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(s.clears) != 3 || s.clears[0] {
			t.Errorf("cleared %v", s.clears)
		}
		for _, b := range s.blocks {
			if b[4] != s.blocks[0][4] {
				t.Errorf("another tag: % x", b[4:8])
			}
		}

		// OUT data: not sent again, the status follows.
		s = &script{answers: answersOf(map[string][]string{"1510280020 00": {good}})}
		p = opened(t, s, Config{})
		s.onData = func(string) error { s.owed = 0; s.answers[s.cdb] = []string{bad}; s.answer(); return printer.ErrStall }
		s.answers[askSense] = []string{senseOf(0), senseOf(0), senseOf(0x00052000)}
		if err := p.SetSettings(t.Context(), map[string]string{"transfer-temp": "0"}); printer.ClassOf(err) != printer.ClassUnsupported {
			t.Errorf("got %v", err)
		}
		if len(s.sizes) != 1 || len(s.clears) != 1 || s.clears[0] {
			t.Errorf("%d pieces of data, cleared %v", len(s.sizes), s.clears)
		}
	})
}

// stalling halts the IN endpoint at chosen reads.
type stalling struct {
	*script
	at    func(n int) bool // of the n-th read, from 1
	reads int
}

func (s *stalling) Read(ctx context.Context, p []byte) (int, error) {
	s.reads++
	if s.at(s.reads) {
		return 0, printer.ErrStall
	}
	return s.script.Read(ctx, p)
}

func TestStallsOfReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The status.
		s := &script{answers: answersOf(nil)}
		p := opened(t, s, Config{})
		p.wire.link = &stalling{script: s, at: func(n int) bool { return n == 2 || n == 3 }}
		if pos, err := p.Position(t.Context()); err != nil || pos != printer.Know(printer.PositionNone) {
			t.Errorf("%+v, %v", pos, err)
		}
		if len(s.clears) != 2 || !s.clears[0] {
			t.Errorf("cleared %v", s.clears)
		}
		// The data: none comes, and the status says why.
		s = &script{answers: answersOf(map[string][]string{askPosition: {bad}, askSense: {senseOf(0x0002D300)}})}
		p = opened(t, s, Config{})
		p.wire.link = &stalling{script: s, at: func(n int) bool { return n == 1 }}
		if _, err := p.Position(t.Context()); printer.ClassOf(err) != printer.ClassBusy {
			t.Errorf("got %v", err)
		}
		// For ever: the command is given up.
		s = &script{answers: answersOf(nil)}
		p = opened(t, s, Config{})
		p.wire.link = &stalling{script: s, at: func(int) bool { return true }}
		if _, err := p.Position(t.Context()); printer.ClassOf(err) != printer.ClassComm || !errors.Is(err, printer.ErrStall) || len(s.clears) != maxStalls {
			t.Errorf("%v, %d halts cleared", err, len(s.clears))
		}
	})
}

// An answer in pieces of any size is the same answer.
func TestPieces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, n := range []int{1, 5, 12, 13, 20, 64} {
			s := &script{answers: answersOf(nil), chunk: n}
			p := opened(t, s, Config{})
			if st, err := p.Status(t.Context()); err != nil || st.Counters.Cards != printer.Know(1234) {
				t.Errorf("pieces of %d: %+v, %v", n, st, err)
			}
		}
	})
}

// Data that is short, and a status that is none, are errors of the link; the next command resets the
// device first and is answered.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]string{
			"short data":     "0100",
			"no data":        good,
			"signature":      "=55534243 00000000 00000000 00",
			"tag":            "=55534253 ffffffff 00000000 00",
			"another's data": "=55534253 ffffffff 00000000 00",
			"nothing":        "",
		} {
			s := &script{answers: answersOf(map[string][]string{askPosition: {answer, noCard}})}
			p := opened(t, s, Config{})
			if _, err := p.Position(t.Context()); printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("%s: %v", name, err)
			}
			if pos, err := p.Position(t.Context()); err != nil || pos != printer.Know(printer.PositionNone) {
				t.Errorf("%s: then %+v, %v", name, pos, err)
			}
			want := 1
			if name == "short data" || name == "no data" {
				want = 0 // the status came, nothing is out of step
			}
			if s.resets != want {
				t.Errorf("%s: %d resets", name, s.resets)
			}
		}
	})
}

// A context that is done sends nothing; one that ends within a command leaves the wire to be reset.
func TestContexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(map[string][]string{askPosition: {"", noCard}})}
		p := opened(t, s, Config{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Position(ctx); !errors.Is(err, context.Canceled) || len(s.sent) != 0 {
			t.Errorf("%v, %q", err, s.sent)
		}
		ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if _, err := p.Position(ctx); !errors.Is(err, context.DeadlineExceeded) || printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("%v", err)
		}
		if _, err := p.Position(t.Context()); err != nil || s.resets != 1 {
			t.Errorf("%v, %d resets", err, s.resets)
		}
	})
}

// The time that each kind of command may take.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, v := range []struct {
			what    string
			cdb     string
			do      func(*Printer) error
			want    time.Duration
			answers map[string][]string
		}{
			{"read", askPosition, func(p *Printer) error { _, err := p.Position(t.Context()); return err }, time.Second, nil},
			{"load", "31010000040000020000", func(p *Printer) error { return p.Move(t.Context(), printer.PositionContactless) }, time.Minute, nil},
			{
				"engage", "32040000000000000000", func(p *Printer) error { return p.Move(t.Context(), printer.PositionContactless) }, 10 * time.Second,
				map[string][]string{askPosition: {positionOf(0), positionOf(2)}},
			},
			{
				"move", "310b0000000000050000", func(p *Printer) error { return p.Eject(t.Context(), printer.TrayOutput) }, 30 * time.Second,
				map[string][]string{askPosition: {positionOf(0)}},
			},
		} {
			answers := answersOf(v.answers)
			s := &script{answers: answers}
			p := opened(t, s, Config{})
			answers[v.cdb] = []string{""}
			began := time.Now()
			if err := v.do(p); printer.ClassOf(err) != printer.ClassComm {
				t.Errorf("%s: %v", v.what, err)
			}
			if took := time.Since(began); took != v.want {
				t.Errorf("%s: %v, want %v", v.what, took, v.want)
			}
		}
	})
}

// What the host before left unread is not taken for an answer.
func TestOpenDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: answersOf(nil)}
		s.queue = [][]byte{make([]byte, 20), unhex("55534253 01000000 00000000 01")}
		p := opened(t, s, Config{})
		if c := p.Capabilities(); c.Model != "XID580ie" || s.resets != 0 {
			t.Errorf("%+v, %d resets", c, s.resets)
		}
		// A device that waits for the rest of a panel takes the first command for it.
		s = &script{answers: answersOf(nil), owed: 600_000}
		s.onData = func(string) error { return nil }
		if _, err := Open(t.Context(), s, Config{}); err != nil || s.resets != 1 {
			t.Errorf("%v, %d resets", err, s.resets)
		}
		// One that never stops is no printer.
		if _, err := Open(t.Context(), &babbler{s}, Config{}); printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("%v", err)
		}
	})
}

type babbler struct{ *script }

func (*babbler) Read(_ context.Context, p []byte) (int, error) { return len(p), nil }
