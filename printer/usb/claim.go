//go:build cgo

package usb

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/gousb"

	"blanko/fault"
)

// usbfs is where Linux shows its USB devices.
const usbfs = "/dev/bus/usb"

// known are vendors of card printers whose devices may not say that they are printers.
var known = []gousb.ID{0x0F49, 0x2166, 0x0C1F, 0x0D16} // Evolis, Matica, Magicard, HiTi

// start opens libusb. It panics where it cannot; that is an error here.
func start() (c *gousb.Context, err error) {
	const op = "usb.start"
	defer func() {
		if r := recover(); r != nil {
			c, err = nil, NoUSB.At(op, fmt.Errorf("libusb: %v", r))
		}
	}()
	if _, err := os.Stat(usbfs); err != nil {
		return nil, NoUSB.At(op, err)
	}
	return gousb.NewContext(), nil
}

// printerClass reports whether an interface of the device is a printer's.
func printerClass(d *gousb.DeviceDesc) bool {
	if slices.Contains(known, d.Vendor) {
		return true
	}
	for _, c := range d.Configs {
		for _, i := range c.Interfaces {
			if slices.ContainsFunc(i.AltSettings, func(s gousb.InterfaceSetting) bool { return s.Class == gousb.ClassPrinter }) {
				return true
			}
		}
	}
	return false
}

// place is the socket: bus, and the ports on the way.
func place(d *gousb.DeviceDesc) string {
	var ports []string
	for _, p := range d.Path {
		ports = append(ports, fmt.Sprint(p))
	}
	return fmt.Sprintf("%d-%s", d.Bus, strings.Join(ports, "."))
}

// enumerate opens every printer. The devices are the caller's to close; a printer that could not be
// opened has none, and a fault.
func enumerate(c *gousb.Context) (list []Device, opened []*gousb.Device) {
	var seen []*gousb.DeviceDesc
	devices, err := c.OpenDevices(func(d *gousb.DeviceDesc) bool {
		if !printerClass(d) {
			return false
		}
		seen = append(seen, d)
		return true
	})
	for _, d := range seen {
		one := Device{Vendor: uint16(d.Vendor), Product: uint16(d.Product), Place: place(d)}
		i := slices.IndexFunc(devices, func(o *gousb.Device) bool { return o.Desc.Bus == d.Bus && o.Desc.Address == d.Address })
		var handle *gousb.Device
		if i >= 0 {
			handle = devices[i]
			// A string that cannot be read is one that the printer does not have.
			one.Manufacturer, _ = handle.Manufacturer()
			one.Name, _ = handle.Product()
			one.Serial, _ = handle.SerialNumber()
		} else {
			one.Fault = string(fault.CodeOf(unopened("usb.enumerate", err)))
		}
		list, opened = append(list, one), append(opened, handle)
	}
	return list, opened
}

// List tells the printers that are plugged in now, by place.
func List(ctx context.Context) ([]Device, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := start()
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // its devices are closed
	list, opened := enumerate(c)
	for _, d := range opened {
		if d != nil {
			_ = d.Close()
		}
	}
	slices.SortFunc(list, func(a, b Device) int { return strings.Compare(a.Place, b.Place) })
	return list, nil
}

// claim finds the printer and takes it.
func claim(identity Identity) (*port, error) {
	c, err := start()
	if err != nil {
		return nil, err
	}
	p := &port{usb: c}
	list, opened := enumerate(c)
	want, err := identity.find(list)
	for i, d := range opened {
		switch {
		case d == nil:
		case err == nil && list[i] == want:
			p.device, p.told = d, list[i]
		default:
			_ = d.Close()
		}
	}
	if err == nil && p.device == nil {
		err = NotAllowed.At("usb.claim", nil).With("printer.serial", "%s at %s", identity, want.Place)
	}
	if err == nil {
		err = p.claim()
	}
	if err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// controlWithin bounds a control request.
const controlWithin = 5 * time.Second

// claim takes the printer interface of an opened device.
func (p *port) claim() error {
	const op = "usb.claim"
	p.device.ControlTimeout = controlWithin
	if err := p.device.SetAutoDetach(true); err != nil { // usblp comes back when the interface is given back
		return wrap(op, err)
	}
	number, err := p.device.ActiveConfigNum()
	if err != nil {
		return wrap(op, err)
	}
	if p.config, err = p.device.Config(number); err != nil {
		return wrap(op, err)
	}
	for _, i := range p.config.Desc.Interfaces {
		for _, s := range i.AltSettings {
			in, out := ends(s)
			if in == 0 || out == 0 {
				continue
			}
			if p.intf, err = p.config.Interface(i.Number, s.Alternate); err != nil {
				return wrap(op, err)
			}
			p.number = i.Number
			if p.in, err = p.intf.InEndpoint(in); err != nil {
				return wrap(op, err)
			}
			p.out, err = p.intf.OutEndpoint(out)
			return wrap(op, err)
		}
	}
	return NoPrinter.At(op, nil).With("printer.serial", "no pair of bulk endpoints at %s", p.told.Place)
}

// ends are the numbers of the first bulk endpoints of a setting; 0: there is none.
func ends(s gousb.InterfaceSetting) (in, out int) {
	var all []gousb.EndpointDesc
	for _, e := range s.Endpoints {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b gousb.EndpointDesc) int { return int(a.Address) - int(b.Address) })
	for _, e := range all {
		switch {
		case e.TransferType != gousb.TransferTypeBulk:
		case e.Direction == gousb.EndpointDirectionIn && in == 0:
			in = e.Number
		case e.Direction == gousb.EndpointDirectionOut && out == 0:
			out = e.Number
		}
	}
	return in, out
}

// unclaim gives interface and configuration back.
func (p *port) unclaim() {
	if p.intf != nil {
		p.intf.Close()
		p.intf = nil
	}
	if p.config != nil {
		_ = p.config.Close()
		p.config = nil
	}
}

// release gives everything back. Where a transfer does not end, that waits until it has: the kernel
// would hold the caller, and every program that opens the device, as long.
func (p *port) release() {
	free := func() {
		p.unclaim()
		if p.device != nil {
			_ = p.device.Close()
			p.device = nil
		}
		_ = p.usb.Close()
	}
	if over := p.over(); over != nil {
		go func() { <-over; free() }()
		return
	}
	free()
}

// wrap makes the entry of an error of libusb.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return unopened(op, err)
}

// between two looks for a printer that is away.
const between = 200 * time.Millisecond

func pause(ctx context.Context) error {
	t := time.NewTimer(between)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
