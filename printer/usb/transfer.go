package usb

import (
	"context"
	"sync"
	"time"

	"blanko/fault"
	"blanko/printer"
)

// chunk is how much goes into one transfer. What usbfs may hold for all devices is 16 MB; small pieces
// leave less in doubt when one breaks, and cost more.
const chunk = 64 << 10

// room is how much one transfer from the printer may bring: whole packets, more than any answer has. Less
// room than a packet is an overflow.
const room = 16 << 10

// grace is how long a transfer may take to end after its context did. After that the device, or its
// host controller, does not answer the request to drop it.
const grace = time.Second

// sender takes bytes, and tells how many it took.
type sender interface {
	WriteContext(ctx context.Context, p []byte) (int, error)
}

// receiver gives bytes as they come.
type receiver interface {
	ReadContext(ctx context.Context, p []byte) (int, error)
}

// send sends all of p in chunks and returns how many bytes the printer has acknowledged. A transfer that
// took less than was offered goes on where it ended. What a broken one took is not known and not counted.
func send(ctx context.Context, w *watch, to sender, p []byte) (acknowledged int, err error) {
	for acknowledged < len(p) {
		if err := ctx.Err(); err != nil {
			return acknowledged, err
		}
		piece := p[acknowledged:min(len(p), acknowledged+chunk)]
		n, err := w.run(ctx, func() (int, error) { return to.WriteContext(ctx, piece) })
		if err != nil {
			return acknowledged, err
		}
		if n <= 0 || n > len(piece) {
			return acknowledged, errNothing
		}
		acknowledged += n
	}
	return acknowledged, nil
}

// receive waits for at least one byte. Bytes that came just before the context ended are handed out:
// the printer does not say them again.
func receive(ctx context.Context, w *watch, from receiver, p []byte) (int, error) {
	for {
		n, err := w.run(ctx, func() (int, error) { return from.ReadContext(ctx, p) })
		switch {
		case n > 0 && ctx.Err() != nil:
			return n, nil
		case err != nil || n > 0:
			return n, err
		}
	}
}

// watch releases a caller from a transfer that does not end. Once that has happened nothing is sent any
// more: the transfer still owns its buffer and the endpoint.
type watch struct {
	mu    sync.Mutex
	stuck chan struct{} // closed when the transfer that did not end has ended; nil: there was none
}

// run carries a transfer out. It returns at the latest one grace after the context ended.
func (w *watch) run(ctx context.Context, transfer func() (int, error)) (int, error) {
	if w.isStuck() {
		return 0, errStuck
	}
	type result struct {
		n   int
		err error
	}
	done, over := make(chan result, 1), make(chan struct{})
	go func() {
		defer close(over)
		n, err := transfer()
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return r.n, cause(ctx, r.err)
	case <-ctx.Done():
	}
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case r := <-done:
		return r.n, cause(ctx, r.err)
	case <-t.C:
		w.mu.Lock()
		w.stuck = over
		w.mu.Unlock()
		return 0, errStuck
	}
}

func (w *watch) isStuck() bool { return w.over() != nil }

// over is closed when the transfer that did not end has ended; nil: there was none.
func (w *watch) over() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stuck
}

// cause is why a transfer ended: the caller's own wish, where that came first. libusb tells it as a
// canceled transfer.
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// refused is the fault of a link on which nothing was begun.
func refused(op string, err error) error {
	return printer.Fault(printer.ClassComm).At(op, err)
}

// broken is the fault of a transfer that had begun: its outcome is unknown.
func broken(op string, err error) error {
	e := printer.Fault(printer.ClassComm).At(op, err)
	e.Kind = fault.InDoubt
	return e
}

// idText reads the IEEE 1284 text out of the answer to GET_DEVICE_ID: two bytes of length, themselves
// counted, big-endian; some printers count little-endian. Empty: there is none.
func idText(b []byte) string {
	if len(b) <= 2 {
		return ""
	}
	length := int(b[0])<<8 | int(b[1])
	if length > len(b) {
		length = int(b[1])<<8 | int(b[0])
	}
	return string(b[2:min(len(b), max(length, 2))])
}
