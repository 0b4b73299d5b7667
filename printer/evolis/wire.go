package evolis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"blanko/printer"
)

// wire has one command in flight at a time and keeps answers and commands in step.
type wire struct {
	link   printer.Link
	times  Timeouts
	in     replies
	serial reply
	lost   bool // an answer is owed: what comes next may belong to an earlier command
	broken bool // the link failed since the setup
	halted bool // an endpoint may be
}

// halter is a link whose endpoints can be freed again, such as one over USB.
type halter interface {
	ClearHalt(ctx context.Context, in bool) error
}

// free clears endpoints that were halted. What was sent before is never sent on by it.
func (w *wire) free(ctx context.Context) error {
	h, ok := w.link.(halter)
	if !ok || !w.halted {
		return nil
	}
	for _, in := range []bool{false, true} {
		if err := h.ClearHalt(ctx, in); err != nil {
			return printer.Because(ctx, err)
		}
	}
	w.halted = false
	return nil
}

// noAnswer is a command whose answer did not come: what it did is unknown.
type noAnswer struct {
	command string
	err     error
}

func (e *noAnswer) Error() string { return fmt.Sprintf("%s: no answer: %v", e.command, e.err) }
func (e *noAnswer) Unwrap() error { return e.err }

var (
	errUnfit  = errors.New("the answer is none for this read")
	errBabble = errors.New("the printer does not stop talking")
	errNobody = errors.New("no printer of this family answers")
)

// ask sends a command and returns its answer, fault texts included. A read whose answer does
// not fit is asked once more (Rrt answers a stray OK at times) and fails with errUnfit; a
// command's is waited for, answers that do not fit are late ones of others.
func (w *wire) ask(ctx context.Context, c command) (reply, error) {
	if !c.read() {
		return w.tell(ctx, c, c.frame())
	}
	for range 2 {
		if err := w.inStep(ctx); err != nil {
			return "", &noAnswer{c.text, err}
		}
		r, err := w.exchange(ctx, c, c.frame(), func(reply) bool { return true })
		if err != nil {
			return "", err
		}
		if c.fits(r) {
			return r, nil
		}
		w.lost = true
		if err := w.drain(ctx); err != nil {
			return "", &noAnswer{c.text, err}
		}
		w.lost = false
	}
	return "", errUnfit
}

// tell sends a command in the given frame and waits for OK or a fault text.
func (w *wire) tell(ctx context.Context, c command, frame []byte) (reply, error) {
	if err := w.inStep(ctx); err != nil {
		return "", &noAnswer{c.text, err}
	}
	return w.exchange(ctx, c, frame, c.fits)
}

func (w *wire) exchange(ctx context.Context, c command, frame []byte, fits func(reply) bool) (reply, error) {
	within, cancel := context.WithTimeout(ctx, w.times.of(c.pace))
	defer cancel()
	if err := within.Err(); err != nil {
		return "", &noAnswer{c.text, err}
	}
	w.lost = true
	fail := func(err error) error {
		w.broken = w.broken || within.Err() == nil
		w.halted = w.halted || errors.Is(err, printer.ErrStall)
		return &noAnswer{c.text, printer.Because(ctx, err)}
	}
	if err := w.link.Write(within, frame); err != nil {
		return "", fail(err)
	}
	for {
		r, err := w.in.next(within, w.link)
		if err != nil {
			return "", fail(err)
		}
		if fits(r) {
			w.lost = false
			return r, nil
		}
	}
}

// inStep makes sure that the next answer belongs to the next command.
func (w *wire) inStep(ctx context.Context) error {
	if !w.lost {
		return nil
	}
	if err := w.free(ctx); err != nil {
		return err
	}
	err := w.greet(ctx)
	var unanswered *noAnswer
	if errors.As(err, &unanswered) && ctx.Err() == nil {
		// A printer that a broken link left inside a panel waits for the rest of it. NUL fills
		// the panel, and is ignored between commands; the panel is not printed for it, since no
		// end of a job follows.
		if w.fill(ctx) == nil {
			err = w.greet(ctx)
		}
	}
	return err
}

func (w *wire) fill(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, w.times.Command)
	defer cancel()
	return w.link.Write(within, make([]byte, panelBytes(bitsOf[maxLevels])+padTo))
}

// greet drops what is on its way and asks for the serial number: answers come in the order
// of the commands, so nothing older follows it. A printer met for the first time must give
// the same number twice, so that no late answer passes for it.
func (w *wire) greet(ctx context.Context) error {
	if err := w.drain(ctx); err != nil {
		return err
	}
	want := w.serial
	for range maxGreetings {
		r, err := w.exchange(ctx, readSerial, readSerial.frame(), func(r reply) bool {
			return w.serial == "" && readSerial.fits(r) || w.serial != "" && r == w.serial
		})
		if err != nil {
			return err
		}
		w.lost = true
		if err := w.drain(ctx); err != nil {
			return err
		}
		if r == want {
			w.serial, w.lost = r, false
			return nil
		}
		want = r
	}
	return errNobody
}

// maxGreetings is how often an unknown printer is asked for its serial number.
const maxGreetings = 4

// maxStray bounds the answers that are thrown away at once.
const maxStray = 64

// drain reads until nothing comes for the time Quiet.
func (w *wire) drain(ctx context.Context) error {
	for range maxStray {
		within, cancel := context.WithTimeout(ctx, w.times.Quiet)
		_, err := w.in.next(within, w.link)
		silent := within.Err() != nil
		cancel()
		switch {
		case err == nil, errors.Is(err, errReplyTooLong):
		case ctx.Err() != nil:
			return printer.Because(ctx, err)
		case silent:
			w.in.rest = nil
			return nil
		default:
			return err
		}
	}
	return errBabble
}

// Timeouts bound the wait for an answer, in real time. Zero values are the defaults.
type Timeouts struct {
	Command time.Duration // parameters and reads: 3 s (published programs wait 2 to 4 s)
	Move    time.Duration // movement, panels, end of a job: 30 s (the vendor's SDK default)
	Clean   time.Duration // the cleaning cycle, five rounds and the operator: 180 s
	Quiet   time.Duration // nothing comes any more: 100 ms; only after trouble and when opening
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&t.Command, 3 * time.Second},
		{&t.Move, 30 * time.Second},
		{&t.Clean, 3 * time.Minute},
		{&t.Quiet, 100 * time.Millisecond},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	return t
}

func (t Timeouts) of(p pace) time.Duration {
	switch p {
	case motion:
		return t.Move
	case cleaning:
		return t.Clean
	}
	return t.Command
}
