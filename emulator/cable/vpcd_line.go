package cable

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// One byte alone is a command of the driver to the card; anything longer is a command APDU
// (vsmartcard, virtualsmartcard/src/vpcd/vpcd.h). Only an APDU and askATR have a reply.
const (
	powerOff byte = 0
	powerOn  byte = 1
	reset    byte = 2
	askATR   byte = 4
)

type command []byte

func (c command) control() bool { return len(c) == 1 }

// frameLimit is the longest body behind the two bytes of its length.
const frameLimit = 1<<16 - 1

var (
	errEmptyAnswer    = errors.New("cable: the card gave an answer of no bytes")
	errLongAnswer     = errors.New("cable: the card's answer is longer than a frame")
	errEmptyFrame     = errors.New("cable: a frame of no bytes from the driver")
	errUnknownCommand = errors.New("cable: an unknown command of the driver")
)

// line is the connection of one card to the driver: frames of a length, two bytes big-endian, and
// a body.
type line struct {
	*net.TCPConn
	in      *bufio.Reader
	body    [frameLimit]byte
	out     []byte
	polled  bool // the last frame was the driver's look for the card
	powered bool // the last frame was a power-on or a reset, after which the ATR is read
}

func dial(ctx context.Context, addr string) (*line, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return newLine(c.(*net.TCPConn))
}

func newLine(c *net.TCPConn) (*line, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &line{TCPConn: c, in: bufio.NewReader(&prompt{c, raw})}, nil
}

// prompt acknowledges what it has read at once. The driver sends length and body as two segments
// with Nagle's algorithm on, so that the body waits for the acknowledgment of the length: left to
// the kernel that takes 40 ms per command.
type prompt struct {
	*net.TCPConn
	raw syscall.RawConn
}

func (p *prompt) Read(b []byte) (int, error) {
	n, err := p.TCPConn.Read(b)
	_ = p.raw.Control(acknowledge) // for this once: the kernel falls back by itself
	return n, err
}

// read is the driver's next command; it holds until the next read.
func (l *line) read() (command, error) {
	var length [2]byte
	l.polled = false
	if _, err := io.ReadFull(l.in, length[:]); err != nil {
		return nil, err
	}
	body := l.body[:binary.BigEndian.Uint16(length[:])]
	if len(body) == 0 {
		return nil, errEmptyFrame
	}
	if _, err := io.ReadFull(l.in, body); err != nil {
		return nil, err
	}
	c := command(body)
	l.polled = c.control() && c[0] == askATR && !l.powered
	l.powered = c.control() && (c[0] == powerOn || c[0] == reset)
	return c, nil
}

// write sends a reply of 1 to frameLimit bytes, length and body in one segment.
func (l *line) write(reply []byte) error {
	l.polled = false // and satisfied
	l.out = binary.BigEndian.AppendUint16(l.out[:0], uint16(len(reply)))
	l.out = append(l.out, reply...)
	_, err := l.Write(l.out)
	return err
}

// patience with a driver that shall notice that a card has left; it looks every 400 ms.
const patience = 5 * time.Second

// leave says that nothing more will come: the driver finds it at its next command, or in the
// running one.
func (l *line) leave() {
	_ = l.CloseWrite()
	_ = l.SetReadDeadline(time.Now().Add(patience))
}

// abort ends the connection in the middle of a reply. The driver takes a reply that never begins for
// an answer of no bytes, and only one that breaks off for a failure (vpcd 3.3, measured).
func (l *line) abort() {
	_, _ = l.Write([]byte{0, 2}) // the length of a reply, whose body does not come
	_ = l.SetLinger(0)           // a reset instead of an end
	_ = l.Close()
}

// drain reads until the driver has closed and tells whether it had come to look for the card: then
// it knows that there is none.
func (l *line) drain() (looked bool) {
	looked = l.polled
	for {
		if _, err := l.read(); err != nil {
			return looked
		}
		looked = l.polled
	}
}

// departures is how often a card that left is shown to the driver as gone, where it did not look
// in the meantime.
const departures = 3

// depart ends a connection so that the driver looks for the card once and finds none. Where it
// closed for another reason, such as a command that went unanswered, a connection from nobody
// meets its next look.
func (st *stay) depart(conn *line) {
	st.darken()
	for range departures {
		cut := context.AfterFunc(st.slot.ctx, func() { _ = conn.Close() })
		conn.leave()
		looked := conn.drain()
		cut()
		_ = conn.Close()
		if looked || st.slot.ctx.Err() != nil {
			return
		}
		var err error
		if conn, err = dial(st.slot.ctx, st.slot.addr); err != nil {
			return // no driver: nobody to notice
		}
	}
	_ = conn.Close()
}
