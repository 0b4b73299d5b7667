package matica_test

import (
	"context"
	"errors"
	"testing"

	wire "blanko/emulator/cable"
	device "blanko/emulator/printer/matica"
	"blanko/internal/rig/outlet"
	"blanko/printer"
	"blanko/printer/matica"
	"blanko/printer/printertest"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// plugIn plugs the printer into the guest's USB; it leaves the bus with its cable and its power.
func (b *bench) plugIn() {
	b.t.Helper()
	dev := wire.NewUSBPrinter(wire.USBDescription{
		Vendor: 0x2166, Product: 0x701D, Manufacturer: "Matica", Name: b.m.Model().Name, Serial: b.m.Serial(),
		Class: 0xFF, Out: 0x02, In: 0x81,
	}, func() wire.ByteLink {
		_ = b.d.Reset(b.t.Context()) // the host resets the port before it configures what is plugged in
		return halts{b.d.Connect()}
	}, nil)
	b.plug = outlet.Plug(b.t, dev, b.Person)
	b.link.cable = &cable{bulk: b.plug.Link}
}

// halts says in the cable's words that the device has halted an endpoint.
type halts struct{ *device.Link }

func halt(err error) error {
	if errors.Is(err, device.ErrStall) {
		return errors.Join(wire.ErrStall, err)
	}
	return err
}

func (h halts) Write(ctx context.Context, p []byte) error { return halt(h.Link.Write(ctx, p)) }

func (h halts) Read(ctx context.Context, p []byte) (int, error) {
	n, err := h.Link.Read(ctx, p)
	return n, halt(err)
}

var realUnit = unit{model: "XID580i", hold: true, real: true}

func TestReal(t *testing.T) {
	outlet.Run(t, outlet.Language{
		Bench: func(t *testing.T) (*outlet.Printer, printertest.Bench) {
			b := newBench(t, realUnit)
			acts := b.acts()
			acts.Letters = "K"
			acts.OnWire = 1
			return b.plug, acts
		},
		Open: func(ctx context.Context, link printer.Link) (printer.Printer, error) {
			return matica.Open(ctx, link, matica.Config{})
		},
	})
}
