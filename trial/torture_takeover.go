package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	"blanko/store"
)

// A line is taken over while its station lives: another process begins to run it, as where the claim of the first was
// lost or its lock removed. Either the cables and the people of the line are at the other one from then on, and the ousted one lives
// on for a while with its ledger alone; or the ousted one still has its cables when the other begins a session, and must
// leave the card in its path alone.

// oust lets another program take the line of a life over.
func (t *torture) oust(i int, l *life) error {
	withCables := t.intn(2) == 0
	if withCables {
		if err := t.begin(i); err != nil {
			return err
		}
	}
	select {
	case l.ousted <- withCables:
	default: // it has already
	}
	return nil
}

// begin begins a session of a line, as another program on the machine of its station.
func (t *torture) begin(i int) error {
	ctx := context.Background()
	if t.kept != nil {
		_, _, err := registry.New(t.kept, registry.Config{Office: office}, nil).Unsettled(ctx, t.line(i), jobs.Session{})
		if passing(err) { // its connections were cut: it comes later
			return nil
		}
		return err
	}
	now := func() time.Time { return batchStart.Add(time.Since(t.began) + t.skews[i]) }
	st, err := store.Open(ctx, t.victim.SQLite, store.WithClock(now), labRoot())
	if err != nil {
		return err
	}
	_, _, err = registry.New(st, registry.Config{Office: office}, nil).Unsettled(ctx, t.line(i), jobs.Session{})
	return errors.Join(err, st.Close())
}

// atLine reports whether an act is one of the line itself, and not of the desk beside it.
func atLine(c call) bool {
	return !c.Desk && slices.Contains([]string{"write", "read", "transmit", "sleep", "look"}, c.Act)
}

// left is what the world says to a program whose line another one has.
func left(ctx context.Context, c call) (reply, error) {
	if c.Act == "sleep" {
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		}
		return reply{}, ctx.Err()
	}
	return reply{}, machine.ErrUnplugged
}

// leftFor is the longest time that an ousted program lives on.
const leftFor = 4 * time.Second

// leave lets an ousted program live on for a while. It may end by itself, also for want of its printer; what it must not
// do is to go on with the line.
func (t *torture) leave(id jobs.LineID, cmd *exec.Cmd, waited <-chan error, told *tail) {
	var err error
	select {
	case err = <-waited:
	case <-time.After(time.Duration(t.intn(int(leftFor)))):
		_ = cmd.Process.Kill()
		err = <-waited
	}
	if wentOn(err) {
		t.differ(fmt.Sprintf(stillThere, id), told.String())
	}
}

// stillThere is the difference of a station that went on.
const stillThere = "station of %s went on with a line that another program had taken over"

// wentOn reports whether a station ended since it went on with a line whose session was over.
func wentOn(err error) bool {
	exit, is := errors.AsType[*exec.ExitError](err)
	return is && exit.ExitCode() == exitDisobeyed
}

// outlived is how a life ended that another program had ousted before it sat down.
const outlived = "taken over"

// exitDisobeyed is the status of a station that went on with a line whose session was over.
const exitDisobeyed = 4

// errOusted says that another program has the line of a station.
var errOusted = errors.New("another program has taken the line over")

// watched is a book that ends its process where a line gets an order, or leave for an act, after its session was over.
type watched struct {
	personalize.Book
	lines     func(context.Context) ([]jobs.Line, error)
	disobeyed func(what string)

	mu      sync.Mutex
	session jobs.Session
	told    bool // that it is over
}

func (b *watched) Unsettled(ctx context.Context, line jobs.LineID, held jobs.Session) (jobs.Session, []jobs.Entry, error) {
	b.mu.Lock()
	told := b.told
	b.mu.Unlock()
	over := b.over(ctx)
	s, list, err := b.Book.Unsettled(ctx, line, held)
	if told && over && err == nil {
		b.disobeyed("a session of its own again")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.session, b.told = s, false
	return s, list, err
}

// over reports whether the session that began last here is over.
func (b *watched) over(ctx context.Context) bool {
	b.mu.Lock()
	s := b.session
	b.mu.Unlock()
	lines, err := b.lines(ctx)
	over := err == nil && s.Epoch > 0 && slices.ContainsFunc(lines, func(l jobs.Line) bool { return l.ID == s.Line && s.Holds(l) != nil })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told = b.told || over
	return over
}

func (b *watched) Next(ctx context.Context, s jobs.Session) (jobs.Order, error) {
	over := b.over(ctx)
	o, err := b.Book.Next(ctx, s)
	if over && err == nil {
		b.disobeyed("an order")
	}
	return o, err
}

func (b *watched) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	over := b.over(ctx)
	err := b.Book.Intend(ctx, o, s, e)
	if over && err == nil {
		b.disobeyed("leave to " + string(s))
	}
	return err
}

func disobeyed(what string) {
	fmt.Fprintln(os.Stderr, "a line that was taken over got", what)
	os.Exit(exitDisobeyed)
}
