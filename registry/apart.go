package registry

import "blanko/ktp"

// SetApart holds a card whose chip is suspected not to be what the station made, until somebody has found out.
// That a chip is not genuine is what a client says: no evidence of it can be checked here, so two persons decide.
// Without a decision the card waits, and cannot be handed over: its chip has to answer for itself.
type SetApart struct {
	Chip ktp.ChipUID
	Because
	Second Actor
}

func (SetApart) Name() Name      { return opSetApart }
func (o SetApart) second() Actor { return o.Second }

func (o SetApart) thing(a *act) (any, error) { return a.cardAsItIs(o.Chip) }

func (o SetApart) run(a *act) error {
	const op = "registry.SetApart"
	c, app, err := a.cardAndApplication(o.Chip)
	switch {
	case err != nil:
		return err
	case c.State != CardMade && c.State != CardInForce:
		return wrongState.At(op, nil).With("state", "the card is %s", c.State)
	case c.Held != "":
		return RecordHeld.At(op, nil).With("chip", "held: %s", c.Held)
	}
	c.Held = InvestigateCounterfeit
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Chip, a.res.Application = c.Chip, app.ID
	a.also["reason"] = o.Reason
	return a.investigate(Investigation{Kind: InvestigateCounterfeit, Chip: c.Chip, Application: app.ID})
}
