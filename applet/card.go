package applet

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"blanko/chipdata"
	"blanko/fault"
)

// Exchange is what a trace may know of one command and its answer: header, lengths, status word
// and time; never a body.
type Exchange struct {
	Header   [4]byte       // CLA INS P1 P2 as sent
	Sealed   bool          // under a secure channel
	Sent     int           // bytes of the command on the wire
	Received int           // bytes of the answer on the wire, status word included; 0: none came
	SW       Status        // 0: no answer came
	Duration time.Duration // zero where nobody gave a clock
}

// Card is one card in a reader. It follows chained answers and holds at most one secure channel.
// Not safe for concurrent use.
type Card struct {
	Transport Transport
	Keys      KeySource
	Profile   *chipdata.Profile
	Trace     func(Exchange)   // may be nil
	Now       func() time.Time // clock of the trace; may be nil

	handle int // of the open channel; 0: none
	kvn    byte
	// counters are the sequence counters of key sets as they were told when a channel opened, by key version.
	counters map[byte]int
	lost     bool // transport error or dead channel: nothing is known until a reset
	// extended is the card's extended length information; zeros where it is not asked for.
	extended Limits
}

// Limits on answers: the longest that there is, in one piece or put together, and in how many pieces.
const (
	maxAnswer = maxExtendedLe
	maxPieces = 512
)

// Reset switches the field off and on: channels are gone, the card is at its beginning.
func (c *Card) Reset(ctx context.Context) ([]byte, error) {
	const op = "applet.Card.Reset"
	c.Close()
	c.lost = true
	c.counters = nil
	atr, err := c.Transport.Reset(ctx)
	if err != nil {
		return nil, transportError(op, err)
	}
	if len(atr) == 0 {
		return nil, CardMute.At(op, nil).With("atr", "the card sent none")
	}
	c.lost = false
	return atr, nil
}

// Close ends the channel on this side; the card notices at the next SELECT or reset.
func (c *Card) Close() {
	if c.handle != 0 {
		c.Keys.Close(c.handle)
	}
	c.handle, c.kvn = 0, 0
}

// Channel is the key version of the open channel, 0 for none.
func (c *Card) Channel() byte { return c.kvn }

// Counters are the sequence counters (SCP03) of the key sets under which a channel was opened on this card, by key
// version: how often each was asked for one (GlobalPlatform Amendment D, section 6.2.2.1).
func (c *Card) Counters() map[byte]int { return maps.Clone(c.counters) }

func (c *Card) counted(kvn byte, counter int) {
	if c.counters == nil {
		c.counters = map[byte]int{}
	}
	c.counters[kvn] = counter
}

// transmit sends one command as it stands and writes the trace.
func (c *Card) transmit(ctx context.Context, capdu []byte, sealed bool) (Answer, error) {
	const op = "applet.Card.transmit"
	if c.lost {
		return Answer{}, NotProbed.At(op, nil)
	}
	var began time.Time
	if c.Now != nil {
		began = c.Now()
	}
	rapdu, err := c.Transport.Transmit(ctx, capdu)
	var a Answer
	if err == nil {
		a, err = parseAnswer(rapdu)
	}
	if c.Trace != nil {
		x := Exchange{Header: [4]byte(capdu[:4]), Sealed: sealed, Sent: len(capdu), Received: len(rapdu), SW: a.SW}
		if c.Now != nil {
			x.Duration = c.Now().Sub(began)
		}
		c.Trace(x)
	}
	if err != nil {
		c.Close()
		c.lost = true
		return Answer{}, transportError(op, err)
	}
	return a, nil
}

// transportError keeps what the port says of the card or of the way to it, and calls everything
// else a mute card: the state of the card is unknown either way.
func transportError(op string, err error) error {
	for _, e := range []fault.Entry{CardRemoved, CardReset, CardMute, LengthRefused, ReaderAway, NoApplication} {
		if fault.Is(err, e) {
			return err
		}
	}
	return CardMute.At(op, err)
}

// follow reads a chain of 61xx answers to its end (card profile KTPEL-OP 1, section 10, rule 4).
func (c *Card) follow(ctx context.Context, a Answer, sealed bool) (Answer, error) {
	for pieces := 0; a.SW>>8 == moreData; pieces++ {
		n := int(a.SW & 0xFF)
		if n == 0 {
			n = maxLe
		}
		next, err := c.transmit(ctx, getResponse(n).Encode(), sealed)
		if err != nil {
			return Answer{}, err
		}
		if pieces == maxPieces || len(a.Data)+len(next.Data) > maxAnswer {
			c.Close()
			c.lost = true
			return Answer{}, CardMute.At("applet.Card.follow", nil).With("answer", "the chain of answers does not end")
		}
		a = Answer{Data: append(a.Data, next.Data...), SW: next.SW}
	}
	return a, nil
}

// Plain sends a command outside any channel. Every status word is an answer. 61xx is followed;
// 6Cxx is repeated once with the length that the card names. A SELECT of an application ends
// the channel.
func (c *Card) Plain(ctx context.Context, cmd Command) (Answer, error) {
	if cmd.INS == insSelect && cmd.P1 == byName {
		c.Close()
	}
	a, err := c.transmit(ctx, cmd.Encode(), false)
	if err == nil && a.SW>>8 == exactWants && cmd.Expect > 0 {
		cmd.Expect = int(a.SW & 0xFF)
		if cmd.Expect == 0 {
			cmd.Expect = maxLe
		}
		a, err = c.transmit(ctx, cmd.Encode(), false)
	}
	if err != nil {
		return Answer{}, err
	}
	return c.follow(ctx, a, false)
}

// Sealed sends a command through the channel. Every status word that leaves the channel alive
// is an answer; the others, and an answer that fails its check, are fault code
// applet.channel_dead: reset and probe.
func (c *Card) Sealed(ctx context.Context, cmd Command) (Answer, error) {
	const op = "applet.Card.Sealed"
	if c.handle == 0 {
		return Answer{}, ChannelDead.At(op, nil).With("channel", "none is open")
	}
	wrapped, err := c.Keys.Wrap(ctx, c.handle, cmd.Encode())
	if err != nil {
		c.Close()
		return Answer{}, KeySourceFailed.At(op, err)
	}
	a, err := c.transmit(ctx, wrapped, true)
	if err != nil {
		return Answer{}, err
	}
	if a, err = c.follow(ctx, a, true); err != nil {
		return Answer{}, err
	}
	if a.SW.endsChannel() {
		c.Close()
		c.lost = true
		return Answer{}, ChannelDead.At(op, &StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW})
	}
	plain, err := c.Keys.Unwrap(ctx, c.handle, a.Encode())
	if err != nil {
		c.Close()
		c.lost = true
		return Answer{}, ChannelDead.At(op, err)
	}
	return parseAnswer(plain)
}

// want sends a command and takes 9000 alone for an answer.
func (c *Card) want(ctx context.Context, op string, cmd Command) (Answer, error) {
	a, err := c.Sealed(ctx, cmd)
	if err == nil && a.SW != SWOK {
		err = refused(op, cmd, a.SW)
	}
	return a, err
}

// Initialize asks the card for a channel under a key version and gives back what it says,
// whatever it says. Nothing is opened, but the card's sequence counter rises, and a channel that
// was open is gone. The application must be selected.
func (c *Card) Initialize(ctx context.Context, kvn byte) (challenge [8]byte, a Answer, err error) {
	c.Close()
	challenge, err = c.Keys.Challenge(ctx, kvn)
	if err != nil {
		return challenge, Answer{}, KeySourceFailed.At("applet.Card.Initialize", err)
	}
	a, err = c.Plain(ctx, InitializeUpdate(kvn, challenge))
	return challenge, a, err
}

// openingFaults are the answers to INITIALIZE UPDATE that have a meaning of their own.
var openingFaults = map[Status]fault.Entry{
	SWReferenceNotFound: keySetAbsent,
	SWConditionsOfUse:   WrongState,
	SWAuthBlocked:       keyBlocked,
}

// Open opens a channel under a key version at the profile's level, INITIALIZE UPDATE and
// EXTERNAL AUTHENTICATE, and returns the KDD that the card gave. A key set that is absent is
// fault code applet.key_set_absent, one that the state forbids applet.wrong_state. A failed
// cryptogram on either side is applet.auth_failed: never try again on this card.
func (c *Card) Open(ctx context.Context, kvn byte, want *[10]byte) (kdd [10]byte, err error) {
	challenge, a, err := c.Initialize(ctx, kvn)
	if err != nil {
		return kdd, err
	}
	return c.authenticate(ctx, kvn, want, challenge, a)
}

// authenticate finishes what Initialize began.
func (c *Card) authenticate(ctx context.Context, kvn byte, want *[10]byte, challenge [8]byte, a Answer) (kdd [10]byte, err error) {
	const op = "applet.Card.Open"
	cmd := InitializeUpdate(kvn, challenge)
	if a.SW != SWOK {
		if entry, ok := openingFaults[a.SW]; ok {
			return kdd, entry.At(op, &StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW})
		}
		return kdd, refused(op, cmd, a.SW)
	}
	k := c.Profile.Keys
	if len(a.Data) != initUpdateSize {
		return kdd, notProfile.At(op, nil).With("INITIALIZE UPDATE", "%d bytes, expected %d", len(a.Data), initUpdateSize)
	}
	kdd = [10]byte(a.Data)
	if gotKVN, scp, i := a.Data[10], a.Data[11], a.Data[12]; gotKVN != kvn || scp != k.SCP || i != k.I {
		return kdd, notProfile.At(op, nil).With("INITIALIZE UPDATE", "key version %02X, SCP %02X, i %02X; the profile has %02X, %02X, %02X", gotKVN, scp, i, kvn, k.SCP, k.I)
	}
	if want != nil && kdd != *want {
		return kdd, notProfile.At(op, nil).With("KDD", "the card gave %X before and gives %X now", want[:], kdd[:])
	}
	handle, external, err := c.Keys.Open(ctx, kvn, kdd, challenge, k.Level, a.Data)
	if err != nil {
		if fault.CodeOf(err) == CardCryptogramWrong {
			return kdd, c.authFailed(ctx, op, kvn, kdd, err)
		}
		return kdd, KeySourceFailed.At(op, err)
	}
	c.handle, c.kvn = handle, kvn
	answer, err := c.transmit(ctx, external, false)
	if err != nil {
		return kdd, err
	}
	if answer.SW != SWOK || len(answer.Data) != 0 {
		c.Close()
		status := &StatusError{Header: [4]byte(external[:4]), SW: answer.SW}
		switch answer.SW {
		case SWCryptogramFailed, SWSecurityStatus: // the card has counted a failure
			return kdd, c.authFailed(ctx, op, kvn, kdd, status)
		case SWAuthBlocked:
			return kdd, keyBlocked.At(op, status)
		}
		return kdd, UnexpectedStatus.At(op, status)
	}
	counter := a.Data[initUpdateSize-counterSize:]
	c.counted(kvn, int(counter[0])<<16|int(counter[1])<<8|int(counter[2]))
	return kdd, nil
}

// authFailed names everything that helps to find a wrong key without trying again: key version,
// protocol, KDD and the key check values of the masters used.
func (c *Card) authFailed(ctx context.Context, op string, kvn byte, kdd [10]byte, cause error) error {
	kind, _, kcv, err := c.Keys.Describe(ctx)
	if err != nil {
		return AuthFailed.At(op, cause).With("key", "key version %02X, KDD %X; the key source does not describe itself: %v", kvn, kdd[:], err)
	}
	var checks []string
	for _, role := range slices.Sorted(maps.Keys(kcv)) {
		checks = append(checks, role+" "+strings.ToUpper(kcv[role]))
	}
	return AuthFailed.At(op, cause).With("key", "key version %02X, SCP %02X, i %02X, KDD %s, %s keys with check values %s",
		kvn, c.Profile.Keys.SCP, c.Profile.Keys.I, strings.ToUpper(hex.EncodeToString(kdd[:])), kind, fmt.Sprint(checks))
}

// ReadFile reads the current EF through the channel to the end of the data object that it holds,
// in pieces of chunk bytes. An object longer than limit is refused before it is read.
func (c *Card) ReadFile(ctx context.Context, chunk, limit int) ([]byte, error) {
	const op = "applet.Card.ReadFile"
	out, err := c.readAt(ctx, 0, chunk)
	if err != nil {
		return nil, err
	}
	size, err := chipdata.TLVLength(out)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, notProfile.At(op, nil).With("file", "its data object has %d bytes, at most %d", size, limit)
	}
	for len(out) < size {
		more, err := c.readAt(ctx, len(out), min(chunk, size-len(out)))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, notProfile.At(op, nil).With("file", "it ends after %d of %d bytes", len(out), size)
		}
		out = append(out, more...)
	}
	return out[:size], nil
}

// readAt reads at most n bytes at an offset.
func (c *Card) readAt(ctx context.Context, offset, n int) ([]byte, error) {
	const op = "applet.Card.ReadBinary"
	cmd := ReadBinary(claCard, offset, n)
	a, err := c.want(ctx, op, cmd)
	if err != nil {
		return nil, err
	}
	if len(a.Data) > n {
		return nil, notProfile.At(op, nil).With("file", "%d bytes asked for, %d came", n, len(a.Data))
	}
	return a.Data, nil
}
