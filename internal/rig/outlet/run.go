package outlet

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"blanko/fault"
	"blanko/internal/rig"
	"blanko/printer"
	"blanko/printer/printertest"
	"blanko/printer/usb"
)

// Language is a printer language under test.
type Language struct {
	// Bench plugs a printer in, opens it and stands beside it.
	Bench func(t *testing.T) (*Printer, printertest.Bench)
	// Open greets a printer over a link alone.
	Open func(context.Context, printer.Link) (printer.Printer, error)
}

// Run runs the cases that a cable can change, what happens to cables, and what the machine of the station
// adds: a second printer of the model, the kernel's own driver, and rights.
func Run(t *testing.T, l Language) {
	rig.NeedGuest(t)
	if os.Getenv(userEnv) != "" {
		l.asUser(t)
		return
	}
	printertest.RunCable(t, func(t *testing.T) printertest.Cable {
		p, b := l.Bench(t)
		return p.cable(b)
	})
	for name, test := range map[string]func(*testing.T){
		"two printers of one model":   l.twins,
		"the kernel's driver is back": l.driver,
		"users without a right":       l.users,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// twins: neither is taken without its serial number, and each prints its own card.
func (l Language) twins(t *testing.T) {
	first, b := l.Bench(t)
	second, c := l.Bench(t)
	either := first.identity
	either.Serial = ""
	if _, err := usb.Open(t.Context(), either); !fault.Is(err, usb.Ambiguous) {
		t.Errorf("two printers of one model: %v", err)
	}
	printertest.One(t, c)
	if b.Fed() != 0 || c.Fed() != 1 {
		t.Errorf("the printers have fed %d and %d cards, want 0 and 1", b.Fed(), c.Fed())
	}
	first.awaitDriver("usbfs")
	second.awaitDriver("usbfs")
	printertest.One(t, b)
}

// driver: what the kernel had before the station it has again after it, and the station takes it anew.
func (l Language) driver(t *testing.T) {
	p, _ := l.Bench(t)
	p.awaitDriver("usbfs")
	if _, err := p.open(); !fault.Is(err, usb.InUse) {
		t.Errorf("a second claim: %v", err)
	}
	p.close()
	p.awaitDriver(p.wants)
	var err error
	if p.Link, err = p.open(); err != nil {
		t.Fatal(err)
	}
	defer p.close()
	l.looks(t, p.Link)
}

// looks greets the printer.
func (l Language) looks(t *testing.T, link printer.Link) {
	opened, err := l.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := opened.Status(t.Context()); err != nil || st.Error != printer.ClassNone {
		t.Errorf("status %+v, %v", st, err)
	}
}

// userEnv names the printer, as vendor and serial number, to the part of users that another user plays.
const userEnv = "BLANKO_AS_USER"

// Verdicts of that part.
const (
	denied = "verdict: denied"
	spoken = "verdict: spoken"
)

// users: who is outside of the group lp is told so and changes nothing; inside of it nobody needs root.
func (l Language) users(t *testing.T) {
	p, b := l.Bench(t)
	p.close()
	const nobody, lp = 65534, 7
	for _, u := range []struct {
		group uint32
		want  string
	}{{nobody, denied}, {lp, spoken}} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()[:strings.IndexByte(t.Name(), '/')]+"$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", userEnv, p.identity.Vendor, p.identity.Serial))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: u.group}}
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), u.want) {
			t.Errorf("group %d, want %q: %v\n%s", u.group, u.want, err, out)
		}
	}
	if b.Fed() != 0 {
		t.Errorf("%d cards were fed", b.Fed())
	}
}

func (l Language) asUser(t *testing.T) {
	vendor, serial, _ := strings.Cut(os.Getenv(userEnv), " ")
	number, err := strconv.ParseUint(vendor, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	link, err := usb.Open(t.Context(), usb.Identity{Vendor: uint16(number), Serial: serial})
	if fault.Is(err, usb.NotAllowed) {
		t.Log(denied)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close() //nolint:errcheck // the process ends
	l.looks(t, link)
	t.Log(spoken)
}
