package cable

import (
	"context"
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// USBDevice is the device's side of a USB cable: one configuration, one interface, a bulk endpoint
// in each direction. Standard requests are answered for it. Each of Control, Out and In is called
// by one goroutine at a time, and the three at once; a context ends when the host takes the transfer
// back or the cable is pulled.
//
// Errors: ErrStall, ErrBabble, ErrNoise; the context's own; every other one is a device that has
// fallen off the bus, and ends the connection.
type USBDevice interface {
	USB() USBDescription
	// Configured is the host's choice of the configuration, after the plug went in or a reset.
	Configured()
	// Control answers a request of the device's class or vendor.
	Control(ctx context.Context, s Setup, out []byte) (in []byte, err error)
	// Out takes bytes and tells how many. With an error the host does not learn the number.
	Out(ctx context.Context, p []byte) (int, error)
	// In waits for bytes. Bytes are handed out at most once, with a nil error.
	In(ctx context.Context, p []byte) (int, error)
}

var (
	ErrStall  = errors.New("stall")                    // the endpoint halts until the host clears it
	ErrBabble = errors.New("more data than asked for") // the controller cuts the device off
	ErrNoise  = errors.New("no handshake")             // the transfer fails, the endpoint goes on
)

// USBDescription is what a device tells of itself.
type USBDescription struct {
	Vendor, Product, Release   uint16
	Manufacturer, Name, Serial string // empty: no such string
	Class, SubClass, Protocol  byte   // of the interface
	Out, In                    byte   // addresses of the endpoints, such as 0x01 and 0x82
}

// Setup is the packet that begins a control transfer (USB 2.0, 9.3).
type Setup struct {
	Type, Request        byte
	Value, Index, Length uint16
}

func setup(b [8]byte) Setup {
	le := binary.LittleEndian
	return Setup{b[0], b[1], le.Uint16(b[2:]), le.Uint16(b[4:]), le.Uint16(b[6:])}
}

// Request types and requests of USB 2.0, tables 9-2 to 9-6.
const (
	typeMask     = 0x60
	typeStandard = 0x00

	getStatus        = 0
	clearFeature     = 1
	setFeature       = 3
	getDescriptor    = 6
	getConfiguration = 8
	setConfiguration = 9
	getInterface     = 10
	setInterface     = 11

	endpointHalt = 0

	toDevice      = 0x00
	toInterface   = 0x01
	toEndpoint    = 0x02
	fromDevice    = 0x80
	fromInterface = 0x81
	fromEndpoint  = 0x82

	deviceDescriptor = 1
	configDescriptor = 2
	stringDescriptor = 3

	selfPowered = 1
	english     = 0x0409
)

// Numbers of the strings in the device descriptor.
const (
	noString = iota
	manufacturerString
	nameString
	serialString
)

// packet is the size of a bulk packet at high speed (USB 2.0, 5.8.3).
const packet = 512

// configValue names the one configuration.
const configValue = 1

// device is the device descriptor (USB 2.0, table 9-8): class per interface, 64 bytes at endpoint 0.
func (d USBDescription) device() []byte {
	b := []byte{18, deviceDescriptor, 0x00, 0x02, 0, 0, 0, 64}
	le := binary.LittleEndian
	b = le.AppendUint16(b, d.Vendor)
	b = le.AppendUint16(b, d.Product)
	b = le.AppendUint16(b, d.Release)
	for i, s := range []string{d.Manufacturer, d.Name, d.Serial} {
		if s == "" {
			b = append(b, noString)
		} else {
			b = append(b, byte(i+1))
		}
	}
	return append(b, 1)
}

// config is the configuration with its interface and endpoints (USB 2.0, tables 9-10, 9-12, 9-13).
func (d USBDescription) config() []byte {
	const bulk = 2
	endpoint := func(address byte) []byte {
		return []byte{7, 5, address, bulk, packet & 0xff, packet >> 8, 0}
	}
	const length = 9 + 9 + 7 + 7
	b := []byte{9, configDescriptor, length, 0, 1, configValue, noString, 0x80 | selfPowered<<6, 0}
	b = append(b, 9, 4, 0, 0, 2, d.Class, d.SubClass, d.Protocol, noString)
	b = append(b, endpoint(d.Out)...)
	return append(b, endpoint(d.In)...)
}

// text is a string descriptor; nil where there is none. Number 0 lists the languages.
func (d USBDescription) text(number byte) []byte {
	words := []uint16{english}
	if number != noString {
		s := map[byte]string{manufacturerString: d.Manufacturer, nameString: d.Name, serialString: d.Serial}[number]
		if s == "" {
			return nil
		}
		words = utf16.Encode([]rune(s))
	}
	b := []byte{byte(2 + 2*len(words)), stringDescriptor}
	for _, w := range words {
		b = binary.LittleEndian.AppendUint16(b, w)
	}
	return b
}
