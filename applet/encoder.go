package applet

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"blanko/chipdata"
	"blanko/ktp"
)

// Encoder personalizes the card in one reader: the sequence of the card profile KTPEL-OP 1,
// section 8, step by step. Every step may be repeated after a Probe; none decides by itself to
// begin again. Not safe for concurrent use.
//
// The order is Probe, Claim, Write, ReadBack, Finish, then, after the card was printed or not,
// Activate. An error with code applet.channel_dead, applet.card_removed, applet.card_reset or applet.card_mute
// leaves the card's state unknown: Probe, then do what its answer says. Code
// applet.auth_failed is final for this card: the encoder refuses to authenticate to it again.
type Encoder struct {
	Transport Transport
	Keys      KeySource
	Profile   *chipdata.Profile
	Trace     func(Exchange)   // may be nil
	Now       func() time.Time // clock of the trace; nil: no durations
	// CAN is the six digits that open PACE, on profiles that have it. Empty: random digits that
	// nobody keeps, so that PACE stays closed.
	CAN string
	// Random is where the unkept digits come from; nil: the system's.
	Random io.Reader

	card    *Card
	probed  bool // a Probe has succeeded and the card was not lost since
	kdd     [10]byte
	state   State
	attempt ktp.AttemptID
	marker  byte
	shown   ktp.AttemptID // claim shown in the open channel
	fresh   bool          // claimed from blank since the probe, nothing written yet
	clean   bool          // fresh when the files were written: no earlier try left keys
	lengths Lengths
	trial   trial              // of the reader
	failed  map[[10]byte]error // cards whose cryptogram failed; never tried again
}

// Probe is what a card says of itself without any key.
type Probe struct {
	ATR     []byte
	CPLC    []byte        // 42 bytes; nil where the chip has none
	UID     ktp.ChipUID   // the KDD in upper-case hex
	KDD     [10]byte      // key diversification data: 00 00 and the chip's serial
	State   State         // by FCI and EF.PROF
	Attempt ktp.AttemptID // zero on a blank or terminated card
	Marker  byte          // of EF.PROF
	Profile string        // profile id with version and revision, such as KTPEL-OP 1.0
	Lengths Lengths       // as they are settled before a channel opens
}

// Close ends the secure channel, where one is open, and with it the session keys in the key
// source. The transport stays open. The next step opens what it needs.
func (e *Encoder) Close() {
	if e.card != nil {
		e.card.Close()
	}
	e.shown = ktp.AttemptID{}
}

// Counters are those of the card since the last Probe (Card.Counters), with 0 for a key set that was put since
// then and under which no channel was opened.
func (e *Encoder) Counters() map[byte]int {
	if e.card == nil {
		return nil
	}
	return e.card.Counters()
}

// begin makes the card of this encoder.
func (e *Encoder) begin() *Card {
	if e.card == nil {
		e.card = &Card{Transport: e.Transport, Keys: e.Keys, Profile: e.Profile, Trace: e.Trace, Now: e.Now}
	}
	return e.card
}

// ready reports whether the card's state is known.
func (e *Encoder) ready(op string) error {
	if e.card == nil || !e.probed || e.card.lost {
		return NotProbed.At(op, nil)
	}
	return nil
}

// open opens a channel, unless the card has failed a cryptogram before.
func (e *Encoder) open(ctx context.Context, kvn byte) error {
	challenge, a, err := e.initialize(ctx, kvn)
	if err != nil {
		return err
	}
	return e.authenticate(ctx, kvn, challenge, a)
}

func (e *Encoder) initialize(ctx context.Context, kvn byte) ([8]byte, Answer, error) {
	if err, ok := e.failed[e.kdd]; ok {
		return [8]byte{}, Answer{}, AuthFailed.At("applet.Encoder.open", err).With("card", "its cryptogram failed before; it is not tried again")
	}
	e.shown = ktp.AttemptID{}
	return e.card.Initialize(ctx, kvn)
}

func (e *Encoder) authenticate(ctx context.Context, kvn byte, challenge [8]byte, a Answer) error {
	_, err := e.card.authenticate(ctx, kvn, &e.kdd, challenge, a)
	if isAuthFailed(err) {
		if e.failed == nil {
			e.failed = map[[10]byte]error{}
		}
		e.failed[e.kdd] = err
	}
	return err
}

// show writes EF.PROF with the attempt id: the claim of a blank card, or the proof of an old claim.
func (e *Encoder) show(ctx context.Context, id ktp.AttemptID) error {
	const op = "applet.Encoder.Claim"
	cmd := claimCommand(e.Profile, id)
	a, err := e.card.Sealed(ctx, cmd)
	switch {
	case err != nil:
		return err
	case a.SW == SWConditionsOfUse:
		return ForeignAttempt.At(op, &StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW})
	case a.SW != SWOK:
		return refused(op, cmd, a.SW)
	}
	e.shown = id
	return nil
}

func (e *Encoder) random() io.Reader {
	if e.Random != nil {
		return e.Random
	}
	return rand.Reader
}
