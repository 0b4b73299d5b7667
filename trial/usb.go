package trial

import (
	"context"
	"errors"

	"blanko/emulator"
	"blanko/emulator/cable"
	machine "blanko/emulator/printer"
	maticaUnit "blanko/emulator/printer/matica"
)

// usbDevice is an emulated printer as a device on USB: its language is that of its own bytes, the rest
// is the printer class or bulk-only transport.
func usbDevice(d emulator.Device, m *machine.Machine) cable.USBDevice {
	model := m.Model()
	by := makers[model.Maker]
	return cable.NewUSBPrinter(cable.USBDescription{
		Vendor: by.vendor, Product: by.product, Manufacturer: model.Maker, Name: model.Name, Serial: m.Serial(),
		Class: by.class, Out: by.out, In: by.in,
	}, func() cable.ByteLink {
		c := d.Connect()
		if b, bulk := c.(port); bulk {
			_ = b.Reset(context.Background()) // a host resets the port before it configures what is plugged in
			return bulkWire{wire{c}, b}
		}
		return c
	}, nil)
}

// onBus tells whether a machine can be seen on USB; changed is closed at the next change.
func onBus(m *machine.Machine) (is bool, changed <-chan struct{}) {
	changed = m.Changed()
	s := m.State()
	return s.Powered && s.Plugged, changed
}

// wire says in the cable's words that the device has halted an endpoint.
type wire struct{ emulator.Cable }

func (w wire) Write(ctx context.Context, p []byte) error { return halted(w.Cable.Write(ctx, p)) }

func (w wire) Read(ctx context.Context, p []byte) (int, error) {
	n, err := w.Cable.Read(ctx, p)
	return n, halted(err)
}

func halted(err error) error {
	if errors.Is(err, maticaUnit.ErrStall) {
		return errors.Join(cable.ErrStall, err)
	}
	return err
}

// bulkWire is that of a bulk-only device, which clears halts.
type bulkWire struct {
	wire
	port
}
