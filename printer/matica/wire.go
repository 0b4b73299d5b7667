package matica

import (
	"context"
	"errors"
	"fmt"
	"time"

	"blanko/printer"
)

// port is what this family needs of its link beside printer.Link. Both are quick; the context
// bounds them.
type port interface {
	// ClearHalt clears the halt of the IN or the OUT endpoint.
	ClearHalt(ctx context.Context, in bool) error
	// Reset resets the USB device; the link stays usable.
	Reset(ctx context.Context) error
}

// wire has one command in flight at a time and keeps answers and commands in step.
type wire struct {
	link   printer.Link
	port   port
	times  Timeouts
	tag    uint32
	lost   bool // what comes next may belong to an earlier command: a reset is needed
	ours   bool // the next code of a restart tells of our own reset
	resets int  // counts resets
}

// noAnswer is a command whose status did not come: what it did is unknown.
type noAnswer struct {
	command string
	err     error
}

func (e *noAnswer) Error() string { return fmt.Sprintf("%s: no answer: %v", e.command, e.err) }
func (e *noAnswer) Unwrap() error { return e.err }

// maxStalls is how often a halt is cleared within one command (XID server).
const maxStalls = 10

var errStalls = errors.New("the endpoint halts again and again")

// run sends a command and reads its answer. good is the status; began tells that bytes of an OUT
// phase may have reached the printer. With an error the printer is in no known state until the next
// command, which resets the device first.
func (w *wire) run(ctx context.Context, c command) (data []byte, good, began bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, false, &noAnswer{c.name, err}
	}
	if w.lost {
		if err := w.resync(ctx); err != nil {
			return nil, false, false, &noAnswer{c.name, err}
		}
	}
	return w.exchange(ctx, c, w.times.of(c.pace))
}

// exchange is one command: block, data, status (Bulk-Only Transport 1.0, section 5.3).
func (w *wire) exchange(ctx context.Context, c command, limit time.Duration) (data []byte, good, began bool, err error) {
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	t := &transfer{wire: w, ctx: within}
	w.tag++
	w.lost = true
	data, good, began, err = t.whole(c)
	if err != nil {
		return nil, false, began, &noAnswer{c.name, printer.Because(ctx, err)}
	}
	w.lost = false
	return data, good, began, nil
}

// transfer is one command on its way.
type transfer struct {
	*wire
	ctx    context.Context
	stalls int
}

func (t *transfer) whole(c command) (data []byte, good, began bool, err error) {
	for {
		err := t.link.Write(t.ctx, block(t.tag, c.in+len(c.out), c.in > 0, c.cdb))
		if err == nil {
			break
		}
		if err := t.cleared(err, false); err != nil {
			return nil, false, false, err
		}
	}
	var status []byte
	switch {
	case len(c.out) > 0:
		// A stalled data phase is followed by the status all the same.
		if err := t.link.Write(t.ctx, c.out); err != nil {
			if err := t.cleared(err, false); err != nil {
				return nil, false, true, err
			}
		}
		began = true
	case c.in > 0:
		if data, status, err = t.data(c.in); err != nil {
			return nil, false, false, err
		}
	}
	for len(status) < statusSize {
		piece, err := t.piece(statusSize - len(status))
		if err != nil {
			return nil, false, began, err
		}
		status = append(status, piece...)
	}
	good, err = parseStatus(status, t.tag)
	return data, good, began, err
}

// data reads an IN phase. A device that gives less ends it by a halt or by its status, and a link may
// hand over both at once.
func (t *transfer) data(size int) (data, status []byte, err error) {
	for len(data) < size {
		buf := make([]byte, size-len(data)+statusSize)
		n, err := t.link.Read(t.ctx, buf)
		if err != nil {
			return data, nil, t.cleared(err, true)
		}
		switch {
		case n == 0:
			return data, nil, errShort
		case isStatus(buf[:n], t.tag):
			return data, buf[:n], nil
		}
		n, rest := min(n, size-len(data)), buf[min(n, size-len(data)):n]
		data, status = append(data, buf[:n]...), rest
	}
	return data, status, nil
}

// piece reads a part of a status.
func (t *transfer) piece(size int) ([]byte, error) {
	for {
		buf := make([]byte, size)
		n, err := t.link.Read(t.ctx, buf)
		if err == nil && n == 0 {
			err = errShort
		}
		if err == nil {
			return buf[:n], nil
		}
		if err := t.cleared(err, true); err != nil {
			return nil, err
		}
	}
}

// cleared clears a halt; every other error stays.
func (t *transfer) cleared(err error, in bool) error {
	if !errors.Is(err, printer.ErrStall) {
		return err
	}
	if t.stalls++; t.stalls > maxStalls {
		return errors.Join(errStalls, err)
	}
	return t.port.ClearHalt(t.ctx, in)
}

// resync resets the device and waits until it answers: a motion that was begun goes on meanwhile.
func (w *wire) resync(ctx context.Context) error {
	if err := w.reset(ctx); err != nil {
		return err
	}
	_, _, _, err := w.exchange(ctx, testUnitReady, w.times.Move)
	return err
}

func (w *wire) reset(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, w.times.Reset)
	defer cancel()
	w.ours = true
	w.resets++
	return printer.Because(ctx, w.port.Reset(within))
}

// maxStray bounds the transfers that are thrown away when a printer is opened.
const maxStray = 64

// drain drops what the host before left unread.
func (w *wire) drain(ctx context.Context) error {
	buf := make([]byte, parametersSize+inquirySize)
	for range maxStray {
		within, cancel := context.WithTimeout(ctx, w.times.Quiet)
		_, err := w.link.Read(within, buf)
		silent := within.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return printer.Because(ctx, err)
		case silent:
			return nil
		case errors.Is(err, printer.ErrStall): // nothing comes from a halted endpoint
			within, cancel := context.WithTimeout(ctx, w.times.Command)
			defer cancel()
			return w.port.ClearHalt(within, true)
		case err != nil:
			return err
		}
	}
	return errors.New("the printer does not stop talking")
}

// Timeouts bound the wait for an answer, in real time. Zero values are the defaults, which are those
// of the XID server where it has them.
type Timeouts struct {
	Command time.Duration // reads: 1 s
	Engage  time.Duration // 10 s
	Move    time.Duration // moves, transfers, print: 30 s
	Load    time.Duration // 60 s
	Panel   time.Duration // one panel of 2.7 MB, over a cable of 12 Mbit/s as well: 30 s
	Reset   time.Duration // of the USB device: 10 s
	Quiet   time.Duration // nothing comes any more, when a printer is opened: 100 ms
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&t.Command, time.Second},
		{&t.Engage, 10 * time.Second},
		{&t.Move, 30 * time.Second},
		{&t.Load, time.Minute},
		{&t.Panel, 30 * time.Second},
		{&t.Reset, 10 * time.Second},
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
	case engages:
		return t.Engage
	case motion:
		return t.Move
	case feeding:
		return t.Load
	case panels:
		return t.Panel
	}
	return t.Command
}
