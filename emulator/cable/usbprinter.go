package cable

import (
	"context"
	"encoding/binary"
	"sync"
)

// ByteLink is the cable side of an emulated printer. Read waits for at least one byte.
type ByteLink interface {
	Write(ctx context.Context, p []byte) error
	Read(ctx context.Context, p []byte) (int, error)
	DeviceID(ctx context.Context) (string, error) // IEEE 1284
}

// USBPrinter is a USB device of class printer (USB Device Class Definition for Printing Devices
// 1.1) over a byte link.
type USBPrinter struct {
	describe USBDescription
	connect  func() ByteLink
	status   func() byte

	mu   sync.Mutex
	link ByteLink
}

// Values of the printer class.
const (
	ClassPrinter          = 0x07
	SubClassPrinter       = 0x01
	ProtocolBidirectional = 0x02

	getDeviceID   = 0
	getPortStatus = 1
	softReset     = 2

	classIn         = 0xa1 // class request to the interface, answer in
	classOut        = 0x21
	classOutOlder   = 0x23 // SOFT_RESET of version 1.0
	PortSelected    = 0x10
	PortNoError     = 0x08
	PortPaperEmpty  = 0x20
	portStatusReady = PortSelected | PortNoError
)

// NewUSBPrinter makes a printer of a byte link. connect opens a connection when the host
// configures the device, and again at SOFT_RESET; status is the answer to GET_PORT_STATUS, nil for a
// printer that always says that it is ready. Class, subclass and protocol that are zero are those of
// a bidirectional printer; endpoints that are zero are 0x01 and 0x82.
func NewUSBPrinter(d USBDescription, connect func() ByteLink, status func() byte) *USBPrinter {
	if d.Class == 0 {
		d.Class, d.SubClass, d.Protocol = ClassPrinter, SubClassPrinter, ProtocolBidirectional
	}
	if d.Out == 0 {
		d.Out, d.In = 0x01, 0x82
	}
	if status == nil {
		status = func() byte { return portStatusReady }
	}
	return &USBPrinter{describe: d, connect: connect, status: status}
}

func (p *USBPrinter) USB() USBDescription { return p.describe }

// Configured opens a new connection: what the one before left unread is gone.
func (p *USBPrinter) Configured() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link = p.connect()
}

func (p *USBPrinter) open() ByteLink {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link == nil {
		p.link = p.connect()
	}
	return p.link
}

func (p *USBPrinter) Control(ctx context.Context, s Setup, _ []byte) ([]byte, error) {
	switch {
	case s.Type == classIn && s.Request == getDeviceID:
		id, err := p.open().DeviceID(ctx)
		if err != nil {
			return nil, err
		}
		return append(binary.BigEndian.AppendUint16(nil, uint16(2+len(id))), id...), nil
	case s.Type == classIn && s.Request == getPortStatus:
		return []byte{p.status()}, nil
	case (s.Type == classOut || s.Type == classOutOlder) && s.Request == softReset:
		p.Configured()
		return nil, nil
	}
	return nil, ErrStall
}

func (p *USBPrinter) Out(ctx context.Context, b []byte) (int, error) {
	if err := p.open().Write(ctx, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (p *USBPrinter) In(ctx context.Context, b []byte) (int, error) { return p.open().Read(ctx, b) }

// HaltCleared tells a link that halts by itself.
func (p *USBPrinter) HaltCleared(in bool) {
	if l, ok := p.open().(interface {
		ClearHalt(ctx context.Context, in bool) error
	}); ok {
		_ = l.ClearHalt(context.Background(), in) // a link that is gone is found by the next transfer
	}
}
