//go:build cgo

package usb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/google/gousb"

	"blanko/printer"
)

// Link is the way to one printer. It is bound to the printer's identity: after the cable was pulled, or
// the printer was switched off, the next use finds the printer again wherever it is plugged in. It is a
// printer.Link, and has what helps an endpoint or a device that is stuck. Not safe for concurrent use,
// but for Close.
//
// Errors have the class comm of package printer. Their kind is InDoubt where a transfer had begun: what it
// did is not known, however it ended. Beneath stand the context's own error, printer.ErrStall, or an entry
// of this room (fault.Is).
type Link struct {
	identity Identity

	mu     sync.Mutex
	closed bool
	port   *port
	rest   []byte // came with the last transfer and was not asked for yet
}

var _ printer.Link = (*Link)(nil)

// port is a printer while it is plugged in and claimed.
type port struct {
	watch
	usb    *gousb.Context
	device *gousb.Device
	config *gousb.Config
	intf   *gousb.Interface
	number int // of the interface
	in     *gousb.InEndpoint
	out    *gousb.OutEndpoint
	told   Device
}

// Open claims the printer that identity names: usb.not_plugged_in, usb.ambiguous, usb.not_allowed,
// usb.in_use, usb.no_printer. A kernel driver that holds it is set aside until Close.
func Open(ctx context.Context, identity Identity) (*Link, error) {
	l := &Link{identity: identity}
	_, err := l.plugged(ctx)
	return l, err
}

// Device is the printer as it was found last.
func (l *Link) Device() Device {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port == nil {
		return Device{}
	}
	return l.port.told
}

// plugged is the claimed printer; it is looked for where it is not known to be there.
func (l *Link) plugged(ctx context.Context) (*port, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return nil, refused("usb.Link", errClosed)
	case ctx.Err() != nil:
		return nil, refused("usb.Link", ctx.Err())
	case l.port == nil:
	case !l.port.isStuck():
		return l.port, nil
	default:
		select {
		case <-l.port.over():
			l.port.release()
			l.port = nil
		default:
			return nil, refused("usb.Link", errStuck)
		}
	}
	p, err := claim(ctx, l.identity)
	if err != nil {
		return nil, refused("usb.Open", err)
	}
	l.port, l.rest = p, nil
	return p, nil
}

// drop gives the printer back after an error that leaves nothing to be had from this claim. One with a
// transfer that does not end stays, unless the link is closed: a new claim could not be made before.
func (l *Link) drop() {
	l.mu.Lock()
	p := l.port
	if p != nil && p.isStuck() && !l.closed {
		p = nil
	} else {
		l.port = nil
	}
	l.rest = nil
	l.mu.Unlock()
	if p != nil {
		p.release()
	}
}

// failed makes the fault of an error, and gives the printer back where it is gone. What a transfer did
// that failed is not known.
func (l *Link) failed(op string, err error) error {
	status, _ := errors.AsType[gousb.TransferStatus](err)
	switch {
	case errors.Is(err, errStuck): // it is held until the transfer ends
	case status == gousb.TransferNoDevice, codeOf(err) == codeNoDevice:
		l.drop()
	case status == gousb.TransferStall, codeOf(err) == codePipe:
		err = errors.Join(printer.ErrStall, err)
	}
	return broken(op, err)
}

// Write sends all of p.
func (l *Link) Write(ctx context.Context, p []byte) error {
	const op = "usb.Write"
	port, err := l.plugged(ctx)
	if err != nil {
		return err
	}
	n, err := send(ctx, &port.watch, port.out, p)
	if err != nil {
		return l.failed(op, fmt.Errorf("%d of %d bytes acknowledged: %w", n, len(p), err))
	}
	return nil
}

// Read waits for at least one byte and returns what is there.
func (l *Link) Read(ctx context.Context, p []byte) (int, error) {
	const op = "usb.Read"
	port, err := l.plugged(ctx)
	if err != nil {
		return 0, err
	}
	if len(l.rest) == 0 {
		buf := make([]byte, room)
		n, err := receive(ctx, &port.watch, port.in, buf)
		if err != nil {
			return 0, l.failed(op, err)
		}
		l.rest = buf[:n]
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// Requests of the printer class (USB Device Class Definition for Printing Devices 1.1, 4.2).
const (
	classIn       = 0xA1
	classOut      = 0x21
	getDeviceID   = 0
	getPortStatus = 1
	softReset     = 2
)

// Standard request to clear a halt (USB 2.0, 9.4.1).
const (
	toEndpoint   = 0x02
	clearFeature = 0x01
	endpointHalt = 0
)

// control carries a control request out; its length never counts where it failed.
func (p *port) control(ctx context.Context, kind, request uint8, value, index uint16, data []byte) (int, error) {
	n, err := p.run(ctx, func() (int, error) { return p.device.Control(kind, request, value, index, data) })
	if err != nil {
		return 0, err
	}
	return n, nil
}

// idMost is the longest IEEE 1284 text that is taken.
const idMost = 1024

// DeviceID is the IEEE 1284 text; without it maker and product as the descriptors have them.
func (l *Link) DeviceID(ctx context.Context) (string, error) {
	port, err := l.plugged(ctx)
	if err != nil {
		return "", err
	}
	buf := make([]byte, idMost)
	n, err := port.control(ctx, classIn, getDeviceID, 0, uint16(port.number)<<8, buf)
	if err != nil && codeOf(err) != codePipe {
		return "", l.failed("usb.DeviceID", err)
	}
	if text := idText(buf[:n]); text != "" {
		return text, nil
	}
	return strings.TrimSpace("MFG:" + port.told.Manufacturer + ";MDL:" + port.told.Name + ";"), nil
}

// PortStatus asks for it.
func (l *Link) PortStatus(ctx context.Context) (PortStatus, error) {
	port, err := l.plugged(ctx)
	if err != nil {
		return PortStatus{}, err
	}
	var b [1]byte
	if _, err := port.control(ctx, classIn, getPortStatus, 0, uint16(port.number), b[:]); err != nil {
		return PortStatus{}, l.failed("usb.PortStatus", err)
	}
	return PortStatus{PaperEmpty: b[0]&0x20 != 0, Selected: b[0]&0x10 != 0, NoError: b[0]&0x08 != 0}, nil
}

// Close gives the printer back; the kernel's driver may have it again. A transfer that does not end is
// left to end with the device.
func (l *Link) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.drop()
	return nil
}
