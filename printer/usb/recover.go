//go:build cgo

package usb

import (
	"context"
)

// ClearHalt clears the halt of the IN or the OUT endpoint.
func (l *Link) ClearHalt(ctx context.Context, in bool) error {
	port, err := l.plugged(ctx)
	if err != nil {
		return err
	}
	address := uint16(port.out.Desc.Address)
	if in {
		address = uint16(port.in.Desc.Address)
		l.rest = nil
	}
	if _, err := port.control(ctx, toEndpoint, clearFeature, endpointHalt, address, nil); err != nil {
		return l.failed("usb.ClearHalt", err)
	}
	return nil
}

// SoftReset asks the printer to empty its buffers and to clear halts (printer class 1.1, 4.2.3).
func (l *Link) SoftReset(ctx context.Context) error {
	port, err := l.plugged(ctx)
	if err != nil {
		return err
	}
	l.rest = nil
	if _, err := port.control(ctx, classOut, softReset, 0, uint16(port.number), nil); err != nil {
		return l.failed("usb.SoftReset", err)
	}
	return nil
}

// Reset resets the USB device and claims it anew; the printer may be gone for a moment, and is waited
// for as long as the context lasts.
func (l *Link) Reset(ctx context.Context) error {
	port, err := l.plugged(ctx)
	if err != nil {
		return err
	}
	_, err = port.run(ctx, func() (int, error) {
		port.unclaim() // it asks the device too
		return 0, port.device.Reset()
	})
	l.drop()
	if err != nil && codeOf(err) != codeNotFound && codeOf(err) != codeNoDevice {
		return refused("usb.Reset", err)
	}
	return l.Reopen(ctx)
}

// Reopen gives the printer back and finds it again by its identity, waiting for it as long as the context
// lasts.
func (l *Link) Reopen(ctx context.Context) error {
	l.drop()
	for {
		_, err := l.plugged(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if sleepErr := pause(ctx); sleepErr != nil {
			return err
		}
	}
}

// Recover takes the steps that bring a link back, the mildest first, until the printer tells its port
// status again: clear both halts, soft reset, reset, reopen. None of them sends a command of the printer's
// language: whether a card was printed its own counters say.
func (l *Link) Recover(ctx context.Context) error {
	var err error
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error {
			if err := l.ClearHalt(ctx, false); err != nil {
				return err
			}
			return l.ClearHalt(ctx, true)
		},
		l.SoftReset, l.Reset, l.Reopen,
	} {
		if err = step(ctx); err == nil {
			if _, err = l.PortStatus(ctx); err == nil {
				return nil
			}
		}
		if ctx.Err() != nil {
			return err
		}
	}
	return err
}
