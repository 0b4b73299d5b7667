package rig

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// CardDevice is the printer at the end of a print server's queue: a listener that takes jobs as a
// network printer on port 9100 does.
type CardDevice struct {
	listener net.Listener

	mu      sync.Mutex
	mode    DeviceMode
	printed func(job []byte)
	changed chan struct{} // closed when the mode changes
	jobs    [][]byte
}

// DeviceMode is how the printer behaves.
type DeviceMode struct {
	// Stall takes nothing more until the mode changes.
	Stall bool
	// Cut closes the connection after so many bytes of a job; 0: never.
	Cut int
}

// NewCardDevice listens until the test ends.
func NewCardDevice(t testing.TB) *CardDevice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &CardDevice{listener: l, changed: make(chan struct{})}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { d.take(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		d.Set(DeviceMode{Cut: 1})
		connections.Wait()
	})
	return d
}

// URI is the device address for a queue. waiteof lets the backend end only when the printer closes;
// without snmp=false every job waits four seconds for supplies.
func (d *CardDevice) URI() string {
	return "socket://" + d.listener.Addr().String() + "/?waiteof=true&snmp=false"
}

// Set changes the behavior, for jobs that are under way too.
func (d *CardDevice) Set(m DeviceMode) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mode = m
	close(d.changed)
	d.changed = make(chan struct{})
}

// OnJob has every whole job printed before the connection that it came on is closed.
func (d *CardDevice) OnJob(printed func(job []byte)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.printed = printed
}

// Jobs are what has come, whole or not, in the order of the connections' ends.
func (d *CardDevice) Jobs() [][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([][]byte{}, d.jobs...)
}

func (d *CardDevice) take(c net.Conn) {
	defer c.Close() //nolint:errcheck // the connection is over
	var job []byte
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.jobs = append(d.jobs, job)
	}()
	part := make([]byte, 32<<10)
	for {
		d.mu.Lock()
		mode, changed := d.mode, d.changed
		d.mu.Unlock()
		switch {
		case mode.Cut > 0 && len(job) >= mode.Cut:
			return
		case mode.Stall:
			<-changed
			continue
		}
		n, err := c.Read(part)
		job = append(job, part[:n]...)
		if err != nil {
			d.mu.Lock()
			printed := d.printed
			d.mu.Unlock()
			if errors.Is(err, io.EOF) && printed != nil {
				printed(job)
			}
			return
		}
	}
}
