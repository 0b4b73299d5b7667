package registry

import (
	"context"
	"strconv"

	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// ReceiveTestBlanks counts a delivery into the test stock: a lot of its own, no blank of which becomes a
// resident's card.
type ReceiveTestBlanks struct {
	Lot      string
	Product  string
	Quantity int
}

func (ReceiveTestBlanks) Name() Name { return opReceiveTestBlanks }

func (o ReceiveTestBlanks) run(a *act) error {
	return a.receive("registry.ReceiveTestBlanks", o.Lot, o.Product, o.Quantity, stock.ForTests)
}

// DrawTestBlanks takes blanks of the test stock out of the store for test cards, with a reason, by the keeper and who
// will use them.
type DrawTestBlanks struct {
	Lot      string
	Quantity int
	Because
	Second Actor
}

func (DrawTestBlanks) Name() Name                  { return opDrawTestBlanks }
func (o DrawTestBlanks) second() Actor             { return o.Second }
func (o DrawTestBlanks) thing(a *act) (any, error) { return a.inStore(o.Lot) }

func (o DrawTestBlanks) run(a *act) error {
	if err := a.inShift("registry.DrawTestBlanks"); err != nil {
		return err
	}
	if err := stock.Shift(a.tx, o.Lot, stock.At(stock.Store), stock.At(stock.Testing), o.Quantity, a.why(o.Reason)); err != nil {
		return err
	}
	return a.tellBlanks("", o.Lot, o.Quantity, stock.At(stock.Store), stock.At(stock.Testing), map[string]string{"cause": o.Reason})
}

// EndTestBlanks says what became of blanks that were drawn for test cards, counted by two: those that were used wait for
// their destruction, each by itself; the others go back into the store.
type EndTestBlanks struct {
	Lot    string
	Used   int
	Unused int
	Second Actor
}

func (EndTestBlanks) Name() Name      { return opEndTestBlanks }
func (o EndTestBlanks) second() Actor { return o.Second }

// thing is how many are drawn: what the second person sees is what the first one counted.
func (o EndTestBlanks) thing(a *act) (any, error) { return a.heldAt(o.Lot, stock.At(stock.Testing)) }

func (o EndTestBlanks) run(a *act) error {
	const op = "registry.EndTestBlanks"
	if o.Used < 0 || o.Unused < 0 || o.Used+o.Unused == 0 {
		return badOperation.At(op, nil).With("used", "how many were used and how many were not")
	}
	if err := a.inShift(op); err != nil {
		return err
	}
	testing := stock.At(stock.Testing)
	for range o.Used {
		if err := stock.Single(a.tx, o.Lot, testing, stock.At(stock.Spoiled), a.why(reasonTested)); err != nil {
			return err
		}
	}
	if o.Unused > 0 {
		if err := stock.Shift(a.tx, o.Lot, testing, stock.At(stock.Store), o.Unused, a.why("not_used")); err != nil {
			return err
		}
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"lot": o.Lot, "used": strconv.Itoa(o.Used), "left": strconv.Itoa(o.Unused), "from": testing.String(), "to": string(stock.Spoiled),
	}})
}

// reasonTested stands in the ledger with a blank that became a test card.
const reasonTested = "tested"

// TestLots are the lots of the test stock.
func (r *Registry) TestLots(ctx context.Context) (lots map[string]bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		lots, err = stock.TestLots(tx)
		return err
	})
	return lots, err
}
