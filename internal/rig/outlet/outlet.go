// Package outlet plugs printers of the virtual world into the virtual USB host controller of a guest, and
// opens them as a station does: gousb, libusb, usbfs, the kernel.
//
// What lives here: the joint of emulator/cable, a machine of emulator/printer and printer/usb. What may
// not: a word of a printer language. Tests of the printer languages call it. Start reading at Run.
package outlet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"blanko/emulator/cable"
	machine "blanko/emulator/printer"
	"blanko/internal/rig"
	"blanko/internal/rig/person"
	"blanko/printer/printertest"
	"blanko/printer/usb"
)

// Printer is an emulated printer that is plugged in, and its link. The link outlives the plug.
type Printer struct {
	Link *usb.Link
	Port *cable.USBPort

	t        testing.TB
	who      *person.Person
	vhci     *cable.VHCI
	identity usb.Identity
	wants    string // the kernel's driver that takes it when nobody has it; empty: none
}

// One controller for all tests of a process: it deals out sockets.
var controller = sync.OnceValues(cable.FindVHCI)

// patience bounds what the kernel does after a plug went in or out, and the wait for a link.
const patience = 2 * time.Minute

// Plug plugs in the printer that is the machine beside the person, and opens it by its serial number,
// which no other printer has. It is on the bus while it has its cable and its power, until the test
// ends. The kernel's own printer driver has it before.
func Plug(t testing.TB, dev cable.USBDevice, who *person.Person) *Printer {
	t.Helper()
	rig.NeedGuest(t)
	v, err := controller()
	if err != nil {
		t.Fatal(err)
	}
	p := &Printer{Port: cable.NewUSBPort(dev), t: t, who: who, vhci: v}
	ctx, unplug := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() {
		if err := v.Follow(ctx, p.Port, p.powered); err != nil {
			t.Errorf("the plug: %v", err)
		}
	})
	t.Cleanup(func() {
		unplug()
		following.Wait()
	})
	p.await(true)
	d := dev.USB()
	p.identity = usb.Identity{Vendor: d.Vendor, Serial: d.Serial}
	if d.Class == cable.ClassPrinter {
		p.wants = "usblp"
	}
	p.awaitDriver(p.wants)
	if p.Link, err = p.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

func (p *Printer) open() (*usb.Link, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	return usb.Open(ctx, p.identity)
}

func (p *Printer) close() {
	if err := p.Link.Close(); err != nil {
		p.t.Error(err)
	}
}

// awaitDriver waits until the kernel's driver of that name has the printer; empty: none has it.
func (p *Printer) awaitDriver(name string) {
	p.t.Helper()
	rig.Await(p.t, fmt.Sprintf("the driver %q to take printer %s", name, p.identity.Serial), func() bool { return p.driver() == name })
}

// driver is the kernel's driver that has the interface of the printer.
func (p *Printer) driver() string {
	const devices = "/sys/bus/usb/devices"
	all, err := filepath.Glob(devices + "/*/serial")
	if err != nil {
		return err.Error()
	}
	for _, at := range all {
		serial, err := os.ReadFile(at)
		if err != nil || strings.TrimSpace(string(serial)) != p.identity.Serial {
			continue
		}
		place := filepath.Base(filepath.Dir(at))
		if to, err := os.Readlink(filepath.Join(devices, place+":1.0", "driver")); err == nil {
			return filepath.Base(to)
		}
	}
	return ""
}

// serials makes printers that stand side by side differ.
var serials atomic.Int64

// Serial is a number of so many digits that no other printer of this process has.
func Serial(digits int) string { return fmt.Sprintf("%0*d", digits, serials.Add(1)) }

// powered tells whether the printer is on the bus.
func (p *Printer) powered() (is bool, changed <-chan struct{}) {
	changed, s := p.who.Machine.Changed(), p.who.Machine.State()
	return s.Powered && s.Plugged, changed
}

// await waits until the kernel has set the printer up, or has forgotten it.
func (p *Printer) await(there bool) {
	p.t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		is, gone, changed := p.vhci.Look(p.Port)
		if there && is || !there && gone {
			return
		}
		select {
		case <-changed:
		case <-end.C:
			p.t.Fatalf("waited in vain for the kernel to find the printer (%v)", there)
		}
	}
}

// cable makes the acts of a bench those of a printer at a real cable: the kernel has seen what they lead to.
func (p *Printer) cable(b printertest.Bench) printertest.Cable {
	m := p.who.Machine
	seen := func(there bool, act func()) func() {
		return func() {
			p.who.Rough = true
			act()
			p.await(there)
		}
	}
	at := func(kind machine.Kind) func(printertest.Moment) {
		return func(when printertest.Moment) {
			p.who.Rough = true
			f := moments[when]
			f.Kind = kind
			if f.Step == machine.StepPanel {
				f.Panel = max(1, len(b.Letters))
			}
			m.Plan(f)
		}
	}
	c := printertest.Cable{
		Bench:  b,
		Plug:   printertest.Act{Do: seen(false, m.Unplug), Undo: seen(true, m.Replug)},
		PullAt: at(machine.KindCableOut),
		CutAt:  at(machine.KindPowerCut),
		Break: func(trouble printertest.Trouble, out bool) {
			p.who.Rough = true
			pipe := cable.PipeIn
			if out {
				pipe = cable.PipeOut
			}
			p.Port.Plan(cable.USBFault{Kind: troubles[trouble], Pipe: pipe})
		},
		Broken: func() bool { return len(p.Port.Pending()) == 0 },
		Audit:  m.Audit,
	}
	c.Power = printertest.Act{Do: seen(false, b.Power.Do), Undo: seen(true, b.Power.Undo)}
	return c
}

// moments are the motions within which a printed card is struck.
var moments = map[printertest.Moment]machine.Fault{
	printertest.InFeed:      {Step: machine.StepFeed},
	printertest.InPanel:     {Step: machine.StepPanel},
	printertest.BeforeEject: {Step: machine.StepEject, When: machine.WhenBefore},
}

var troubles = map[printertest.Trouble]cable.USBFaultKind{
	printertest.TroubleStall: cable.USBStall, printertest.TroubleNoise: cable.USBNoise, printertest.TroubleBabble: cable.USBBabble,
	printertest.TroubleSilent: cable.USBSilent, printertest.TroubleDeaf: cable.USBDeaf,
}
