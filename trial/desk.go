package trial

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"

	machine "blanko/emulator/printer"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
	"blanko/registry"
)

// Where a person at the desk puts cards.
const (
	boxOutput = "desk output"
	boxReject = "desk reject"
)

// clerk is the person at the desk reader.
type clerk struct {
	room  *room
	staff *staff
	log   *zap.Logger
	// Joints to the station, as they are when nil.
	through func(applet.Transport) applet.Transport
	by      func(func(context.Context, printer.Tray) error) func(context.Context, printer.Tray) error
}

// present lays every card that came out of a path on the desk reader, so that its chip answers
// the doubt it is about. It reports whether something is to be made again. No line is running.
func (d *demo) present(ctx context.Context) (again bool, err error) {
	c := clerk{room: d.room, staff: d.staff, log: d.log}
	if d.pcsc != nil {
		c.withPCSC(ctx, d.pcsc)
	}
	for _, l := range d.parts.Lines {
		for _, p := range c.strays(l.ID) {
			if err := c.layOnDesk(ctx, l, p); err != nil {
				return false, err
			}
		}
		if err := c.surrender(ctx, l.ID); err != nil {
			return false, err
		}
	}
	s, err := d.reg.Summary(ctx)
	if err != nil {
		return false, err
	}
	return s.Applications[registry.Queued]+s.Applications[registry.PrintReady]+s.Applications[registry.Approved]+
		s.Applications[registry.Producing]+s.Reports > 0, nil
}

// withPCSC has the clerk lay the cards on a reader of the service.
func (c *clerk) withPCSC(ctx context.Context, s *service) {
	take := func() {}
	c.through = func(applet.Transport) applet.Transport {
		from, lift, err := s.desk(ctx, c.room.world.Desk(deskName))
		if err != nil {
			return &reader{broken{err}}
		}
		take = lift
		return from
	}
	c.by = func(lift func(context.Context, printer.Tray) error) func(context.Context, printer.Tray) error {
		return func(ctx context.Context, tray printer.Tray) error {
			take()
			return lift(ctx, tray)
		}
	}
}

// broken is a reader that cannot be reached.
type broken struct{ err error }

func (b broken) Transmit(context.Context, []byte) ([]byte, error) { return nil, b.err }
func (b broken) Reset(context.Context) ([]byte, error)            { return nil, b.err }
func (b broken) Close() error                                     { return nil }

// strays are the cards that a person took out of the path of a line, or has taken from its tray into the hand.
func (c clerk) strays(id jobs.LineID) []*machine.Plastic {
	var out []*machine.Plastic
	for _, p := range c.room.blanks {
		at := p.Place()
		path := at.From == machine.AtPath && (at.At == machine.AtBox || at.At == machine.AtHand)
		tray := at.From == machine.AtOutput && at.At == machine.AtHand
		if (path || tray) && c.ofLine(id, at) {
			out = append(out, p)
		}
	}
	return out
}

// fetch empties the tray of a line in which a card in doubt lies, such as one whose face was refused: that card stays in
// the hand, the others lie beside the machine.
func (c clerk) fetch(ctx context.Context, id jobs.LineID) error {
	doubts, err := c.staff.reg.Attempts(ctx, jobs.InDoubt)
	if err != nil {
		return err
	}
	doubted := func(p *machine.Plastic) bool {
		return slices.ContainsFunc(doubts, func(t jobs.Attempt) bool { return t.Line == id && t.Chip != "" && string(t.Chip) == kdd(p) })
	}
	l := c.room.world.Line(string(id))
	if !slices.ContainsFunc(c.room.blanks, func(p *machine.Plastic) bool {
		at := p.Place()
		return at.At == machine.AtOutput && at.Holder == l.Machine.Name() && doubted(p)
	}) {
		return nil
	}
	for _, p := range l.Machine.TakeOutput() {
		if doubted(p) {
			continue
		}
		if err := p.Box(l.Box(machine.AtOutput)); err != nil {
			return err
		}
	}
	return nil
}

func (c clerk) ofLine(id jobs.LineID, at machine.Place) bool {
	l := c.room.world.Line(string(id))
	return at.Holder == l.Machine.Name() || at.Holder == l.Box(at.From)
}

// layOnDesk presents one card that is in a hand or a box.
func (c clerk) layOnDesk(ctx context.Context, l *personalize.Line, p *machine.Plastic) error {
	desk := c.room.world.Desk(deskName)
	if p.Place().At == machine.AtBox {
		if err := p.Take(p.Place()); err != nil {
			return err
		}
	}
	if err := desk.Lay(ctx, p); err != nil {
		return err
	}
	field := desk.Reader()
	defer field.Close() //nolint:errcheck // the card lies there or was lifted: both are the person's doing
	var from applet.Transport = &reader{field}
	if c.through != nil {
		from = c.through(from)
	}
	lift := func(_ context.Context, tray printer.Tray) error {
		card := desk.Lift()
		if card == nil {
			return fmt.Errorf("nothing lies on the desk reader")
		}
		if tray == printer.TrayOutput {
			return card.Box(boxOutput + " " + string(l.ID))
		}
		return card.Box(boxReject + " " + string(l.ID))
	}
	if c.by != nil {
		lift = c.by(lift)
	}
	e, err := l.Present(ctx, from, func(ctx context.Context, _ ktp.AttemptID, tray printer.Tray) error { return lift(ctx, tray) })
	c.log.Info("card presented", zap.String("line", string(l.ID)), zap.Stringer("attempt", e.Order.Attempt), zap.Error(err))
	if fault.CodeOf(err) != "" { // answered: by a chip that is mute, foreign, or of no doubt
		err = nil
	}
	if card := desk.Lift(); card != nil && err == nil { // a mute card stays in the hand
		return card.Box(boxReject + " " + string(l.ID))
	}
	return err
}

// surrender closes the doubts that are left on a line whose cards lie in the reject box and no
// longer answer: two persons and a picture of the face.
func (c clerk) surrender(ctx context.Context, id jobs.LineID) error {
	doubts, err := c.staff.reg.Attempts(ctx, jobs.InDoubt)
	if err != nil {
		return err
	}
	for _, t := range doubts {
		if t.Line != id || t.Chip == "" {
			continue
		}
		for _, p := range c.room.blanks {
			if p.Chip == nil || kdd(p) != string(t.Chip) || !p.Chip.View().Dead {
				continue
			}
			if err := c.staff.surrender(ctx, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func kdd(p *machine.Plastic) string {
	if p.Chip == nil {
		return ""
	}
	v := p.Chip.View()
	return fmt.Sprintf("%X", v.KDD[:])
}
