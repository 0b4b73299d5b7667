package magicard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"blanko/printer"
)

// wire has one request in flight at a time and keeps answers and requests in step.
type wire struct {
	link   printer.Link
	times  Timeouts
	in     replies
	lost   bool // an answer is owed: what comes next may belong to an earlier request
	halted bool // an endpoint may be
}

// halter is a link whose endpoints can be freed again, such as one over USB.
type halter interface {
	ClearHalt(ctx context.Context, in bool) error
}

// free clears endpoints that were halted, before a request. A job is never sent on by it.
func (w *wire) free(ctx context.Context) error {
	h, ok := w.link.(halter)
	if !ok || !w.halted {
		return nil
	}
	for _, in := range []bool{false, true} {
		if err := h.ClearHalt(ctx, in); err != nil {
			return err
		}
	}
	w.halted = false
	return nil
}

// noAnswer is a request whose answer did not come.
type noAnswer struct {
	request string
	err     error
	silent  bool // the link is well, the printer says nothing
}

func (e *noAnswer) Error() string { return fmt.Sprintf("%s: no answer: %v", e.request, e.err) }
func (e *noAnswer) Unwrap() error { return e.err }

// silent tells an error that a printer which is busy may have caused.
func silent(err error) bool {
	e, ok := errors.AsType[*noAnswer](err)
	return ok && e.silent
}

var errBabble = errors.New("the printer does not stop talking")

// tries is how often a request is sent that is not answered (filter).
const tries = 2

// maxStray bounds the answers that are thrown away at once, and the rounds of it.
const maxStray = 64

// ask sends a request until it is answered, at most twice.
func (w *wire) ask(ctx context.Context, name string, frame []byte, fits func(string) bool) (string, error) {
	var last error
	for range tries {
		text, err := w.once(ctx, name, frame, fits)
		if err == nil || !silent(err) {
			return text, err
		}
		last = err
	}
	return "", last
}

// once sends a request and waits for an answer that fits. Where an answer was owed, what comes may be
// that one: the request is sent again until its answer is the last thing that the printer says.
func (w *wire) once(ctx context.Context, name string, frame []byte, fits func(string) bool) (string, error) {
	if err := w.free(ctx); err != nil {
		return "", &noAnswer{name, printer.Because(ctx, err), false}
	}
	for range maxStray {
		owed := w.lost
		if owed {
			if _, err := w.drain(ctx, name); err != nil {
				return "", err
			}
		}
		text, err := w.exchange(ctx, name, frame, fits)
		if err != nil || !owed {
			return text, err
		}
		w.lost = true
		more, err := w.drain(ctx, name)
		if err != nil {
			return "", err
		}
		if more == 0 {
			w.lost = false
			return text, nil
		}
	}
	return "", &noAnswer{name, errBabble, false}
}

func (w *wire) exchange(ctx context.Context, name string, frame []byte, fits func(string) bool) (string, error) {
	within, cancel := context.WithTimeout(ctx, w.times.Reply)
	defer cancel()
	if err := within.Err(); err != nil {
		return "", &noAnswer{name, err, false}
	}
	w.lost = true
	fail := func(err error) error {
		w.halted = w.halted || errors.Is(err, printer.ErrStall)
		return &noAnswer{name, printer.Because(ctx, err), within.Err() != nil && ctx.Err() == nil}
	}
	if err := w.link.Write(within, frame); err != nil {
		return "", fail(err)
	}
	for {
		text, err := w.in.next(within, w.link)
		if err != nil {
			return "", fail(err)
		}
		if fits(text) {
			w.lost = false
			return text, nil
		}
	}
}

// send writes a part of a job or a simple command.
func (w *wire) send(ctx context.Context, p []byte) error {
	within, cancel := context.WithTimeout(ctx, w.times.Job)
	defer cancel()
	if err := within.Err(); err != nil {
		return err
	}
	if err := w.link.Write(within, p); err != nil {
		w.lost, w.halted = true, w.halted || errors.Is(err, printer.ErrStall)
		return printer.Because(ctx, err)
	}
	return nil
}

// fill sends as many lead-in bytes as the longest plane has, with what ends it: a printer that a
// broken link left inside a plane waits for the rest of it. Lead-in bytes are nothing between jobs,
// and the page is not printed for them, since no plane ends in them.
func (w *wire) fill(ctx context.Context) error {
	return w.send(ctx, bytes.Repeat([]byte{leadIn}, KGE2.planeBytes(colorBits)+len(planeTail('K', true))))
}

// drain reads until nothing comes for the time Quiet, and counts what came.
func (w *wire) drain(ctx context.Context, name string) (int, error) {
	for n := range maxStray {
		within, cancel := context.WithTimeout(ctx, w.times.Quiet)
		_, err := w.in.next(within, w.link)
		quiet := within.Err() != nil
		cancel()
		switch {
		case err == nil, errors.Is(err, errReplyTooLong):
		case ctx.Err() != nil:
			return n, &noAnswer{name, printer.Because(ctx, err), false}
		case quiet:
			w.in.rest = nil
			return n, nil
		default:
			return n, &noAnswer{name, err, false}
		}
	}
	return maxStray, &noAnswer{name, errBabble, false}
}

// Timeouts bound the waits, in real time but for Print, Restart and Poll, which are on the clock of
// Config.Sleep. Zero values are the defaults.
type Timeouts struct {
	Reply   time.Duration // answer to a request: 2 s (filter)
	Job     time.Duration // one plane: 60 s, since a printer may take the back only when the front is done
	Print   time.Duration // from the last byte of a job to the counter: 3 min
	Restart time.Duration // after RST: 60 s
	Poll    time.Duration // between two looks at a printer that works: 1 s
	Quiet   time.Duration // nothing comes any more: 300 ms; only after trouble and when opening
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&t.Reply, 2 * time.Second},
		{&t.Job, time.Minute},
		{&t.Print, 3 * time.Minute},
		{&t.Restart, time.Minute},
		{&t.Poll, time.Second},
		{&t.Quiet, 300 * time.Millisecond},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	return t
}
