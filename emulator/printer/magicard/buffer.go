package magicard

import (
	"context"
	"errors"
	"time"

	"blanko/emulator/printer"
)

// Limits of the memory between host and printer.
const (
	inputLimit  = 4 << 20  // Write waits while more than this is not yet taken
	outputLimit = 64 << 10 // answers beyond this that nobody reads are lost
)

// errGone ends the reading of a job or request whose host is gone.
var errGone = errors.New("the host is gone")

// wake tells everybody who waits that something has changed. Called with d.mu held.
func (d *Device) wake() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// empty forgets what is on its way. Called with d.mu held.
func (d *Device) empty() { d.in, d.out, d.held, d.outSize = nil, nil, nil, 0 }

// settle empties the buffers after a power cut or a pulled cable. Called with d.mu held.
func (d *Device) settle() {
	cuts, pulls := d.m.Session()
	if cuts == d.cuts && pulls == d.pulls {
		return
	}
	if cuts != d.cuts {
		d.trouble, d.deaf = nil, false
	}
	if cuts != d.cuts || !d.cfg.KeepStale {
		d.empty()
	}
	d.cuts, d.pulls = cuts, pulls
	d.wake()
}

// session is the time in which a host speaks; what belongs to another one goes to nobody.
type session struct{ cuts, pulls, host int }

// now is the session. Called with d.mu held.
func (d *Device) now() session {
	d.settle()
	if d.cfg.KeepStale { // only power makes the printer forget
		return session{cuts: d.cuts}
	}
	return session{d.cuts, d.pulls, d.host}
}

// wait is what ends a pause in which nothing happens.
func (d *Device) wait(ctx context.Context, changed, machine <-chan struct{}) error {
	select {
	case <-changed:
	case <-machine:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.ctx.Done():
		return printer.ErrClosed
	}
	return nil
}

// Write sends all of p to the printer. It waits while the printer's buffer is full and spends
// the time of the transfer. An error leaves open how much has arrived.
func (d *Device) Write(ctx context.Context, p []byte) error {
	if err := d.online(); err != nil {
		return err
	}
	if bulk := d.m.Model().Timing.Bulk; bulk > 0 {
		if err := d.m.Spend(ctx, time.Duration(len(p))*time.Second/time.Duration(bulk)); err != nil {
			return err
		}
	}
	for {
		machine := d.m.Changed()
		if err := d.online(); err != nil {
			return err
		}
		d.mu.Lock()
		d.settle()
		if len(d.in) < inputLimit {
			d.in = append(d.in, p...)
			for _, b := range d.held {
				d.queue(b)
			}
			d.held = nil
			d.wake()
			d.mu.Unlock()
			return nil
		}
		changed := d.changed
		d.mu.Unlock()
		if err := d.wait(ctx, changed, machine); err != nil {
			return err
		}
	}
}

// Read waits for at least one byte of an answer and returns what has come, at most len(p) and
// at most one answer.
func (d *Device) Read(ctx context.Context, p []byte) (int, error) {
	for len(p) > 0 {
		machine := d.m.Changed()
		if err := d.online(); err != nil {
			return 0, err
		}
		d.mu.Lock()
		d.settle()
		if len(d.out) > 0 {
			n := copy(p, d.out[0])
			d.outSize -= n
			if d.out[0] = d.out[0][n:]; len(d.out[0]) == 0 {
				d.out = d.out[1:]
			}
			d.mu.Unlock()
			return n, nil
		}
		changed := d.changed
		d.mu.Unlock()
		if err := d.wait(ctx, changed, machine); err != nil {
			return 0, err
		}
	}
	return 0, ctx.Err()
}

// take waits for n bytes of the host's and takes them out of the buffer.
func (d *Device) take(s session, n int) ([]byte, error) {
	out := make([]byte, 0, n)
	for {
		machine := d.m.Changed()
		d.mu.Lock()
		if d.now() != s {
			d.mu.Unlock()
			return nil, errGone
		}
		if k := min(n-len(out), len(d.in)); k > 0 {
			full := len(d.in) >= inputLimit
			out = append(out, d.in[:k]...)
			if d.in = d.in[k:]; len(d.in) == 0 {
				d.in = nil
			}
			if full {
				d.wake()
			}
		}
		changed := d.changed
		d.mu.Unlock()
		if len(out) == n {
			return out, nil
		}
		if err := d.wait(d.ctx, changed, machine); err != nil {
			return nil, err
		}
	}
}

// until takes bytes up to the given one, which is taken and not returned; false: there was none
// within the limit.
func (d *Device) until(s session, end byte, limit int) ([]byte, bool, error) {
	var out []byte
	for len(out) <= limit {
		b, err := d.take(s, 1)
		if err != nil {
			return nil, false, err
		}
		if b[0] == end {
			return out, true, nil
		}
		out = append(out, b[0])
	}
	return out, false, nil
}

// queue puts an answer where the host finds it. Called with d.mu held.
func (d *Device) queue(b []byte) {
	if d.outSize+len(b) > outputLimit {
		d.lost++
		return
	}
	d.out = append(d.out, b)
	d.outSize += len(b)
}
