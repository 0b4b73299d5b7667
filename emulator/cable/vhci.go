package cable

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// VHCI is the virtual host controller of this machine's kernel (module vhci-hcd): what is plugged
// into it is a USB device for every program. It needs root.
type VHCI struct {
	mu      sync.Mutex
	used    map[*USBPort]*socket
	changed chan struct{} // closed when a plug goes in or out
}

// socket is where a device sits in the controller.
type socket struct {
	number string // as in the files of the controller
	served chan struct{}
	busID  string
}

// ErrNoVHCI is a machine without the module vhci-hcd.
var ErrNoVHCI = errors.New("no virtual USB host controller (module vhci-hcd)")

const (
	vhciDir    = "/sys/devices/platform/vhci_hcd.0"
	usbDevices = "/sys/bus/usb/devices"

	vhciFree = "004" // VDEV_ST_NULL
	vhciUsed = "006" // VDEV_ST_USED

	vhciPoll = 20 * time.Millisecond
)

// FindVHCI opens the controller; ErrNoVHCI.
func FindVHCI() (*VHCI, error) {
	if _, err := os.Stat(filepath.Join(vhciDir, "attach")); err != nil {
		return nil, ErrNoVHCI
	}
	return &VHCI{used: map[*USBPort]*socket{}, changed: make(chan struct{})}, nil
}

// Plug puts the device in and returns when the kernel has set it up.
func (v *VHCI) Plug(ctx context.Context, p *USBPort) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.used[p] != nil {
		return errors.New("the device is plugged in")
	}
	number, err := freeSocket(ctx)
	if err != nil {
		return err
	}
	ours, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close() //nolint:errcheck // the kernel holds its own reference
	p.PutBack()
	if !p.take(ours) {
		_ = ours.Close()
		return errors.New("the device is in another host")
	}
	s := &socket{number: number, served: make(chan struct{})}
	go func() {
		defer close(s.served)
		defer p.release()
		_ = p.serve(ours)
	}()
	v.used[p] = s
	defer v.change()
	bus, dev := deviceNumber(0)
	line := fmt.Sprintf("%s %d %d %d", number, theirs.Fd(), bus<<16|dev, speedHigh)
	err = os.WriteFile(filepath.Join(vhciDir, "attach"), []byte(line), 0)
	if err == nil {
		err = s.awaitReady(ctx)
	}
	if err != nil {
		_ = v.pull(ctx, p)
	}
	return err
}

// Pull takes the plug out and returns when the kernel has forgotten the device. A device that is
// not plugged in stays so.
func (v *VHCI) Pull(ctx context.Context, p *USBPort) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.pull(ctx, p)
}

func (v *VHCI) pull(ctx context.Context, p *USBPort) error {
	s := v.used[p]
	if s == nil {
		return nil
	}
	delete(v.used, p)
	defer v.change()
	p.Pull()
	select {
	case <-s.served:
	case <-ctx.Done():
		return ctx.Err()
	}
	return poll(ctx, "the kernel to forget the device "+s.busID, func() (bool, error) {
		sockets, err := sockets()
		if err != nil || sockets[s.number].state != vhciFree {
			return false, err
		}
		if s.busID == "" {
			return true, nil
		}
		_, err = os.Stat(filepath.Join(usbDevices, s.busID))
		return os.IsNotExist(err), nil
	})
}

// awaitReady waits until the kernel has configured the device.
func (s *socket) awaitReady(ctx context.Context) error {
	return poll(ctx, "the kernel to set the device up", func() (bool, error) {
		select {
		case <-s.served:
			return false, errFallen
		default:
		}
		sockets, err := sockets()
		if err != nil || sockets[s.number].state != vhciUsed {
			return false, err
		}
		s.busID = sockets[s.number].busID
		b, err := os.ReadFile(filepath.Join(usbDevices, s.busID, "bConfigurationValue"))
		return err == nil && strings.TrimSpace(string(b)) != "", nil
	})
}

// Follow keeps the device in the controller while there says so: a printer that lost its power or
// its cable is gone from the bus, and comes back with it; so does one that fell off the bus by itself.
// changed is closed at the next change. It returns at the end of the context, with the device pulled.
func (v *VHCI) Follow(ctx context.Context, p *USBPort, there func() (is bool, changed <-chan struct{})) error {
	for {
		is, changed := there()
		in, fallen := v.holds(p)
		var err error
		switch {
		case in && (!is || isClosed(fallen)):
			err = v.Pull(ctx, p)
		case is && !in:
			if err = v.Plug(ctx, p); errors.Is(err, errFallen) {
				err = nil
			}
		default:
			select {
			case <-changed:
			case <-fallen:
			case <-ctx.Done():
			}
		}
		if err != nil || ctx.Err() != nil {
			end, stop := context.WithTimeout(context.WithoutCancel(ctx), vhciPatience)
			defer stop()
			if ctx.Err() != nil {
				err = nil // the end was asked for, in whatever was under way
			}
			return errors.Join(err, v.Pull(end, p))
		}
	}
}

// Look tells whether the kernel has set the device up and it is there, and whether the kernel has none
// of it; neither while it falls off the bus. changed is closed when a plug goes in or out anywhere.
func (v *VHCI) Look(p *USBPort) (there, gone bool, changed <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.used[p]
	return s != nil && !isClosed(s.served), s == nil, v.changed
}

// change is called under the lock.
func (v *VHCI) change() {
	close(v.changed)
	v.changed = make(chan struct{})
}

// holds tells whether the device is in the controller; fallen is closed when it has fallen off the bus.
func (v *VHCI) holds(p *USBPort) (in bool, fallen <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if s := v.used[p]; s != nil {
		return true, s.served
	}
	return false, nil
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// errFallen is a device that left the bus while the kernel set it up.
var errFallen = errors.New("the kernel has let the device go")

// vhciPatience is how long the kernel may take to forget a device, on a machine that is busy with much else.
const vhciPatience = time.Minute

// socketState is a line of the controller's status.
type socketState struct{ state, busID string }

// sockets reads the high-speed sockets of the controller, by number:
// "hs  0000 004 000 00000000 000000 0-0".
func sockets() (map[string]socketState, error) {
	b, err := os.ReadFile(filepath.Join(vhciDir, "status"))
	if err != nil {
		return nil, err
	}
	out := map[string]socketState{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		const fields = 7
		if len(f) == fields && f[0] == "hs" {
			out[f[1]] = socketState{f[2], f[6]}
		}
	}
	return out, nil
}

// freeSocket waits for a socket that nobody uses.
func freeSocket(ctx context.Context) (number string, err error) {
	err = poll(ctx, "a free socket of the controller", func() (bool, error) {
		all, err := sockets()
		if err != nil {
			return false, err
		}
		for n, s := range all {
			if s.state == vhciFree && (number == "" || n < number) {
				number = n
			}
		}
		return number != "", nil
	})
	return number, err
}

// poll looks until ok.
func poll(ctx context.Context, what string, ok func() (bool, error)) error {
	for {
		if done, err := ok(); done || err != nil {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("waited in vain for %s: %w", what, ctx.Err())
		}
		time.Sleep(vhciPoll)
	}
}

// socketPair is a stream between this process and the kernel.
func socketPair() (net.Conn, *os.File, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "usbip"), os.NewFile(uintptr(fds[1]), "vhci")
	defer ours.Close() //nolint:errcheck // FileConn has its own
	c, err := net.FileConn(ours)
	if err != nil {
		_ = theirs.Close()
		return nil, nil, err
	}
	return c, theirs, nil
}
