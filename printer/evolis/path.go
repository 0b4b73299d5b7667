package evolis

import (
	"context"
	"errors"
	"time"

	"blanko/printer"
)

// look is the pause between two looks at a moving card. The setup tells newer units not to
// block (Psmgr;2), so their OK may come before the card does.
const look = 200 * time.Millisecond

// unsettled is how many looks in a row a place that the unit does not know is taken for a
// card on its way: 2 s, the time of one movement.
const unsettled = 10

// looks is how often a moving card is looked at: 30 s, the time a movement may take.
const looks = 150

// where reads the position before a movement. A card whose place is not known is never
// moved: an operator must look.
func (p *Printer) where(ctx context.Context, op string) (printer.Position, error) {
	r, err := p.wire.ask(ctx, readPosition)
	if errors.Is(err, errUnfit) {
		return "", printer.Fault(printer.ClassCardPosition).At(op, err)
	}
	if err != nil {
		return "", commFault(op, err)
	}
	pos, ok := r.position()
	switch {
	case ok && pos != printer.PositionUnknown:
		return pos, nil
	case ok:
		return pos, printer.Fault(printer.ClassCardPosition).At(op, &badAnswer{readPosition.text, r})
	}
	return "", printer.Fault(r.trouble()).At(op, &badAnswer{readPosition.text, r})
}

// until looks until the card stands as wanted. A fault ends it; a place that is not known
// counts as a card on its way for a moment.
func (p *Printer) until(ctx context.Context, op string, arrived func(printer.Position) bool) error {
	lost := 0
	for range looks {
		pos, err := p.where(ctx, op)
		switch {
		case err == nil && arrived(pos):
			return nil
		case err == nil:
			lost = 0
		case printer.ClassOf(err) != printer.ClassCardPosition:
			return err
		default:
			if lost++; lost > unsettled {
				return err
			}
		}
		if err := p.cfg.Sleep(ctx, look); err != nil {
			return commFault(op, err)
		}
	}
	return printer.Fault(printer.ClassCardPosition).At(op, errors.New("the card did not come to its place in time"))
}

// Move brings the card to the print, contact or contactless station and feeds one when none
// is inside. It reads the position first, and sends nothing when the card is there already:
// so it may be called again after an error. A movement whose answer does not come in time is
// an error of class comm.
func (p *Printer) Move(ctx context.Context, to printer.Position) error {
	const op = "evolis.Move"
	c, ok := stations[to]
	if !ok || to == printer.PositionContactless && !p.caps.Contactless || to == printer.PositionContact && !p.contact() {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("to", "no station %q", to)
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	return p.bring(ctx, op, c, to)
}

func (p *Printer) bring(ctx context.Context, op string, c command, to printer.Position) error {
	pos, err := p.where(ctx, op)
	if err != nil {
		return err
	}
	if pos == to {
		return nil
	}
	if err := p.do(ctx, op, c); err != nil {
		return err
	}
	return p.until(ctx, op, func(at printer.Position) bool { return at == to })
}

// Flip is not a command of this family: a card is turned by Sv inside a job only.
// Error: printer.unsupported, always.
func (p *Printer) Flip(context.Context) error {
	return printer.Fault(printer.ClassUnsupported).At("evolis.Flip", errors.New("a card is turned inside a job only"))
}

// Eject puts the card into the output or the reject box. With no card inside nothing is sent, and the
// error is printer.ErrNothingInside. It may be called again after an error.
func (p *Printer) Eject(ctx context.Context, tray printer.Tray) error {
	const op = "evolis.Eject"
	if err := p.leads(op, tray); err != nil {
		return err
	}
	pos, err := p.where(ctx, op)
	if err != nil {
		return err
	}
	if pos == printer.PositionNone {
		return printer.Fault(printer.ClassCardPosition).At(op, printer.ErrNothingInside)
	}
	if err := p.discharge(ctx, op, tray); err != nil {
		return err
	}
	return p.until(ctx, op, func(at printer.Position) bool { return at == printer.PositionNone })
}

// Purge sends the way to the reject box whatever the sensor says. Those commands feed no card.
func (p *Printer) Purge(ctx context.Context) error {
	const op = "evolis.Purge"
	if err := p.leads(op, printer.TrayReject); err != nil {
		return err
	}
	return p.discharge(ctx, op, printer.TrayReject)
}

// leads is an error where no way leads to the tray.
func (p *Printer) leads(op string, tray printer.Tray) error {
	if _, ok := ways[tray]; !ok || tray == printer.TrayReject && !p.caps.RejectTray {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("tray", "no tray %q", tray)
	}
	return nil
}

// discharge sends the commands of the way to a tray.
func (p *Printer) discharge(ctx context.Context, op string, tray printer.Tray) error {
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	first := true
	for _, c := range ways[tray] {
		if c.pace == quick && !p.knows(c.mnemonic()) {
			continue
		}
		if gap := p.model.WayGap; gap > 0 && !first {
			if err := p.cfg.Sleep(ctx, gap); err != nil {
				return commFault(op, err)
			}
		}
		first = false
		if err := p.do(ctx, op, c); err != nil {
			return p.blocked(ctx, op, tray, err)
		}
	}
	return nil
}

// blocked tells a way out that failed because the box at its end is full: the movement itself
// answers as for a jam.
func (p *Printer) blocked(ctx context.Context, op string, tray printer.Tray, err error) error {
	if printer.ClassOf(err) != printer.ClassJam {
		return err
	}
	s := &survey{p: p, ctx: ctx}
	if r, ok := s.ask(readOutput); !ok || !r.is("CARD") {
		return err
	}
	p.stuck = obstacle{} // the box is read, and tells when it has been emptied
	class := printer.ClassOutputFull
	if tray == printer.TrayReject {
		class = printer.ClassRejectFull
	}
	return printer.Fault(class).At(op, errors.Unwrap(err))
}

// Clear clears the error after the operator acted: by the clear command, and where that does
// not help by a soft reset. The setup is sent again in either case, since a printer that was
// off has lost it. While the cover is open or a card lies where the unit does not know it,
// nothing is reset: a person must act first. It may be called as often as wanted.
func (p *Printer) Clear(ctx context.Context) error {
	const op = "evolis.Clear"
	p.unset = true
	err := p.do(ctx, op, clearError)
	if err == nil {
		err = p.resume(ctx, op)
	}
	switch printer.ClassOf(err) {
	case printer.ClassNone, printer.ClassComm, printer.ClassCoverOpen, printer.ClassCardPosition:
		return err
	}
	// A unit that resets at once does not answer; the reads that follow tell whether it is back.
	if err := p.do(ctx, op, softReset); err != nil && (printer.ClassOf(err) != printer.ClassComm || ctx.Err() != nil) {
		return err
	}
	return p.resume(ctx, op)
}

// resume sets the printer up where no fault stands any more.
func (p *Printer) resume(ctx context.Context, op string) error {
	if err := p.standing(ctx, op); err != nil {
		return err
	}
	p.stuck = obstacle{}
	if err := p.setUp(ctx); err != nil {
		return err
	}
	p.describe()
	return nil
}

// standing is the fault that still stands after a clear: an open cover, or what the position
// read tells.
func (p *Printer) standing(ctx context.Context, op string) error {
	s := &survey{p: p, ctx: ctx}
	s.cover()
	if s.fatal != nil {
		return s.fatal
	}
	if class, raw := worst(s.told); class != printer.ClassNone {
		return printer.Fault(class).At(op, errors.New(raw))
	}
	_, err := p.where(ctx, op)
	return err
}

// Clean runs the cleaning cycle, with the operator's hands: it ends when the unit says so.
func (p *Printer) Clean(ctx context.Context) error {
	const op = "evolis.Clean"
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	return p.do(ctx, op, cleaningCycle)
}
