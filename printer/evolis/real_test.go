package evolis_test

import (
	"sync/atomic"
	"testing"
	"time"

	"blanko/emulator/cable"
	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/evolis"
	"blanko/internal/rig"
	"blanko/internal/rig/outlet"
	"blanko/printer/evolis"
	"blanko/printer/printertest"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// serials makes printers that stand side by side differ.
var serials atomic.Int64

// realTimeouts are shorter than a real printer's: the emulated one moves at once, and a cable that is
// silent is waited for in full.
var realTimeouts = evolis.Timeouts{Command: 10 * time.Second, Move: 20 * time.Second, Quiet: 200 * time.Millisecond}

// plugIn plugs the printer into the guest's USB; it leaves the bus with its cable and its power.
func (b *bench) plugIn() {
	b.t.Helper()
	dev := cable.NewUSBPrinter(cable.USBDescription{
		Vendor: 0x0F49, Product: 0x0B00, Manufacturer: "Evolis", Name: b.m.Model().Name, Serial: b.m.Serial(),
	}, func() cable.ByteLink { return b.d.Connect() }, nil)
	b.plug = outlet.Plug(b.t, dev, func() (bool, <-chan struct{}) {
		changed, s := b.m.Changed(), b.m.State()
		return s.Powered && s.Plugged, changed
	})
	b.link.Link = b.plug.Link
}

// realActs are acts whose consequences the kernel has seen.
func (b *bench) realActs() printertest.Cable {
	c := printertest.Cable{Bench: b.acts()}
	c.Letters = "YK" // a panel of each kind
	seen := func(there bool, act func()) func() {
		return func() {
			b.rough = true
			act()
			b.plug.Await(b.t, there)
		}
	}
	c.Power = printertest.Act{Do: seen(false, c.Power.Do), Undo: seen(true, c.Power.Undo)}
	c.Plug = printertest.Act{Do: seen(false, b.m.Unplug), Undo: seen(true, b.m.Replug)}
	at := func(kind machine.Kind) func(int) {
		return func(panel int) {
			b.rough = true
			f := machine.Fault{Kind: kind, Step: machine.StepFeed}
			if panel > 0 {
				f.Step, f.Panel = machine.StepPanel, panel
			}
			b.m.Plan(f)
		}
	}
	c.PullAt, c.CutAt = at(machine.KindCableOut), at(machine.KindPowerCut)
	c.Break = func(trouble printertest.Trouble, out bool) {
		b.rough = true
		pipe := cable.PipeIn
		if out {
			pipe = cable.PipeOut
		}
		b.plug.Port.Plan(cable.USBFault{Kind: map[printertest.Trouble]cable.USBFaultKind{
			printertest.TroubleStall: cable.USBStall, printertest.TroubleNoise: cable.USBNoise, printertest.TroubleBabble: cable.USBBabble,
			printertest.TroubleSilent: cable.USBSilent, printertest.TroubleDeaf: cable.USBDeaf,
		}[trouble], Pipe: pipe})
	}
	c.Broken = func() bool { return len(b.plug.Port.Pending()) == 0 }
	c.Audit = b.m.Audit
	return c
}

var realUnit = unit{model: "Primacy 2", set: device.SetNewer, hold: true, real: true}

func TestReal(t *testing.T) {
	rig.NeedGuest(t)
	printertest.RunCable(t, func(t *testing.T) printertest.Cable {
		return newBench(t, realUnit).realActs()
	})
}
