package rig

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// MaxReaders is how many readers one pcscd can have (PCSCLITE_MAX_READERS_CONTEXTS).
const MaxReaders = 16

// slotsPerReader is how many slots the driver makes of one entry of the configuration.
const slotsPerReader = 2

// Reader is one slot of a private pcscd: the name by which PC/SC programs know it, and the address
// on loopback where its card dials in.
type Reader struct {
	Name string
	Addr string
}

// PCSCOptions is how a private pcscd is set up.
type PCSCOptions struct {
	// Readers is how many it has, 1 to MaxReaders; zero is MaxReaders. Their number is even: each
	// device has two slots.
	Readers int
	// Devices are the names of the devices, in order, no two alike; where they end, made-up names
	// follow that look as those of USB readers do: "Maker Model [Interface] (serial)". PC/SC adds
	// two numbers; the first tells alike devices of one driver apart and is always 00 here, the
	// second is the slot, 00 or 01.
	Devices []string
}

// PCSCD is a pcscd of one process, with virtual readers, on its own socket.
type PCSCD struct {
	// Socket is what PCSCLITE_CSOCK_NAME has to be for clients. libpcsclite reads the variable
	// once per process.
	Socket string

	dir     string
	devices []device
	readers []Reader
	socket  *os.File // the listening socket, which outlives each pcscd; nil after CloseSocket
	keeper  *keeper
	process *exec.Cmd     // nil: stopped
	ended   chan struct{} // closed when process is
}

var pcscTools = []Tool{
	{Program: "pcscd", Package: "pcscd"},
	{Program: "gcc", Package: "gcc"},
}

// vpcdDriver is the driver of the virtual readers, unpacked or installed.
func vpcdDriver() Tool {
	const file = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
	unpacked := Tool{File: Unpacked("vsmartcard-vpcd") + file, Package: "vsmartcard-vpcd, by scripts/unpack"}
	if unpacked.found() == "" {
		if installed := (Tool{File: file}); installed.found() != "" {
			return installed
		}
	}
	return unpacked
}

// PCSCMissing names what the machine lacks for a private pcscd; empty: nothing.
func PCSCMissing() []string { return missing(append(pcscTools, vpcdDriver())) }

//go:embed preload/private_pcscd.c
var preloaded []byte

// StartPCSC starts a private pcscd whose readers are empty. It runs without root's rights and
// listens on loopback alone. It ends with Stop, or when this process does.
func StartPCSC(o PCSCOptions) (_ *PCSCD, err error) {
	if o.Readers == 0 {
		o.Readers = MaxReaders
	}
	if o.Readers < 1 || o.Readers > MaxReaders {
		return nil, fmt.Errorf("rig pcsc: %d readers; 1 to %d are possible", o.Readers, MaxReaders)
	}
	if lacking := PCSCMissing(); len(lacking) > 0 {
		return nil, errors.New("rig pcsc: missing " + strings.Join(lacking, ", "))
	}
	d := &PCSCD{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Stop())
		}
	}()
	if d.dir, err = os.MkdirTemp("", "pcsc"); err != nil { // short: the path of a socket has 107 bytes at most
		return d, err
	}
	if d.keeper, err = keep(d.dir); err != nil {
		return d, err
	}
	if err := d.configure(o); err != nil {
		return d, err
	}
	if err := d.listen(); err != nil {
		return d, err
	}
	return d, d.Start()
}

// Readers lists the readers, in the order in which pcscd does.
func (d *PCSCD) Readers() []Reader { return d.readers }

// Pid is the running pcscd's, 0 while there is none.
func (d *PCSCD) Pid() int {
	if d.process == nil {
		return 0
	}
	return d.process.Process.Pid
}

// configure writes what pcscd reads: an entry for each device, with a copy of the driver of its
// own, because the driver keeps one state for each slot number.
func (d *PCSCD) configure(o PCSCOptions) error {
	driver, err := os.ReadFile(vpcdDriver().File)
	if err != nil {
		return err
	}
	if err := os.Mkdir(d.configuration(), 0o755); err != nil {
		return err
	}
	devices := (o.Readers + slotsPerReader - 1) / slotsPerReader
	first, err := freePorts(devices * slotsPerReader)
	if err != nil {
		return err
	}
	for i := range devices {
		name := fmt.Sprintf("Blanko Virtual Reader [Contactless] (BLK%04d)", i)
		if i < len(o.Devices) {
			name = o.Devices[i]
		}
		if strings.ContainsAny(name, "\"\n") || len(name) > maxFriendlyName || slices.Contains(o.Devices[:min(i, len(o.Devices))], name) {
			return fmt.Errorf("rig pcsc: device %d cannot be called %q", i, name)
		}
		if err := d.addDevice(device{name, first + i*slotsPerReader}, driver); err != nil {
			return err
		}
	}
	source := filepath.Join(d.dir, "private_pcscd.c")
	if err := os.WriteFile(source, preloaded, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command("gcc", "-O1", "-shared", "-fPIC", "-o", d.preload(), source).CombinedOutput(); err != nil {
		return fmt.Errorf("rig pcsc: gcc: %w\n%s", err, out)
	}
	return nil
}

// entry is the first number in the name of every reader: each has a driver of its own.
const entry = 0

// maxFriendlyName leaves room for entry and slot number in a reader's name (MAX_READERNAME is 128
// with its end).
const maxFriendlyName = 120

// configuration is the folder of which pcscd reads every file.
func (d *PCSCD) configuration() string { return filepath.Join(d.dir, "readers") }

func (d *PCSCD) preload() string { return filepath.Join(d.dir, "private_pcscd.so") }
func (d *PCSCD) log() string     { return filepath.Join(d.dir, "pcscd.log") }

// listen makes the socket and, where this process is root, gives the folder to the user of pcscd.
func (d *PCSCD) listen() error {
	d.Socket = filepath.Join(d.dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: d.Socket, Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	if d.socket, err = l.File(); err != nil {
		return errors.Join(err, l.Close())
	}
	if err := l.Close(); err != nil {
		return err
	}
	who := unprivileged()
	if who == nil {
		return nil
	}
	return filepath.WalkDir(d.dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, int(who.Uid), int(who.Gid))
	})
}

// nobody is Debian's user and group nobody and nogroup.
const nobody = 65534

// unprivileged is whom a daemon runs as where the test is root, nil elsewhere.
func unprivileged() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: nobody, Gid: nobody}
}

// Start runs pcscd on the socket, also after Stop or Kill, and returns when its readers are there.
func (d *PCSCD) Start() error {
	if d.process != nil || d.socket == nil {
		return errors.New("rig pcsc: pcscd runs already, or has no socket any more")
	}
	log, err := os.OpenFile(d.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // pcscd has its own handle
	// pcscd wants to see its own number in LISTEN_PID; a shell sets it and replaces itself.
	cmd := exec.Command("/bin/sh", "-c",
		`LISTEN_PID=$$ LISTEN_FDS=1 LD_PRELOAD="$1" exec "$2" --foreground --error -c "$0"`, d.configuration(), d.preload(), Tool{Program: "pcscd"}.found())
	cmd.ExtraFiles = []*os.File{d.socket}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged()}
	if err := cmd.Start(); err != nil {
		return err
	}
	d.process, d.ended = cmd, make(chan struct{})
	go func(ended chan struct{}) { _ = cmd.Wait(); close(ended) }(d.ended)
	d.keeper.mind(cmd.Process.Pid)
	err = await("pcscd to show its readers", func() bool { return d.dead() || d.ready() })
	if err == nil && d.dead() {
		err = errors.New("pcscd has ended by itself")
	}
	if err != nil {
		text, _ := os.ReadFile(d.log())
		return fmt.Errorf("rig pcsc: %w\n%s", err, lastLines(string(text), 20))
	}
	return nil
}

func (d *PCSCD) dead() bool {
	select {
	case <-d.ended:
		return true
	default:
		return false
	}
}

// ready tells whether pcscd shows all readers.
func (d *PCSCD) ready() bool {
	states, err := d.states()
	if err != nil {
		return false
	}
	for _, r := range d.readers {
		if _, there := states[r.Name]; !there {
			return false
		}
	}
	return true
}

// states asks the running pcscd for its readers.
func (d *PCSCD) states() (map[string]readerState, error) {
	c, err := dialPCSC(d.Socket)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.readers()
}

// HasCard tells whether the running pcscd sees a card in a reader.
func (d *PCSCD) HasCard(name string) (bool, error) {
	states, err := d.states()
	if err != nil {
		return false, err
	}
	s, there := states[name]
	if !there {
		return false, fmt.Errorf("rig pcsc: pcscd knows no reader %q", name)
	}
	return s.present(), nil
}

// Kill ends pcscd at once, as a crash does. The socket stays: clients that come wait for the next
// pcscd.
func (d *PCSCD) Kill() { d.signal(syscall.SIGKILL) }

// end stops pcscd in order.
func (d *PCSCD) end() { d.signal(syscall.SIGTERM) }

func (d *PCSCD) signal(s syscall.Signal) {
	if d.process == nil {
		return
	}
	_ = d.process.Process.Signal(s)
	select {
	case <-d.ended:
	case <-time.After(patience):
		_ = d.process.Process.Kill()
		<-d.ended
	}
	d.process = nil
	d.keeper.mind(0)
}

// Restart kills pcscd and starts the next one on the same socket.
func (d *PCSCD) Restart() error {
	d.Kill()
	return d.Start()
}

// CloseSocket takes the socket away as well: clients find no service, for good.
func (d *PCSCD) CloseSocket() error {
	d.end()
	if d.socket == nil {
		return nil
	}
	err := errors.Join(d.socket.Close(), os.Remove(d.Socket))
	d.socket = nil
	return err
}

// Stop ends pcscd and removes its folder. Again: nothing.
func (d *PCSCD) Stop() error {
	d.end()
	if d.socket != nil {
		_ = d.socket.Close()
		d.socket = nil
	}
	if d.keeper != nil {
		d.keeper.release()
		d.keeper = nil
	}
	if d.dir == "" {
		return nil
	}
	return os.RemoveAll(d.dir)
}

// Ports of the readers: below those that the kernel hands out by itself, so that nobody gets one
// while pcscd is stopped.
const (
	firstPort = 20000
	endPort   = 32000
)

// freePorts finds n ports in a row on loopback where nobody listens.
func freePorts(n int) (int, error) {
	const tries = 200
	for range tries {
		if port := firstPort + rand.IntN(endPort-firstPort-n); free(port, n) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("rig pcsc: no %d free ports in a row from %d to %d", n, firstPort, endPort)
}

func free(port, n int) bool {
	for i := range n {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+i)))
		if err != nil {
			return false
		}
		defer l.Close() //nolint:errcheck,gocritic // a handful, and it only asked
	}
	return true
}

// keeper is a shell that outlives this process, however it ends: it stops pcscd and removes the
// folder then.
type keeper struct {
	process *exec.Cmd
	line    io.WriteCloser
}

// keepScript reads the number of the daemon, line by line (0: none), until this process is gone.
const keepScript = `pid=0
while read -r next; do [ "$next" = done ] && exit; pid=$next; done
if [ "$pid" != 0 ]; then
	kill -TERM "$pid"
	n=0
	while kill -0 "$pid" && [ $n -lt 40 ]; do n=$((n+1)); sleep 0.05; done
	kill -KILL "$pid"
fi 2>/dev/null
rm -rf "$0"`

func keep(dir string) (*keeper, error) {
	cmd := exec.Command("/bin/sh", "-c", keepScript, dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt from the keyboard is not for it
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &keeper{cmd, in}, cmd.Start()
}

func (k *keeper) mind(pid int) { fmt.Fprintln(k.line, pid) }

func (k *keeper) release() {
	fmt.Fprintln(k.line, "done")
	_ = k.line.Close()
	_ = k.process.Wait()
}
