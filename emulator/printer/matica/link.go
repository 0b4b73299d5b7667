package matica

import (
	"context"
	"sync/atomic"
	"time"

	"blanko/emulator/printer"
)

// Write is one OUT transfer, or a part of the data phase: a command block stands alone.
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
		if d.stage != stageWork {
			err := d.take(p)
			d.mu.Unlock()
			return err
		}
		changed := d.changed // it is not ready for the transfer
		d.mu.Unlock()
		if err := wait(ctx, d.ctx, changed, machine); err != nil {
			return err
		}
	}
}

// take is an OUT transfer. Called with d.mu held.
func (d *Device) take(p []byte) error {
	switch {
	case d.haltOut:
		return ErrStall
	case d.stage == stageData:
		return d.takeData(p)
	case d.stage == stageStatus:
		d.note("a command block before the status of the one before was read")
		return d.wedge()
	}
	b, err := parseBlock(p)
	if err != nil {
		d.note("command block: %v", err)
		return d.wedge()
	}
	if f, ok := d.strike(PhaseCommand, b.cdb); ok && f.Kind == KindStall {
		d.haltOut = true
		return ErrStall
	}
	d.taken++
	d.block, d.data = b, nil
	if !b.in && b.length > 0 {
		d.stage = stageData
		return nil
	}
	return d.hand()
}

// takeData is a part of the OUT phase. Called with d.mu held.
func (d *Device) takeData(p []byte) error {
	room := d.block.length - len(d.data)
	if len(p) > room {
		d.note("% x: %d bytes more than announced", d.block.cdb, len(p)-room)
		return d.wedge()
	}
	half := d.block.length / 2
	crosses := len(d.data) <= half && len(d.data)+len(p) > half
	if crosses {
		if f, ok := d.strike(PhaseData, d.block.cdb); ok {
			switch f.Kind {
			case KindLinkLost:
				d.mu.Unlock()
				d.m.Unplug()
				d.mu.Lock()
				d.settle()
				return printer.ErrUnplugged
			case KindStall: // the rest is not wanted; the status follows
				d.data = append(d.data, p...)
				d.haltOut = true
				d.fail(codeCommand)
				d.answer(nil, 1)
				return ErrStall
			}
		}
	}
	d.data = append(d.data, p...)
	if len(d.data) < d.block.length {
		return nil
	}
	return d.hand()
}

// hand gives the command to the firmware. Called with d.mu held.
func (d *Device) hand() error {
	d.stage = stageWork
	d.next = &command{block: d.block, data: d.data, epoch: d.epoch}
	d.data = nil
	d.wake()
	return nil
}

// wedge halts both endpoints until a reset (Bulk-Only Transport 1.0, 6.6.1). Called with d.mu held.
func (d *Device) wedge() error {
	d.haltOut, d.haltIn, d.wedged = true, true, true
	d.wake()
	return ErrStall
}

// Read is an IN transfer: the data of a command or its status, never both.
func (d *Device) Read(ctx context.Context, p []byte) (int, error) {
	for {
		machine := d.m.Changed()
		if err := d.online(); err != nil {
			return 0, err
		}
		d.mu.Lock()
		d.settle()
		if d.haltIn {
			d.mu.Unlock()
			return 0, ErrStall
		}
		if len(d.out) > 0 {
			n := copy(p, d.out[0])
			if d.out[0] = d.out[0][n:]; len(d.out[0]) == 0 {
				d.out = d.out[1:]
				d.haltIn, d.haltLast = d.haltLast, false
			}
			if len(d.out) == 0 && d.stage == stageStatus {
				d.stage = stageCommand
				d.wake()
			}
			d.mu.Unlock()
			return n, nil
		}
		changed := d.changed
		d.mu.Unlock()
		if err := wait(ctx, d.ctx, changed, machine); err != nil {
			return 0, err
		}
	}
}

func wait(ctx, device context.Context, changed, machine <-chan struct{}) error {
	select {
	case <-changed:
	case <-machine:
	case <-device.Done():
		return printer.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// ClearHalt is CLEAR_FEATURE(ENDPOINT_HALT) for the IN or the OUT endpoint. After an invalid command
// block the endpoint halts again.
func (d *Device) ClearHalt(ctx context.Context, in bool) error {
	if err := d.online(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	switch {
	case d.wedged:
	case in:
		d.haltIn = false
	default:
		d.haltOut = false
	}
	d.wake()
	return ctx.Err()
}

// Reset is a reset of the USB port: what was on its way is gone, panels that were sent as well. A
// motion goes on.
func (d *Device) Reset(ctx context.Context) error {
	if err := d.online(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	d.disconnect()
	d.panels = map[byte][]byte{}
	if !d.cfg.QuietReset {
		d.pending = codeReset
	}
	return ctx.Err()
}

// Link is one connection of a host to the printer. The printer outlives it.
type Link struct {
	d      *Device
	closed atomic.Bool
}

// Connect opens a connection. Opening resets the framing, unless Config.KeepStale.
func (d *Device) Connect() *Link {
	if !d.cfg.KeepStale {
		d.mu.Lock()
		d.disconnect()
		d.mu.Unlock()
	}
	return &Link{d: d}
}

func (l *Link) online() error {
	if l.closed.Load() {
		return printer.ErrClosed
	}
	return nil
}

// Write is Device.Write.
func (l *Link) Write(ctx context.Context, p []byte) error {
	if err := l.online(); err != nil {
		return err
	}
	return l.d.Write(ctx, p)
}

// Read is Device.Read.
func (l *Link) Read(ctx context.Context, p []byte) (int, error) {
	if err := l.online(); err != nil {
		return 0, err
	}
	return l.d.Read(ctx, p)
}

// DeviceID is Device.DeviceID.
func (l *Link) DeviceID(ctx context.Context) (string, error) {
	if err := l.online(); err != nil {
		return "", err
	}
	return l.d.DeviceID(ctx)
}

// ClearHalt is Device.ClearHalt.
func (l *Link) ClearHalt(ctx context.Context, in bool) error {
	if err := l.online(); err != nil {
		return err
	}
	return l.d.ClearHalt(ctx, in)
}

// Reset is Device.Reset.
func (l *Link) Reset(ctx context.Context) error {
	if err := l.online(); err != nil {
		return err
	}
	return l.d.Reset(ctx)
}

// Close ends the connection; the printer goes on.
func (l *Link) Close() error {
	l.closed.Store(true)
	return nil
}
