package matica

import (
	"bytes"
	"context"
	"encoding/binary"

	"blanko/emulator/printer"
)

// padded writes a text into a field that blanks fill.
func padded(field []byte, text string) {
	copy(field, bytes.Repeat([]byte{' '}, len(field)))
	copy(field, text)
}

func (d *Device) inquire(ctx context.Context, _ *command) ([]byte, error) {
	out := make([]byte, inquirySize)
	padded(out[8:16], d.cfg.Maker)
	copy(out[16:24], d.m.Model().Name) // ended by NUL before the serial number
	padded(out[24:32], d.m.Serial())
	padded(out[58:71], d.cfg.Firmware)
	padded(out[71:79], "")
	padded(out[79:87], "")
	return out, d.spend(ctx)
}

func (d *Device) parameters(ctx context.Context, _ *command) ([]byte, error) {
	out := make([]byte, parametersSize)
	be := binary.BigEndian
	be.PutUint16(out[8:], uint16(d.geo.DPI))
	be.PutUint16(out[10:], uint16(d.geo.DPI))
	be.PutUint16(out[16:], uint16(d.geo.CardColumns))
	be.PutUint16(out[18:], uint16(d.geo.CardRows))
	be.PutUint16(out[32:], uint16(d.geo.Columns))
	be.PutUint16(out[34:], uint16(d.geo.Rows))
	d.mu.Lock()
	d.set.show(out)
	d.mu.Unlock()
	return out, d.spend(ctx)
}

// inkTypes are the codes of the ribbons, by the panels on a frame.
var inkTypes = map[string]byte{"YMCK": 0, "YMCKK": 4, "YMCKU": 5}

const (
	lotSize    = 6
	unknownInk = 0xFF
)

// ribbon tells type, total and lot; how much is left it tells nobody here.
func (d *Device) ribbon(ctx context.Context, _ *command) ([]byte, error) {
	out := make([]byte, ribbonSize)
	lot := out[12 : 12+lotSize]
	copy(lot, bytes.Repeat([]byte{0xFF}, lotSize))
	s := d.m.Sense()
	out[6] = unknownInk
	if s.RibbonIn && !s.Ribbon.NoTag {
		if t, ok := inkTypes[s.Ribbon.Panels]; ok {
			out[6] = t
		}
		binary.BigEndian.PutUint16(out[8:], uint16(s.Ribbon.Total))
		if s.Ribbon.Lot != "" {
			padded(lot, s.Ribbon.Lot)
		}
	}
	return out, d.spend(ctx)
}

// Counts are the counters now.
func (d *Device) Counts() Counts {
	s := d.m.Sense()
	d.mu.Lock()
	defer d.mu.Unlock()
	made := s.Fed
	if d.cfg.Total == TotalPrinted {
		made = d.finished
	}
	c := d.cfg.Was
	c.Total += made
	c.Free += made
	c.Head += d.finished
	c.Error += d.errors
	c.Clean = s.Cleaning.Since
	if s.Cleaning.Due {
		c.Clean = max(c.Clean, s.Cleaning.Limit)
	}
	return c
}

func (d *Device) counters(ctx context.Context, _ *command) ([]byte, error) {
	out := make([]byte, countersSize)
	be := binary.BigEndian
	c := d.Counts()
	for i, n := range []int{c.Total, c.Free, c.Head, c.Clean, c.Error} {
		r := out[4+8*i:]
		be.PutUint16(r, uint16(i))
		be.PutUint16(r[2:], 4)
		be.PutUint32(r[4:], uint32(n))
	}
	return out, d.spend(ctx)
}

// The positions on the wire.
const (
	atPrint = iota
	atContact
	atRFID
	atMagnetic
	atReject
	atEject
	nowhere = 0xFF // inside, and no sensor sees it; public sources leave it open
)

var stations = map[byte]printer.Station{
	atPrint: printer.StationPrint, atContact: printer.StationContact, atRFID: printer.StationContactless, atMagnetic: printer.StationMagnetic,
}

func (d *Device) position(ctx context.Context, _ *command) ([]byte, error) {
	out := make([]byte, positionSize)
	out[7] = nowhere
	card := d.m.Sense().Card
	if card == printer.StationNone {
		out[0], out[7] = 1, 0
	}
	for n, s := range stations {
		if s == card {
			out[7] = n
		}
	}
	return out, d.spend(ctx)
}
