package trial

import (
	"context"
	"errors"

	"blanko/emulator"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
)

// carrier is the person of a desktop line, with a stack of blanks, a reader, a printer, and two boxes for what is
// ready. One person: one thing at a time.
type carrier struct {
	line  *emulator.Line
	desk  *emulator.Desk
	cards func() []*machine.Plastic // every card of the room
	stack []*machine.Plastic        // blanks beside the reader
	more  func() []*machine.Plastic // draws blanks when the stack has ended; nil: nobody does
	late  bool                      // a blank is asked for and not laid yet
	wrong map[personalize.Ask]deed  // instead of the right act, once
}

// deed is what a carrier does.
type deed = func(*carrier, context.Context) error

// boxFloor is where a card lies that the person has mislaid.
const boxFloor = "below the desk"

// stackOf is the box with the blanks of a desktop line: its hopper.
func stackOf(line string) string { return boxStack + line }

const boxStack = "stack "

var (
	errHands = errors.New("it cannot be done") // what the person says who cannot do what is asked
	errStack = errors.New("no blanks are left beside the reader")
)

func (r *room) carrier(id jobs.LineID, desk string) *carrier {
	return &carrier{line: r.world.Line(string(id)), desk: r.world.Desk(desk), cards: func() []*machine.Plastic { return r.blanks }, wrong: map[personalize.Ask]deed{}}
}

// pile puts blanks on the stack.
func (c *carrier) pile(blanks []*machine.Plastic) error {
	for _, p := range blanks {
		if err := p.Box(stackOf(c.line.Name)); err != nil {
			return err
		}
	}
	c.stack = append(c.stack, blanks...)
	return nil
}

// hands do what the line asks for.
func (c *carrier) hands(ctx context.Context, ask personalize.Ask) error {
	if act := c.wrong[ask]; act != nil {
		delete(c.wrong, ask)
		return act(c, ctx)
	}
	switch ask {
	case personalize.AskBlank:
		return c.blank(ctx)
	case personalize.AskPrinter:
		if p := c.desk.Lift(); p != nil {
			return c.line.Machine.Load(p)
		}
		return nil // it is in the hopper already
	case personalize.AskReader:
		return c.lay(ctx)
	case personalize.AskOutput:
		return c.put(boxOutput)
	default:
		return c.put(boxReject)
	}
}

// blank lays the next blank of the stack on the reader.
func (c *carrier) blank(ctx context.Context) error {
	if len(c.stack) == 0 && c.more != nil {
		if err := c.pile(c.more()); err != nil {
			return err
		}
	}
	if len(c.stack) == 0 {
		return errStack
	}
	if before := c.desk.Lift(); before != nil { // nobody asked for it any more
		if err := before.Box(c.line.Box(machine.AtReader)); err != nil {
			return err
		}
	}
	p := c.stack[0]
	c.stack, c.late = c.stack[1:], false
	return errors.Join(p.Take(p.Place()), c.desk.Lay(ctx, p))
}

// lay brings what came out of the printer to the reader; a card that lies there is seated anew.
func (c *carrier) lay(ctx context.Context) error {
	p := c.atHand()
	switch {
	case p != nil:
		return c.desk.Lay(ctx, p)
	case c.late:
		return c.blank(ctx)
	}
	return nil // nothing to lay
}

// atHand takes the card in work from wherever the person sees it; nil: nowhere.
func (c *carrier) atHand() *machine.Plastic {
	if p := c.desk.Lift(); p != nil {
		return p
	}
	if cards := c.line.Machine.TakeOutput(); len(cards) > 0 {
		return cards[0]
	}
	if cards := c.line.Machine.Unload(); len(cards) > 0 { // put into it, and never taken
		return cards[0]
	}
	if c.line.Machine.State().Jam { // a printer that tells no errors shows it to the person alone
		if cards := c.line.Machine.ClearJam(); len(cards) > 0 {
			return cards[0]
		}
	}
	jams := c.line.Box(machine.AtPath)
	for _, p := range c.cards() {
		if at := p.Place(); at.At == machine.AtBox && at.Holder == jams {
			if p.Take(at) == nil {
				return p
			}
		}
	}
	return nil
}

func (c *carrier) put(box string) error {
	p := c.atHand()
	if p == nil {
		return errHands
	}
	return p.Box(box + " " + c.line.Name)
}

// mislay drops the card in work.
func (c *carrier) mislay(context.Context) error {
	p := c.atHand()
	if p == nil {
		return errors.New("no card to mislay")
	}
	return p.Box(boxFloor)
}

// layMade lays a card that is ready on the reader.
func (c *carrier) layMade(ctx context.Context) error {
	for _, p := range c.cards() {
		if at := p.Place(); at.Holder == boxOutput+" "+c.line.Name {
			return errors.Join(p.Take(at), c.desk.Lay(ctx, p))
		}
	}
	return errors.New("no card is ready")
}

// swap mislays the card that came out of the printer and brings one that is ready, or a blank.
func (c *carrier) swap(ctx context.Context) error {
	if err := c.mislay(ctx); err != nil {
		return err
	}
	return c.layMade(ctx)
}
