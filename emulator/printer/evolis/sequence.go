package evolis

import (
	"bytes"
	"context"
	"fmt"

	"blanko/emulator/printer"
)

// panel is one downloaded bitmap. It stays in the printer's memory until the next download.
type panel struct {
	letter byte // y m c k o
	levels int
	layer  *printer.Layer // a whole panel, still packed
	plane  []byte         // a bitmap that was put together from parts, one value per dot
}

// print is the panel as one layer for one pass.
func (p *panel) print() *printer.Layer {
	if p.layer != nil {
		return p.layer.Again()
	}
	return printer.NewLayer(p.letter-'a'+'A', p.levels, lines, dots, bytes.Clone(p.plane), bytes.Clone)
}

// sequence is what stands between Ss and Se.
type sequence struct {
	open    bool
	back    bool
	pending *panel // the last panel that arrived; it is printed when the next one is complete
	list    []laid
}

// laid is one panel of a sequence, for Sc.
type laid struct {
	back  bool
	panel *panel
}

func side(back bool) int {
	if back {
		return 1
	}
	return 0
}

// beginSequence is Ss.
func (d *Device) beginSequence(*command) error {
	d.seq = sequence{open: true}
	d.m.BeginSide()
	return nil
}

// endSequence is Se: the last panel, then the eject unless the card is kept.
func (d *Device) endSequence(ctx context.Context, _ *command) error {
	if err := d.flush(ctx); err != nil {
		return err
	}
	if d.seq.open {
		d.last = d.seq.list
	}
	d.seq = sequence{}
	return d.leave(ctx)
}

func (d *Device) leave(ctx context.Context) error {
	n := d.set.newer
	if n.keep && !n.armed {
		return nil
	}
	err := d.m.Eject(ctx, n.tray)
	d.disarm()
	return err
}

// disarm takes back an armed eject where the model does so by itself.
func (d *Device) disarm() {
	if d.cfg.DisarmAfterEject {
		d.set.newer.armed = false
	}
}

// front is Sr.
func (d *Device) front(ctx context.Context, _ *command) error { return d.turn(ctx, false) }

// back is Sv: the front is finished first.
func (d *Device) back(ctx context.Context, _ *command) error {
	if !d.m.Model().Duplex {
		return printer.ErrNotFitted
	}
	return d.turn(ctx, true)
}

func (d *Device) turn(ctx context.Context, back bool) error {
	if err := d.flush(ctx); err != nil {
		return err
	}
	if d.seq.back != back {
		d.m.BeginSide()
	}
	d.seq.back = back
	return nil
}

// arrive takes a complete panel: the one before it is printed now.
func (d *Device) arrive(ctx context.Context, p *panel) error {
	d.memory[side(d.seq.back)][p.letter] = p
	if !d.seq.open {
		return nil
	}
	if d.seq.pending != nil && d.seq.pending.letter != p.letter {
		if err := d.flush(ctx); err != nil {
			return err
		}
	}
	d.seq.pending = p
	return nil
}

// flush prints the panel that waits.
func (d *Device) flush(ctx context.Context) error {
	p := d.seq.pending
	if p == nil {
		return nil
	}
	if err := d.lay(ctx, p, d.seq.back); err != nil {
		return err
	}
	d.seq.pending = nil
	d.seq.list = append(d.seq.list, laid{d.seq.back, p})
	return nil
}

// lay brings a card to the head with the right side up and prints one panel.
func (d *Device) lay(ctx context.Context, p *panel, back bool) error {
	sense := d.m.Sense()
	if set := d.set.ribbon; set != "" && sense.RibbonIn && !sameRibbon(set, sense.Ribbon.Type) {
		return printer.ErrRibbonWrong
	}
	if err := d.m.Go(ctx, printer.StationPrint, d.set.newer.source); err != nil {
		return err
	}
	if d.m.BackUp() != back {
		if err := d.m.Flip(ctx); err != nil {
			return err
		}
	}
	return d.m.Lay(ctx, p.print())
}

// stored is the panel in memory, of this side first.
func (d *Device) stored(c *command) (*panel, error) {
	f := c.field(0)
	if len(f) != 1 {
		return nil, errParameters
	}
	s := side(d.seq.back)
	if p := d.memory[s][f[0]]; p != nil {
		return p, nil
	}
	if p := d.memory[1-s][f[0]]; p != nil {
		return p, nil
	}
	return nil, errParameters
}

// printPanel is Sp;p: one panel that is already downloaded is printed now.
func (d *Device) printPanel(ctx context.Context, c *command) error {
	p, err := d.stored(c)
	if err != nil {
		return err
	}
	if d.seq.pending == p {
		return d.flush(ctx)
	}
	if err := d.flush(ctx); err != nil {
		return err
	}
	if err := d.lay(ctx, p, d.seq.back); err != nil {
		return err
	}
	d.seq.list = append(d.seq.list, laid{d.seq.back, p})
	return nil
}

// reusePanel is Ssd;p: the panel in memory counts as downloaded again.
func (d *Device) reusePanel(ctx context.Context, c *command) error {
	p, err := d.stored(c)
	if err != nil {
		return err
	}
	return d.arrive(ctx, p)
}

// repeatLimit bounds Sc.
const repeatLimit = 1000

// repeat is Sc;n: the last sequence again, n times.
func (d *Device) repeat(ctx context.Context, c *command) error {
	n, ok := c.number(0)
	if !ok || n > repeatLimit {
		return errParameters
	}
	for range n {
		d.m.BeginSide()
		for _, l := range d.last {
			if err := d.lay(ctx, l.panel, l.back); err != nil {
				return err
			}
		}
		if err := d.leave(ctx); err != nil {
			return err
		}
	}
	return nil
}

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
		n, err := countCompressed(letter, bits, c.data)
		if err == nil && n != lines {
			err = fmt.Errorf("%d lines instead of %d", n, lines)
		}
		if err != nil {
			d.find("compressed panel %c: %v", letter, err)
			return errParameters
		}
		unpack = unpackCompressed(letter, bits, 0)
	}
	layer := printer.NewLayer(letter-'a'+'A', levels, lines, dots, c.data, unpack)
	return d.arrive(ctx, &panel{letter: letter, levels: levels, layer: layer})
}

// countCompressed is the number of full lines in compressed data.
func countCompressed(letter byte, bits int, data []byte) (int, error) {
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

func unpackCompressed(letter byte, bits, first int) func([]byte) []byte {
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
		if n, err = countCompressed(letter, bits, c.data); err != nil {
			d.find("part of panel %c: %v", letter, err)
			return errParameters
		}
		unpack = unpackCompressed(letter, bits, first)
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

// takeTrack is Dm;t;data.
func (d *Device) takeTrack(c *command) error {
	t, ok := c.number(0)
	if !ok || t < 1 || t > 3 || len(c.fields) < 2 {
		return errParameters
	}
	d.tracks[t] = c.fields[1]
	return nil
}

// writeStripe is Smw.
func (d *Device) writeStripe(ctx context.Context, _ *command) error {
	if err := d.m.Go(ctx, printer.StationMagnetic, d.set.newer.source); err != nil {
		return err
	}
	return d.m.WriteStripe(ctx, d.tracks)
}

// testStripe is the width of the bars of the test card, in dots.
const testStripe = 40

// testCard is St: feeds a card, prints bars in black, and ejects.
func (d *Device) testCard(ctx context.Context, _ *command) error {
	plane := make([]byte, lines*dots)
	for i := range plane {
		plane[i] = byte(i % lines / testStripe & 1)
	}
	d.m.BeginSide()
	if err := d.lay(ctx, &panel{letter: 'k', levels: 2, plane: plane}, false); err != nil {
		return err
	}
	return d.m.Eject(ctx, d.set.newer.tray)
}
