package registry

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Chips checks what the chips of cards answer to challenges of the station. It is asked outside of
// transactions: a token takes its time.
type Chips interface {
	// Challenge makes eight unpredictable bytes; an error where the key to check an answer is not at hand.
	Challenge(ctx context.Context) ([8]byte, error)
	// Answered reports whether an answer to INITIALIZE UPDATE is that of this chip: its cryptogram over the
	// challenge is by the reading key that the chip alone has (GlobalPlatform Amendment D, section 6.2.2); and the
	// sequence counter of that key set, which rose with it. An error says nothing about the chip.
	Answered(ctx context.Context, chip ktp.ChipUID, challenge [8]byte, answer []byte) (counter int, good bool, err error)
}

// Presence is what shows that a card lies on a reader now: its chip's answer to a challenge of the station.
type Presence struct {
	Challenge []byte // as ChallengeChip gave it
	Answer    []byte // data of the answer to INITIALIZE UPDATE under the reading key
}

// challengeOpen is how long a challenge may be answered: a holder lays a finger down meanwhile.
const challengeOpen = 3 * time.Minute

// Challenge is what a chip has to answer for one act.
type Challenge struct {
	Bytes [8]byte
	Until time.Time
}

// ChallengeChip is a fresh challenge for a card, for one act by this person; registry.unknown_id where the
// register knows no such chip, registry.reading_key_away where no answer could be checked.
func (r *Registry) ChallengeChip(ctx context.Context, actor Actor, chip ktp.ChipUID) (c Challenge, err error) {
	const op = "registry.ChallengeChip"
	if _, err := r.CardByChip(ctx, chip); err != nil {
		return c, err
	}
	if r.cfg.Chips == nil {
		return c, readingKeyAway.At(op, nil).With("keys", "this station has none that opens cards")
	}
	if c.Bytes, err = r.cfg.Chips.Challenge(ctx); err != nil {
		return c, readingKeyAway.At(op, err)
	}
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		c.Until = tx.Now().Add(challengeOpen)
		return chipChallenge{challenge: c.Bytes[:], person: actor.ID, chip: chip, expires: c.Until}.save(tx)
	})
	return c, err
}

// presented is an operation to which a card has to be presented.
type presented interface {
	presence() (ktp.ChipUID, Presence)
}

// chipSaid is what came of asking a chip.
type chipSaid struct {
	good    bool
	counter int
}

// answered asks whether the chip answered; nothing good for an operation that needs no card.
func (r *Registry) answered(ctx context.Context, op Operation) (said chipSaid, err error) {
	const challengeBytes = 8
	o, ok := op.(presented)
	if !ok {
		return said, nil
	}
	chip, p := o.presence()
	if len(p.Challenge) != challengeBytes || len(p.Answer) == 0 {
		return said, nil
	}
	if r.cfg.Chips == nil {
		return said, readingKeyAway.At("registry.answered", nil).With("keys", "this station has none that opens cards")
	}
	said.counter, said.good, err = r.cfg.Chips.Answered(ctx, chip, [challengeBytes]byte(p.Challenge), p.Answer)
	if err != nil {
		return said, readingKeyAway.At("registry.answered", err)
	}
	return said, nil
}

// present takes the challenge back, which is good for one act, and refuses where the chip did not answer it.
func (a *act) present(op string, chip ktp.ChipUID, p Presence) error {
	until, open, err := takeChallenge(a.tx, p.Challenge, a.actor.ID, chip)
	switch {
	case err != nil:
		return err
	case !open || !a.now().Before(until):
		return challengeOver.At(op, nil).With("presence.challenge", "unknown, used, run out, or of another card or person")
	case !a.answered.good:
		return chipUnproved.At(op, nil).With("presence.answer", "not by this chip's key over this challenge")
	}
	if err := a.risen(op, chip, a.answered.counter); err != nil {
		return err
	}
	return cardShown{chip: chip, person: a.actor.ID, session: a.actor.Session, at: a.now()}.save(a.tx)
}

// shownNow refuses where nothing shows that the card lies before who acts: the operation's own answer of its
// chip, or one that the same session was given, as for the match, no longer ago than the service standard lets
// it be. Where a second person decides, it is the one that the proposer was given.
func (a *act) shownNow(op string, chip ktp.ChipUID, p Presence) error {
	if !a.deciding && len(p.Challenge)+len(p.Answer) > 0 {
		return a.present(op, chip, p)
	}
	s, err := a.standard()
	if err != nil {
		return err
	}
	at, found, err := lastShown(a.tx, chip, a.actor, a.deciding)
	if err == nil && (!found || !a.now().Before(at.Add(s.ShownFor()))) {
		err = cardNotShown.At(op, nil).With("presence", "no answer of this chip by this session within %s", s.ShownFor())
	}
	return err
}

// ShowCard shows that a card lies on the reader of who acts, for what they do with it next.
type ShowCard struct {
	Chip     ktp.ChipUID
	Presence Presence
}

func (ShowCard) Name() Name                          { return opShowCard }
func (o ShowCard) presence() (ktp.ChipUID, Presence) { return o.Chip, o.Presence }

func (o ShowCard) run(a *act) error {
	c, app, err := a.cardAndApplication(o.Chip)
	if err != nil {
		return err
	}
	if err := a.present("registry.ShowCard", c.Chip, o.Presence); err != nil {
		return err
	}
	a.res.Chip, a.res.Application, a.res.Answer = c.Chip, app.ID, AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(app.ID), Chip: c.Chip})
}
