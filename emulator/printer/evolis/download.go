package evolis

import (
	"bytes"
	"context"
	"fmt"

	"blanko/emulator/printer"
)

// takePanel is Db and Dbc.
func (d *Device) takePanel(ctx context.Context, c *command) error {
	letter := c.field(0)[0]
	levels, _ := c.number(1)
	bits := bitsOf[levels]
	if !fits(letter, levels) || levels == 256 && !d.newer {
		d.find("panel %c with %d levels", letter, levels)
		return errParameters
	}
	unpack := whole(bits, dots, lines, 0)
	switch {
	case c.large:
		unpack = whole(bits, largeDots, largeLines, 0)
	case c.name == "Dbc":
		n, err := countCompressed(bits, c.data)
		if err == nil && n != lines {
			err = fmt.Errorf("%d lines instead of %d", n, lines)
		}
		if err != nil {
			d.find("compressed panel %c: %v", letter, err)
			return errParameters
		}
		unpack = unpackCompressed(bits, 0)
	}
	layer := printer.NewLayer(letter-'a'+'A', levels, lines, dots, c.data, unpack)
	return d.arrive(ctx, &panel{letter: letter, levels: levels, layer: layer})
}

// countCompressed is the number of full lines in compressed data.
func countCompressed(bits int, data []byte) (int, error) {
	if bits == 1 {
		return resinLines(data, nil)
	}
	if bits == 8 {
		return 0, fmt.Errorf("no compression with 8 bits is known")
	}
	n, err := dyeRuns(data, bits, nil)
	if err == nil && n%dots != 0 {
		err = fmt.Errorf("the last line has %d dots", n%dots)
	}
	return n / dots, err
}

func unpackCompressed(bits, first int) func([]byte) []byte {
	if bits == 1 {
		return resin(first)
	}
	return dye(bits, first)
}

// takePart is Dbp and Dbpc: lines of a panel, put into the bitmap of this side.
func (d *Device) takePart(ctx context.Context, c *command) error {
	letter := c.field(0)[0]
	levels, _ := c.number(1)
	first, ok := c.number(2)
	bits := bitsOf[levels]
	if !fits(letter, levels) || levels == 256 && !d.newer || !ok || first >= lines {
		d.find("part of panel %c with %d levels from line %d", letter, levels, first)
		return errParameters
	}
	var n int
	var unpack func([]byte) []byte
	if c.name == "Dbp" {
		n, _ = c.number(3)
		unpack = whole(bits, dots, n, first)
	} else {
		var err error
		if n, err = countCompressed(bits, c.data); err != nil {
			d.find("part of panel %c: %v", letter, err)
			return errParameters
		}
		unpack = unpackCompressed(bits, first)
	}
	if first+n > lines {
		d.find("part of panel %c ends at line %d", letter, first+n)
		return errParameters
	}
	p := d.bitmap(letter, levels)
	img := unpack(c.data)
	for y := range dots {
		copy(p.plane[y*lines+first:y*lines+first+n], img[y*lines+first:])
	}
	return d.arrive(ctx, p)
}

// bitmap is the bitmap of this side that parts are put into.
func (d *Device) bitmap(letter byte, levels int) *panel {
	old := d.memory[side(d.seq.back)][letter]
	if old != nil && old.levels == levels && old.plane != nil && (!d.seq.open || d.seq.pending == old) {
		return old
	}
	p := &panel{letter: letter, levels: levels, plane: make([]byte, lines*dots)}
	if old != nil && old.levels == levels && !d.seq.open {
		copy(p.plane, old.print().Dots())
	}
	return p
}

// takeBMP is Dbmp: a Windows bitmap into the black or overlay bitmap.
func (d *Device) takeBMP(ctx context.Context, c *command) error {
	letter := c.field(0)[0]
	x, okX := c.number(1)
	y, okY := c.number(2)
	if letter != 'k' && letter != 'o' || !okX || !okY {
		return errParameters
	}
	p := d.bitmap(letter, 2)
	if err := drawBMP(p.plane, c.data, x, y); err != nil {
		d.find("bitmap file: %v", err)
		return errParameters
	}
	return d.arrive(ctx, p)
}

// fillBitmap is Wcb;p[;v]: clears or fills a bitmap, not inside a sequence.
func (d *Device) fillBitmap(_ context.Context, c *command) error {
	v := 0
	if len(c.fields) > 1 {
		n, ok := c.number(1)
		if !ok || n > 255 {
			return errParameters
		}
		v = n
	}
	if d.seq.open || len(c.field(0)) != 1 {
		return errParameters
	}
	letters := c.field(0)
	if letters == "a" {
		letters = "ymcko"
	}
	for _, l := range []byte(letters) {
		levels := 128
		switch l {
		case 'y', 'm', 'c':
		case 'k', 'o':
			levels = 2
		default:
			return errParameters
		}
		p := &panel{letter: l, levels: levels, plane: bytes.Repeat([]byte{byte(v * (levels - 1) / 255)}, lines*dots)}
		for s := range d.memory {
			if v == 0 {
				delete(d.memory[s], l)
			} else {
				d.memory[s][l] = p
			}
		}
	}
	return nil
}

// resident is Wt, Wl and Wb: the printer's own text, lines and barcodes, which leave no mark here.
func (d *Device) resident(_ context.Context, c *command) error {
	d.find("%s: resident text, lines and barcodes are not drawn", c.name)
	return nil
}
