package evolis

import (
	"context"
	"time"

	"blanko/emulator/printer"
)

// Limits of the memory between host and printer.
const (
	inputLimit  = 4 << 20  // Write waits while more than this is not yet taken
	outputLimit = 64 << 10 // answers beyond this that nobody reads are lost
)

// wake tells everybody who waits that a buffer has changed. Called with d.mu held.
func (d *Device) wake() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// settle empties the buffers after a power cut or a pulled cable. Called with d.mu held.
func (d *Device) settle() {
	cuts, pulls := d.m.Session()
	if cuts == d.cuts && pulls == d.pulls {
		return
	}
	if cuts != d.cuts {
		d.parser = newParser()
	}
	d.cuts, d.pulls = cuts, pulls
	d.in, d.out, d.held, d.outSize, d.downloads = nil, nil, nil, 0, 0
	d.wake()
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
			at := d.cut(p)
			if at >= 0 {
				p = p[:at]
			}
			d.in = append(d.in, p...)
			if len(p) > 0 && len(d.held) > 0 {
				for _, b := range d.held {
					d.queue(b)
				}
				d.held = nil
			}
			d.wake()
			d.mu.Unlock()
			if at >= 0 {
				d.m.Unplug()
				return printer.ErrUnplugged
			}
			return nil
		}
		changed := d.changed
		d.mu.Unlock()
		select {
		case <-changed:
		case <-machine:
		case <-ctx.Done():
			return ctx.Err()
		case <-d.ctx.Done():
			return printer.ErrClosed
		}
	}
}

// Read waits for at least one byte of an answer and returns what has come, at most len(p) and
// at most one answer.
func (d *Device) Read(ctx context.Context, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, ctx.Err()
	}
	d.mu.Lock()
	d.waiting++
	d.wake()
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.waiting--
		d.mu.Unlock()
	}()
	for {
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
		select {
		case <-changed:
		case <-machine:
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-d.ctx.Done():
			return 0, printer.ErrClosed
		}
	}
}

// drop takes used bytes off the input. Called with d.mu held.
func (d *Device) drop(used int) {
	if used == 0 {
		return
	}
	full := len(d.in) >= inputLimit
	n := copy(d.in, d.in[used:])
	d.in = d.in[:n]
	if full {
		d.wake()
	}
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
