package magicard_test

import (
	"context"
	"testing"

	"blanko/emulator/cable"
	"blanko/internal/rig/outlet"
	"blanko/printer"
	"blanko/printer/magicard"
	"blanko/printer/printertest"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// plugIn plugs the printer into the guest's USB; it leaves the bus with its cable and its power.
func (b *bench) plugIn() {
	b.t.Helper()
	dev := cable.NewUSBPrinter(cable.USBDescription{
		Vendor: 0x0C1F, Product: 0x1800, Manufacturer: "Magicard", Name: b.m.Model().Name, Serial: b.m.Serial(),
	}, func() cable.ByteLink { return b.d.Connect() }, nil)
	b.plug = outlet.Plug(b.t, dev, b.Person)
	b.link.Link = b.plug.Link
}

func TestReal(t *testing.T) {
	outlet.Run(t, outlet.Language{
		Bench: func(t *testing.T) (*outlet.Printer, printertest.Bench) {
			b := newBench(t, unit{model: "Enduro", host: magicard.Config{Model: emulated(t)}, real: true})
			acts := b.acts()
			acts.Letters = "KO"
			acts.OnWire = 1 // the overlay goes over the wire as words of the header
			return b.plug, acts
		},
		Open: func(ctx context.Context, link printer.Link) (printer.Printer, error) {
			return magicard.Open(ctx, link, magicard.Config{})
		},
	})
}
