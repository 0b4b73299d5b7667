package registry

import (
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/stock"
)

// Causes of things that end without a reason of a person.
const (
	causeTestCard = "test_card"
	causeUsedRoll = "used_roll"
)

// known fills in whose an item is and why it ends, as far as the ledger has it.
func (a *act) known(i *DestructionItem) error {
	switch i.Kind {
	case itemForeign:
		list, err := foreignCards(a.tx, `where id = ?`, i.Item)
		for _, f := range list {
			i.Application, i.Cause = f.Application, f.Kind
		}
		return err
	case itemRoll:
		r, _, err := rollBySerial(a.tx, i.Item)
		i.Cause = causeUsedRoll
		if r.Cause != "" {
			i.Cause = r.Cause
		}
		return err
	case itemCard:
		c, _, err := cardByChip(a.tx, ktp.ChipUID(i.Item))
		i.Application, i.Cause = c.Application, c.Cause
		return err
	}
	return a.knownBlank(i)
}

// knownBlank asks the attempt that spoiled a blank.
func (a *act) knownBlank(i *DestructionItem) error {
	var b stock.Blank
	var err error
	if id, numbered := numberOf(i.Item); numbered {
		b, _, err = stock.ByID(a.tx, id)
	} else {
		b, _, err = stock.ByChip(a.tx, ktp.ChipUID(i.Item))
	}
	if err != nil {
		return err
	}
	if b.Attempt == "" {
		tests, err := stock.TestLots(a.tx)
		if tests[b.Lot] {
			i.Cause = causeTestCard
		}
		return err
	}
	id, err := ktp.ParseAttemptID(b.Attempt)
	if err != nil {
		return err
	}
	t, err := jobs.AttemptByID(a.tx, id)
	i.Application, i.Cause = ApplicationID(t.Application), t.Cause
	return err
}
