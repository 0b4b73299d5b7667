package applet

import (
	"context"

	"blanko/fault"
	"blanko/ktp"
)

// Claim binds the card to the attempt: steps 4 to 8. A blank card takes the id under the transport
// key, gets the issuer keys and proves them in a fresh channel, where the claim is shown again.
// A card that this attempt claimed before, torn at any place, is brought to the same point. A
// card of another attempt is fault code applet.foreign_attempt and is not touched; one that
// can no longer be written is applet.wrong_state.
func (e *Encoder) Claim(ctx context.Context, id ktp.AttemptID) error {
	const op = "applet.Encoder.Claim"
	if err := e.ready(op); err != nil {
		return err
	}
	if id.IsZero() {
		return Misuse.At(op, nil).With("attempt", "the id is zero")
	}
	if e.shown == id && e.card.Channel() == e.Profile.Keys.Issuer {
		return nil
	}
	switch e.state {
	case Blank:
		if err := e.open(ctx, e.Profile.Keys.Transport); err != nil {
			return err
		}
		if err := e.take(ctx, id); err != nil {
			return err
		}
		e.fresh = true
	case Claimed, Written:
		if e.attempt != id {
			return ForeignAttempt.At(op, nil).With("attempt", "the card holds %s", e.attempt)
		}
		return e.resume(ctx, id)
	default:
		if e.attempt != id {
			return ForeignAttempt.At(op, nil).With("attempt", "the card is %s and holds %s", e.state, e.attempt)
		}
		return WrongState.At(op, nil).With("state", "the card is %s", e.state)
	}
	return nil
}

// take claims under the transport key and hands the card over to the issuer keys.
func (e *Encoder) take(ctx context.Context, id ktp.AttemptID) error {
	if err := e.show(ctx, id); err != nil {
		return err
	}
	e.state, e.attempt = Claimed, id
	issuer := e.Profile.Keys.Issuer
	if err := e.putKey(ctx, newKeySet, issuer); err != nil {
		return err
	}
	return e.proveIssuer(ctx, id)
}

// proveIssuer opens a fresh channel under the issuer keys: the proof of the change-over.
func (e *Encoder) proveIssuer(ctx context.Context, id ktp.AttemptID) error {
	if err := e.open(ctx, e.Profile.Keys.Issuer); err != nil {
		return err
	}
	return e.show(ctx, id)
}

// resume shows an old claim again. The issuer keys are absent where the card was torn between
// claim and key change (section 8.5).
func (e *Encoder) resume(ctx context.Context, id ktp.AttemptID) error {
	err := e.proveIssuer(ctx, id)
	if !fault.Is(err, keySetAbsent) {
		return err
	}
	if err := e.open(ctx, e.Profile.Keys.Transport); err != nil {
		return err
	}
	return e.take(ctx, id)
}

// putKey sends a whole key set and compares the check values that the card gives back.
func (e *Encoder) putKey(ctx context.Context, replaces, kvn byte) error {
	const op = "applet.Encoder.putKey"
	block, kcv, err := e.Keys.KeyBlock(ctx, e.card.handle, kvn, e.kdd)
	if err != nil {
		return KeySourceFailed.At(op, err)
	}
	a, err := e.card.want(ctx, op, putKey(replaces, block))
	if err != nil {
		return err
	}
	want := []byte{kvn}
	for _, k := range kcv {
		want = append(want, k[:]...)
	}
	if string(a.Data) != string(want) {
		return KeyCheckDiffers.At(op, nil).With("key", "key version %02X: the card answers %X, sent were %X", kvn, a.Data, want)
	}
	e.card.counted(kvn, 0) // a new key set begins anew
	return nil
}
