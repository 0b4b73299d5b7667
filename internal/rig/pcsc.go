package rig

import (
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

// pcscTools are what a private pcscd needs. A guest has no compiler and gets what it would make.
func pcscTools() []Tool {
	tools := []Tool{{Program: "pcscd", Package: "pcscd"}, vpcdDriver()}
	if !InGuest() {
		tools = append(tools, Tool{Program: "gcc", Package: "gcc"})
	}
	return tools
}

// driverFile is where Debian installs the driver of the virtual readers.
const driverFile = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

// vpcdDriver is that driver, unpacked or installed.
func vpcdDriver() Tool {
	unpacked := Tool{File: Unpacked("vsmartcard-vpcd") + driverFile, Package: "vsmartcard-vpcd, by scripts/unpack"}
	if unpacked.found() == "" {
		if installed := (Tool{File: driverFile}); installed.found() != "" {
			return installed
		}
	}
	return unpacked
}

// PCSCMissing names what the machine lacks for a private pcscd; empty: nothing.
func PCSCMissing() []string { return missing(pcscTools()) }

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
	if InGuest() {
		return nil
	}
	return buildPreload(d.dir)
}

// preloadFile is the name of the library that keeps pcscd to itself.
const preloadFile = "private_pcscd.so"

// buildPreload makes the library in a folder.
func buildPreload(dir string) error {
	source := filepath.Join(dir, "private_pcscd.c")
	if err := os.WriteFile(source, preloaded, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command("gcc", "-O1", "-shared", "-fPIC", "-o", filepath.Join(dir, preloadFile), source).CombinedOutput(); err != nil {
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

func (d *PCSCD) preload() string {
	if InGuest() {
		return filepath.Join("/", guestLibraries, preloadFile)
	}
	return filepath.Join(d.dir, preloadFile)
}

func (d *PCSCD) log() string { return filepath.Join(d.dir, "pcscd.log") }

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
