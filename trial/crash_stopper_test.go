package trial

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"blanko/applet"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
)

// errKilled is what every port answers once the process has been killed.
var errKilled = errors.New("the process was killed")

// stopper counts the instants of a process: one before and one after every call through one of
// its ports. At a chosen instant the process is killed: a call that had not begun never
// happens, the answer of one that had ended never arrives, and no later call does anything.
type stopper struct {
	at   int    // the instant of death; 0: none
	of   string // of which at is the number: instants with this in their name; empty: all
	kill context.CancelFunc
	// meanwhile is called at every instant, with the world as it is then: persons and the center.
	meanwhile func(n int, what string)

	mu   sync.Mutex
	n    int
	seen int // of those that at counts
	dead bool
	what string // the instant of death
}

// killed reports whether the process has died.
func (s *stopper) killed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// instants is how many have passed.
func (s *stopper) instants() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *stopper) pass(when, what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return errKilled
	}
	s.n++
	if s.meanwhile != nil {
		s.meanwhile(s.n, what)
	}
	if !strings.Contains(what, s.of) {
		return nil
	}
	if s.seen++; s.seen == s.at {
		s.dead, s.what = true, fmt.Sprintf("%d, %s %s", s.n, when, what)
		s.kill()
		return errKilled
	}
	return nil
}

// through makes one call through a port.
func through[T any](s *stopper, what string, call func() (T, error)) (T, error) {
	var none T
	if err := s.pass("before", what); err != nil {
		return none, err
	}
	v, err := call()
	if dead := s.pass("after", what); dead != nil {
		return none, dead
	}
	return v, err
}

func throughErr(s *stopper, what string, call func() error) error {
	_, err := through(s, what, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// stoppedBook is the book as a process sees it that may be killed.
type stoppedBook struct {
	personalize.Book
	*stopper
}

func (b stoppedBook) Next(ctx context.Context, session jobs.Session) (jobs.Order, error) {
	return through(b.stopper, "Next", func() (jobs.Order, error) { return b.Book.Next(ctx, session) })
}

func (b stoppedBook) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	return throughErr(b.stopper, "Intend "+string(s), func() error { return b.Book.Intend(ctx, o, s, e) })
}

func (b stoppedBook) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	return throughErr(b.stopper, "Settle "+string(s)+" "+string(out.Result), func() error { return b.Book.Settle(ctx, o, s, out) })
}

func (b stoppedBook) Unsettled(ctx context.Context, line jobs.LineID, held jobs.Session) (session jobs.Session, list []jobs.Entry, err error) {
	err = throughErr(b.stopper, "Unsettled", func() error {
		session, list, err = b.Book.Unsettled(ctx, line, held)
		return err
	})
	return session, list, err
}

func (b stoppedBook) Found(ctx context.Context, session jobs.Session, chip ktp.ChipUID, holds ktp.AttemptID, tray string) error {
	return throughErr(b.stopper, "Found", func() error { return b.Book.Found(ctx, session, chip, holds, tray) })
}

// stoppedLink is the cable of such a process.
type stoppedLink struct {
	printer.Link
	*stopper
}

func (l stoppedLink) Write(ctx context.Context, p []byte) error {
	name := string(p[1:min(len(p), 8)]) // behind ESC: the mnemonic
	return throughErr(l.stopper, fmt.Sprintf("Write %q", name), func() error { return l.Link.Write(ctx, p) })
}

func (l stoppedLink) Read(ctx context.Context, p []byte) (int, error) {
	return through(l.stopper, "Read", func() (int, error) { return l.Link.Read(ctx, p) })
}

// stopped is the cable of a process that may be killed; that of a bulk-only device stays one.
func stopped(l printer.Link, s *stopper) printer.Link {
	if p, bulk := l.(port); bulk {
		return stoppedBulk{stoppedLink{l, s}, p}
	}
	return stoppedLink{l, s}
}

type stoppedBulk struct {
	stoppedLink
	port port
}

func (l stoppedBulk) ClearHalt(ctx context.Context, in bool) error {
	return throughErr(l.stopper, "ClearHalt", func() error { return l.port.ClearHalt(ctx, in) })
}

func (l stoppedBulk) Reset(ctx context.Context) error {
	return throughErr(l.stopper, "Reset", func() error { return l.port.Reset(ctx) })
}

// stoppedReader is its reader.
type stoppedReader struct {
	applet.Transport
	*stopper
}

func (r stoppedReader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	what := fmt.Sprintf("Transmit %X", capdu[:min(len(capdu), 4)])
	return through(r.stopper, what, func() ([]byte, error) { return r.Transport.Transmit(ctx, capdu) })
}

func (r stoppedReader) Reset(ctx context.Context) ([]byte, error) {
	return through(r.stopper, "Reset", func() ([]byte, error) { return r.Transport.Reset(ctx) })
}

func stoppedLook(s *stopper, look func(context.Context, personalize.Face) (personalize.Verdict, error)) func(context.Context, personalize.Face) (personalize.Verdict, error) {
	return func(ctx context.Context, f personalize.Face) (personalize.Verdict, error) {
		return through(s, "Look", func() (personalize.Verdict, error) { return look(ctx, f) })
	}
}

func stoppedLay(s *stopper, lay func(context.Context, printer.Tray) error) func(context.Context, printer.Tray) error {
	return func(ctx context.Context, tray printer.Tray) error {
		return throughErr(s, "lay "+string(tray), func() error { return lay(ctx, tray) })
	}
}
