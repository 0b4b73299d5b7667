package trial

import (
	"context"
	"errors"
	"time"

	"blanko/emulator"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/applet"
	"blanko/personalize"
	"blanko/printer"
)

// The joints between the virtual world and the ports of the station: its plain errors become
// the station's faults here, and nowhere else.
var (
	_ printer.Link      = (*link)(nil)
	_ port              = bulkLink{}
	_ applet.Transport  = (*reader)(nil)
	_ personalize.Clock = (*lineClock)(nil)
)

// link is the cable to an emulated printer. A pulled cable is plugged in again by a person;
// the next use opens the connection anew.
type link struct {
	dev  socket
	open emulator.Cable
}

// socket is a printer at the other end of a cable.
type socket interface{ Connect() emulator.Cable }

// newLink joins an emulated printer to the port; that of a bulk-only device clears halts and resets it.
func newLink(d socket) printer.Link {
	l := &link{dev: d}
	if _, bulk := l.connection().(port); bulk {
		return bulkLink{l}
	}
	return l
}

func (l *link) connection() emulator.Cable {
	if l.open == nil {
		l.open = l.dev.Connect()
	}
	return l.open
}

func (l *link) drop(err error) error {
	if err != nil && !errors.Is(err, printer.ErrStall) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && l.open != nil {
		_ = l.open.Close()
		l.open = nil
	}
	return err
}

func (l *link) Write(ctx context.Context, p []byte) error {
	return l.drop(stall(l.connection().Write(ctx, p)))
}

func (l *link) Read(ctx context.Context, p []byte) (int, error) {
	n, err := l.connection().Read(ctx, p)
	return n, l.drop(stall(err))
}

func (l *link) DeviceID(ctx context.Context) (string, error) { return l.connection().DeviceID(ctx) }

func (l *link) Close() error {
	if l.open == nil {
		return nil
	}
	err := l.open.Close()
	l.open = nil
	return err
}

// bulkLink is the cable to a bulk-only device.
type bulkLink struct{ *link }

func (l bulkLink) ClearHalt(ctx context.Context, in bool) error {
	return l.drop(l.connection().(port).ClearHalt(ctx, in))
}

func (l bulkLink) Reset(ctx context.Context) error {
	return l.drop(l.connection().(port).Reset(ctx))
}

// field is an emulated reader: the encoder of a line or a desk reader.
type field interface {
	Transmit(ctx context.Context, capdu []byte) ([]byte, error)
	Reset(ctx context.Context) ([]byte, error)
	Close() error
}

// reader is an emulated reader as the station sees it.
type reader struct{ field field }

func (r *reader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	out, err := r.field.Transmit(ctx, capdu)
	return out, cardFault("trial.Transmit", err)
}

func (r *reader) Reset(ctx context.Context) ([]byte, error) {
	atr, err := r.field.Reset(ctx)
	return atr, cardFault("trial.Reset", err)
}

func (r *reader) Close() error { return r.field.Close() }

func cardFault(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, machine.ErrNoCard), errors.Is(err, machine.ErrCardReset), errors.Is(err, machine.ErrUnplugged), errors.Is(err, machine.ErrPowerOff):
		return applet.CardRemoved.At(op, err)
	case errors.Is(err, chip.ErrMute), errors.Is(err, chip.ErrFieldLost):
		return applet.CardMute.At(op, err)
	}
	return err
}

// lineClock lets the station wait on the world's time.
type lineClock struct{ c *emulator.Clock }

func (c lineClock) Now() time.Time                                   { return c.c.Now() }
func (c lineClock) Sleep(ctx context.Context, d time.Duration) error { return c.c.Spend(ctx, d) }
