package registry

import (
	"slices"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// Pack puts one card into an open consignment: a card that is finished, accepted, free of marks and
// not yet in another; a returned or recalled one only on its way back, and to the Directorate once it is retired.
type Pack struct {
	Consignment string
	Chip        ktp.ChipUID
}

func (Pack) Name() Name { return opPack }

// packable says in which state of its application a card may go into which kind of consignment.
var packable = map[ConsignmentKind][]State{
	ConsignmentOut:         {Produced},
	ConsignmentOnward:      {Delivered},
	ConsignmentBack:        {Delivered, Uncollected, Matched, Returned, Recalled},
	ConsignmentRedirect:    {Produced, Delivered, Uncollected, Matched},
	ConsignmentDirectorate: {Returned, Recalled, Closed, Withdrawn},
}

func (o Pack) run(a *act) error {
	const op = "registry.Pack"
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	card, app, err := a.cardAndApplication(o.Chip)
	if err != nil {
		return err
	}
	a.res.Chip, a.res.Application = card.Chip, app.ID
	if !slices.Contains(packable[c.Kind], app.State) {
		return wrongState.At(op, nil).With("state", "the application is %s", app.State)
	}
	if c.Kind != ConsignmentBack && c.Kind != ConsignmentDirectorate {
		if err := a.mayLeave(app, card); err != nil {
			return err
		}
	}
	if c.Kind == ConsignmentOut || c.Kind == ConsignmentOnward {
		if err := a.belongsThere(app, c); err != nil {
			return err
		}
	}
	if err := a.actorHas(card); err != nil {
		return err
	}
	if card.State == CardDestroyed {
		return wrongState.At(op, nil).With("chip", "the card is %s", card.State)
	}
	if c.Kind == ConsignmentDirectorate && card.State != CardRetired {
		return wrongState.At(op, nil).With("chip", "the card is %s; retire it first", card.State)
	}
	if list, waits, err := waitsIn(a.tx, string(o.Chip)); err != nil || waits {
		if err == nil {
			err = wrongState.At(op, nil).With("chip", "the card waits for its destruction on list %s", list)
		}
		return err
	}
	if err := a.inNoBag(op, o.Chip); err != nil {
		return err
	}
	if err := keepPacked(a.tx, c.ID, PackedCard{Chip: o.Chip, Application: app.ID, State: CardPacked, At: a.now()}, true); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Attempt: card.Attempt.String(), Chip: o.Chip, Detail: map[string]string{"consignment": c.ID}})
}

// belongsThere refuses a card that is handed over somewhere else, unless by way of this place.
func (a *act) belongsThere(app Application, c Consignment) error {
	want, err := a.deliveryOf(app.ID)
	if err != nil {
		return err
	}
	if want.ID != c.To && want.Parent != c.To {
		return wrongState.At("registry.Pack", nil).With("place", "the card is handed over at %s", want.ID)
	}
	return nil
}

// mayLeave refuses a card that has to stay: unfinished, a specimen, held, withdrawn, denied.
func (a *act) mayLeave(app Application, c Card) error {
	const op = "registry.Pack"
	t, err := jobs.AttemptByID(a.tx, c.Attempt)
	if err != nil {
		return err
	}
	reason, denied, err := stock.Denied(a.tx, c.Chip)
	switch {
	case err != nil:
		return err
	case c.State != CardMade:
		return wrongState.At(op, nil).With("chip", "the card is %s", c.State)
	case !t.Ended || t.State != jobs.Finished(t.Kind):
		return notAccepted.At(op, nil).With("chip", "its attempt is %s", t.State)
	case app.Specimen:
		return specimen.At(op, nil)
	case denied:
		return BlankDenied.At(op, nil).With("chip", "%s", reason)
	case app.Withdrawn != "":
		return RecordWithdrawn.At(op, nil).With("application", "withdrawn: %s", app.Withdrawn)
	case app.Held != "" || c.Held != "":
		return RecordHeld.At(op, nil).With("application", "held: %s%s", app.Held, c.Held)
	}
	return nil
}

// inNoBag refuses a card that is in a consignment: it is taken out or received first, or lost with it.
func (a *act) inNoBag(op string, chip ktp.ChipUID) error {
	other, travels, err := travelsIn(a.tx, chip)
	if err == nil && travels {
		err = wrongState.At(op, nil).With("chip", "the card is in consignment %s", other)
	}
	return err
}

// actorHas refuses an actor of another place than the one where the card is.
func (a *act) actorHas(c Card) error {
	place, _, err := arrivedAt(a.tx, c.Chip)
	if err != nil {
		return err
	}
	return a.actorAt(place)
}

// cardAndApplication finds a card and what it was made for.
func (a *act) cardAndApplication(chip ktp.ChipUID) (Card, Application, error) {
	card, err := knownCard(a.tx, "registry.card", chip)
	if err != nil {
		return card, Application{}, err
	}
	app, err := a.application(card.Application)
	return card, app, err
}

// Unpack takes a card out of an open consignment again.
type Unpack struct {
	Consignment string
	Chip        ktp.ChipUID
	Because
}

func (Unpack) Name() Name { return opUnpack }

func (o Unpack) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentOpen)
	if err != nil {
		return err
	}
	gone, err := dropPacked(a.tx, c.ID, o.Chip)
	if err != nil || !gone {
		if err == nil {
			err = cardUnknown.At("registry.Unpack", nil).With("chip", "not in this consignment")
		}
		return err
	}
	a.res.Chip = o.Chip
	return a.tell(audit.Event{Code: a.row.Event, Chip: o.Chip, Detail: map[string]string{"consignment": c.ID, "cause": o.Reason}})
}
