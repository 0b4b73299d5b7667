package magicard

import (
	"context"
	"fmt"
	"time"

	"blanko/emulator/printer"
)

// page is one side of a job. What comes after the header is under the device's lock.
type page struct {
	header   header
	planes   []plane
	complete bool
	broken   error
}

type plane struct {
	letter byte
	data   []byte
}

// secondPage is how long the printer waits for the back of a card, in real time; assumed.
const secondPage = 30 * time.Second

// print makes cards of pages until Close: the motors.
func (d *Device) print() {
	for {
		var front *page
		select {
		case front = <-d.pages:
		case <-d.ctx.Done():
			return
		}
		ctx, cancel := context.WithCancel(d.ctx)
		d.mu.Lock()
		d.cancel = cancel
		d.trouble = nil // of the job before
		d.wake()
		d.mu.Unlock()
		if err := d.sheet(ctx, front); err != nil {
			d.fail(err)
			d.dropPages()
		}
		cancel()
		d.mu.Lock()
		d.cancel = nil
		d.mu.Unlock()
		d.closed()
	}
}

// closed counts off a page that the motors are through with.
func (d *Device) closed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open--
	d.wake()
}

func (d *Device) dropPages() {
	select {
	case <-d.pages:
		d.closed()
	default:
	}
}

// sheet prints every copy of a job.
func (d *Device) sheet(ctx context.Context, front *page) error {
	if front.header.page == 2 {
		return fmt.Errorf("%w: a back without its front", errBadHeader)
	}
	var back *page
	for range front.header.copies {
		if err := d.side(ctx, front, false); err != nil {
			return err
		}
		if front.header.duplex {
			if back == nil {
				var err error
				if back, err = d.second(ctx); err != nil {
					return err
				}
			}
			if err := d.side(ctx, back, true); err != nil {
				return err
			}
		}
		if err := d.persist(ctx, func() error { return d.m.Eject(ctx, printer.ToOutput) }); err != nil {
			return err
		}
		d.count()
	}
	return nil
}

// count notes a card that is done. A feed counter that stands still takes this one along.
func (d *Device) count() {
	fed := d.m.Sense().Fed
	d.mu.Lock()
	defer d.mu.Unlock()
	if fed != d.shown {
		d.counts.cards++
	}
	d.shown = fed
}

// second waits for the back page.
func (d *Device) second(ctx context.Context) (*page, error) {
	d.await(true)
	defer d.await(false)
	limit := time.NewTimer(secondPage)
	defer limit.Stop()
	select {
	case p := <-d.pages:
		d.closed()
		if p.header.page != 2 {
			return nil, fmt.Errorf("%w: a front comes", errSecondPage)
		}
		return p, nil
	case <-limit.C:
		return nil, errSecondPage
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *Device) await(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = on
	d.wake()
}

// persist does a motion again after a person has acted, where the printer resumes by itself.
func (d *Device) persist(ctx context.Context, act func() error) error {
	for {
		changed := d.m.Changed()
		err := act()
		if err == nil || !d.cfg.Resumes || ctx.Err() != nil || troubleOf(err).problem == "" {
			return err
		}
		d.fail(err)
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
		d.mu.Lock()
		d.trouble = nil
		d.mu.Unlock()
	}
}

// side prints one page on the card at the head, feeding one when there is none.
func (d *Device) side(ctx context.Context, p *page, back bool) error {
	d.m.BeginSide()
	done := 0 // planes laid on the card that is inside
	return d.persist(ctx, func() error {
		if d.m.Sense().Card == printer.StationNone {
			if back && done == 0 {
				return printer.ErrCardLost
			}
			done = 0
		}
		if err := d.m.Go(ctx, printer.StationPrint, printer.FromHopper); err != nil {
			return err
		}
		if d.m.BackUp() != back {
			if err := d.m.Flip(ctx); err != nil {
				return err
			}
		}
		for {
			next, err := d.nextPlane(ctx, p, done)
			if err != nil {
				return err
			}
			if next == nil {
				break
			}
			if err := d.lay(ctx, p.header, *next, back); err != nil {
				return err
			}
			done++
		}
		if !p.header.overcoat {
			return nil
		}
		draw := overcoat(p.header.areas, p.header.holes)
		return d.layer(ctx, printer.NewLayer('O', 2, lines, rows, []byte(fmt.Sprint(p.header.areas, p.header.holes)), draw))
	})
}

// nextPlane waits for plane i of a page that may still be on its way; nil: the page has no more.
func (d *Device) nextPlane(ctx context.Context, p *page, i int) (*plane, error) {
	for {
		d.mu.Lock()
		changed := d.changed
		switch {
		case p.broken != nil:
			d.mu.Unlock()
			return nil, p.broken
		case i < len(p.planes):
			next := p.planes[i]
			d.mu.Unlock()
			return &next, nil
		case p.complete:
			d.mu.Unlock()
			return nil, nil
		}
		d.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *Device) lay(ctx context.Context, h header, p plane, back bool) error {
	bits := bitsOf(p.letter)
	r := raster{format: format(d.cfg.Model.Format), first: d.firstDot(), back: back}
	return d.layer(ctx, printer.NewLayer(inkOf[p.letter], 1<<bits, lines, rows, p.data, r.unpack(bits)))
}

// layer prints one panel and counts it.
func (d *Device) layer(ctx context.Context, l *printer.Layer) error {
	if err := d.m.Lay(ctx, l); err != nil {
		return err
	}
	if d.cfg.DyesOnly && (l.Letter == 'K' || l.Letter == 'O') {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts.panels++
	d.counts.sinceCleaned++
	return nil
}
