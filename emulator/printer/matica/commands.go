package matica

import (
	"bytes"
	"context"
	"encoding/binary"
)

// sort is how a command stands to what the printer has to tell.
type sort int

const (
	plain   sort = iota
	test         // test unit ready
	sense        // request sense
	inquiry      // answered at any time
	motion       // needs the motors
)

// row is one command. Its CDB begins with head; zero lists the other bytes that must be 0.
type row struct {
	head []byte
	size int // of the CDB
	sort sort
	out  bool // its data goes to the printer
	data int  // of the data phase; lengthInCDB: as the CDB says
	jam  code
	do   func(*Device, context.Context, *command) ([]byte, error)
}

const lengthInCDB = -1

// Sizes of the answers.
const (
	senseSize      = 20
	inquirySize    = 96
	parametersSize = 64
	ribbonSize     = 44
	settingsSize   = 32
	countersSize   = 52
	positionSize   = 8
)

var commands = []row{
	{head: []byte{0x00}, size: 6, sort: test, do: (*Device).testReady},
	{head: []byte{0x03, 0, 0, 0, senseSize, 0}, size: 6, sort: sense, data: senseSize, do: (*Device).requestSense},
	{head: []byte{0x12, 0, 0, 0, inquirySize, 0}, size: 6, sort: inquiry, data: inquirySize, do: (*Device).inquire},
	{head: []byte{0x1A, 0, 0x68, 0, parametersSize, 0}, size: 6, data: parametersSize, do: (*Device).parameters},
	{head: []byte{0x1A, 0, 0x63, 0, ribbonSize, 0}, size: 6, data: ribbonSize, do: (*Device).ribbon},
	{head: []byte{0x15, 0x10, 0x28, 0, settingsSize, 0}, size: 6, out: true, data: settingsSize, do: (*Device).writeSettings},
	{head: []byte{0x4D, 0, 0x78, 0, 0, 0, 0, 0, countersSize, 0}, size: 10, data: countersSize, do: (*Device).counters},
	{head: []byte{0x34}, size: 10, data: positionSize, do: (*Device).position},
	{head: []byte{0x31, 0x01}, size: 10, sort: motion, jam: codeJamHopper, do: (*Device).load},
	{head: []byte{0x31, 0x0B}, size: 10, sort: motion, jam: codeJamMove, do: (*Device).move},
	{head: []byte{0x31, 0x08}, size: 10, sort: motion, jam: codeJamFilm, do: (*Device).print},
	{head: []byte{0x31, 0x0A}, size: 10, sort: motion, jam: codeJamFilm, do: (*Device).transferAndFlip},
	{head: []byte{0x31, 0x09}, size: 10, sort: motion, jam: codeJamFilm, do: (*Device).transferAndEject},
	{head: []byte{0x31, 0x0D}, size: 10, sort: motion, jam: codeJamFilm, do: (*Device).transferAndStay},
	{head: []byte{0x32, 0x00}, size: 10, sort: motion, jam: codeJamMove, do: (*Device).engageContact},
	{head: []byte{0x32, 0x01}, size: 10, sort: motion, jam: codeJamMove, do: (*Device).disengageContact},
	{head: []byte{0x32, 0x04}, size: 10, sort: motion, jam: codeJamMove, do: (*Device).engageRFID},
	{head: []byte{0x32, 0x05}, size: 10, sort: motion, jam: codeJamMove, do: (*Device).disengageRFID},
	{head: []byte{0x2A, 0x00}, size: 10, out: true, data: lengthInCDB, do: (*Device).panel},
	{head: []byte{0x2D, 0, 0}, size: 10, sort: motion, out: true, data: lengthInCDB, jam: codeJamMagnetic, do: (*Device).writeStripe},
	{head: []byte{0x2C, 0, 0, 0xA6, 0, 0, 0x4C, 0, 0, 0}, size: 10, sort: motion, data: 0x4C, jam: codeJamMagnetic, do: (*Device).readStripe},
	{head: []byte{0x2C, 0, 0, 0, 0xB4, 0, 0, 0x25, 0, 0}, size: 10, sort: motion, data: 0x25, jam: codeJamMagnetic, do: (*Device).readStripe},
	{head: []byte{0x2C, 0, 0, 0, 0, 0xC4, 0, 0, 0x68, 0}, size: 10, sort: motion, data: 0x68, jam: codeJamMagnetic, do: (*Device).readStripe},
}

func find(cdb []byte) (row, bool) {
	for _, r := range commands {
		if len(cdb) == r.size && bytes.HasPrefix(cdb, r.head) {
			return r, true
		}
	}
	return row{}, false
}

// length is what the command's data phase must have.
func (r row) length(cdb []byte) int {
	if r.data != lengthInCDB {
		return r.data
	}
	if cdb[0] == 0x2D {
		return int(cdb[8])
	}
	return int(binary.BigEndian.Uint32(cdb[5:]))
}

func (d *Device) testReady(ctx context.Context, _ *command) ([]byte, error) {
	if err := d.spend(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tell() != 0 {
		return nil, &told{}
	}
	return nil, nil
}

// requestSense tells what waits, and what lasts where nothing waits.
func (d *Device) requestSense(ctx context.Context, _ *command) ([]byte, error) {
	if err := d.spend(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.tell()
	if d.pending == 0 && c == d.starting && d.started {
		d.starting = 0
	}
	d.pending = 0
	out := make([]byte, senseSize)
	out[0], out[7] = 0x70, 0x0C
	out[2], out[12] = byte(c>>16), byte(c>>8)
	return out, nil
}
