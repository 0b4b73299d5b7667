package inspect

import (
	"context"
	"errors"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/chipdata"
	"blanko/fault"
)

// profileNames are the profiles that a reader knows. They share applications and keys; what is on the
// card tells them apart.
var profileNames = []string{"ktpel-op-1-32k", "ktpel-op-1-8k"}

// mostRetries is how often the way to the card may fail before the examination gives up.
const mostRetries = 6

// mostIdle is how often in a row it may fail without anything new being read. The last try is made
// with short pieces, because an old reader may carry no others (card profile KTPEL-OP 1, 8.3).
const (
	mostIdle   = 3
	shortPiece = 112
)

// examiner is one run of Examine.
type examiner struct {
	inspection
	keys     applet.KeySource
	access   icao.Access
	trust    Trust
	profiles []*chipdata.Profile
	out      *Examination
	counted  *counted
	seen     bool // the card has been looked at once
	done     []bool
	views    map[uint16]string // where a file was read
	found    []Cause
	proof    proving
	read0    int  // files read when the last failure came
	idle     int  // failures in a row without a new file or step
	away     bool // no card was there at the last reset
}

// counted counts what goes to the card.
type counted struct {
	applet.Transport
	commands int
}

// Transmit counts and sends.
func (c *counted) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	c.commands++
	return c.Transport.Transmit(ctx, capdu)
}

// Limits are those of the reader.
func (c *counted) Limits() applet.Limits {
	if l, ok := c.Transport.(applet.Limiter); ok {
		return l.Limits()
	}
	return applet.Limits{}
}

// Examine reads any card that lies on a reader, with whatever the reader has: nothing, a SAM (k; nil:
// none), what the bearer can tell (access; zero: nothing), and what it trusts. A card that does not
// answer, is of another make or is broken is a finding, not an error. A read that fails because the
// card was lost is tried again from a reset, and counted; a cryptogram or a password that the card
// refuses is never tried again.
//
// Errors: the context's own; a reader or a key source that fails, with its code; icao.access_malformed
// for an access that no card can have, before anything is sent; inspect.card_changed when another card
// was laid down meanwhile. The card is not changed.
func Examine(ctx context.Context, t applet.Transport, k applet.KeySource, access icao.Access, trust Trust) (Examination, error) {
	if !access.IsZero() {
		if err := access.Check(); err != nil {
			return Examination{}, err
		}
	}
	x := &examiner{
		keys: k, access: access, trust: trust, out: &Examination{}, counted: &counted{Transport: t}, views: map[uint16]string{},
		inspection: inspection{report: &Report{}, files: map[uint16][]byte{}, partial: true, stranger: true},
	}
	for _, name := range profileNames {
		p, err := chipdata.LoadProfile(name)
		if err != nil {
			return Examination{}, err
		}
		x.profiles = append(x.profiles, p)
	}
	x.profile = x.profiles[0]
	x.want = Expect{Anchors: trust.CSCAs, Revoked: trust.Revoked, Now: trust.Now, CenterKeys: trust.CenterKeys, LocalKeys: trust.LocalKeys}
	x.card = &applet.Card{Transport: x.counted, Keys: k, Profile: x.profile}
	defer x.card.Close()
	x.out.Reading = Reading{ICAOView: viewNotTried, SAM: samNotUsed}
	if err := x.run(ctx); err != nil {
		return Examination{}, err
	}
	x.finish()
	return *x.out, nil
}

// run takes the steps, again from a reset when the card was lost, until all are done or there is no
// sense in going on.
func (x *examiner) run(ctx context.Context) error {
	steps := []func(context.Context) error{x.icaoStep, x.samStep, x.rulesStep}
	x.done = make([]bool, len(steps))
	for {
		err := x.pass(ctx, steps)
		if err == nil {
			x.out.Reading.Complete = true
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !cardLost(err) {
			return err
		}
		if fault.Is(err, applet.LengthRefused) && x.chunk > shortPiece { // the reader's limit, not the card's contact
			x.chunk = shortPiece
			continue
		}
		x.out.Reading.Failures = string(fault.CodeOf(err))
		x.idle++
		if len(x.files) > x.read0 {
			x.idle = 1
		}
		x.read0 = len(x.files)
		if x.out.Reading.Retries == mostRetries || x.idle == mostIdle {
			if endedByCard(err) {
				x.report.add("the channel lasts", "yes", found(err))
				x.found = append(x.found, ContentWrong)
			}
			return nil
		}
		if x.idle == mostIdle-1 {
			x.chunk = min(x.chunk, shortPiece)
		}
		x.out.Reading.Retries++
	}
}

// cardLost reports whether an error says that the card did not answer as a card in good contact
// does. Whatever else a transport says is the reader's own failure: a mute card that some other
// room explains is none.
func cardLost(err error) bool {
	if fault.Is(err, applet.ReaderAway) {
		return false
	}
	for e, ok := errors.AsType[*fault.Error](err); ok; e, ok = errors.AsType[*fault.Error](e.Err) {
		switch e.Code {
		case applet.CardRemoved.Code, applet.CardReset.Code, applet.ChannelDead.Code, applet.LengthRefused.Code, icao.ChannelDead.Code:
			return true
		case applet.CardMute.Code:
			_, explained := errors.AsType[*fault.Error](e.Err)
			return !explained
		}
	}
	return false
}

// pass resets the card, makes sure that it is still the same, and takes the steps that are left. What a
// step noted before it failed is forgotten; the files that it read are kept.
func (x *examiner) pass(ctx context.Context, steps []func(context.Context) error) error {
	active, err := x.begin(ctx)
	if err != nil || !active {
		return err
	}
	for n, step := range steps {
		if x.done[n] {
			continue
		}
		before, causes := len(x.report.Checks), len(x.found)
		if err := step(ctx); err != nil {
			x.report.Checks, x.found = x.report.Checks[:before], x.found[:causes]
			return err
		}
		x.done[n], x.idle = true, 0
	}
	return nil
}
