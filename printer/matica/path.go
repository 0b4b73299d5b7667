package matica

import (
	"context"
	"errors"
	"time"

	"blanko/printer"
)

// A movement answers when it is over; the position is looked at once more all the same, a few times
// where the card is not where it was sent.
const (
	glance  = 200 * time.Millisecond
	glances = 10 // 2 s, the time of one movement
)

// station is where the encoder can be engaged with the card.
type station struct {
	place             place
	engage, disengage command
	encoder           bool
}

var stations = map[printer.Position]station{
	printer.PositionPrint:       {place: atPrint},
	printer.PositionContact:     {atContact, engageContact, disengageContact, true},
	printer.PositionContactless: {atRFID, engageRFID, disengageRFID, true},
	printer.PositionMagnetic:    {place: atMagnetic},
}

var trays = map[printer.Tray]place{printer.TrayOutput: atEject, printer.TrayReject: atReject}

// hasStation tells whether this unit can bring the card there.
func (p *Printer) hasStation(to printer.Position) bool {
	f := p.fitted()
	switch to {
	case printer.PositionContact:
		return f.Contact
	case printer.PositionContactless:
		return f.Contactless
	case printer.PositionMagnetic:
		return f.Magnetic
	}
	return to == printer.PositionPrint
}

// position reads where the card is.
func (p *Printer) position(ctx context.Context, op string) (printer.Position, error) {
	b, err := p.read(ctx, op, readPosition)
	if err != nil {
		return "", err
	}
	pos, err := parsePosition(b)
	if err != nil {
		return "", commFault(op, err)
	}
	return pos, nil
}

// where reads the position before a movement. A card whose place is not known is never moved: an
// operator must look.
func (p *Printer) where(ctx context.Context, op string) (printer.Position, error) {
	pos, err := p.position(ctx, op)
	if err == nil && pos == printer.PositionUnknown {
		err = printer.Fault(printer.ClassCardPosition).At(op, errors.New("no sensor sees the card"))
	}
	return pos, err
}

// arrived looks until the card is where it was sent.
func (p *Printer) arrived(ctx context.Context, op string, want printer.Position) error {
	for range glances {
		pos, err := p.position(ctx, op)
		if err != nil {
			return err
		}
		if pos == want {
			return nil
		}
		if err := p.cfg.Sleep(ctx, glance); err != nil {
			return commFault(op, err)
		}
	}
	return printer.Fault(printer.ClassCardPosition).At(op, errors.New("the card did not come to its place"))
}

// Position reads the card sensor alone.
func (p *Printer) Position(ctx context.Context) (printer.Known[printer.Position], error) {
	pos, err := p.position(ctx, "matica.Position")
	if err != nil {
		return printer.Known[printer.Position]{}, err
	}
	return printer.Know(pos), nil
}

// Move brings the card to the print, contact, contactless or magnetic station and feeds one when none
// is inside; at an encoder it is engaged. It reads the position first and moves nothing when the card
// is there already: so it may be called again after an error. A card is fed only when the printer's
// settings are those of the configuration.
func (p *Printer) Move(ctx context.Context, to printer.Position) error {
	const op = "matica.Move"
	if !p.hasStation(to) {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("to", "no station %q", to)
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	return p.bring(ctx, op, to, 0)
}

// bring moves the card, or feeds one. flags are those of the movement, beside the one for a film that
// somebody printed on.
func (p *Printer) bring(ctx context.Context, op string, to printer.Position, flags byte) error {
	pos, err := p.where(ctx, op)
	if err != nil {
		return err
	}
	at := stations[to]
	switch {
	case pos == printer.PositionNone && op == opPrint && p.cfg.OnlyInside:
		return printer.Fault(printer.ClassCardPosition).At(op, errors.New("the card to print on is not inside"))
	case pos == printer.PositionNone:
		err = p.feed(ctx, op, at, flags|p.wind())
	case pos != to || flags != 0 || to == printer.PositionPrint && !p.fresh:
		if err := p.release(ctx, op, pos); err != nil {
			return err
		}
		if err = p.do(ctx, op, move(at.place, flags|p.wind()), forMove); err == nil {
			p.fresh = true
		}
	}
	if err != nil {
		return err
	}
	if err := p.arrived(ctx, op, to); err != nil {
		return err
	}
	return p.engage(ctx, op, at, pos == to && flags == 0)
}

// wind is the flag that lays a fresh frame of the film under the head, where the one there may have
// been printed on for another card.
func (p *Printer) wind() byte {
	if p.fresh {
		return 0
	}
	return withFilm
}

// feed takes a card from the hopper, and watches whether the counter follows.
func (p *Printer) feed(ctx context.Context, op string, at station, flags byte) error {
	if err := p.drifted(ctx, op, p.cfg.Settings); err != nil {
		return err
	}
	before := p.total(ctx)
	p.encoder = encoder{}
	err := p.do(ctx, op, load(at.place, flags), forFeed)
	if printer.ClassOf(err) == printer.ClassComm {
		p.watch(before, printer.Known[int]{}, err)
		return err
	}
	p.watch(before, p.total(ctx), err)
	if err == nil {
		p.fresh = true
	}
	return err
}

// engaged is what is known of the encoder now: a reset of the device ends what was.
func (p *Printer) engaged() (yes, known bool) {
	e := p.encoder
	return e.engaged, e.known && e.resets == p.wire.resets
}

func (p *Printer) setEngaged(yes bool) {
	p.encoder = encoder{known: true, engaged: yes, resets: p.wire.resets}
}

// engage brings the encoder to the card at its station. Where it is not known how it stands, it goes
// away first. stood tells that the card did not move.
func (p *Printer) engage(ctx context.Context, op string, at station, stood bool) error {
	if !at.encoder {
		return nil
	}
	if yes, known := p.engaged(); known && yes && stood {
		return nil
	} else if stood && !known {
		if err := p.loosen(ctx, op, at); err != nil {
			return err
		}
	}
	if err := p.do(ctx, op, at.engage, forMove); err != nil {
		return err
	}
	p.setEngaged(true)
	return nil
}

// release takes the encoder away from the card before it is moved.
func (p *Printer) release(ctx context.Context, op string, pos printer.Position) error {
	at := stations[pos]
	yes, known := p.engaged()
	switch {
	case !at.encoder, known && !yes:
		return nil
	case !known:
		return p.loosen(ctx, op, at)
	}
	if err := p.do(ctx, op, at.disengage, forMove); err != nil {
		return err
	}
	p.setEngaged(false)
	return nil
}

// loosen disengages an encoder that may not be engaged. That the printer refuses it then is no error.
func (p *Printer) loosen(ctx context.Context, op string, at station) error {
	stuck := p.stuck
	err := p.do(ctx, op, at.disengage, forMove)
	switch printer.ClassOf(err) {
	case printer.ClassNone:
	case printer.ClassCardPosition, printer.ClassUnsupported:
		p.stuck = stuck
	default:
		return err
	}
	p.setEngaged(false)
	return nil
}

// Flip turns the card over; it stands at the print position afterwards. It is not repeatable: after
// an error only a look tells which side is up. With no card inside one is fed and turned.
func (p *Printer) Flip(ctx context.Context) error {
	const op = "matica.Flip"
	if !p.fitted().TwoSided {
		return printer.Fault(printer.ClassUnsupported).At(op, errors.New("no station turns the card"))
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	return p.bring(ctx, op, printer.PositionPrint, withFlip)
}

// Eject puts the card into the output or the reject tray. With no card inside nothing is moved, and the
// error is printer.ErrNothingInside. It may be called again after an error.
func (p *Printer) Eject(ctx context.Context, tray printer.Tray) error {
	const op = "matica.Eject"
	to, ok := trays[tray]
	if !ok {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("tray", "no tray %q", tray)
	}
	pos, err := p.where(ctx, op)
	if err == nil && pos == printer.PositionNone {
		err = printer.Fault(printer.ClassCardPosition).At(op, printer.ErrNothingInside)
	}
	if err != nil {
		return err
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	if err := p.release(ctx, op, pos); err != nil {
		return err
	}
	// Not with a fresh frame of the film: a torn film must not keep a card inside.
	if err := p.do(ctx, op, move(to, 0), forMove); err != nil {
		return err
	}
	return p.arrived(ctx, op, printer.PositionNone)
}

// Purge disengages the encoder and moves what is inside to the reject tray, whatever the sensor says.
// That the printer refuses it since nothing is inside is no error.
func (p *Printer) Purge(ctx context.Context) error {
	const op = "matica.Purge"
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	if err := p.release(ctx, op, printer.PositionContactless); err != nil {
		return err
	}
	stuck := p.stuck
	err := p.do(ctx, op, move(trays[printer.TrayReject], 0), forMove)
	if printer.ClassOf(err) == printer.ClassCardPosition {
		p.stuck = stuck
		return nil
	}
	return err
}

// maxTold bounds the codes that are read away at once.
const maxTold = 16

// Clear reads away what the printer told, waits while it is busy, heating or cooling, and resets the
// USB device where a code that no person can mend stays. While the door is open, a card sticks or no
// sensor sees it, nothing is reset: a person must act first. It may be called as often as wanted.
func (p *Printer) Clear(ctx context.Context) error {
	const op = "matica.Clear"
	p.encoder = encoder{}
	last, reset := Code(0), false
	for range maxTold {
		c, err := p.sense(ctx, op)
		if err != nil {
			return err
		}
		class := c.Class()
		switch {
		case c == 0, c == codeNoCards, supplies(class):
			return p.standing(ctx, op)
		case waits(class):
			if err := p.settled(ctx, op, forMove); err != nil && !keeps(printer.ClassOf(err)) {
				return err
			}
			last = 0
		case c != last:
			last = c
		case resets(class) && !reset:
			if err := p.wire.reset(ctx); err != nil {
				p.wire.lost = true
				return commFault(op, err)
			}
			reset, last = true, 0
		default:
			return printer.Fault(class).At(op, &told{code: c})
		}
	}
	return printer.Fault(printer.ClassUnknown).At(op, errors.New("the printer tells one code after the other"))
}

// standing ends a Clear where nothing stands in the way any more.
func (p *Printer) standing(ctx context.Context, op string) error {
	if _, err := p.where(ctx, op); err != nil {
		return err
	}
	p.stuck = obstacle{}
	return nil
}

// Clean is not a command of this family: the operator cleans as the printer's book says.
// Error: printer.unsupported, always.
func (p *Printer) Clean(context.Context) error {
	return printer.Fault(printer.ClassUnsupported).At("matica.Clean", errors.New("no command starts the cleaning"))
}
