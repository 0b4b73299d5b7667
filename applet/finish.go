package applet

import (
	"context"
	"errors"

	"blanko/ktp"
)

// Finish gives the card its keys for life, takes the transport keys away and marks it written:
// steps 14 and 15. It comes after ReadBack in the same channel. On a card that is written
// already nothing is sent.
func (e *Encoder) Finish(ctx context.Context) error {
	const op = "applet.Encoder.Finish"
	if err := e.ready(op); err != nil {
		return err
	}
	if e.state == Written {
		return nil
	}
	if e.state != Claimed || e.card.Channel() != e.Profile.Keys.Issuer || e.shown.IsZero() {
		return Misuse.At(op, nil).With("state", "the card is %s; finish follows write and read back in one channel", e.state)
	}
	k := e.Profile.Keys
	for _, kvn := range []byte{k.SAM, k.Admin} {
		if err := e.lastingKey(ctx, kvn); err != nil {
			return err
		}
	}
	cmd := deleteKey(k.Transport)
	a, err := e.card.Sealed(ctx, cmd)
	if err != nil {
		return err
	}
	if a.SW != SWOK && a.SW != SWReferenceNotFound { // an earlier try may have deleted it
		return refused(op, cmd, a.SW)
	}
	if _, err := e.card.want(ctx, op, markCommand(e.Profile)); err != nil {
		return err
	}
	e.state = Written
	return nil
}

// lastingKey puts a key set that stays for the card's life. An earlier, torn try may have put it.
func (e *Encoder) lastingKey(ctx context.Context, kvn byte) error {
	if !e.clean {
		if err := e.putKey(ctx, kvn, kvn); !errors.Is(err, SWReferenceNotFound) {
			return err
		}
	}
	return e.putKey(ctx, newKeySet, kvn)
}

// Activate is the physical commit: step 17. It selects the application anew, so that it needs
// no channel from before, proves that the card is written and holds this attempt, and
// activates it. A card that is active and holds this attempt is a success. Any other attempt is
// fault code applet.foreign_attempt, any other state applet.wrong_state. After a transport
// error the activation may or may not have happened: Probe tells.
func (e *Encoder) Activate(ctx context.Context, id ktp.AttemptID) error {
	const op = "applet.Encoder.Activate"
	if err := e.ready(op); err != nil {
		return err
	}
	l, err := e.look(ctx)
	if err != nil {
		return err
	}
	switch {
	case id.IsZero() || l.Attempt != id:
		return ForeignAttempt.At(op, nil).With("attempt", "the card is %s and holds %s", l.State, l.Attempt)
	case l.State == Active:
		return nil
	case l.State != Written:
		return WrongState.At(op, nil).With("state", "the card is %s", l.State)
	}
	if err := e.open(ctx, e.Profile.Keys.Issuer); err != nil {
		return err
	}
	if err := e.show(ctx, id); err != nil {
		return err
	}
	if _, err := e.card.want(ctx, op, activate()); err != nil {
		return err
	}
	e.state = Active
	e.Close() // the issuer keys open nothing on this card any more
	return nil
}
