package registry

import (
	"context"
	"slices"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// DeclareMissing says that a finished card is not where the ledger has it: made and waiting for its holder, or come back,
// or retired and waiting for its destruction. By two persons. The card is retired for good, its application can be made
// again, and an investigation opens, which ends when the card turns up, for its destruction, or is given up as lost.
type DeclareMissing struct {
	Chip ktp.ChipUID
	Because
	Second Actor
}

func (DeclareMissing) Name() Name      { return opDeclareMissing }
func (o DeclareMissing) second() Actor { return o.Second }

func (o DeclareMissing) run(a *act) error {
	const op = "registry.DeclareMissing"
	c, err := knownCard(a.tx, op, o.Chip)
	if err != nil {
		return err
	}
	from, err := a.shouldBeHere(op, c)
	if err != nil {
		return err
	}
	if err := a.misses(c); err != nil {
		return err
	}
	if err := a.loseCard(c.Chip, o.Reason); err != nil {
		return err
	}
	a.res.Chip, a.res.Application = c.Chip, c.Application
	if err := a.tell(audit.Event{
		Code: a.row.Event, Application: string(c.Application), Attempt: c.Attempt.String(), Chip: c.Chip,
		Detail: map[string]string{"from": from.String(), "cause": o.Reason},
	}); err != nil {
		return err
	}
	return a.investigate(Investigation{Kind: InvestigateMissing, Chip: c.Chip, Application: c.Application})
}

// misses refuses an actor who cannot know that a card is not there: one that waits for its destruction lies at the Dinas,
// wherever it was handed over.
func (a *act) misses(c Card) error {
	if c.State == CardRetired {
		return a.actorAt(Dinas)
	}
	return a.actorHas(c)
}

// shouldBeHere is where a card lies that the ledger has in a drawer of this station. It refuses one on its line, in a bag,
// on a list of destruction, outside, gone, or looked for already.
func (a *act) shouldBeHere(op string, c Card) (at stock.Place, err error) {
	b, err := stock.OfAttempt(a.tx, c.Attempt.String())
	if err != nil && !fault.Is(err, stock.NoBlank) {
		return at, err
	}
	waits := c.State == CardMade && !c.outside() || c.State == CardRetired && slices.Contains(destroyFrom, b.Place.Kind)
	if !waits {
		return at, wrongState.At(op, nil).With("state", "the card is %s, and at %s", c.State, b.Place)
	}
	t, err := jobs.AttemptByID(a.tx, c.Attempt)
	switch {
	case err != nil:
		return at, err
	case !t.Ended:
		return at, wrongState.At(op, nil).With("state", "the card is still on line %s", t.Line)
	}
	if err := a.inNoBag(op, c.Chip); err != nil {
		return at, err
	}
	if err := a.onNoList(op, string(c.Chip)); err != nil {
		return at, err
	}
	i, open, err := investigationOf(a.tx, c.Chip, InvestigateMissing)
	if err == nil && open {
		err = wrongState.At(op, nil).With("investigation", "the card is looked for already: %s", i.ID)
	}
	return b.Place, err
}

// LookedFor is the open investigation of a card that nobody finds; false where there is none.
func (r *Registry) LookedFor(ctx context.Context, chip ktp.ChipUID) (i Investigation, open bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		i, open, err = investigationOf(tx, chip, InvestigateMissing)
		return err
	})
	return i, open, err
}

// lookForCard holds a card that an inspection did not see, until it is found or declared lost.
func (a *act) lookForCard(chip ktp.ChipUID) error {
	c, known, err := cardByChip(a.tx, chip)
	if err != nil || !known || c.State != CardMade || c.Held != "" {
		return err
	}
	if _, err := a.shouldBeHere("registry.CloseInspection", c); err != nil {
		if fault.Is(err, wrongState) {
			err = nil
		}
		return err
	}
	c.Held = InvestigateMissing
	if err := c.save(a.tx); err != nil {
		return err
	}
	return a.investigate(Investigation{Kind: InvestigateMissing, Chip: chip, Application: c.Application})
}

// loseCard retires a card that nobody can find. One that was retired before is gone, and no more: what its application
// does meanwhile is about another card.
func (a *act) loseCard(chip ktp.ChipUID, reason string) error {
	card, app, err := a.cardAndApplication(chip)
	if err != nil {
		return err
	}
	before := card.State
	if before == CardMade || before == CardInForce {
		if err := a.moveCard(&card, CardRetire, reason); err != nil {
			return err
		}
	}
	if before == CardMade {
		if err := a.noSuccessor(card.Attempt); err != nil {
			return err
		}
	}
	if err := a.putBlank(card.Attempt, stock.At(stock.Lost), reason); err != nil {
		return err
	}
	switch {
	case before == CardRetired:
		return nil
	case app.State == Recalled:
		return a.endRecall(&app, reason)
	case app.State == Returned && before == CardMade: // which the center was told
		return a.reportEnd(card, StateCardRetired)
	case app.State == Returned || !app.Open():
		return nil
	}
	return a.comesBack(&app, chip, reason)
}

// turnedUpSince reports whether a card that was looked for is retired, and came in since or has met its end.
func (a *act) turnedUpSince(c Card) (bool, error) {
	b, err := stock.OfAttempt(a.tx, c.Attempt.String())
	if fault.Is(err, stock.NoBlank) {
		err = nil
	}
	came := []stock.Kind{stock.Returned, stock.Elsewhere, stock.Destroyed}
	return c.State == CardDestroyed || c.State == CardRetired && slices.Contains(came, b.Place.Kind), err
}
