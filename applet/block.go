package applet

import (
	"context"

	"blanko/fault"
)

// Block takes an active card out of use with the admin key; readers refuse it from then on. The
// proof is the card's own FCI, read afterwards. A card that is blocked already is a success;
// any other state is fault code applet.wrong_state.
func (e *Encoder) Block(ctx context.Context) error {
	const op = "applet.Encoder.Block"
	if err := e.ready(op); err != nil {
		return err
	}
	l, err := e.look(ctx)
	if err != nil {
		return err
	}
	switch l.State {
	case Blocked:
		return nil
	case Active:
	default:
		return WrongState.At(op, nil).With("state", "the card is %s", l.State)
	}
	if err := e.open(ctx, e.Profile.Keys.Admin); err != nil {
		return err
	}
	if _, err := e.card.want(ctx, op, deactivate()); err != nil {
		return err
	}
	return e.prove(ctx, op, Blocked)
}

// Terminate ends the card's life with the key that its state wants. The proof is the card's own
// FCI. A card that is terminated already is a success.
func (e *Encoder) Terminate(ctx context.Context) error {
	const op = "applet.Encoder.Terminate"
	if err := e.ready(op); err != nil {
		return err
	}
	l, err := e.look(ctx)
	if err != nil {
		return err
	}
	k := e.Profile.Keys
	switch l.State {
	case Terminated:
		return nil
	case Blank:
		err = e.open(ctx, k.Transport)
	case Claimed:
		if err = e.open(ctx, k.Issuer); fault.Is(err, keySetAbsent) {
			err = e.open(ctx, k.Transport)
		}
	case Written:
		err = e.open(ctx, k.Issuer)
	default:
		err = e.open(ctx, k.Admin)
	}
	if err != nil {
		return err
	}
	if _, err := e.card.want(ctx, op, terminate()); err != nil {
		return err
	}
	return e.prove(ctx, op, Terminated)
}

// prove reads the state again and takes the wanted one alone.
func (e *Encoder) prove(ctx context.Context, op string, want State) error {
	l, err := e.look(ctx)
	if err != nil {
		return err
	}
	if l.State != want {
		return WrongState.At(op, nil).With("state", "the card is %s after it was to be %s", l.State, want)
	}
	return nil
}
