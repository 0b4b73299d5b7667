package cable

import (
	"net"
	"slices"
	"sync"
)

// USBPort is a USB device with its plug: out, or in one host.
type USBPort struct {
	dev USBDevice

	mu     sync.Mutex
	out    bool // the plug is out, or the device has no power
	host   net.Conn
	left   sync.Cond // a host has let the device go; on mu
	script []USBFault
}

// NewUSBPort makes a port that any host may take.
func NewUSBPort(dev USBDevice) *USBPort {
	p := &USBPort{dev: dev}
	p.left.L = &p.mu
	return p
}

// Pull takes the plug out: the connection of the host ends, and none can be made before PutBack.
func (p *USBPort) Pull() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out = true
	if p.host != nil {
		_ = p.host.Close()
	}
}

// PutBack lets a host take the device again, once the one that it was pulled from has noticed.
func (p *USBPort) PutBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.out && p.host != nil {
		p.left.Wait()
	}
	p.out = false
}

// take connects a host; false where the plug is out or in another host.
func (p *USBPort) take(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out || p.host != nil {
		return false
	}
	p.host = c
	return true
}

func (p *USBPort) release() {
	p.mu.Lock()
	p.host = nil
	p.left.Broadcast()
	p.mu.Unlock()
}

// Held tells whether a host has the device.
func (p *USBPort) Held() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.host != nil
}

// free tells whether a host may take the device.
func (p *USBPort) free() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.out && p.host == nil
}

// Pipe is a way between host and device.
type Pipe int

const (
	PipeControl Pipe = iota
	PipeOut
	PipeIn
)

// USBFaultKind is what goes wrong on a USB cable.
type USBFaultKind string

const (
	USBStall  USBFaultKind = "stall"  // the endpoint halts; a control request is refused
	USBBabble USBFaultKind = "babble" // more data than the host asked for
	USBNoise  USBFaultKind = "noise"  // no handshake, the transfer fails
	USBShort  USBFaultKind = "short"  // half of the bytes are taken
	USBSilent USBFaultKind = "silent" // no answer until the host takes the transfer back
	USBDeaf   USBFaultKind = "deaf"   // no answer, not even when the host takes the transfer back
	USBPull   USBFaultKind = "pull"   // the plug is pulled in the middle of the transfer, half of it over
)

// USBFault strikes one transfer of a pipe, after so many that pass. A fault strikes once.
type USBFault struct {
	Kind  USBFaultKind `json:"kind"`
	Pipe  Pipe         `json:"pipe"`
	After int          `json:"after,omitempty"`
}

// Plan adds faults to the script of the port. Standard requests do not count as transfers.
func (p *USBPort) Plan(faults ...USBFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script = append(p.script, faults...)
}

// Pending are the faults that have not struck yet.
func (p *USBPort) Pending() []USBFault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.script)
}

// strike is the fault that this transfer meets; empty: none.
func (p *USBPort) strike(pipe Pipe) USBFaultKind {
	p.mu.Lock()
	defer p.mu.Unlock()
	struck := -1
	for i := range p.script {
		f := &p.script[i]
		switch {
		case f.Pipe != pipe:
		case f.After > 0:
			f.After--
		case struck < 0:
			struck = i
		}
	}
	if struck < 0 {
		return ""
	}
	kind := p.script[struck].Kind
	p.script = slices.Delete(p.script, struck, struck+1)
	return kind
}
