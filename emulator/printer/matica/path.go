package matica

import (
	"context"

	"blanko/emulator/printer"
)

// Flags of load and move.
const (
	flagFlip = 0x02
	flagFilm = 0x04 // a fresh frame of the film
)

// order of a movement, in the CDB of load and move.
type movement struct {
	now  bool
	flip bool
	film bool
	to   byte
}

func movementOf(cdb []byte) (movement, error) {
	if cdb[2] > 1 || cdb[3] != 0 || cdb[4]&^(flagFlip|flagFilm) != 0 || cdb[7] > atEject {
		return movement{}, refuse(codeCommand)
	}
	return movement{cdb[2] == 1, cdb[4]&flagFlip != 0, cdb[4]&flagFilm != 0, cdb[7]}, nil
}

// load feeds a card and brings it to its place.
func (d *Device) load(ctx context.Context, c *command) ([]byte, error) {
	v, err := movementOf(c.cdb)
	if err != nil {
		return nil, err
	}
	if d.m.Sense().Card != printer.StationNone {
		return nil, refuse(codePosition)
	}
	return nil, d.drive(ctx, v.now, codeBusy, codeJamHopper, func(ctx context.Context) error {
		if v.film {
			d.m.WindFilm()
		}
		if err := d.m.Feed(ctx); err != nil {
			return stuck(err, codeJamHopper)
		}
		d.fresh()
		return d.bring(ctx, v)
	})
}

// move brings the card inside to its place.
func (d *Device) move(ctx context.Context, c *command) ([]byte, error) {
	v, err := movementOf(c.cdb)
	if err != nil {
		return nil, err
	}
	if d.m.Sense().Card == printer.StationNone || d.m.State().Engaged {
		return nil, refuse(codePosition)
	}
	return nil, d.drive(ctx, v.now, codeBusy, codeJamMove, func(ctx context.Context) error {
		if v.film {
			d.m.WindFilm()
		}
		return d.bring(ctx, v)
	})
}

// fresh is a card of which nothing is known yet.
func (d *Device) fresh() {
	d.mu.Lock()
	d.printed = false
	d.mu.Unlock()
}

func (d *Device) bring(ctx context.Context, v movement) error {
	if v.flip {
		if err := d.m.Flip(ctx); err != nil {
			return stuck(err, codeJamFlip)
		}
	}
	switch v.to {
	case atReject:
		return stuck(d.m.Eject(ctx, printer.ToReject), codeJamDischarge)
	case atEject:
		return stuck(d.m.Eject(ctx, printer.ToOutput), codeJamDischarge)
	}
	to := stations[v.to]
	if d.m.Sense().Card == to {
		return nil
	}
	return stuck(d.m.Move(ctx, to), codeJamMove)
}

// drive makes a motion, or begins one that nobody waits for: then its end is told by request sense.
func (d *Device) drive(ctx context.Context, now bool, busy, jam code, act func(context.Context) error) error {
	if !now {
		return act(ctx)
	}
	d.mu.Lock()
	d.moving = busy
	d.mu.Unlock()
	d.done.Go(func() {
		err := act(d.ctx)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.moving = 0
		d.ended(err, jam)
		d.wake()
	})
	return nil
}

// print lays the panels of the buffer on the film.
func (d *Device) print(ctx context.Context, c *command) ([]byte, error) {
	mask := c.cdb[2] &^ printNow
	if c.cdb[4] != 0 || mask == 0 || mask&^(printYMC|printK|printUV|printPO) != 0 {
		return nil, refuse(codeCommand)
	}
	if d.m.Sense().Card != printer.StationPrint {
		return nil, refuse(codePosition)
	}
	var layers []*printer.Layer
	d.mu.Lock()
	for _, number := range order {
		if kinds[number].bit&mask == 0 {
			continue
		}
		sent, ok := d.panels[number]
		if !ok {
			d.note("print of panel %c, which was not sent", kinds[number].letter)
			d.mu.Unlock()
			return nil, refuse(codeCommand)
		}
		layers = append(layers, d.layer(number, sent))
	}
	d.mu.Unlock()
	return nil, d.drive(ctx, c.cdb[2]&printNow != 0, codePrinting, codeJamFilm, func(ctx context.Context) error {
		for _, l := range layers {
			if err := d.m.Ink(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// transfer presses the film onto the card.
func (d *Device) transfer(ctx context.Context, c *command, then func(context.Context) error) error {
	if c.cdb[2] > 1 {
		return refuse(codeCommand)
	}
	if d.m.Sense().Card != printer.StationPrint {
		return refuse(codePosition)
	}
	if d.m.State().OnFilm == 0 {
		d.find("transfer with nothing on the film")
		return refuse(codeCommand)
	}
	return d.drive(ctx, c.cdb[2] == 1, codePrinting, codeJamFilm, func(ctx context.Context) error {
		if err := d.m.Transfer(ctx); err != nil {
			return err
		}
		d.mu.Lock()
		if !d.printed {
			d.printed = true
			d.finished++
		}
		d.mu.Unlock()
		if then == nil {
			return nil
		}
		return then(ctx)
	})
}

func (d *Device) transferAndStay(ctx context.Context, c *command) ([]byte, error) {
	return nil, d.transfer(ctx, c, nil)
}

func (d *Device) transferAndFlip(ctx context.Context, c *command) ([]byte, error) {
	err := d.transfer(ctx, c, func(ctx context.Context) error {
		return stuck(d.m.Flip(ctx), codeJamFlip)
	})
	return nil, err
}

func (d *Device) transferAndEject(ctx context.Context, c *command) ([]byte, error) {
	err := d.transfer(ctx, c, func(ctx context.Context) error {
		return stuck(d.m.Eject(ctx, printer.ToOutput), codeJamDischarge)
	})
	return nil, err
}

func (d *Device) engageContact(ctx context.Context, _ *command) ([]byte, error) {
	return nil, d.m.Engage(ctx, printer.StationContact)
}

func (d *Device) disengageContact(ctx context.Context, _ *command) ([]byte, error) {
	return nil, d.m.Disengage(ctx, printer.StationContact)
}

func (d *Device) engageRFID(ctx context.Context, _ *command) ([]byte, error) {
	return nil, d.m.Engage(ctx, printer.StationContactless)
}

func (d *Device) disengageRFID(ctx context.Context, _ *command) ([]byte, error) {
	return nil, d.m.Disengage(ctx, printer.StationContactless)
}
