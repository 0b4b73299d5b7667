package personalize

import (
	"context"

	"blanko/printer"
)

// carrier moves the card between hopper, reader, printer and trays: the printer's own path,
// or a person's hands.
type carrier interface {
	// feed brings a fresh blank to the reader.
	feed(ctx context.Context) error
	// toReader brings the card that is in work back to the reader.
	toReader(ctx context.Context) error
	// toPrinter brings it to the printer.
	toPrinter(ctx context.Context) error
	// out lays it into a tray.
	out(ctx context.Context, tray printer.Tray) error
	// sensor tells where the card is; never known where a person holds it.
	sensor(ctx context.Context) printer.Known[printer.Position]
}

// byPerson reports whether a person carries the card: no sensor sees it, no motor moves it.
func (l *Line) byPerson() bool {
	_, path := l.cards.(*byPath)
	return !path
}

// onDesk reports whether a person has laid the card on a reader for good: nobody is asked to seat
// it again.
func (l *Line) onDesk() bool {
	_, is := l.cards.(*laid)
	return is
}

// positioner is what a printer may offer beside Status: the card sensor alone, for a glance
// that costs one read.
type positioner interface {
	Position(ctx context.Context) (printer.Known[printer.Position], error)
}

// byPath is an inline line: the printer moves the card.
type byPath struct{ l *Line }

func (c *byPath) feed(ctx context.Context) error {
	return c.l.Path.Move(ctx, printer.PositionContactless)
}

func (c *byPath) toReader(ctx context.Context) error {
	return c.l.Path.Move(ctx, printer.PositionContactless)
}
func (c *byPath) toPrinter(context.Context) error { return nil } // Print moves it
func (c *byPath) out(ctx context.Context, tray printer.Tray) error {
	return c.l.Path.Eject(ctx, tray)
}

func (c *byPath) sensor(ctx context.Context) printer.Known[printer.Position] {
	if p, ok := c.l.Printer.(positioner); ok {
		pos, err := p.Position(ctx)
		if err != nil {
			return printer.Known[printer.Position]{}
		}
		return pos
	}
	st, err := c.l.status(ctx)
	if err != nil {
		return printer.Known[printer.Position]{}
	}
	return st.Card
}

// Ask is what a desktop line asks of the person at the desk.
type Ask string

const (
	AskBlank   Ask = "lay a blank on the reader"
	AskReader  Ask = "lay the card on the reader" // the printed one, or once more the one that gives no answer
	AskPrinter Ask = "put the card into the printer"
	AskOutput  Ask = "put the card into the output tray"
	AskReject  Ask = "put the card into the reject tray"
)

// Hands are the person of a desktop line. The call returns when the person says it is done;
// whether it is the right card is not taken on trust: the chip's attempt id is compared.
type Hands func(ctx context.Context, ask Ask) error

// byHand is a desktop line: a person carries the card.
type byHand struct{ l *Line }

func (c *byHand) feed(ctx context.Context) error      { return c.l.Hands(ctx, AskBlank) }
func (c *byHand) toReader(ctx context.Context) error  { return c.l.Hands(ctx, AskReader) }
func (c *byHand) toPrinter(ctx context.Context) error { return c.l.Hands(ctx, AskPrinter) }
func (c *byHand) out(ctx context.Context, tray printer.Tray) error {
	if tray == printer.TrayReject {
		return c.l.Hands(ctx, AskReject)
	}
	return c.l.Hands(ctx, AskOutput)
}
func (c *byHand) sensor(context.Context) (unseen printer.Known[printer.Position]) { return unseen }
