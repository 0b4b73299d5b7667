package rig

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// device is one virtual reader with its slots: how pcscd shows it and where its cards dial in.
type device struct {
	name string
	port int
}

// addDevice writes what pcscd reads of a device.
func (d *PCSCD) addDevice(v device, driver []byte) error {
	i := len(d.devices)
	if err := os.WriteFile(d.library(i), driver, 0o755); err != nil {
		return err
	}
	d.devices = append(d.devices, v)
	for slot := range slotsPerReader {
		d.readers = append(d.readers, v.reader(slot))
	}
	return d.writeDevice(i)
}

func (v device) reader(slot int) Reader {
	return Reader{
		Name: fmt.Sprintf("%s %02X %02X", v.name, entry, slot),
		Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(v.port+slot)),
	}
}

func (d *PCSCD) library(i int) string { return filepath.Join(d.dir, fmt.Sprintf("libifdvpcd%d.so", i)) }

func (d *PCSCD) writeDevice(i int) error {
	v := d.devices[i]
	text := fmt.Sprintf("FRIENDLYNAME \"%s\"\nDEVICENAME /dev/null:%d\nLIBPATH %s\nCHANNELID %d\n", v.name, v.port, d.library(i), v.port)
	return os.WriteFile(filepath.Join(d.configuration(), fmt.Sprintf("reader%02d", i)), []byte(text), 0o644)
}

// Exchange gives two devices each other's name from the next Start on, as a service does that numbers
// its readers in the order in which they were plugged in. Readers tells where they are then.
func (d *PCSCD) Exchange(a, b int) error {
	d.devices[a].name, d.devices[b].name = d.devices[b].name, d.devices[a].name
	for _, i := range []int{a, b} {
		for slot := range slotsPerReader {
			d.readers[i*slotsPerReader+slot] = d.devices[i].reader(slot)
		}
		if err := d.writeDevice(i); err != nil {
			return err
		}
	}
	return nil
}
