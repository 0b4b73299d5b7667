package evolis_test

import (
	"context"
	"testing"

	"blanko/emulator/cable"
	device "blanko/emulator/printer/evolis"
	"blanko/internal/rig/outlet"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/printertest"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// plugIn plugs the printer into the guest's USB; it leaves the bus with its cable and its power.
func (b *bench) plugIn() {
	b.t.Helper()
	dev := cable.NewUSBPrinter(cable.USBDescription{
		Vendor: 0x0F49, Product: 0x0B00, Manufacturer: "Evolis", Name: b.m.Model().Name, Serial: b.m.Serial(),
	}, func() cable.ByteLink { return b.d.Connect() }, nil)
	b.plug = outlet.Plug(b.t, dev, b.Person)
	b.link.Link = b.plug.Link
}

var realUnit = unit{model: "Primacy 2", set: device.SetNewer, hold: true, real: true}

func TestReal(t *testing.T) {
	outlet.Run(t, outlet.Language{
		Bench: func(t *testing.T) (*outlet.Printer, printertest.Bench) {
			b := newBench(t, realUnit)
			acts := b.acts()
			acts.Letters = "KO"
			return b.plug, acts
		},
		Open: func(ctx context.Context, link printer.Link) (printer.Printer, error) {
			return evolis.Open(ctx, link, evolis.Config{})
		},
	})
}
