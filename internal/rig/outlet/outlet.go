// Package outlet plugs printers of the virtual world into the virtual USB host controller of a guest, and
// opens them as a station does: gousb, libusb, usbfs, the kernel.
//
// What lives here: the joint of emulator/cable and printer/usb. What may not: a printer language, a
// case. Tests of the printer languages call it. Start reading at Plug.
package outlet

import (
	"context"
	"sync"
	"testing"
	"time"

	"blanko/emulator/cable"
	"blanko/internal/rig"
	"blanko/printer/usb"
)

// Printer is an emulated printer that is plugged in, and its link. The link outlives the plug.
type Printer struct {
	Link *usb.Link
	Port *cable.USBPort
	ask  usb.Identity
}

// One controller for all tests of a process: it deals out sockets.
var controller = sync.OnceValues(cable.FindVHCI)

// patience bounds what the kernel does after a plug went in or out, on a machine that is busy with much else.
const patience = 2 * time.Minute

// Plug plugs the printer in while there says so, and opens it by its serial number, which no other
// printer has. changed is closed at the next change. It stays until the test ends.
func Plug(t testing.TB, dev cable.USBDevice, there func() (is bool, changed <-chan struct{})) *Printer {
	t.Helper()
	rig.NeedGuest(t)
	v, err := controller()
	if err != nil {
		t.Fatal(err)
	}
	d := dev.USB()
	p := &Printer{Port: cable.NewUSBPort(dev), ask: usb.Identity{Vendor: d.Vendor, Serial: d.Serial}}
	ctx, unplug := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() {
		if err := v.Follow(ctx, p.Port, there); err != nil {
			t.Errorf("the plug: %v", err)
		}
	})
	t.Cleanup(func() {
		unplug()
		following.Wait()
	})
	p.Await(t, true)
	if p.Link, err = usb.Open(t.Context(), p.ask); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Link.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Await waits until the host has found the printer, or has forgotten it.
func (p *Printer) Await(t testing.TB, there bool) {
	t.Helper()
	const step = 50 * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		list, err := usb.List(ctx)
		if err != nil {
			t.Fatalf("waited in vain for the host to find the printer (%v): %v", there, err)
		}
		found := false
		for _, d := range list {
			found = found || d.Serial == p.ask.Serial && d.Fault == ""
		}
		if found == there {
			return
		}
		time.Sleep(step)
	}
}
