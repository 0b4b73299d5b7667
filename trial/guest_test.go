package trial

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/emulator"
	"blanko/emulator/cable"
	"blanko/internal/rig"

	"blanko/applet/pcsc"
	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/matica"
	"blanko/printer/usb"
	"blanko/station"
)

// TestMainJobInGuest makes cards with nothing emulated between station and devices: commands to chips
// through scard, pcscd and a reader's driver, bytes to printers through gousb, libusb, usbfs and an
// unmodified kernel. The race detector would make four minutes of it, most of them in SQLite; the same
// job runs under it in process.
func TestMainJobInGuest(t *testing.T) {
	t.Parallel()
	rig.Guest(t, rig.GuestOptions{Packages: []string{"./trial"}, Run: "^TestReal", Modules: rig.USBModules, PCSC: true})
}

// plugged plugs the printer of a line into the kernel's virtual host controller. It leaves the bus with
// its cable and its power, and comes back with them.
func plugged(t *testing.T, l *emulator.Line) *cable.USBPort {
	t.Helper()
	controller, err := cable.FindVHCI()
	if err != nil {
		t.Fatal(err)
	}
	port := cable.NewUSBPort(usbDevice(l.Device, l.Machine))
	if err := controller.Plug(t.Context(), port); err != nil {
		t.Fatal(err)
	}
	life, unplug := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() {
		if err := controller.Follow(life, port, func() (bool, <-chan struct{}) { return onBus(l.Machine) }); err != nil {
			t.Errorf("the plug: %v", err)
		}
	})
	t.Cleanup(func() { unplug(); following.Wait() })
	return port
}

// byConfiguration opens the devices of a line as a station of the product does: from its configuration.
func byConfiguration(t *testing.T, d *demo, id jobs.LineID, reader rig.Reader) (*personalize.Line, error) {
	t.Helper()
	seen, err := pcsc.List(t.Context())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(seen, func(r pcsc.Reader) bool { return r.Name == reader.Name })
	if i < 0 {
		return nil, fmt.Errorf("no reader %s among %v", reader.Name, seen)
	}
	cfg, err := station.ParseConfig(fmt.Appendf(nil, `lines:
- id: %q
  kind: inline
  printer: {language: evolis, cable: usb, serial: %q, rest: {cards: 1, pause: 1m}}
  reader: {cable: pcsc, name: %q, serial: %q, slot: %d}
`, id, d.room.world.Line(string(id)).Machine.Serial(), seen[i].Model, seen[i].Serial, seen[i].Slot))
	if err != nil {
		return nil, err
	}
	lines, err := station.FindLines(cfg, station.ConnectedPrinters{})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := lines.Close(); err != nil {
			t.Error(err)
		}
	})
	return lines.Open(t.Context(), id, d.room.bare(id, d.reg, d.log))
}

// The main job, both cables real: the plug of the printer is pulled in the print of the second card, and
// every blank is accounted for.
func TestRealMainJob(t *testing.T) {
	rig.NeedGuest(t)
	var port *cable.USBPort
	prints := 0
	o := Options{Cards: 2, Lines: 1, Seed: 1, Chip: "8k", Faults: "none", observe: func(p personalize.Progress) {
		if p.Step != jobs.Print || p.Phase != jobs.Intent {
			return
		}
		if prints++; prints == 2 {
			port.Plan(cable.USBFault{Kind: cable.USBPull, Pipe: cable.PipeOut, After: 3})
		}
	}}
	o.devices = func(_ context.Context, d *demo, id jobs.LineID) (*personalize.Line, error) {
		world := d.room.world.Line(string(id))
		port = plugged(t, world)
		l, err := byConfiguration(t, d, id, d.pcsc.places[string(id)].reader)
		if err != nil {
			return nil, err
		}
		if l.ID != id || l.Kind != jobs.Inline || l.Path == nil || l.Rest.Cards != 1 {
			t.Errorf("%s, %s, path %v, %+v", l.ID, l.Kind, l.Path, l.Rest)
		}
		l.Reader = &metered{l.Reader.(pcsc.Arrival), d.pcsc.join(world)}
		return l, nil
	}
	s, d := throughPCSC(t, o)
	if s.Made != o.Cards || !s.Accounted() {
		t.Errorf("%d made, spoiled %v, %v", s.Made, s.SpoiledByCause, s.Differences)
	}
	apdus := 0
	for _, p := range d.room.blanks {
		apdus += p.Chip.View().APDUs
	}
	if s.PCSC == nil || s.PCSC.APDUs != apdus {
		t.Errorf("%+v, the chips count %d APDUs", s.PCSC, apdus)
	}
	if prints < 2 || len(port.Pending()) > 0 {
		t.Errorf("%d prints, and the plug was not pulled: %v", prints, port.Pending())
	}
	t.Logf("%d made, spoiled %v, %d prints, %d APDUs", s.Made, s.SpoiledByCause, prints, apdus)
}

// importUSB attaches the device that a USB/IP server offers, as usbip attach does (Linux,
// Documentation/usb/usbip_protocol.rst), and opens it when the kernel has set it up.
func importUSB(t *testing.T, address, busID string, ask usb.Identity) *usb.Link {
	t.Helper()
	const controller, record = "/sys/devices/platform/vhci_hcd.0/", 312
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() // the kernel has its own
	id := make([]byte, 32)
	copy(id, busID)
	answer := make([]byte, 8+record)
	_, err = c.Write(append([]byte{0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0}, id...))
	if _, rerr := io.ReadFull(c, answer); err != nil || rerr != nil || answer[7] != 0 {
		t.Fatalf("import of %s: status %d, %v", busID, answer[7], errors.Join(err, rerr))
	}
	status, err := os.ReadFile(controller + "status")
	if err != nil {
		t.Fatal(err)
	}
	var port string
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); f[0] == "hs" && f[2] == "004" && port == "" {
			port = f[1]
		}
	}
	f, err := c.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const speedAt = 8 + 256 + 32 + 4 + 4
	devid := binary.BigEndian.Uint32(answer[speedAt-8:])<<16 | binary.BigEndian.Uint32(answer[speedAt-4:])
	line := fmt.Sprintf("%s %d %d %d", port, f.Fd(), devid, binary.BigEndian.Uint32(answer[speedAt:]))
	if err := os.WriteFile(controller+"attach", []byte(line), 0); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for {
		link, err := usb.Open(ctx, ask)
		if err == nil {
			return link
		}
		if !fault.Is(err, usb.NotPluggedIn) || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// The printers of emulate printer are attached over USB/IP, pulled, and attached again.
func TestRealEmulatedPrinter(t *testing.T) {
	rig.NeedGuest(t)
	p, err := OpenPrinters(t.Context(), PrinterOptions{Models: []string{"Primacy 2", "XID8600"}, Address: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	order := func(text string) {
		t.Helper()
		o, err := ParsePrinterOrder(text)
		if err == nil {
			err = p.Do(t.Context(), o)
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	second := p.States()[1]
	ask := usb.Identity{Vendor: makers["Matica"].vendor, Serial: second.Serial}
	fed := func() {
		t.Helper()
		link := importUSB(t, p.Address(), second.BusID, ask)
		defer link.Close()
		m, err := matica.Open(t.Context(), link, matica.Config{HoldAfterPrint: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(m.Move(t.Context(), printer.PositionContactless), m.Eject(t.Context(), printer.TrayOutput)); err != nil {
			t.Error(err)
		}
		if s := p.States(); !s[1].Attached || s[0].Attached {
			t.Errorf("attached: %+v", s)
		}
		order("unplug 2")
		if _, err := m.Status(t.Context()); printer.ClassOf(err) != printer.ClassComm {
			t.Errorf("status with the plug out: %v", err)
		}
	}
	fed()
	order("plug 2")
	fed()
	if s := p.States()[1].Machine; s.Fed != 2 || s.Output != 2 {
		t.Errorf("%+v", s)
	}
}
