package cable

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// The messages of the second phase (Linux, Documentation/usb/usbip_protocol.rst).
const (
	cmdSubmit = 1
	cmdUnlink = 2
	retSubmit = 3
	retUnlink = 4

	urbHeader = 48
	// maxTransfer bounds what a host may ask for in one transfer; usbfs has 16 MiB for all.
	maxTransfer = 16 << 20
)

// Linux error numbers, as they stand in the status of a transfer.
const (
	statusStall    = -32  // EPIPE
	statusNoise    = -71  // EPROTO
	statusBabble   = -75  // EOVERFLOW
	statusUnlinked = -104 // ECONNRESET
)

// urb is one transfer that the host has asked for.
type urb struct {
	seq    uint32
	in     bool
	setup  Setup
	data   []byte // to the device
	length int
	ctx    context.Context
	cancel context.CancelFunc

	// Guarded by session.mu.
	begun  bool
	unlink *uint32 // the message that takes it back
}

// queue is the transfers of one endpoint, in order.
type queue struct {
	pipe  Pipe
	wait  []*urb
	woken chan struct{} // holds one token where wait may have grown
}

// session is one host that holds the device.
type session struct {
	port *USBPort
	conn net.Conn
	ctx  context.Context

	mu      sync.Mutex
	pending map[uint32]*urb
	queues  map[byte]*queue // by endpoint address
	halted  map[byte]bool
	config  byte

	write sync.Mutex
}

// serve answers transfers until the connection ends. It returns when no transfer is in the device.
func (p *USBPort) serve(c net.Conn) error {
	ctx, cancel := context.WithCancel(context.Background())
	d := p.dev.USB()
	s := &session{
		port: p, conn: c, ctx: ctx, pending: map[uint32]*urb{}, halted: map[byte]bool{},
		queues: map[byte]*queue{
			0:     {pipe: PipeControl, woken: make(chan struct{}, 1)},
			d.Out: {pipe: PipeOut, woken: make(chan struct{}, 1)},
			d.In:  {pipe: PipeIn, woken: make(chan struct{}, 1)},
		},
	}
	var workers sync.WaitGroup
	for _, q := range s.queues {
		workers.Go(func() { s.work(q) })
	}
	err := s.read()
	cancel()
	_ = c.Close()
	workers.Wait()
	return err
}

// read takes messages of the host.
func (s *session) read() error {
	be := binary.BigEndian
	for {
		var h [urbHeader]byte
		if _, err := io.ReadFull(s.conn, h[:]); err != nil {
			return err
		}
		seq, in, endpoint := be.Uint32(h[4:]), be.Uint32(h[12:]) == 1, byte(be.Uint32(h[16:]))
		switch be.Uint32(h[0:]) {
		case cmdSubmit:
			n := be.Uint32(h[24:])
			if n > maxTransfer {
				return fmt.Errorf("a transfer of %d bytes", n)
			}
			u := &urb{seq: seq, in: in, setup: setup([8]byte(h[40:])), length: int(n)}
			u.ctx, u.cancel = context.WithCancel(s.ctx)
			if !in {
				u.data = make([]byte, n)
				if _, err := io.ReadFull(s.conn, u.data); err != nil {
					u.cancel()
					return err
				}
			}
			if in && endpoint != 0 {
				endpoint |= fromDevice
			}
			s.submit(endpoint, u)
		case cmdUnlink:
			s.unlink(seq, be.Uint32(h[20:]))
		default:
			return fmt.Errorf("no message %d", be.Uint32(h[0:]))
		}
	}
}

func (s *session) submit(endpoint byte, u *urb) {
	s.mu.Lock()
	q := s.queues[endpoint]
	if q != nil {
		s.pending[u.seq] = u
		q.wait = append(q.wait, u)
	}
	s.mu.Unlock()
	if q == nil {
		u.cancel()
		s.reply(u, nil, 0, statusStall)
		return
	}
	select {
	case q.woken <- struct{}{}:
	default:
	}
}

// unlink takes a transfer back: at once where it has not begun, else when the device lets it go.
func (s *session) unlink(seq, victim uint32) {
	s.mu.Lock()
	u := s.pending[victim]
	switch {
	case u == nil:
		s.mu.Unlock()
		s.message(retUnlink, seq, 0, 0, nil)
	case !u.begun:
		delete(s.pending, victim)
		s.mu.Unlock()
		u.cancel()
		s.message(retUnlink, seq, statusUnlinked, 0, nil)
	default:
		u.unlink = &seq
		s.mu.Unlock()
		u.cancel()
	}
}

// work serves the transfers of one endpoint.
func (s *session) work(q *queue) {
	for {
		u := s.next(q)
		if u == nil {
			return
		}
		s.serveURB(q, u)
		u.cancel()
	}
}

// next waits for a transfer that the host has not taken back; nil at the end of the session.
func (s *session) next(q *queue) *urb {
	for {
		s.mu.Lock()
		for len(q.wait) > 0 {
			u := q.wait[0]
			q.wait = q.wait[1:]
			if s.pending[u.seq] == u {
				u.begun = true
				s.mu.Unlock()
				return u
			}
		}
		s.mu.Unlock()
		select {
		case <-q.woken:
		case <-s.ctx.Done():
			return nil
		}
	}
}

// serveURB carries out one transfer and answers it.
func (s *session) serveURB(q *queue, u *urb) {
	in, n, err := s.carry(q, u)
	if err == nil && u.in {
		n = len(in)
	}
	status := 0
	switch {
	case err == nil:
	case errors.Is(err, ErrStall):
		status = statusStall
	case errors.Is(err, ErrBabble):
		status = statusBabble
	case errors.Is(err, ErrNoise):
		status = statusNoise
	case s.ctx.Err() != nil:
		return
	case u.ctx.Err() != nil && errors.Is(err, u.ctx.Err()):
		status = statusUnlinked
	default:
		_ = s.conn.Close() // the device has fallen off the bus
		return
	}
	if status != statusUnlinked {
		s.reply(u, in, n, status)
	}
	unlink := s.over(u)
	switch {
	case unlink == nil: // nobody took it back, or the session has just ended
	case status == statusUnlinked:
		s.message(retUnlink, *unlink, statusUnlinked, 0, nil)
	default:
		s.message(retUnlink, *unlink, 0, 0, nil)
	}
}

// over takes a transfer out of the list, after its answer is sent: an unlink of it is answered behind
// its own answer, else the host would take its data for lost. unlink is the message that came meanwhile.
func (s *session) over(u *urb) (unlink *uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, u.seq)
	return u.unlink
}

// carry moves the data of one transfer, and lets planned faults happen.
func (s *session) carry(q *queue, u *urb) (in []byte, n int, err error) {
	dev := s.port.dev
	if q.pipe == PipeControl && u.setup.Type&typeMask == typeStandard {
		in, err = s.standard(u.setup)
		return cut(in, u.length), 0, err
	}
	address := dev.USB().Out
	if q.pipe == PipeIn {
		address = dev.USB().In
	}
	if q.pipe != PipeControl && s.isHalted(address) {
		return nil, 0, ErrStall
	}
	data := u.data
	switch s.port.strike(q.pipe) {
	case USBStall:
		if q.pipe != PipeControl {
			s.halt(address, true)
		}
		return nil, 0, ErrStall
	case USBBabble:
		return nil, 0, ErrBabble
	case USBNoise:
		return nil, 0, ErrNoise
	case USBShort:
		data = data[:len(data)/2]
	case USBSilent:
		<-u.ctx.Done()
		return nil, 0, u.ctx.Err()
	case USBDeaf:
		<-s.ctx.Done()
		return nil, 0, s.ctx.Err()
	case USBPull:
		if q.pipe == PipeOut {
			_, _ = dev.Out(u.ctx, data[:len(data)/2])
		}
		s.port.Pull()
		return nil, 0, context.Canceled
	}
	switch q.pipe {
	case PipeControl:
		in, err = dev.Control(u.ctx, u.setup, data)
		return cut(in, u.length), len(data), err
	case PipeOut:
		n, err = dev.Out(u.ctx, data)
	default:
		in = make([]byte, u.length)
		n, err = dev.In(u.ctx, in)
		in = in[:max(n, 0)]
	}
	if errors.Is(err, ErrStall) {
		s.halt(address, true)
	}
	return in, n, err
}

func cut(b []byte, n int) []byte { return b[:min(len(b), n)] }

// reply answers a transfer with its data.
func (s *session) reply(u *urb, in []byte, n, status int) {
	if !u.in {
		in = nil
	}
	s.message(retSubmit, u.seq, status, n, in)
}

// message sends one answer in one write. A connection that has ended is found by the reader.
func (s *session) message(command, seq uint32, status, n int, data []byte) {
	be := binary.BigEndian
	b := make([]byte, urbHeader, urbHeader+len(data))
	be.PutUint32(b[0:], command)
	be.PutUint32(b[4:], seq)
	be.PutUint32(b[20:], uint32(int32(status)))
	if command == retSubmit {
		be.PutUint32(b[24:], uint32(n))
	}
	s.write.Lock()
	defer s.write.Unlock()
	_, _ = s.conn.Write(append(b, data...))
}
