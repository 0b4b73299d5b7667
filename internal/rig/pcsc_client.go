package rig

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// pcscClient speaks the messages between libpcsclite and pcscd (pcsc-lite, src/winscard_msg.h,
// protocol 4.4): structures of the machine's byte order, without packing. With it a rig asks its
// own pcscd without the library, which knows one pcscd per process.
type pcscClient struct {
	conn    net.Conn
	context uint32
}

// Commands and values of winscard_msg.h and pcsclite.h.
const (
	cmdEstablishContext = 0x01
	cmdConnect          = 0x04
	cmdTransmit         = 0x09
	cmdVersion          = 0x11
	cmdReadersState     = 0x12

	protocolMajor, protocolMinor = 4, 4

	scopeSystem    = 2
	shareExclusive = 1
	protocolT1     = 2
	statePresent   = 0x0004

	maxReaderName    = 128
	receiveLimit     = 4 + 3 + 1<<16 + 3 + 2 // MAX_BUFFER_SIZE_EXTENDED
	sizeOfPCI        = 16                    // SCARD_IO_REQUEST: two longs
	clientTimeout    = 2 * time.Second
	scardSuccess     = 0
	maxATR           = 33
	readerStatesSent = MaxReaders
)

// readerState is PCSCLITE's READER_STATE as it goes over the socket.
type readerState struct {
	Name      [maxReaderName]byte
	Events    uint32
	State     uint32
	Sharing   int32
	ATR       [maxATR]byte
	_         [3]byte
	ATRLength uint32
	Protocol  uint32
}

func (s readerState) present() bool { return s.State&statePresent != 0 }

func dialPCSC(socket string) (*pcscClient, error) {
	conn, err := net.DialTimeout("unix", socket, clientTimeout)
	if err != nil {
		return nil, err
	}
	c := &pcscClient{conn: conn}
	version := struct {
		Major, Minor int32
		Result       uint32
	}{Major: protocolMajor, Minor: protocolMinor}
	establish := struct{ Scope, Context, Result uint32 }{Scope: scopeSystem}
	if err := c.call(cmdVersion, &version, &version.Result); err != nil {
		c.close()
		return nil, err
	}
	if err := c.call(cmdEstablishContext, &establish, &establish.Result); err != nil {
		c.close()
		return nil, err
	}
	c.context = establish.Context
	return c, nil
}

func (c *pcscClient) close() { _ = c.conn.Close() }

// call sends a structure and reads it back as pcscd filled it in.
func (c *pcscClient) call(command uint32, message any, result *uint32, more ...byte) error {
	var b bytes.Buffer
	for _, part := range []any{[2]uint32{uint32(binary.Size(message)), command}, message} {
		if err := binary.Write(&b, binary.NativeEndian, part); err != nil {
			return err
		}
	}
	b.Write(more)
	_ = c.conn.SetDeadline(time.Now().Add(clientTimeout))
	if _, err := c.conn.Write(b.Bytes()); err != nil {
		return err
	}
	if err := binary.Read(c.conn, binary.NativeEndian, message); err != nil {
		return err
	}
	if *result != scardSuccess {
		return fmt.Errorf("pcscd: command %#x: %#x", command, *result)
	}
	return nil
}

// readers are the readers that pcscd has, by name.
func (c *pcscClient) readers() (map[string]readerState, error) {
	_ = c.conn.SetDeadline(time.Now().Add(clientTimeout))
	if err := binary.Write(c.conn, binary.NativeEndian, [2]uint32{0, cmdReadersState}); err != nil {
		return nil, err
	}
	var all [readerStatesSent]readerState
	if err := binary.Read(c.conn, binary.NativeEndian, &all); err != nil {
		return nil, err
	}
	out := map[string]readerState{}
	for _, s := range all {
		if name, _, _ := bytes.Cut(s.Name[:], []byte{0}); len(name) > 0 {
			out[string(name)] = s
		}
	}
	return out, nil
}

// connect opens the card in a reader for this client alone.
func (c *pcscClient) connect(reader string) (card int32, err error) {
	m := struct {
		Context  uint32
		Reader   [maxReaderName]byte
		Share    uint32
		Protocol uint32
		Card     int32
		Active   uint32
		Result   uint32
	}{Context: c.context, Share: shareExclusive, Protocol: protocolT1}
	copy(m.Reader[:], reader)
	err = c.call(cmdConnect, &m, &m.Result)
	return m.Card, err
}

// transmit sends one command APDU.
func (c *pcscClient) transmit(card int32, capdu []byte) ([]byte, error) {
	m := struct {
		Card                        int32
		SendProtocol, SendPCI       uint32
		SendLength                  uint32
		ReceiveProtocol, ReceivePCI uint32
		ReceiveLength, Result       uint32
	}{
		Card: card, SendProtocol: protocolT1, SendPCI: sizeOfPCI, SendLength: uint32(len(capdu)),
		ReceiveProtocol: protocolT1, ReceivePCI: sizeOfPCI, ReceiveLength: receiveLimit,
	}
	if err := c.call(cmdTransmit, &m, &m.Result, capdu...); err != nil {
		return nil, err
	}
	rapdu := make([]byte, min(m.ReceiveLength, receiveLimit))
	_, err := io.ReadFull(c.conn, rapdu)
	return rapdu, err
}
