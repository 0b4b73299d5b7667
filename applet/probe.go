package applet

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// Probe resets the card and reads whose it is, with no key: steps 1 to 3 of the sequence. It is
// the first act on every card and the first after every transport error. A card without the
// application is fault code applet.no_application; one of another profile applet.not_profile.
func (e *Encoder) Probe(ctx context.Context) (Probe, error) {
	c := e.begin()
	e.probed, e.fresh, e.clean, e.shown = false, false, false, ktp.AttemptID{}
	atr, err := c.Reset(ctx)
	if err != nil {
		return Probe{}, err
	}
	p := Probe{ATR: atr}
	if p.CPLC, p.KDD, err = c.Identify(ctx); err != nil {
		return Probe{}, e.unidentified(ctx, err)
	}
	p.UID = ktp.ChipUID(strings.ToUpper(hex.EncodeToString(p.KDD[:])))
	e.kdd = p.KDD
	if err := c.readExtended(ctx); err != nil {
		return Probe{}, err
	}
	l, err := e.look(ctx)
	if err != nil {
		return Probe{}, err
	}
	if l.MaxLc < leastData || l.MaxLe < leastData {
		return Probe{}, notProfile.At("applet.Encoder.Probe", nil).With("FCI", "the card takes %d bytes and gives %d, needed are %d", l.MaxLc, l.MaxLe, leastData)
	}
	e.lengths = e.card.Lengths(l)
	if e.trial.bound > 0 {
		e.lengths.Chunk = min(e.lengths.Chunk, e.trial.bound)
		e.lengths.Extended = e.lengths.Chunk > shortChunk
	}
	e.probed = true
	p.Lengths = e.lengths
	p.State, p.Attempt, p.Marker = l.State, l.Attempt, l.Marker
	p.Profile = fmt.Sprintf("%s %d.%d", l.Profile, l.Version, l.Revision)
	return p, nil
}

// unidentified tells a card of another make, which names itself in no way that the profile
// knows and has no application of ours, from a chip of ours that fails to.
func (e *Encoder) unidentified(ctx context.Context, cause error) error {
	var status *StatusError
	if !errors.As(cause, &status) {
		return cause
	}
	if _, err := e.card.Look(ctx); fault.Is(err, NoApplication) {
		return err
	}
	return cause
}

// look selects the application and reads EF.PROF, and remembers what they say.
func (e *Encoder) look(ctx context.Context) (Look, error) {
	e.shown = ktp.AttemptID{}
	l, err := e.card.Look(ctx)
	if err != nil {
		return Look{}, err
	}
	e.state, e.attempt, e.marker = l.State, l.Attempt, l.Marker
	return l, nil
}

// Identify reads who the chip is: CPLC, or KDD alone where the chip has no CPLC. Plain, in every
// state, no application needed.
func (c *Card) Identify(ctx context.Context) (cplc []byte, kdd [10]byte, err error) {
	const op = "applet.Card.Identify"
	a, err := c.Plain(ctx, getCPLC())
	if err != nil {
		return nil, kdd, err
	}
	if a.SW == SWOK {
		t, rest, err := chipdata.NextTLV(a.Data)
		if err != nil || t.Tag != tagCPLC || len(t.Value) != sizeCPLC || len(rest) > 0 {
			return nil, kdd, notProfile.At(op, err).With("CPLC", "%d bytes are no 9F7F with %d bytes", len(a.Data), sizeCPLC)
		}
		copy(kdd[2:], t.Value[serialInCPLC:])
		return bytes.Clone(t.Value), kdd, nil
	}
	cmd := getKDD()
	if a, err = c.Plain(ctx, cmd); err != nil {
		return nil, kdd, err
	}
	if a.SW != SWOK {
		return nil, kdd, refused(op, cmd, a.SW)
	}
	t, rest, err := chipdata.NextTLV(a.Data)
	if err != nil || t.Tag != tagKDD || len(t.Value) != len(kdd) || len(rest) > 0 {
		return nil, kdd, notProfile.At(op, err).With("KDD", "%d bytes are no CF with %d bytes", len(a.Data), len(kdd))
	}
	return nil, [10]byte(t.Value), nil
}

// Look is what the issuer view says without a key: FCI and EF.PROF.
type Look struct {
	State             State
	LCS               byte // FCI tag 8A
	Profile           string
	Version, Revision byte // the revision stands in EF.PROF; 0 on a terminated card
	MaxLc, MaxLe      int  // longest data fields that the card takes and gives; beyond short ones with extended length
	Attempt           ktp.AttemptID
	Marker            byte
}

// FCI tags of the issuer view.
const (
	tagFCI         = 0x6F
	tagDFName      = 0x84
	tagProprietary = 0x85
	tagProfileID   = 0x80
	tagLimits      = 0x82 // version, longest Lc, longest Le (00: 256), a byte each; or the lengths in two bytes (0000: 65,536)
	limitsShort    = 3
	limitsExtended = 5
)

// Look selects the issuer view and reads EF.PROF. A channel that was open is gone. A terminated
// card no longer shows EF.PROF.
func (c *Card) Look(ctx context.Context) (Look, error) {
	const op = "applet.Card.Look"
	cmd := SelectApplication(c.Profile.AID)
	a, err := c.Plain(ctx, cmd)
	if err != nil {
		return Look{}, err
	}
	switch a.SW {
	case SWOK, SWDeactivated, SWTerminated:
	case SWMemoryFailure:
		return Look{}, refused(op, cmd, a.SW)
	default: // cards of other makes refuse an unknown name each in their own way
		return Look{}, NoApplication.At(op, &StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW})
	}
	l, err := parseFCI(a.Data, c.Profile.AID)
	if err != nil {
		return Look{}, notProfile.At(op, err).With("FCI", "it cannot be read")
	}
	if l.Profile != c.Profile.ID || l.Version != c.Profile.Version {
		return Look{}, notProfile.At(op, nil).With("FCI", "profile %q version %d, expected %q version %d", l.Profile, l.Version, c.Profile.ID, c.Profile.Version)
	}
	if l.LCS != lcsTerminated {
		cmd := ReadShort(claISO, sfiPROF(c.Profile), chipdata.SizePROF)
		if a, err = c.Plain(ctx, cmd); err != nil {
			return Look{}, err
		}
		if a.SW != SWOK {
			return Look{}, refused(op, cmd, a.SW)
		}
		prof, err := chipdata.ParsePROF(a.Data)
		if err != nil {
			return Look{}, notProfile.At(op, err).With("EF.PROF", "it cannot be read")
		}
		l.Attempt, l.Marker, l.Revision = prof.Attempt, prof.Marker, prof.Revision
	}
	state, ok := stateOf(l.LCS, l.Marker)
	if !ok {
		return Look{}, notProfile.At(op, nil).With("FCI", "life cycle byte %02X with marker %02X is no state", l.LCS, l.Marker)
	}
	l.State = state
	return l, nil
}

// parseFCI reads 6F { 84 AID | 8A life cycle | 85 { 80 id | 82 version, longest Lc, longest Le } }.
func parseFCI(b, aid []byte) (Look, error) {
	const op = "applet.parseFCI"
	bad := func(why string) error { return notProfile.At(op, nil).With("FCI", "%s", why) }
	whole, rest, err := chipdata.NextTLV(b)
	if err != nil {
		return Look{}, err
	}
	if whole.Tag != tagFCI || len(rest) > 0 {
		return Look{}, bad("no 6F alone")
	}
	fields, err := tlvByTag(whole.Value)
	if err != nil {
		return Look{}, err
	}
	inner, err := tlvByTag(fields[tagProprietary])
	if err != nil {
		return Look{}, err
	}
	lcs, limits := fields[tagLCS], inner[tagLimits]
	switch {
	case !bytes.Equal(fields[tagDFName], aid):
		return Look{}, bad("the name is not the application that was selected")
	case len(lcs) != 1 || len(limits) != limitsShort && len(limits) != limitsExtended:
		return Look{}, bad("life cycle, version or lengths are missing")
	}
	l := Look{LCS: lcs[0], Profile: string(inner[tagProfileID]), Version: limits[0]}
	if len(limits) == limitsShort {
		l.MaxLc, l.MaxLe = int(limits[1]), int(limits[2])
		if l.MaxLe == 0 {
			l.MaxLe = maxLe
		}
		return l, nil
	}
	l.MaxLc, l.MaxLe = int(binary.BigEndian.Uint16(limits[1:])), int(binary.BigEndian.Uint16(limits[3:]))
	if l.MaxLe == 0 {
		l.MaxLe = maxExtendedLe
	}
	return l, nil
}

// tlvByTag reads data objects of which none stands twice.
func tlvByTag(b []byte) (map[uint16][]byte, error) {
	list, err := chipdata.ParseTLV(b)
	if err != nil {
		return nil, err
	}
	out := map[uint16][]byte{}
	for _, t := range list {
		if _, twice := out[t.Tag]; twice {
			return nil, notProfile.At("applet.tlvByTag", nil).With("FCI", "tag %X stands twice", t.Tag)
		}
		out[t.Tag] = t.Value
	}
	return out, nil
}

// isAuthFailed reports whether the card must not be tried again.
func isAuthFailed(err error) bool { return fault.Is(err, AuthFailed) }
