package registry

import (
	"cmp"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// CardState of a card in the register.
type CardState string

const (
	CardAbsent    CardState = "absent"
	CardMade      CardState = "made"      // the chip is active; not handed over
	CardInForce   CardState = "in force"  // handed over: the person's card
	CardRetired   CardState = "retired"   // replaced, lost, blocked, died, withdrawn
	CardDestroyed CardState = "destroyed" // and proved so
)

// CardEvent moves a card in the register.
type CardEvent string

const (
	CardActivate CardEvent = "activate"
	CardHandOver CardEvent = "hand over"
	CardRetire   CardEvent = "retire"
	CardDestroy  CardEvent = "destroy"
)

// Cards is the state table of a card in the register.
var Cards = ktp.Table[CardState, CardEvent]{
	Name: "card", Start: CardAbsent, Final: []CardState{CardDestroyed},
	Rows: []ktp.Row[CardState, CardEvent]{
		{From: CardAbsent, Event: CardActivate, To: CardMade, Needs: "the chip says active"},
		{From: CardMade, Event: CardHandOver, To: CardInForce, Needs: "1:1 of the holder"},
		{From: CardMade, Event: CardRetire, To: CardRetired},
		{From: CardInForce, Event: CardRetire, To: CardRetired},
		{From: CardRetired, Event: CardDestroy, To: CardDestroyed, Needs: "two persons"},
	},
}

// Card is one card in the register.
type Card struct {
	Chip        ktp.ChipUID
	Attempt     ktp.AttemptID
	Application ApplicationID
	State       CardState
	Held        string // reason; a mark beside the state
	Cause       string // of its retirement
	MadeAt      time.Time
	InForceAt   time.Time
	RetiredAt   time.Time
	PassedOnAt  time.Time // another Dinas has it since then, and hands it over; zero: it is this station's

	person []byte
}

// moveCard changes the state of a card by the table and writes the event.
func (a *act) moveCard(c *Card, e CardEvent, cause string) error {
	to, err := Cards.Next(c.State, e)
	if err != nil {
		return wrongState.At("registry.moveCard", err).With("state", "the card is %s", c.State)
	}
	from := c.State
	c.State = to
	switch to {
	case CardMade:
		c.MadeAt = a.now()
	case CardInForce:
		c.InForceAt = a.now()
	case CardRetired:
		c.RetiredAt, c.Cause = a.now(), cause
	}
	if err := c.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"from": string(from), "state": string(to)}
	if cause != "" {
		detail["cause"] = cause
	}
	if err := a.reportCard(*c, from); err != nil {
		return err
	}
	return a.tell(audit.Event{
		Code: "card." + codeOf(string(to)), Application: string(c.Application), Attempt: c.Attempt.String(), Chip: c.Chip, Detail: detail,
	})
}

// passOn leaves a card that is made to another Dinas: it is no longer what this station hands over, and frees the
// person's place for the next card.
func (a *act) passOn(c Card) error {
	c.PassedOnAt = a.now()
	if err := c.save(a.tx); err != nil {
		return err
	}
	return a.noSuccessor(c.Attempt)
}

// outside reports whether a card is with somebody who is not of this station: its holder, or another Dinas.
func (c Card) outside() bool {
	return c.State == CardInForce || c.State == CardMade && !c.PassedOnAt.IsZero()
}

// endOutside retires cards that are outside, and ends the recalls that waited for them.
func (a *act) endOutside(reason string, list ...Card) error {
	for _, c := range list {
		if err := a.moveCard(&c, CardRetire, reason); err != nil {
			return err
		}
		app, err := a.application(c.Application)
		if err != nil {
			return err
		}
		if app.State != Recalled {
			continue
		}
		if err := a.endRecall(&app, reason); err != nil {
			return err
		}
	}
	return nil
}

// handable finds the made card of an application and refuses one that may not go to its holder.
func (a *act) handable(id ApplicationID, chip ktp.ChipUID) (Application, Card, error) {
	const op = "registry.handable"
	app, err := a.application(id)
	if err != nil {
		return app, Card{}, err
	}
	c, found, err := cardByChip(a.tx, chip)
	if err == nil && found && c.Application == id {
		err = a.atItsPlace(app, c)
	}
	reason, denied := "", false
	if err == nil {
		reason, denied, err = stock.Denied(a.tx, chip)
	}
	switch {
	case err != nil:
		return app, c, err
	case !found || c.Application != id:
		return app, c, cardUnknown.At(op, nil).With("chip", "not the card of this application")
	case c.State != CardMade || c.outside():
		return app, c, wrongState.At(op, nil).With("state", "the card is %s", c.State)
	case app.Specimen:
		return app, c, specimen.At(op, nil)
	case denied:
		return app, c, BlankDenied.At(op, nil).With("chip", "%s", reason)
	case app.Withdrawn != "":
		return app, c, RecordWithdrawn.At(op, nil).With("application", "withdrawn: %s", app.Withdrawn)
	case app.Held != "" || c.Held != "":
		return app, c, RecordHeld.At(op, nil).With("application", "held: %s%s", app.Held, c.Held)
	}
	return app, c, nil
}

// atItsPlace refuses a card that is not where its holder is served: one that is finished and waits
// for its consignment, or one that is somewhere else than the actor.
func (a *act) atItsPlace(app Application, c Card) error {
	place, err := a.waitsAt(app, c)
	if err != nil {
		return err
	}
	return a.actorAt(place)
}

// waitsAt is the place where a finished card waits for its holder; registry.wrong_state while it is not
// where it is handed over.
func (a *act) waitsAt(app Application, c Card) (string, error) {
	place, travelled, err := arrivedAt(a.tx, c.Chip)
	if err != nil || travelled {
		return place, err
	}
	want, err := a.deliveryOf(app.ID)
	if err != nil {
		return "", err
	}
	if want.Kind != PlaceDinas {
		return "", wrongState.At("registry.handable", nil).With("place", "the card goes to %s first", want.ID)
	}
	return want.ID, nil
}

// noSuccessor frees the person's place for the next card.
func (a *act) noSuccessor(id ktp.AttemptID) error {
	t, err := jobs.AttemptByID(a.tx, id)
	if err != nil {
		return err
	}
	t.Successor = false
	return t.Save(a.tx)
}

// putBlank moves the blank of an attempt and writes the event. An attempt whose card turned out
// to be none of the hopper's blanks has none.
func (a *act) putBlank(id ktp.AttemptID, to stock.Place, reason string) error {
	b, err := stock.OfAttempt(a.tx, id.String())
	if fault.Is(err, stock.NoBlank) {
		return nil
	}
	if err != nil || b.Place == to {
		return err
	}
	if err := stock.Move(a.tx, id.String(), to, stock.Why{Actor: a.actor.ID, Reason: reason}); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "stock.moved", Attempt: id.String(), Chip: b.Chip, Detail: map[string]string{
		"from": b.Place.String(), "to": to.String(), "lot": b.Lot, "reason": reason,
	}})
}

// RetireCard ends a card that was made and never came into force: recalled, returned, found
// faulty. By two persons, and only once its chip is proved worthless (card profile, section 7.2): no
// other card of the application may be activated before.
type RetireCard struct {
	Chip ktp.ChipUID
	Because
	Picture string // of the face of a card whose chip does not answer: SHA-256, hex
	Second  Actor
}

func (RetireCard) Name() Name      { return opRetireCard }
func (o RetireCard) second() Actor { return o.Second }

func (o RetireCard) run(a *act) error {
	c, err := knownCard(a.tx, "registry.RetireCard", o.Chip)
	switch {
	case err != nil:
		return err
	case c.State != CardMade:
		return wrongState.At("registry.RetireCard", nil).With("state", "the card is %s", c.State)
	}
	state, err := a.worthlessNow("registry.RetireCard", c, o.Picture)
	if err != nil {
		return err
	}
	if err := a.notExaminer("registry.RetireCard", c.Chip, c.MadeAt, o.Second); err != nil {
		return err
	}
	if state == ChipUnread && o.Picture != "" {
		a.also["picture"] = o.Picture
	}
	a.also["proof"] = cmp.Or(string(state), proofPicture)
	app, err := a.application(c.Application)
	if err != nil {
		return err
	}
	t, err := jobs.AttemptByID(a.tx, c.Attempt)
	if err != nil {
		return err
	}
	if !t.Ended {
		return wrongState.At("registry.RetireCard", nil).With("state", "the card is still on line %s", t.Line)
	}
	if err := a.inNoBag("registry.RetireCard", c.Chip); err != nil {
		return err
	}
	if err := a.moveCard(&c, CardRetire, o.Reason); err != nil {
		return err
	}
	if err := a.noSuccessor(c.Attempt); err != nil {
		return err
	}
	if err := a.putBlank(c.Attempt, stock.At(stock.Returned), o.Reason); err != nil {
		return err
	}
	a.res.Chip = c.Chip
	switch {
	case app.State == Recalled:
		err = a.endRecall(&app, o.Reason)
	case app.State == Returned, app.State == PassedOn: // it came back from another Dinas
	default:
		err = a.comesBack(&app, c.Chip, o.Reason)
	}
	if err != nil {
		return err
	}
	return a.ifDied(o.Reason, c.person)
}

// ReleaseQuarantine frees a card that a finding had set apart, once it has been looked at.
type ReleaseQuarantine struct {
	Chip   ktp.ChipUID
	Second Actor
}

func (ReleaseQuarantine) Name() Name      { return opReleaseQuarantine }
func (o ReleaseQuarantine) second() Actor { return o.Second }

func (o ReleaseQuarantine) run(a *act) error {
	c, found, err := cardByChip(a.tx, o.Chip)
	if err != nil {
		return err
	}
	if !found || c.Held == "" {
		return cardUnknown.At("registry.ReleaseQuarantine", nil).With("chip", "no card of this chip is set apart")
	}
	if c.Held == causeRevoked && c.State == CardMade {
		return wrongState.At("registry.ReleaseQuarantine", nil).With("state", "the center revoked the card for good")
	}
	c.Held = ""
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Chip, a.res.Application = c.Chip, c.Application
	if err := a.tell(audit.Event{Code: a.row.Event, Application: string(c.Application), Attempt: c.Attempt.String(), Chip: c.Chip}); err != nil {
		return err
	}
	t, err := jobs.AttemptByID(a.tx, c.Attempt)
	if err != nil || !t.Ended {
		return err
	}
	b, err := stock.OfAttempt(a.tx, c.Attempt.String())
	switch {
	case fault.Is(err, stock.NoBlank):
		return nil
	case err != nil || b.Place.Kind != stock.Quarantine: // a hold alone moved nothing
		return err
	case c.State == CardRetired:
		return a.putBlank(c.Attempt, stock.At(stock.Returned), "quarantine_lifted")
	}
	return a.putBlank(c.Attempt, stock.On(stock.Tray, string(t.Line)), "quarantine_lifted")
}
