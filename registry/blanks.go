package registry

import (
	"strconv"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// ReceiveBlanks counts a delivery of a lot into the store.
type ReceiveBlanks struct {
	Lot      string
	Product  string // kind of blank, such as ktp-el-wni
	Quantity int
}

func (ReceiveBlanks) Name() Name { return opReceiveBlanks }

func (o ReceiveBlanks) run(a *act) error {
	if o.Lot == "" || o.Product == "" || o.Lot == stock.Unexplained {
		return badOperation.At("registry.ReceiveBlanks", nil).With("lot", "lot and product are needed")
	}
	if err := stock.Receive(a.tx, o.Lot, o.Product, o.Quantity, a.why("received")); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"lot": o.Lot, "product": o.Product, "quantity": strconv.Itoa(o.Quantity), "from": string(stock.Supplier), "to": string(stock.Store),
	}})
}

func (a *act) why(reason string) stock.Why { return stock.Why{Actor: a.actor.ID, Reason: reason} }

// LoadHopper draws blanks from the store into the hopper of a line, counted by two persons.
type LoadHopper struct {
	Line     jobs.LineID
	Lot      string
	Quantity int
	Second   Actor
}

func (LoadHopper) Name() Name      { return opLoadHopper }
func (o LoadHopper) second() Actor { return o.Second }

func (o LoadHopper) run(a *act) error {
	if err := a.inShift("registry.LoadHopper"); err != nil {
		return err
	}
	if err := a.loadedAnew(o.Line); err != nil {
		return err
	}
	return a.shift(o.Line, o.Lot, stock.At(stock.Store), stock.On(stock.Hopper, string(o.Line)), o.Quantity)
}

// inShift refuses what a shift answers for while none is open, where the station keeps shifts.
func (a *act) inShift(op string) error {
	if !a.r.cfg.Shifts {
		return nil
	}
	_, open, err := openShift(a.tx)
	if err == nil && !open {
		err = noShift.At(op, nil)
	}
	return err
}

// UnloadHopper takes blanks out of the hopper of a line back into the store, counted by two persons.
type UnloadHopper struct {
	Line     jobs.LineID
	Lot      string
	Quantity int
	Second   Actor
}

func (UnloadHopper) Name() Name      { return opUnloadHopper }
func (o UnloadHopper) second() Actor { return o.Second }

func (o UnloadHopper) run(a *act) error {
	return a.shift(o.Line, o.Lot, stock.On(stock.Hopper, string(o.Line)), stock.At(stock.Store), o.Quantity)
}

func (a *act) shift(line jobs.LineID, lot string, from, to stock.Place, quantity int) error {
	if _, err := jobs.LineByID(a.tx, line); err != nil {
		return err
	}
	if err := stock.Shift(a.tx, lot, from, to, quantity, a.why(codeOf(string(a.row.Name)))); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Line: string(line), Detail: map[string]string{
		"lot": lot, "quantity": strconv.Itoa(quantity), "from": from.String(), "to": to.String(),
	}})
}

// DenyBlank puts a stolen or suspended chip on the deny list. Lines and desks refuse it.
type DenyBlank struct {
	Chip ktp.ChipUID
	Because
}

func (DenyBlank) Name() Name { return opDenyBlank }

func (o DenyBlank) run(a *act) error {
	if o.Chip == "" {
		return badOperation.At("registry.DenyBlank", nil).With("chip", "is needed")
	}
	added, err := stock.Deny(a.tx, o.Chip, a.why(o.Reason))
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Answer = o.Chip, AnswerUnchanged
	if !added {
		return nil
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Chip: o.Chip, Detail: map[string]string{"cause": o.Reason}})
}
