package station

import (
	"context"

	device "blanko/printer"
	"blanko/registry/stock"
	"blanko/store"
)

// Operator is what the person at a printer says of it, where nothing else can.
type Operator struct {
	PathEmpty bool `help:"You have looked into the printer and no card is inside. Needed where the printer does not tell."`
}

// ledgerOf is what the ledger has in the printer of a line: blanks in its hopper, and cards of open
// attempts in its path. Without a line, or without a ledger on this machine, nothing is known and both
// are zero.
func ledgerOf(ctx context.Context, c Config, l LineConfig) (hopper, path int, err error) {
	if l.ID == "" {
		return 0, 0, nil
	}
	if !c.hasLedger() {
		return 0, 0, nil
	}
	st, err := c.openLedger(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	defer st.Close() //nolint:errcheck // it was only read
	var list []stock.Holding
	if err := st.Read(ctx, func(tx *store.Tx) (err error) {
		list, err = stock.Holdings(tx)
		return err
	}); err != nil {
		return 0, 0, err
	}
	for _, h := range list {
		switch h.Place {
		case stock.On(stock.Hopper, string(l.ID)):
			hopper += h.Unread + h.Read
		case stock.On(stock.Path, string(l.ID)):
			path += h.Unread + h.Read
		}
	}
	return hopper, path, nil
}

// mayFeed makes sure that what is fed next is a blank of the test stock: no card is inside, and the ledger
// has none in hopper or path.
func (o *openedPrinter) mayFeed(ctx context.Context, st device.Status, says Operator) error {
	const op = "station.mayFeed"
	hopper, path, err := ledgerOf(ctx, o.Config, o.Line)
	switch inside := st.Card.Known && st.Card.Value != device.PositionNone; {
	case err != nil:
		return err
	case path > 0:
		return CardOfAttempt.At(op, nil).With("line", "%s has %d cards in work", o.Line.ID, path)
	case inside:
		return CardInside.At(op, nil).With("card", "%s", positionWords[st.Card.Value].EN)
	case !st.Card.Known && !says.PathEmpty:
		return PathUnseen.At(op, nil).With("printer", "%s", o.Name)
	case hopper > 0:
		return LiveBlanks.At(op, nil).With("line", "%s has %d blanks in its hopper", o.Line.ID, hopper)
	}
	return nil
}

// trouble is what the printer reports, as an error; nil: nothing.
func trouble(op string, st device.Status) error {
	if st.Error == device.ClassNone {
		return nil
	}
	return device.Fault(st.Error).At(op, nil).With("printer", "%s", st.Raw)
}
