package registry

import (
	"context"
	"strconv"
	"time"

	"blanko/biometric/finger"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// mostTries is how often a holder may try in one visit, and visit how long one lasts (FL-44).
const (
	mostTries = 4
	visit     = 12 * time.Hour
)

// bestScore is the highest score of a comparison.
const bestScore = 100

// Results of a try.
const (
	TryMatched    = "matched"
	TryNoMatch    = "no_match"
	TryNotGenuine = "not_genuine"
	TryException  = "exception"
)

// MatchTry is one try to match a holder with a card.
type MatchTry struct {
	Number int
	Chip   ktp.ChipUID
	At     time.Time
	Actor  string
	Place  string
	Finger ktp.Finger
	Score  int
	Result string
}

// VerifyHolder is one try of a 1:1: the live finger against the one on the chip, once the chip is
// proved genuine. At or above the threshold it writes "BERHASIL", the guard of the hand-over; below
// it the try is counted and Result.Answer is no_match. After four in one visit only a supervisor's
// exception is left.
type VerifyHolder struct {
	Application ApplicationID
	Chip        ktp.ChipUID // read from the card
	Finger      ktp.Finger
	Score       int  // of the comparison, 0 to 100
	NotGenuine  bool // passive authentication of the chip failed
}

func (VerifyHolder) Name() Name             { return opVerifyHolder }
func (o VerifyHolder) about() ApplicationID { return o.Application }

func (o VerifyHolder) run(a *act) error {
	const op = "registry.VerifyHolder"
	app, c, err := a.handable(o.Application, o.Chip)
	if err != nil {
		return err
	}
	if o.Score < 0 || o.Score > bestScore {
		return badOperation.At(op, nil).With("score", "0 to %d", bestScore)
	}
	a.res.Chip, a.res.Application, a.res.State, a.res.Word = c.Chip, app.ID, app.State, app.Word()
	used, err := triesSince(a.tx, app.ID, a.now().Add(-visit))
	if err != nil {
		return err
	}
	if used >= mostTries {
		return matchExhausted.At(op, nil).With("score", "%d tries in this visit", used)
	}
	try := MatchTry{Chip: o.Chip, Finger: o.Finger, Score: o.Score, Result: tryOf(o.Score, o.NotGenuine)}
	if err := a.keepTry(app.ID, try); err != nil {
		return err
	}
	switch try.Result {
	case TryNoMatch:
		a.res.Answer = TryNoMatch
		return nil
	case TryNotGenuine:
		return a.notGenuine(app, c)
	}
	app.MatchedBy = a.actor.ID
	return a.move(&app, EventMatch, "")
}

// tryOf is the result of a comparison.
func tryOf(score int, notGenuine bool) string {
	switch {
	case notGenuine:
		return TryNotGenuine
	case score < finger.Threshold():
		return TryNoMatch
	}
	return TryMatched
}

// keepTry counts a try and writes its event.
func (a *act) keepTry(id ApplicationID, t MatchTry) error {
	t.At, t.Actor, t.Place = a.now(), a.actor.ID, orDinas(a.actor.Place)
	if err := t.insert(a.tx, id); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "match.tried", Application: string(id), Chip: t.Chip, Detail: map[string]string{
		"result": t.Result, "finger": strconv.Itoa(int(t.Finger)), "score": strconv.Itoa(t.Score),
	}})
}

// notGenuine sets a card apart whose chip is not what the register made; a person looks into it.
func (a *act) notGenuine(app Application, c Card) error {
	c.Held = InvestigateCounterfeit
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = TryNotGenuine
	return a.investigate(Investigation{Kind: InvestigateCounterfeit, Chip: c.Chip, Application: app.ID})
}

// ExceptMatch lets a card be handed over though its holder could not be matched: worn or missing
// fingers, a broken scanner. By a supervisor as the second person; it is counted.
type ExceptMatch struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Reason      string // code
	Second      Actor
}

func (ExceptMatch) Name() Name             { return opExceptMatch }
func (o ExceptMatch) about() ApplicationID { return o.Application }
func (o ExceptMatch) second() Actor        { return o.Second }

func (o ExceptMatch) run(a *act) error {
	app, c, err := a.handable(o.Application, o.Chip)
	if err != nil {
		return err
	}
	if o.Reason == "" {
		return badOperation.At("registry.ExceptMatch", nil).With("reason", "a code is needed")
	}
	if err := a.keepTry(app.ID, MatchTry{Chip: c.Chip, Result: TryException}); err != nil {
		return err
	}
	app.MatchedBy = a.actor.ID
	a.res.Chip = c.Chip
	return a.move(&app, EventMatch, o.Reason)
}

// MatchLater matches the holder of a card that a proxy took; from then on it is a card like others. The
// holder may come to any counter. A card that is held or denied is not matched, and one whose chip is
// not genuine is set apart.
type MatchLater struct {
	Chip       ktp.ChipUID
	Finger     ktp.Finger
	Score      int
	NotGenuine bool // passive authentication of the chip failed
}

func (MatchLater) Name() Name { return opMatchLater }

func (o MatchLater) run(a *act) error {
	const op = "registry.MatchLater"
	c, app, err := a.cardAndApplication(o.Chip)
	if err != nil {
		return err
	}
	h, found, err := handoverOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	reason, denied, err := stock.Denied(a.tx, o.Chip)
	switch {
	case err != nil:
		return err
	case denied:
		return BlankDenied.At(op, nil).With("chip", "%s", reason)
	case c.State == CardInForce && (app.Held != "" || c.Held != ""):
		return RecordHeld.At(op, nil).With("chip", "held: %s%s", app.Held, c.Held)
	case !found || h.Matched || c.State != CardInForce:
		return wrongState.At(op, nil).With("chip", "no card in force that waits for its holder")
	case o.Score < 0 || o.Score > bestScore:
		return badOperation.At(op, nil).With("score", "0 to %d", bestScore)
	}
	used, err := triesSince(a.tx, app.ID, a.now().Add(-visit))
	if err != nil {
		return err
	}
	if used >= mostTries {
		return matchExhausted.At(op, nil).With("score", "%d tries in this visit", used)
	}
	try := MatchTry{Chip: o.Chip, Finger: o.Finger, Score: o.Score, Result: tryOf(o.Score, o.NotGenuine)}
	a.res.Chip, a.res.Application, a.res.Answer = o.Chip, app.ID, try.Result
	if err := a.keepTry(app.ID, try); err != nil {
		return err
	}
	switch try.Result {
	case TryNotGenuine:
		return a.notGenuine(app, c)
	case TryNoMatch:
		return nil
	}
	h.Matched = true
	return h.save(a.tx)
}

// MatchTries are the tries for an application, oldest first.
func (r *Registry) MatchTries(ctx context.Context, id ApplicationID) (list []MatchTry, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = matchTries(tx, id)
		return err
	})
	return list, err
}
