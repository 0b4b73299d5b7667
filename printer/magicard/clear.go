package magicard

import (
	"context"
	"errors"
	"math/bits"
	"time"

	"blanko/printer"
)

// Clear makes the printer forget an error and the job behind it, after a person has acted: RST, and
// EJT for a card that is still inside. No command is known that clears an error alone.
//
// A job that did not end well is reset at once, so that the printer does not print it on the next
// card by itself. Only one that was whole in the printer when the connection broke is waited for
// first: a reset would spoil the card that is being printed. While the printer goes on to show an error, it is reset with the first, second,
// fourth, eighth call, since it needs time to start and the person needs time to act.
//
// Error: of the class that the printer still shows; printer.comm when it does not answer.
func (p *Printer) Clear(ctx context.Context) error {
	const op = "magicard.Clear"
	r, err := p.inStep(ctx)
	if err != nil {
		return commFault(op, err)
	}
	shown := p.shown(r)
	if shown.class == printer.ClassNone && p.job.class == printer.ClassNone {
		p.clears = 0
		return nil
	}
	if before := p.sent; before != nil && shown.class == printer.ClassNone {
		p.sent = nil
		switch err := p.printed(ctx, *before); {
		case err == nil:
			p.job, p.unsure = obstacle{}, false
			return nil
		case ctx.Err() != nil || printer.ClassOf(err) == printer.ClassComm:
			p.sent = before
			return err
		}
	}
	p.sent = nil
	p.clears++
	if p.job.class != printer.ClassNone || bits.OnesCount(uint(p.clears)) == 1 {
		if r, err = p.reset(ctx); err != nil {
			return commFault(op, err)
		}
		p.job = obstacle{}
		if shown = p.shown(r); shown.class == printer.ClassNone {
			p.clears = 0
		}
	}
	if shown.class != printer.ClassNone {
		return printer.Fault(shown.class).At(op, errors.New(shown.raw))
	}
	return nil
}

// inStep reads the printer, and once more after a broken plane was filled up.
func (p *Printer) inStep(ctx context.Context) (reading, error) {
	r, err := p.read(ctx)
	if silent(err) {
		if err = p.wire.fill(ctx); err == nil {
			r, err = p.read(ctx)
		}
	}
	return r, err
}

// reset starts the printer anew, lays out the card inside and reads the printer.
func (p *Printer) reset(ctx context.Context) (reading, error) {
	if err := p.wire.send(ctx, command(restart)); err != nil {
		return reading{}, err
	}
	if _, err := p.awake(ctx); err != nil {
		return reading{}, err
	}
	if err := p.wire.send(ctx, command(eject)); err != nil {
		return reading{}, err
	}
	return p.awake(ctx)
}

// awake waits until a printer that starts or moves a card answers again.
func (p *Printer) awake(ctx context.Context) (reading, error) {
	for waited := time.Duration(0); ; {
		r, err := p.read(ctx)
		waited += tries*p.wire.times.Reply + p.wire.times.Poll
		if err == nil || !silent(err) || waited >= p.wire.times.Restart {
			return r, err
		}
		if err := p.cfg.Sleep(ctx, p.wire.times.Poll); err != nil {
			return r, err
		}
	}
}
