package cable

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// The messages of USB/IP (Linux, Documentation/usb/usbip_protocol.rst). All numbers are big-endian,
// the setup packet is little-endian as on the bus.
const (
	usbipVersion = 0x0111
	reqDevlist   = 0x8005
	repDevlist   = 0x0005
	reqImport    = 0x8003
	repImport    = 0x0003

	opHeader  = 8
	busIDSize = 32

	speedHigh = 3
)

// USBHub serves devices by USB/IP. The protocol has no authentication and no encryption: serve it
// on loopback only.
type USBHub struct {
	ports []*USBPort
}

// NewUSBHub makes a hub; its devices get the bus ids 1-1, 1-2 and so on.
func NewUSBHub(ports ...*USBPort) *USBHub { return &USBHub{ports: ports} }

// Serve takes hosts until the context ends or the listener is closed. It refuses a listener beyond
// loopback.
func (h *USBHub) Serve(ctx context.Context, l net.Listener) error {
	if a, ok := l.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		return fmt.Errorf("USB/IP is served on loopback only, not on %s", a)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var hosts sync.WaitGroup
	defer hosts.Wait()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		hosts.Go(func() {
			stop := context.AfterFunc(ctx, func() { _ = c.Close() })
			defer stop()
			defer c.Close() //nolint:errcheck // the host has gone, or goes now
			_ = h.greet(c)
		})
	}
}

// greet answers the first phase of a connection, and serves the device that the host imports.
func (h *USBHub) greet(c net.Conn) error {
	var head [opHeader]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return err
	}
	be := binary.BigEndian
	switch be.Uint16(head[2:]) {
	case reqDevlist:
		answer := operation(repDevlist, 0)
		var list []byte
		count := uint32(0)
		for i, p := range h.ports {
			if p.free() {
				d := p.dev.USB()
				list = append(list, record(i, d)...)
				list = append(list, d.Class, d.SubClass, d.Protocol, 0)
				count++
			}
		}
		answer = be.AppendUint32(answer, count)
		_, err := c.Write(append(answer, list...))
		return err
	case reqImport:
		var id [busIDSize]byte
		if _, err := io.ReadFull(c, id[:]); err != nil {
			return err
		}
		for i, p := range h.ports {
			if string(id[:]) == string(fixed(busID(i), busIDSize)) && p.take(c) {
				defer p.release()
				if _, err := c.Write(append(operation(repImport, 0), record(i, p.dev.USB())...)); err != nil {
					return err
				}
				return p.serve(c)
			}
		}
		_, err := c.Write(operation(repImport, 1))
		return err
	}
	return fmt.Errorf("no operation %#x", be.Uint16(head[2:]))
}

func operation(code uint16, status uint32) []byte {
	b := binary.BigEndian.AppendUint16(nil, usbipVersion)
	b = binary.BigEndian.AppendUint16(b, code)
	return binary.BigEndian.AppendUint32(b, status)
}

func busID(i int) string { return fmt.Sprintf("1-%d", i+1) }

// deviceNumber joins bus and device as in devid: bus << 16 | device.
func deviceNumber(i int) (bus, dev uint32) { return 1, uint32(i + 2) }

func fixed(s string, n int) []byte { return append([]byte(s), make([]byte, n-len(s))...) }

// record describes a device in 312 bytes.
func record(i int, d USBDescription) []byte {
	const pathSize = 256
	be := binary.BigEndian
	b := fixed("/sys/devices/virtual/usb1/"+busID(i), pathSize)
	b = append(b, fixed(busID(i), busIDSize)...)
	bus, dev := deviceNumber(i)
	b = be.AppendUint32(b, bus)
	b = be.AppendUint32(b, dev)
	b = be.AppendUint32(b, speedHigh)
	b = be.AppendUint16(b, d.Vendor)
	b = be.AppendUint16(b, d.Product)
	b = be.AppendUint16(b, d.Release)
	return append(b, 0, 0, 0, configValue, 1, 1)
}
