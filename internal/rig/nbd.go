package rig

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// The protocol of network block devices, as far as QEMU's client needs it
// (github.com/NetworkBlockDevice/nbd, doc/proto.md): fixed newstyle, simple replies, flush, no FUA, so
// that whoever wants a write on the medium says so with a flush.
const (
	nbdMagic       = 0x4e42444d41474943 // "NBDMAGIC"
	nbdOptionMagic = 0x49484156454f5054 // "IHAVEOPT"
	nbdReplyMagic  = 0x3e889045565a9
	nbdAsk         = 0x25609513
	nbdAnswer      = 0x67446698

	nbdFixedNewstyle = 1
	nbdNoZeroes      = 2

	nbdOptAbort = 2
	nbdOptGo    = 7

	nbdRepAck   = 1
	nbdRepInfo  = 3
	nbdRepUnsup = 1<<31 | 1

	nbdHasFlags  = 1
	nbdSendFlush = 4

	nbdRead       = 0
	nbdWrite      = 1
	nbdDisconnect = 2
	nbdFlush      = 3

	nbdInvalid = 22 // EINVAL
)

// exports of a disk.
const (
	diskExport    = "disk"
	witnessExport = "witness"
)

const witnessSize = 1 << 20

// serve answers every client of a socket until it is closed.
func (d *Disk) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close() //nolint:errcheck // the guest has gone
			_ = d.client(c)
		}()
	}
}

func (d *Disk) client(c net.Conn) error {
	export, err := d.negotiate(c)
	if err != nil || export == "" {
		return err
	}
	for {
		var ask struct {
			Magic       uint32
			Flags, Type uint16
			Cookie      uint64
			At          uint64
			Length      uint32
		}
		if err := binary.Read(c, binary.BigEndian, &ask); err != nil {
			return err
		}
		if ask.Magic != nbdAsk {
			return errors.New("no request")
		}
		var data []byte
		wrong := ask.At+uint64(ask.Length) > uint64(d.size(export))
		switch ask.Type {
		case nbdDisconnect:
			return nil
		case nbdRead:
			switch {
			case wrong:
			case export == diskExport:
				data = d.read(int64(ask.At), int(ask.Length))
			default:
				data = make([]byte, ask.Length)
			}
		case nbdWrite:
			body := make([]byte, ask.Length)
			if _, err := io.ReadFull(c, body); err != nil {
				return err
			}
			switch {
			case wrong:
			case export == diskExport:
				d.write(int64(ask.At), body)
			default:
				d.testify(string(bytes.TrimRight(body, "\x00")))
			}
		case nbdFlush:
			if export == diskExport {
				d.flush()
			}
		default:
			wrong = true
		}
		answer := struct {
			Magic, Error uint32
			Cookie       uint64
		}{nbdAnswer, 0, ask.Cookie}
		if wrong {
			answer.Error = nbdInvalid
		}
		if err := send(c, answer, data); err != nil {
			return err
		}
	}
}

func (d *Disk) size(export string) int64 {
	if export == witnessExport {
		return witnessSize
	}
	return int64(len(d.base))
}

// negotiate gives the export that the client chose; none where it left.
func (d *Disk) negotiate(c net.Conn) (string, error) {
	hello := struct {
		Magic, Option uint64
		Flags         uint16
	}{nbdMagic, nbdOptionMagic, nbdFixedNewstyle | nbdNoZeroes}
	if err := send(c, hello, nil); err != nil {
		return "", err
	}
	var flags uint32
	if err := binary.Read(c, binary.BigEndian, &flags); err != nil {
		return "", err
	}
	for {
		var option struct {
			Magic          uint64
			Option, Length uint32
		}
		if err := binary.Read(c, binary.BigEndian, &option); err != nil {
			return "", err
		}
		if option.Magic != nbdOptionMagic || option.Length > 4<<10 {
			return "", errors.New("no option")
		}
		body := make([]byte, option.Length)
		if _, err := io.ReadFull(c, body); err != nil {
			return "", err
		}
		reply := func(kind uint32, content []byte) error {
			return send(c, struct {
				Magic                uint64
				Option, Kind, Length uint32
			}{nbdReplyMagic, option.Option, kind, uint32(len(content))}, content)
		}
		switch option.Option {
		case nbdOptAbort:
			return "", reply(nbdRepAck, nil)
		case nbdOptGo:
			if len(body) < 4 || int(binary.BigEndian.Uint32(body)) > len(body)-4 {
				return "", errors.New("no name")
			}
			export := string(body[4 : 4+binary.BigEndian.Uint32(body)])
			if export != diskExport && export != witnessExport {
				return "", fmt.Errorf("no export %s", strings.ToValidUTF8(export, "?"))
			}
			info := make([]byte, 12) // NBD_INFO_EXPORT is 0
			binary.BigEndian.PutUint64(info[2:], uint64(d.size(export)))
			binary.BigEndian.PutUint16(info[10:], nbdHasFlags|nbdSendFlush)
			return export, errors.Join(reply(nbdRepInfo, info), reply(nbdRepAck, nil))
		default:
			if err := reply(nbdRepUnsup, nil); err != nil {
				return "", err
			}
		}
	}
}

// send writes a head and what follows it at once.
func send(c net.Conn, head any, data []byte) error {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.BigEndian, head); err != nil {
		return err
	}
	b.Write(data)
	_, err := c.Write(b.Bytes())
	return err
}
