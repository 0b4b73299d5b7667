package station

import (
	"context"
	"errors"
	"fmt"

	device "blanko/printer"
)

// PrinterMoveCommand is blanko printer move.
type PrinterMoveCommand struct {
	To string `arg:"" enum:"print,contact,contactless,magnetic,flip,output,reject" help:"Where the card goes: print, contact, contactless, magnetic; flip turns it over; output and reject are the trays."`
	PrinterChoice
	CardIsMine bool `help:"The card inside is yours to move: you know what it is, and it is no card of a person that a line is making."`
	Feed       bool `help:"Where no card is inside, feed one: the hopper holds blanks of the test stock."`
	Clear      bool `help:"Clear the printer's error first; what it complained of is mended."`
	JSON       bool `name:"json" help:"Print where the card is as JSON."`
}

// moved is the report of a movement.
type moved struct {
	Printer string                `json:"printer"`
	From    told[device.Position] `json:"from"`
	Now     told[device.Position] `json:"now"`
	Tray    device.Tray           `json:"tray,omitempty"`
}

// trays by their names.
var trays = map[string]device.Tray{"output": device.TrayOutput, "reject": device.TrayReject}

// trayWords are the names of the trays.
var trayWords = map[device.Tray]words{device.TrayOutput: {"baki kartu jadi", "output tray"}, device.TrayReject: {"baki tolak", "reject tray"}}

// flip turns a card over and needs no place.
const flip = "flip"

// Run moves the card inside. One that a line is making is never moved here, and any other only where the
// person says that it may be.
func (c PrinterMoveCommand) Run(ctx context.Context, t Terminal, ports Printers) error {
	const op = "station.PrinterMoveCommand"
	o, err := c.open(ctx, ports)
	if err != nil {
		return err
	}
	defer o.close() //nolint:errcheck // nothing is left to be done with the printer
	if o.Path == nil {
		return PrinterNoPath.At(op, nil).With("printer", "%s, language %s", o.Name, o.Language)
	}
	if c.Clear {
		if err := o.Path.Clear(ctx); err != nil {
			return err
		}
	}
	before, err := o.Status(ctx)
	if err != nil {
		return err
	}
	out := moved{Printer: o.Name, From: told[device.Position]{before.Card}, Tray: trays[c.To]}
	if !before.Card.Known || before.Card.Value == device.PositionUnknown {
		return device.Fault(device.ClassCardPosition).At(op, nil).With("printer", "%s", before.Raw)
	}
	if before.Card.Value == device.PositionNone {
		if err := c.mayFeed(ctx, o, before); err != nil {
			return err
		}
	} else if err := c.mayMove(ctx, o, before); err != nil {
		return err
	}
	switch {
	case out.Tray != "":
		if err = o.Path.Eject(ctx, out.Tray); before.Card.Value == device.PositionNone && errors.Is(err, device.ErrNothingInside) {
			err = nil // nothing is to be moved
		}
	case c.To == flip:
		err = o.Path.Flip(ctx)
	default:
		err = o.Path.Move(ctx, device.Position(c.To))
	}
	if err != nil {
		return err
	}
	after, err := o.Status(ctx)
	if err != nil {
		return err
	}
	out.Now = told[device.Position]{after.Card}
	if c.JSON {
		return printJSON(t.Out, out)
	}
	return out.print(t)
}

// mayMove decides over a card inside.
func (c PrinterMoveCommand) mayMove(ctx context.Context, o *openedPrinter, st device.Status) error {
	const op = "station.PrinterMoveCommand"
	_, path, err := ledgerOf(ctx, o.Config, o.Line)
	switch {
	case err != nil:
		return err
	case path > 0:
		return CardOfAttempt.At(op, nil).With("line", "%s has %d cards in work", o.Line.ID, path)
	case !c.CardIsMine:
		return CardInside.At(op, nil).With("card", "%s", positionWords[st.Card.Value].EN)
	}
	return nil
}

// mayFeed decides over a path that is empty.
func (c PrinterMoveCommand) mayFeed(ctx context.Context, o *openedPrinter, st device.Status) error {
	if trays[c.To] != "" || !c.Feed {
		return NoCardInside.At("station.PrinterMoveCommand", nil).With("to", "%s", c.To)
	}
	return o.mayFeed(ctx, st, Operator{})
}

func (m moved) print(t Terminal) error {
	l := t.Language
	from := show(l, m.From, wordsOf(positionWords))
	if m.Tray != "" {
		_, err := fmt.Fprintln(t.Out, l.of(say("Kartu %s dikeluarkan ke %s.", "The card %s went to the %s.", from, l.of(trayWords[m.Tray]))))
		return err
	}
	_, err := fmt.Fprintln(t.Out, l.of(say("Kartu sekarang %s (sebelumnya %s).", "The card is now %s (before: %s).", show(l, m.Now, wordsOf(positionWords)), from)))
	return err
}
