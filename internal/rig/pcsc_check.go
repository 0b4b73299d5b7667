package rig

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"syscall"
	"time"
)

// The check of a new pcscd: a short command must not wait for a delayed acknowledgment of the
// kernel, which takes 40 ms and meets every command. A whole way is 0.1 to 0.2 ms on an idle machine;
// on a busy one the fastest of many still is well below.
const (
	checkCommands = 50
	checkLimit    = 30 * time.Millisecond
)

// check sends short commands to a card of its own in the first reader and judges the fastest.
func (d *PCSCD) check() error {
	reader := d.readers[0]
	conn, err := net.Dial("tcp", reader.Addr)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { serveCheck(conn.(*net.TCPConn)); close(ended) }()
	took, err := d.measure(reader, checkCommands)
	_ = conn.Close()
	<-ended
	switch {
	case err != nil:
		return err
	case took[0] > checkLimit:
		return fmt.Errorf("rig pcsc: the fastest of %d short commands takes %v: all of them wait for something", len(took), took[0])
	}
	return d.awaitCard(reader.Name, false)
}

// measure is the time of n commands of four bytes to the card in a reader, which answers each with a
// status word; the fastest first.
func (d *PCSCD) measure(reader Reader, n int) ([]time.Duration, error) {
	if err := d.awaitCard(reader.Name, true); err != nil {
		return nil, err
	}
	client, err := dialPCSC(d.Socket)
	if err != nil {
		return nil, err
	}
	defer client.close()
	card, err := client.connect(reader.Name)
	if err != nil {
		return nil, err
	}
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		rapdu, err := client.transmit(card, []byte{0, 0, 0, 0})
		took[i] = time.Since(start)
		if err != nil || len(rapdu) < 2 {
			return nil, fmt.Errorf("rig pcsc: command %d: answer %x: %w", i, rapdu, err)
		}
	}
	slices.Sort(took)
	return took, nil
}

// awaitCard waits until pcscd has seen a card come to a reader, or seen it go. A card that fails a
// reset is shown as gone before pcscd has looked for it; a card that comes then is never noticed. The
// count of comings and goings tells.
func (d *PCSCD) awaitCard(reader string, there bool) error {
	what, odd := "no card in "+reader, uint32(0)
	if there {
		what, odd = "a card in "+reader, 1
	}
	return await(what, func() bool {
		states, err := d.states()
		return err == nil && states[reader].present() == there && states[reader].Events%2 == odd
	})
}

// Of the driver's protocol (vsmartcard, virtualsmartcard/src/vpcd/vpcd.h): every frame is a length,
// two bytes big-endian, and a body; a body of one byte is for the card itself.
const (
	checkAskATR = 4
	tcpQuickAck = 12 // TCP_QUICKACK of linux/tcp.h
)

var (
	checkATR = []byte{0x3B, 0x80, 0x80, 0x01, 0x01} // T=0 and T=1 (ISO/IEC 7816-3, 8.2), no more
	checkOK  = []byte{0x90, 0x00}
)

// serveCheck is the card of the check: it answers every command with 9000.
func serveCheck(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	var b [2 + 1<<16]byte
	read := func(p []byte) bool {
		_, err := io.ReadFull(conn, p)
		_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpQuickAck, 1) })
		return err == nil
	}
	for {
		if !read(b[:2]) {
			return
		}
		body := b[2 : 2+int(binary.BigEndian.Uint16(b[:2]))]
		if !read(body) {
			return
		}
		reply := checkOK
		if len(body) == 1 {
			if body[0] != checkAskATR {
				continue
			}
			reply = checkATR
		}
		if _, err := conn.Write(append([]byte{0, byte(len(reply))}, reply...)); err != nil {
			return
		}
	}
}
