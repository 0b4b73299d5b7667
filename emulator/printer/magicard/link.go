package magicard

import (
	"context"
	"sync/atomic"
)

// Link is one connection of a host to the printer. The printer outlives it.
type Link struct {
	d      *Device
	closed atomic.Bool
}

// Connect opens a connection. Opening resets the interface as a USB host does: an unfinished job
// and answers that nobody read are gone, unless Config.KeepStale.
func (d *Device) Connect() *Link {
	if !d.cfg.KeepStale {
		d.mu.Lock()
		d.host++
		d.empty()
		d.wake()
		d.mu.Unlock()
	}
	return &Link{d: d}
}

// Write is Device.Write.
func (l *Link) Write(ctx context.Context, p []byte) error {
	if l.closed.Load() {
		return ErrClosed
	}
	return l.d.Write(ctx, p)
}

// Read is Device.Read.
func (l *Link) Read(ctx context.Context, p []byte) (int, error) {
	if l.closed.Load() {
		return 0, ErrClosed
	}
	return l.d.Read(ctx, p)
}

// DeviceID is Device.DeviceID.
func (l *Link) DeviceID(ctx context.Context) (string, error) {
	if l.closed.Load() {
		return "", ErrClosed
	}
	return l.d.DeviceID(ctx)
}

// Close ends the connection; the printer goes on.
func (l *Link) Close() error {
	l.closed.Store(true)
	return nil
}
