package matica

import (
	"bytes"
	"context"
	"slices"

	"blanko/emulator/printer"
)

// kindOfPanel is a panel number of the send command.
type kindOfPanel struct {
	letter byte
	levels int
	bit    byte // in the mask of the print command
}

// Bits of the print command.
const (
	printNow = 0x01 // return at once
	printYMC = 0x02
	printK   = 0x04
	printUV  = 0x08
	printPO  = 0x10
)

// kinds are the panels by number. Resin and peel-off are on or off, however deep the byte is.
var kinds = map[byte]kindOfPanel{
	3: {'Y', 256, printYMC}, 2: {'M', 256, printYMC}, 1: {'C', 256, printYMC},
	0: {'K', 2, printK}, 4: {'U', 256, printUV}, 5: {'P', 2, printPO},
}

// order is how they lie on the ribbon.
var order = []byte{3, 2, 1, 0, 4, 5}

// resinOn is the value from which a dot of resin is heated.
const resinOn = 0x80

// panel takes one panel into its buffer.
func (d *Device) panel(_ context.Context, c *command) ([]byte, error) {
	k, known := kinds[c.cdb[2]]
	if !known || len(c.data) != d.geo.size() {
		d.find("panel %d with %d bytes", c.cdb[2], len(c.data))
		return nil, refuse(codeCommand)
	}
	if k.levels == 2 && bytes.Count(c.data, []byte{0})+bytes.Count(c.data, []byte{0xFF}) < len(c.data) {
		odd := slices.IndexFunc(c.data, func(v byte) bool { return v != 0 && v != 0xFF })
		d.find("panel %c has the value %02x", k.letter, c.data[odd])
	}
	d.mu.Lock()
	d.panels[c.cdb[2]] = c.data
	d.mu.Unlock()
	return nil, nil
}

// layer is a panel of the buffer as it comes to lie on the card.
func (d *Device) layer(number byte, sent []byte) *printer.Layer {
	k := kinds[number]
	return printer.NewLayer(k.letter, k.levels, d.geo.Columns, d.geo.Rows, sent, func(sent []byte) []byte {
		return upright(sent, k.levels, d.geo.Turned)
	})
}

// upright is the image as the card shows it, landscape, top row first.
func upright(sent []byte, levels int, turned bool) []byte {
	out := make([]byte, len(sent))
	if levels > 2 && !turned {
		copy(out, sent)
		return out
	}
	if bytes.Count(sent, []byte{0}) == len(sent) {
		return out
	}
	for i, v := range sent {
		if levels == 2 {
			v = v / resinOn
		}
		if turned {
			out[len(out)-1-i] = v
		} else {
			out[i] = v
		}
	}
	return out
}
