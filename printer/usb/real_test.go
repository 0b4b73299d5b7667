//go:build cgo

package usb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"blanko/emulator/cable"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/printer"
)

// These tests run in a guest, over gousb, libusb, usbfs and the kernel's virtual host controller.

// patience bounds what a person does with a plug.
const patience = time.Minute

// silence is how long a printer is waited for that does not answer.
const silence = 3 * time.Second

// parrot gives back what it is told, and counts it.
type parrot struct {
	mu    sync.Mutex
	heard int
	said  bytes.Buffer
	more  chan struct{} // a byte is there
}

func newParrot() *parrot { return &parrot{more: make(chan struct{}, 1)} }

func (p *parrot) Write(_ context.Context, b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard += len(b)
	p.said.Write(b)
	select {
	case p.more <- struct{}{}:
	default:
	}
	return nil
}

func (p *parrot) Read(ctx context.Context, b []byte) (int, error) {
	for {
		p.mu.Lock()
		n, _ := p.said.Read(b)
		p.mu.Unlock()
		if n > 0 {
			return n, nil
		}
		select {
		case <-p.more:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (p *parrot) DeviceID(context.Context) (string, error) {
	return "MFG:Evolis;MDL:Parrot;CLS:PRINTER;", nil
}

func (p *parrot) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

// outlet is the guest's host controller with printers in it.
type outlet struct {
	t    *testing.T
	vhci *cable.VHCI
}

func newOutlet(t *testing.T) *outlet {
	t.Helper()
	rig.NeedGuest(t)
	v, err := cable.FindVHCI()
	if err != nil {
		t.Fatal(err)
	}
	return &outlet{t, v}
}

// printer plugs a parrot in under a serial number until the test ends.
func (o *outlet) printer(serial string) (*parrot, *cable.USBPort) {
	o.t.Helper()
	p := newParrot()
	port := cable.NewUSBPort(cable.NewUSBPrinter(cable.USBDescription{
		Vendor: 0x0F49, Product: 0x0B00, Release: 0x0100, Manufacturer: "Evolis", Name: "Parrot", Serial: serial,
	}, func() cable.ByteLink { return p }, nil))
	o.plug(port)
	o.t.Cleanup(func() { o.pull(port) })
	return p, port
}

func (o *outlet) plug(port *cable.USBPort) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := o.vhci.Plug(ctx, port); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outlet) pull(port *cable.USBPort) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := o.vhci.Pull(ctx, port); err != nil {
		o.t.Fatal(err)
	}
}

func openLink(t *testing.T, serial string) *Link {
	t.Helper()
	l, err := Open(t.Context(), Identity{Vendor: 0x0F49, Serial: serial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// echo sends bytes and wants them back.
func echo(t *testing.T, l *Link, data []byte) {
	t.Helper()
	if err := tryEcho(t.Context(), l, data); err != nil {
		t.Fatal(err)
	}
}

func tryEcho(ctx context.Context, l *Link, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := l.Write(ctx, data); err != nil {
		return err
	}
	got := make([]byte, 0, len(data))
	for len(got) < len(data) {
		b := make([]byte, 4096)
		n, err := l.Read(ctx, b)
		if err != nil {
			return fmt.Errorf("after %d bytes: %w", len(got), err)
		}
		got = append(got, b[:n]...)
	}
	if !bytes.Equal(got, data) {
		return errors.New("other bytes came back")
	}
	return nil
}

func TestRealListAndIdentity(t *testing.T) {
	o := newOutlet(t)
	if list, err := List(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("nothing is plugged in: %v, %v", list, err)
	}
	first, _ := o.printer("1000")
	second, secondPort := o.printer("2000")
	list, err := List(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "Parrot" || list[0].Manufacturer != "Evolis" || list[0].Fault != "" {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := Open(t.Context(), Identity{Vendor: 0x0F49}); !fault.Is(err, Ambiguous) {
		t.Errorf("two of one model: %v", err)
	}
	if _, err := Open(t.Context(), Identity{Serial: "3000"}); !fault.Is(err, NotPluggedIn) {
		t.Errorf("one that is not there: %v", err)
	}
	l := openLink(t, "2000")
	echo(t, l, []byte("hello"))
	if first.count() != 0 || second.count() != 5 {
		t.Errorf("the wrong printer was spoken to: %d, %d", first.count(), second.count())
	}
	// Exchanged between sockets, they keep their identity.
	o.pull(secondPort)
	third, _ := o.printer("3000")
	o.plug(secondPort)
	if err := l.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	echo(t, l, []byte("again"))
	if third.count() != 0 || second.count() != 10 {
		t.Errorf("after the exchange the wrong printer was spoken to: %d, %d", third.count(), second.count())
	}
	if id, err := l.DeviceID(t.Context()); err != nil || id != "MFG:Evolis;MDL:Parrot;CLS:PRINTER;" {
		t.Errorf("device id %q, %v", id, err)
	}
	if st, err := l.PortStatus(t.Context()); err != nil || !st.NoError || !st.Selected || st.PaperEmpty {
		t.Errorf("port status %+v, %v", st, err)
	}
}

// TestRealModelAndPlace: printers without a serial number are told apart by what the IEEE 1284 text says,
// and two of one model by where they are plugged in, each time without a word to the others.
func TestRealModelAndPlace(t *testing.T) {
	o := newOutlet(t)
	first, _ := o.printer("")
	second, _ := o.printer("")
	if _, err := Open(t.Context(), Identity{Model: "Parrot"}); !fault.Is(err, Ambiguous) {
		t.Errorf("two of one model: %v", err)
	}
	if _, err := Open(t.Context(), Identity{Model: "Budgie"}); !fault.Is(err, NotPluggedIn) {
		t.Errorf("another model: %v", err)
	}
	list, err := List(t.Context())
	if err != nil || len(list) != 2 || list[0].Serial != "" || list[0].Place == list[1].Place {
		t.Fatalf("%+v, %v", list, err)
	}
	heard := map[string]*parrot{list[0].Place: first, list[1].Place: second}
	for place, p := range heard {
		l, err := Open(t.Context(), Identity{Model: "Parrot", Place: place})
		if err != nil {
			t.Fatal(err)
		}
		before := p.count()
		echo(t, l, []byte("you"))
		if p.count() != before+len("you") || l.Device().Place != place {
			t.Errorf("at %s: %+v", place, l.Device())
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestRealDeafNeighbor: a printer that does not answer hinders neither the list nor another printer.
func TestRealDeafNeighbor(t *testing.T) {
	o := newOutlet(t)
	_, deaf := o.printer("1000")
	o.printer("2000")
	for range 20 {
		deaf.Plan(cable.USBFault{Kind: cable.USBDeaf, Pipe: cable.PipeControl})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if list, err := List(ctx); err != nil || len(list) != 2 || list[0].Serial == "" || list[1].Serial == "" {
		t.Errorf("%+v, %v", list, err)
	}
	l, err := Open(ctx, Identity{Serial: "2000"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // the test is over
	echo(t, l, []byte("here"))
}

// TestRealKernelDriver: usblp takes every printer that is plugged in. It is set aside, and comes back.
func TestRealKernelDriver(t *testing.T) {
	o := newOutlet(t)
	o.printer("1000")
	lp := func() bool {
		found, err := filepath.Glob("/sys/bus/usb/drivers/usblp/*:*")
		return err == nil && len(found) > 0
	}
	rig.Await(t, "usblp to take the printer", lp)
	l := openLink(t, "1000")
	if lp() {
		t.Error("usblp still has the printer")
	}
	echo(t, l, []byte("mine"))
	if _, err := Open(t.Context(), Identity{Serial: "1000"}); !fault.Is(err, InUse) {
		t.Errorf("a second claim: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	rig.Await(t, "usblp to come back", lp)
	if err := l.Write(t.Context(), []byte("x")); err == nil || printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("a write after Close: %v", err)
	}
}

// TestRealPermission: a user outside of the group lp is told so; one inside of it needs no root.
func TestRealPermission(t *testing.T) {
	o := newOutlet(t)
	p, _ := o.printer("1000")
	const nobody, lp = 65534, 7
	for _, c := range []struct {
		uid, gid uint32
		want     string
	}{{nobody, nobody, "denied"}, {nobody, lp, "spoken"}} {
		said := asUser(t, c.uid, c.gid)
		if !strings.Contains(said, "verdict: "+c.want) {
			t.Errorf("user %d group %d, want %s:\n%s", c.uid, c.gid, c.want, said)
		}
	}
	if p.count() != len("from a user") {
		t.Errorf("%d bytes arrived", p.count())
	}
}

// asUser runs TestRealAsUser as somebody else.
func asUser(t *testing.T, uid, gid uint32) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^TestRealAsUser$")
	cmd.Env = append(os.Environ(), "BLANKO_AS_USER=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestRealAsUser is the part of TestRealPermission that another user plays.
func TestRealAsUser(t *testing.T) {
	rig.NeedGuest(t)
	if os.Getenv("BLANKO_AS_USER") == "" {
		return
	}
	l, err := Open(t.Context(), Identity{Vendor: 0x0F49, Serial: "1000"})
	if err != nil {
		list, lerr := List(t.Context())
		if !fault.Is(err, NotAllowed) || lerr != nil || len(list) != 1 || list[0].Fault != string(NotAllowed.Code) || list[0].Serial != "1000" {
			t.Errorf("%v; %+v, %v", err, list, lerr)
		}
		t.Log("verdict: denied")
		return
	}
	defer l.Close() // the process ends
	echo(t, l, []byte("from a user"))
	t.Log("verdict: spoken")
}

// TestRealLargeWrite: more than usbfs holds at once, and every byte counted.
func TestRealLargeWrite(t *testing.T) {
	o := newOutlet(t)
	p, _ := o.printer("1000")
	l := openLink(t, "1000")
	data := bytes.Repeat([]byte("panel"), 400_000)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := l.Write(ctx, data); err != nil {
		t.Fatal(err)
	}
	if p.count() != len(data) {
		t.Errorf("%d bytes arrived of %d", p.count(), len(data))
	}
}

// TestRealFaults: what can happen on a cable, what is said of it, and that the printer can be used
// afterwards. What is said to be acknowledged has arrived.
func TestRealFaults(t *testing.T) {
	stall := func(err error) bool { return errors.Is(err, printer.ErrStall) }
	late := func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
	comm := func(err error) bool { return printer.ClassOf(err) == printer.ClassComm }
	for _, c := range []struct {
		name  string
		fault cable.USBFault
		want  func(error) bool
		// mend is what the station does before it goes on.
		mend func(context.Context, *Link) error
	}{
		{"OUT stalls", cable.USBFault{Kind: cable.USBStall, Pipe: cable.PipeOut}, stall, func(ctx context.Context, l *Link) error { return l.ClearHalt(ctx, false) }},
		{"OUT stalls in the middle", cable.USBFault{Kind: cable.USBStall, Pipe: cable.PipeOut, After: 2}, stall, (*recovering)(nil).do},
		{"IN stalls", cable.USBFault{Kind: cable.USBStall, Pipe: cable.PipeIn}, stall, func(ctx context.Context, l *Link) error { return l.ClearHalt(ctx, true) }},
		{"OUT without handshake", cable.USBFault{Kind: cable.USBNoise, Pipe: cable.PipeOut}, comm, (*recovering)(nil).do},
		{"IN babbles", cable.USBFault{Kind: cable.USBBabble, Pipe: cable.PipeIn}, comm, (*recovering)(nil).do},
		{"OUT is silent", cable.USBFault{Kind: cable.USBSilent, Pipe: cable.PipeOut}, late, (*recovering)(nil).do},
		{"IN is silent", cable.USBFault{Kind: cable.USBSilent, Pipe: cable.PipeIn}, late, (*recovering)(nil).do},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOutlet(t)
			p, port := o.printer("1000")
			l := openLink(t, "1000")
			echo(t, l, []byte("before"))
			port.Plan(c.fault)
			limit := patience
			if c.fault.Kind == cable.USBSilent {
				limit = silence
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := tryEcho(ctx, l, bytes.Repeat([]byte("x"), 4*chunk))
			if !c.want(err) || !comm(err) || fault.KindOf(err) != fault.InDoubt {
				t.Fatalf("%s, %v", fault.KindOf(err), err)
			}
			if left := port.Pending(); len(left) > 0 {
				t.Fatalf("the fault did not strike: %v", left)
			}
			if m := acknowledged.FindStringSubmatch(err.Error()); m != nil {
				if n, err := strconv.Atoi(m[1]); err != nil || n > p.count() {
					t.Errorf("%s bytes acknowledged, %d arrived", m[1], p.count())
				}
			}
			if err := c.mend(t.Context(), l); err != nil {
				t.Fatalf("mend: %v", err)
			}
			drain(t, l)
			echo(t, l, []byte("after"))
		})
	}
}

var acknowledged = regexp.MustCompile(`([0-9]+) of [0-9]+ bytes acknowledged`)

// recovering is the ladder of Recover.
type recovering struct{}

func (*recovering) do(ctx context.Context, l *Link) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return l.Recover(ctx)
}

// drain reads what is left of before.
func drain(t *testing.T, l *Link) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		_, err := l.Read(ctx, make([]byte, chunk))
		cancel()
		if err != nil {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatal(err)
			}
			return
		}
	}
}

// TestRealShortWrites: a device that takes half of what it is offered gets the rest.
func TestRealShortWrites(t *testing.T) {
	o := newOutlet(t)
	p, port := o.printer("1000")
	l := openLink(t, "1000")
	for n := range 5 {
		port.Plan(cable.USBFault{Kind: cable.USBShort, Pipe: cable.PipeOut, After: 2 * n})
	}
	data := bytes.Repeat([]byte("short"), 20_000)
	echo(t, l, data)
	if p.count() != len(data) {
		t.Errorf("%d bytes arrived of %d", p.count(), len(data))
	}
}

// TestRealDeaf: a transfer that the device does not even give back releases the caller; the plug is what
// helps, and the link finds the printer again.
func TestRealDeaf(t *testing.T) {
	o := newOutlet(t)
	_, port := o.printer("1000")
	l := openLink(t, "1000")
	port.Plan(cable.USBFault{Kind: cable.USBDeaf, Pipe: cable.PipeIn})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := l.Read(ctx, make([]byte, 8)); !fault.Is(err, Stuck) {
		t.Fatalf("a read that never ends: %v", err)
	}
	o.pull(port)
	o.plug(port)
	ctx, cancel = context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := l.Reopen(ctx); err != nil {
		t.Fatal(err)
	}
	echo(t, l, []byte("after"))
}

// TestRealUnplug: in the middle of a write and at rest; back in seconds, the same link goes on.
func TestRealUnplug(t *testing.T) {
	o := newOutlet(t)
	p, port := o.printer("1000")
	l := openLink(t, "1000")
	port.Plan(cable.USBFault{Kind: cable.USBPull, Pipe: cable.PipeOut, After: 3})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := l.Write(ctx, bytes.Repeat([]byte("x"), 20*chunk))
	if printer.ClassOf(err) != printer.ClassComm || fault.KindOf(err) != fault.InDoubt {
		t.Fatalf("pulled in a panel: %s, %v", fault.KindOf(err), err)
	}
	if err := l.Write(ctx, []byte("x")); !fault.Is(err, NotPluggedIn) || fault.KindOf(err) != fault.Device {
		t.Errorf("while it is away: %s, %v", fault.KindOf(err), err)
	}
	if p.count() >= 20*chunk {
		t.Error("everything arrived through a pulled plug")
	}
	o.pull(port) // the kernel forgets it
	o.plug(port)
	if err := l.Reopen(ctx); err != nil {
		t.Fatal(err)
	}
	drain(t, l)
	echo(t, l, []byte("again"))

	o.pull(port)
	if _, err := l.DeviceID(ctx); err == nil {
		t.Error("a printer that is away told its device id")
	}
	o.plug(port)
	echo(t, l, []byte("by itself")) // the next use finds it
}

// TestRealHundredCycles: unplugging and plugging in leaks no handle and no goroutine.
func TestRealHundredCycles(t *testing.T) {
	o := newOutlet(t)
	_, port := o.printer("1000")
	l := openLink(t, "1000")
	cycle := func() {
		o.pull(port)
		if err := l.Write(t.Context(), []byte("x")); printer.ClassOf(err) != printer.ClassComm {
			t.Fatalf("a write to a printer that is away: %v", err)
		}
		o.plug(port)
		echo(t, l, []byte("there"))
	}
	cycle()
	handles, routines := handleCount(t), runtime.NumGoroutine()
	const cycles = 100
	for range cycles {
		cycle()
	}
	rig.Await(t, fmt.Sprintf("%d handles and %d goroutines as before", handles, routines), func() bool {
		return handleCount(t) <= handles && runtime.NumGoroutine() <= routines
	})
}

func handleCount(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestRealCanceledReadLosesNothing: a read that is taken back while the printer speaks loses no byte.
func TestRealCanceledReadLosesNothing(t *testing.T) {
	o := newOutlet(t)
	o.printer("1000")
	l := openLink(t, "1000")
	var got []byte
	const rounds = 100
	for n := range rounds {
		if err := l.Write(t.Context(), []byte{byte(n)}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n%5)*time.Millisecond)
		b := make([]byte, 64)
		if k, err := l.Read(ctx, b); err == nil {
			got = append(got, b[:k]...)
		}
		cancel()
	}
	for len(got) < rounds {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		b := make([]byte, 64)
		k, err := l.Read(ctx, b)
		cancel()
		if err != nil {
			t.Fatalf("after %d bytes: %v", len(got), err)
		}
		got = append(got, b[:k]...)
	}
	for n, v := range got {
		if v != byte(n) {
			t.Fatalf("byte %d is %d", n, v)
		}
	}
}
