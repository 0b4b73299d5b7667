package evolis

import (
	"bytes"
	"context"

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
