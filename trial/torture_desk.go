package trial

import (
	"context"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
	"blanko/registry"
)

// resolve is the desk: every card whose attempt is in doubt is presented, mute ones are surrendered, and
// what cannot be found is declared lost. It reports whether something is to be made again.
func (p *post) resolve(ctx context.Context) (again bool, err error) {
	doubts, err := p.doubts(ctx)
	if err != nil {
		return false, err
	}
	cards, err := p.far.do(ctx, call{Act: "suspects", Line: string(p.Line), Doubts: doubts})
	if err != nil {
		return false, err
	}
	for len(cards.Names) > 0 {
		for _, serial := range cards.Names {
			if err := p.present(ctx, serial); err != nil {
				return false, err
			}
		}
		// One that was exchanged meanwhile is in a hand still.
		if cards, err = p.far.do(ctx, call{Act: "in hand", Line: string(p.Line)}); err != nil {
			return false, err
		}
	}
	open, err := p.doubtsHere(ctx)
	if err != nil {
		return false, err
	}
	for _, t := range open {
		if err := p.giveUp(ctx, t); err != nil {
			return false, err
		}
	}
	if err := p.release(ctx); err != nil {
		return false, err
	}
	waiting, working, err := p.queue(ctx)
	return waiting+working > 0, err
}

// doubtsHere are the doubts of this line.
func (p *post) doubtsHere(ctx context.Context) ([]jobs.Attempt, error) {
	all, err := p.reg.Attempts(ctx, jobs.InDoubt)
	var own []jobs.Attempt
	for _, t := range all {
		if t.Line == p.Line {
			own = append(own, t)
		}
	}
	return own, err
}

func (p *post) doubts(ctx context.Context) (list []doubtful, err error) {
	open, err := p.doubtsHere(ctx)
	for _, t := range open {
		list = append(list, doubtful{t.ID.String(), string(t.Chip)})
	}
	return list, err
}

// present lays one card on the desk reader.
func (p *post) present(ctx context.Context, serial string) error {
	if _, err := p.far.do(ctx, call{Act: "lay", Line: string(p.Line), Serial: serial}); err != nil {
		return err
	}
	field, err := p.far.reader(ctx, string(p.Line), true)
	if err != nil {
		return err
	}
	defer field.Close() //nolint:errcheck // the card lies there or was lifted: both are the person's doing
	lift := func(ctx context.Context, tray printer.Tray) error {
		_, err := p.far.do(ctx, call{Act: "lift", Line: string(p.Line), Tray: string(tray)})
		return err
	}
	e, err := p.line.Present(ctx, &reader{field}, func(ctx context.Context, _ ktp.AttemptID, tray printer.Tray) error { return lift(ctx, tray) })
	p.log.Info("card presented", zap.Stringer("attempt", e.Order.Attempt), zap.Error(err))
	if fault.CodeOf(err) != "" { // answered: by a chip that is mute, foreign, or of no doubt
		err = nil
	}
	if err != nil {
		return err
	}
	_, err = p.far.do(ctx, call{Act: "lift", Line: string(p.Line), Tray: string(printer.TrayReject), Serial: serial}) // a mute card lies there still
	return err
}

// giveUp closes a doubt for which no card has answered: a mute card is surrendered by two persons with a
// picture of its face, and what nobody finds is declared lost.
func (p *post) giveUp(ctx context.Context, t jobs.Attempt) error {
	mute := false
	if t.Chip != "" {
		r, err := p.far.do(ctx, call{Act: "mute", Line: string(p.Line), Doubts: []doubtful{{t.ID.String(), string(t.Chip)}}})
		if err != nil {
			return err
		}
		mute = len(r.Names) > 0
	}
	if mute {
		return p.staff.surrender(ctx, t.ID)
	}
	if p.lost != nil {
		return p.lost(ctx, t)
	}
	_, err := p.staff.do(ctx, printRoom, registry.DeclareLost{Attempt: t.ID, Because: registry.Because{Reason: "not_found"}, Second: supervisor})
	return err
}
