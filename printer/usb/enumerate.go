//go:build cgo

package usb

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/google/gousb"

	"blanko/fault"
)

// usbfs is where Linux shows its USB devices.
const usbfs = "/dev/bus/usb"

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

// isPrinter reports whether the device has an interface over which a card printer may be spoken to.
func isPrinter(d *gousb.DeviceDesc) bool {
	if slices.Contains(makers, uint16(d.Vendor)) {
		return true
	}
	for _, c := range d.Configs {
		for _, s := range settings(c.Interfaces) {
			if s.class == uint8(gousb.ClassPrinter) {
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

// node is the file of the device.
func node(d *gousb.DeviceDesc) string { return fmt.Sprintf("%s/%03d/%03d", usbfs, d.Bus, d.Address) }

// mayUse is access(2): read and write.
const mayUse = 4 | 2

// found is a printer with what libusb knows of it.
type found struct {
	Device
	desc *gousb.DeviceDesc
}

// enumerate lists the printers. It opens none, but for one that the kernel knows no texts of.
func enumerate(c *gousb.Context) []found {
	var out []found
	// Only devices that are opened could fail.
	_, _ = c.OpenDevices(func(d *gousb.DeviceDesc) bool {
		if isPrinter(d) {
			out = append(out, found{Device{Vendor: uint16(d.Vendor), Product: uint16(d.Product), Place: place(d)}, d})
		}
		return false
	})
	for i := range out {
		f := &out[i]
		switch {
		case syscall.Access(node(f.desc), mayUse) != nil:
			f.remembered(sysfs)
			f.Fault = string(NotAllowed.Code)
		case !f.remembered(sysfs):
			f.ask(c, func(d *gousb.Device) {
				f.Manufacturer, _ = d.Manufacturer()
				f.Name, _ = d.Product()
				f.Serial, _ = d.SerialNumber()
			})
		}
	}
	slices.SortFunc(out, func(a, b found) int { return strings.Compare(a.Place, b.Place) })
	return out
}

// ask opens the device for a question; why it could not be opened is its fault.
func (f *found) ask(c *gousb.Context, question func(*gousb.Device)) {
	d, err := f.open(c)
	if err != nil {
		f.Fault = string(fault.CodeOf(unopened("usb.enumerate", err)))
		return
	}
	question(d)
	_ = d.Close()
}

// open opens the device itself, not what may be plugged in there by now.
func (f *found) open(c *gousb.Context) (*gousb.Device, error) {
	list, err := c.OpenDevices(func(d *gousb.DeviceDesc) bool {
		return d.Bus == f.desc.Bus && d.Address == f.desc.Address && d.Vendor == f.desc.Vendor && d.Product == f.desc.Product
	})
	if len(list) == 0 {
		if err == nil {
			err = gousb.ErrorNoDevice
		}
		return nil, err
	}
	list[0].ControlTimeout = controlWithin
	return list[0], nil
}

// controlWithin bounds a control request.
const controlWithin = 5 * time.Second

// askWithin bounds the looks at printers, and a claim, where the caller's context does not.
const askWithin = 20 * time.Second

// List tells the printers that are plugged in now, by place.
func List(ctx context.Context) ([]Device, error) {
	return within(ctx, func() ([]Device, error) {
		c, err := start()
		if err != nil {
			return nil, err
		}
		defer c.Close() //nolint:errcheck // its devices are closed
		return devices(enumerate(c)), nil
	}, func([]Device) {})
}

func devices(list []found) []Device {
	var out []Device
	for _, f := range list {
		out = append(out, f.Device)
	}
	return out
}

// within bounds what may hang in the kernel. What comes too late is given to late.
func within[T any](ctx context.Context, do func() (T, error), late func(T)) (none T, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := do()
		done <- result{v, err}
	}()
	own := time.NewTimer(askWithin)
	defer own.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-own.C:
		err = NotOpened.At("usb.within", context.DeadlineExceeded)
	case <-ctx.Done():
		err = ctx.Err()
	}
	go func() {
		if r := <-done; r.err == nil {
			late(r.value)
		}
	}()
	return none, err
}
