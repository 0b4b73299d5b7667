package matica_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	wire "blanko/emulator/cable"
	machine "blanko/emulator/printer"
	device "blanko/emulator/printer/matica"
	"blanko/internal/rig"
	"blanko/internal/rig/outlet"
	"blanko/printer/matica"
	"blanko/printer/printertest"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// serials makes printers that stand side by side differ.
var serials atomic.Int64

// realTimeouts are shorter than a real printer's: the emulated one moves at once, and a cable that is
// silent is waited for in full.
var realTimeouts = matica.Timeouts{Command: 10 * time.Second, Move: 20 * time.Second, Panel: 20 * time.Second, Quiet: 200 * time.Millisecond}

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
	b.plug = outlet.Plug(b.t, dev, func() (bool, <-chan struct{}) {
		changed, s := b.m.Changed(), b.m.State()
		return s.Powered && s.Plugged, changed
	})
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

// realActs are acts whose consequences the kernel has seen.
func (b *bench) realActs() printertest.Cable {
	c := printertest.Cable{Bench: b.acts()}
	c.Few = true
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
		pipe := wire.PipeIn
		if out {
			pipe = wire.PipeOut
		}
		b.plug.Port.Plan(wire.USBFault{Kind: map[printertest.Trouble]wire.USBFaultKind{
			printertest.TroubleStall: wire.USBStall, printertest.TroubleNoise: wire.USBNoise, printertest.TroubleBabble: wire.USBBabble,
			printertest.TroubleSilent: wire.USBSilent, printertest.TroubleDeaf: wire.USBDeaf,
		}[trouble], Pipe: pipe})
	}
	c.Broken = func() bool { return len(b.plug.Port.Pending()) == 0 }
	c.Audit = b.m.Audit
	return c
}

var realUnit = unit{model: "XID580i", hold: true, real: true}

func TestReal(t *testing.T) {
	rig.NeedGuest(t)
	printertest.RunCable(t, func(t *testing.T) printertest.Cable {
		return newBench(t, realUnit).realActs()
	})
}
