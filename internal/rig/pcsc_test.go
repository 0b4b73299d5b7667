package rig

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"blanko/emulator/cable"
)

// answering is a card that answers every command with 9000.
type answering struct{}

func (answering) Transmit(context.Context, []byte) ([]byte, error) { return []byte{0x90, 0x00}, nil }
func (answering) Reset(context.Context) ([]byte, error)            { return checkATR, nil }
func (answering) PowerOff()                                        {}

func startPCSC(t testing.TB, o PCSCOptions) *PCSCD {
	t.Helper()
	NeedPCSC(t)
	d, err := StartPCSC(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Stop(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(d.dir); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", d.dir, err)
		}
	})
	return d
}

func TestPCSCReaders(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 3, Devices: []string{"ACS ACR1552 [CL Reader] (RR550-0001)"}})
	var names []string
	for _, r := range d.Readers() {
		names = append(names, r.Name)
	}
	want := []string{
		"ACS ACR1552 [CL Reader] (RR550-0001) 00 00", "ACS ACR1552 [CL Reader] (RR550-0001) 00 01",
		"Blanko Virtual Reader [Contactless] (BLK0001) 00 00", "Blanko Virtual Reader [Contactless] (BLK0001) 00 01",
	}
	if !slices.Equal(names, want) {
		t.Errorf("readers %q, want %q", names, want)
	}
	states, err := d.states()
	if err != nil || len(states) != len(want) {
		t.Errorf("pcscd shows %d readers: %v", len(states), err)
	}
}

// A private pcscd is out of reach of other hosts, and belongs to nobody of importance.
func TestPCSCIsPrivate(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 2})
	_, port, err := net.SplitHostPort(d.Readers()[0].Addr)
	if err != nil {
		t.Fatal(err)
	}
	// Another address of the loopback network stands for any other address of the machine.
	if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.2", port)); err == nil {
		c.Close()
		t.Error("the driver listens on more than 127.0.0.1")
	}
	who, err := os.Stat("/proc/" + strconv.Itoa(d.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	if who.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Error("pcscd runs as root")
	}
}

func TestPCSCCardsComeAndGo(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 2})
	r := d.Readers()[1]
	s := cable.Plug(t.Context(), r.Addr)
	defer s.Close()
	for range 2 {
		if err := s.Insert(answering{}); err != nil {
			t.Fatal(err)
		}
		if err := d.awaitCard(r.Name, true); err != nil {
			t.Fatal(err, s.State())
		}
		s.Remove()
		if err := d.awaitCard(r.Name, false); err != nil {
			t.Fatal(err)
		}
	}
}

// failing is a card that answers every command with an error.
type failing struct {
	answering
	err error
}

func (f failing) Transmit(context.Context, []byte) ([]byte, error) { return nil, f.err }

type silence struct{}

func (silence) Error() string { return "no answer" }
func (silence) Timeout() bool { return true }

// A mute card makes a command fail (SCARD_E_NOT_TRANSACTED); one that is gone answers with nothing.
func TestPCSCMuteAndGone(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 2})
	for i, c := range []struct {
		err  error
		want string
	}{
		{silence{}, "pcscd: command 0x9: 0x80100016"},
		{errors.New("field lost"), ""},
	} {
		r := d.Readers()[i]
		s := cable.Plug(t.Context(), r.Addr)
		defer s.Close()
		if err := s.Insert(failing{err: c.err}); err != nil {
			t.Fatal(err)
		}
		if err := d.awaitCard(r.Name, true); err != nil {
			t.Fatal(err)
		}
		client, err := dialPCSC(d.Socket)
		if err != nil {
			t.Fatal(err)
		}
		defer client.close()
		card, err := client.connect(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		rapdu, err := client.transmit(card, []byte{0, 0, 0, 0})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want || len(rapdu) > 0 {
			t.Errorf("%v: answer % x, error %q; want %q", c.err, rapdu, got, c.want)
		}
	}
}

// The socket outlives a pcscd, until it is closed.
func TestPCSCKilledRestartedAndWithoutService(t *testing.T) {
	t.Parallel()
	d := startPCSC(t, PCSCOptions{Readers: 2})
	s := cable.Plug(t.Context(), d.Readers()[0].Addr)
	defer s.Close()
	if err := s.Insert(answering{}); err != nil {
		t.Fatal(err)
	}
	first := d.Pid()
	d.Kill()
	if d.Pid() != 0 {
		t.Error("a killed pcscd has a number")
	}
	if _, err := os.Stat("/proc/" + strconv.Itoa(first)); err == nil {
		t.Error("the killed pcscd is still there")
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err == nil {
		t.Error("two at once")
	}
	if err := d.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := d.awaitCard(d.Readers()[0].Name, true); err != nil {
		t.Error("the card that stayed in the reader: ", err)
	}
	if err := d.CloseSocket(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.HasCard(d.Readers()[0].Name); err == nil {
		t.Error("a service without a socket")
	}
	if err := d.Start(); err == nil {
		t.Error("started without a socket")
	}
}

func TestPCSCRefusesOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]PCSCOptions{
		"readers":   {Readers: MaxReaders + 1},
		"too few":   {Readers: -1},
		"quote":     {Devices: []string{`a "b"`}},
		"two alike": {Devices: []string{"a", "a"}},
		"too long":  {Devices: []string{strings.Repeat("a", maxFriendlyName+1)}},
	} {
		if len(PCSCMissing()) > 0 && o.Devices != nil {
			continue
		}
		d, err := StartPCSC(o)
		if err == nil {
			t.Errorf("%s: taken", name)
			_ = d.Stop()
		}
		if d != nil && d.dir != "" {
			if _, err := os.Stat(d.dir); !os.IsNotExist(err) {
				t.Errorf("%s: %s is still there", name, d.dir)
			}
		}
	}
}

// The pool checks itself, and gives each reader to one test at a time.
func TestPCSCPool(t *testing.T) {
	t.Parallel()
	r := PCSC(t)
	if got := os.Getenv("PCSCLITE_CSOCK_NAME"); got != r.Socket {
		t.Errorf("PCSCLITE_CSOCK_NAME is %q", got)
	}
	t.Run("one", func(t *testing.T) {
		a, b := r.Take(t), r.Take(t)
		if a == b {
			t.Errorf("%v was given twice", a)
		}
	})
	if len(r.free) != MaxReaders {
		t.Errorf("%d readers are free again", len(r.free))
	}
}

// BenchmarkShortAPDU is one command of four bytes through pcscd, vpcd and the emulated slot, as the
// median in microseconds: the time that the emulation of a reader adds to every command.
func BenchmarkShortAPDU(b *testing.B) {
	d := startPCSC(b, PCSCOptions{Readers: 2})
	s := cable.Plug(b.Context(), d.Readers()[0].Addr)
	defer s.Close()
	if err := s.Insert(answering{}); err != nil {
		b.Fatal(err)
	}
	if err := d.awaitCard(d.Readers()[0].Name, true); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	took, err := d.measure(d.Readers()[0], b.N)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "us-median")
}
