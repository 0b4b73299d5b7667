package registry

import (
	"slices"
	"strconv"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// ShipConsignment scans a sealed consignment out. Its manifest is checked once more: what was
// withdrawn, held or denied since it was packed keeps all of it here.
type ShipConsignment struct{ Consignment string }

func (ShipConsignment) Name() Name { return opShipConsignment }

func (o ShipConsignment) run(a *act) error {
	c, err := a.outgoing(o.Consignment, ConsignmentSealed)
	if err != nil {
		return err
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range packed {
		card, app, err := a.cardAndApplication(p.Chip)
		if err != nil {
			return err
		}
		if !slices.Contains(packable[c.Kind], app.State) {
			return wrongState.At("registry.ShipConsignment", nil).With("application", "%s is %s", app.ID, app.State)
		}
		if c.Kind != ConsignmentBack && c.Kind != ConsignmentDirectorate {
			if err := a.mayLeave(app, card); err != nil {
				return err
			}
		}
		if err := a.putBlank(card.Attempt, stock.At(stock.Shipped), "shipped"); err != nil {
			return err
		}
		if _, err := Applications.Next(app.State, EventShip); err == nil {
			if err := a.move(&app, EventShip, ""); err != nil {
				return err
			}
		}
	}
	c.ShippedBy, c.ShippedAt = a.actor.ID, a.now()
	a.res.Application, a.res.State, a.res.Word = "", "", ""
	return a.moveConsignment(&c, ConsignmentEventShip, map[string]string{"count": strconv.Itoa(len(packed)), "seal": c.Seal})
}

// ReceiveConsignment scans a consignment in, card by card. What is missing is looked into; what is
// there and should not be is kept apart. Result.Answer is "complete", or "variance".
type ReceiveConsignment struct {
	Consignment string
	Seal        string        // as found
	Chips       []ktp.ChipUID // scanned
}

func (ReceiveConsignment) Name() Name { return opReceiveConsignment }

// Answers of a receipt.
const (
	AnswerComplete = "complete"
	AnswerVariance = "variance"
)

// mostScanned bounds one receipt.
const mostScanned = 5000

func (o ReceiveConsignment) run(a *act) error {
	const op = "registry.ReceiveConsignment"
	c, err := a.consignment(o.Consignment)
	if err != nil {
		return err
	}
	if err := a.receives(c); err != nil {
		return err
	}
	if len(o.Chips) > mostScanned {
		return badOperation.At(op, nil).With("chips", "at most %d", mostScanned)
	}
	scanned := map[ktp.ChipUID]bool{}
	for _, chip := range o.Chips {
		if chip == "" || scanned[chip] {
			return badOperation.At(op, nil).With("chips", "each once")
		}
		scanned[chip] = true
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	to, err := a.place(c.To)
	if err != nil {
		return err
	}
	missing, extra := 0, 0
	for _, p := range packed {
		if scanned[p.Chip] {
			delete(scanned, p.Chip)
			if err := a.arrive(c, to, p); err != nil {
				return err
			}
			continue
		}
		missing++
		if err := a.lookInto(InvestigateMissing, c, p, CardMissing); err != nil {
			return err
		}
	}
	for _, chip := range o.Chips {
		if !scanned[chip] {
			continue
		}
		extra++
		p := PackedCard{Chip: chip}
		if card, known, err := cardByChip(a.tx, chip); err != nil {
			return err
		} else if known {
			p.Application = card.Application
		}
		if err := a.lookInto(InvestigateExtra, c, p, CardExtra); err != nil {
			return err
		}
	}
	broken := o.Seal != c.Seal
	if broken {
		if err := a.investigate(Investigation{Kind: InvestigateSeal, Consignment: c.ID}); err != nil {
			return err
		}
	}
	c.ReceivedBy, c.ReceivedAt = a.actor.ID, a.now()
	a.res.Application, a.res.State, a.res.Word, a.res.Chip = "", "", "", ""
	detail := map[string]string{"missing": strconv.Itoa(missing), "extra": strconv.Itoa(extra), "seal": sealWord(broken)}
	if broken && isSeal(o.Seal) {
		detail["seal_found"] = o.Seal
	}
	if err := a.moveConsignment(&c, ConsignmentEventReceive, detail); err != nil {
		return err
	}
	a.res.Answer = AnswerComplete
	if missing+extra > 0 || broken {
		a.res.Answer = AnswerVariance
	}
	return nil
}

// receives refuses who is not where a consignment goes. Nobody of the station is at the Directorate
// General or at another Dinas: its acknowledgement is entered where the consignment left, by somebody
// who did not send it.
func (a *act) receives(c Consignment) error {
	to, err := a.place(c.To)
	if err != nil {
		return err
	}
	if !to.outside() || orDinas(a.actor.Place) == c.To {
		return a.actorAt(c.To)
	}
	if a.actor.ID == c.ShippedBy {
		return samePerson.At("registry.ReceiveConsignment", nil).With("actor", "who sent it does not acknowledge it")
	}
	return a.actorAt(c.From)
}

func sealWord(broken bool) string {
	if broken {
		return "differs"
	}
	return "as_sent"
}

// arrive takes a card of the manifest in.
func (a *act) arrive(c Consignment, to Place, p PackedCard) error {
	p.State, p.At = CardArrived, a.now()
	if err := keepPacked(a.tx, c.ID, p, false); err != nil {
		return err
	}
	card, app, err := a.cardAndApplication(p.Chip)
	if err != nil {
		return err
	}
	place := stock.At(stock.Delivered)
	switch {
	case to.outside():
		place = stock.At(stock.Elsewhere)
	case app.State == Returned || app.State == Recalled || card.State == CardRetired:
		place = stock.At(stock.Returned)
	}
	if err := a.putBlank(card.Attempt, place, "arrived"); err != nil {
		return err
	}
	return a.reached(app, card, to, "")
}

// reached lets an application go on whose card came to a place: it is handed over there. One that is with another
// Dinas ends here; a recall goes on until the card is retired.
func (a *act) reached(app Application, card Card, to Place, cause string) error {
	_, none := Applications.Next(app.State, EventPassOn)
	switch {
	case to.Kind != PlaceOtherDinas && app.State == Shipped:
		return a.move(&app, EventReceive, cause)
	case to.Kind != PlaceOtherDinas || card.State != CardMade:
		return nil
	case app.State == Recalled:
		return a.passOnRecalled(card)
	case none != nil:
		return nil
	}
	if err := a.succeed(card); err != nil {
		return err
	}
	if err := a.passOn(card); err != nil {
		return err
	}
	if err := a.eraseAll(app.ID); err != nil {
		return err
	}
	a.also["place"] = to.ID
	defer delete(a.also, "place")
	return a.move(&app, EventPassOn, cause)
}

// succeed makes room for a card that another Dinas will hand over: of those before it that other Dinas have none
// counts any more, and a person finds out when the one in force ends.
func (a *act) succeed(c Card) error {
	before, err := outsideOf(a.tx, c.person)
	if err != nil {
		return err
	}
	for _, old := range before {
		if old.State == CardMade {
			err = a.endOutside("replaced", old)
		} else {
			err = a.investigateOnce(Investigation{Kind: InvestigateTwice, Chip: old.Chip, Application: old.Application})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// passOnRecalled holds a card for good that another Dinas has although it was called back.
func (a *act) passOnRecalled(c Card) error {
	if c.Held == "" {
		c.Held = causeRevoked
		if err := a.tell(audit.Event{
			Code: RowOf(opHoldCard).Event, Application: string(c.Application), Chip: c.Chip, Detail: map[string]string{"cause": causeRevoked},
		}); err != nil {
			return err
		}
	}
	return a.passOn(c)
}

// lookInto writes down a card that is not where the manifest says.
func (a *act) lookInto(kind string, c Consignment, p PackedCard, s PackedState) error {
	p.State, p.At = s, a.now()
	if err := keepPacked(a.tx, c.ID, p, false); err != nil {
		return err
	}
	card, known, err := cardByChip(a.tx, p.Chip)
	if err != nil {
		return err
	}
	if known && card.Held == "" && card.PassedOnAt.IsZero() && (card.State == CardMade || card.State == CardInForce) {
		card.Held = kind
		if err := card.save(a.tx); err != nil {
			return err
		}
		place := stock.At(stock.Doubt)
		if s == CardExtra {
			place = stock.At(stock.Quarantine)
		}
		if err := a.putBlank(card.Attempt, place, kind); err != nil {
			return err
		}
	}
	return a.investigate(Investigation{Kind: kind, Consignment: c.ID, Chip: p.Chip, Application: p.Application})
}

// LoseConsignment declares a consignment that left and never came as lost, by two persons: every
// chip of it is retired, so that the status list names it, and its applications can be made again.
type LoseConsignment struct {
	Consignment string
	Because
	Second Actor
}

func (LoseConsignment) Name() Name      { return opLoseConsignment }
func (o LoseConsignment) second() Actor { return o.Second }

func (o LoseConsignment) run(a *act) error {
	c, err := a.consignment(o.Consignment)
	if err != nil {
		return err
	}
	packed, err := packedCards(a.tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range packed {
		p.State, p.At = CardGone, a.now()
		if err := keepPacked(a.tx, c.ID, p, false); err != nil {
			return err
		}
		if err := a.loseCard(p.Chip, o.Reason); err != nil {
			return err
		}
	}
	a.res.Application, a.res.State, a.res.Word = "", "", ""
	return a.moveConsignment(&c, ConsignmentEventLose, map[string]string{"count": strconv.Itoa(len(packed)), "cause": o.Reason})
}
