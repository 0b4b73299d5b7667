package icao

import (
	"context"
	"crypto/rand"
	"errors"
	"io"

	"blanko/applet"
	"blanko/chipdata"
)

// Protocols that open a session, and the passwords that they take.
const (
	PACE = "PACE"
	BAC  = "BAC"

	PasswordCAN = "CAN"
	PasswordMRZ = "MRZ"
)

// aidLDS is the LDS application (Doc 9303-10, 3.1).
var aidLDS = []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// Files that this room reads by itself.
const (
	fidCardAccess = 0x011C // under the MF
	fidDG14       = 0x010E
)

// Instructions and parameters (ISO/IEC 7816-4; Doc 9303-11).
const (
	insManageSecurity       = 0x22
	insExternalAuthenticate = 0x82
	insGetChallenge         = 0x84
	insGeneralAuthenticate  = 0x86
	insInternalAuthenticate = 0x88
	insSelect               = 0xA4

	byName     = 0x04
	noAnswer   = 0x0C // SELECT P2: no FCI
	claChained = 0x10
)

// Pieces of one read: 223 bytes make a protected answer of 242 (3DES) or 242 bytes (AES) that every
// short APDU and one frame of 256 bytes hold; 112 are for readers that carry less (card profile
// KTPEL-OP 1, 8.3).
const (
	readPiece  = 223
	shortPiece = 112
)

// Session is an open ICAO view. Not safe for concurrent use.
type Session struct {
	card     *applet.Card
	sm       *messaging
	random   io.Reader
	protocol string
	password string
	piece    int
	dead     bool

	announced SecurityInfos
}

// Terminal opens sessions with more to choose; the zero value is ready.
type Terminal struct {
	Random io.Reader             // nil: the system's
	Trace  func(applet.Exchange) // may be nil
}

// Open opens the ICAO view of a card that was reset since any application was selected: by PACE where
// EF.CardAccess offers it, with the CAN if one is given and else with the zone; otherwise, or where
// the card takes no such password, by Basic Access Control with the zone. A password that the card
// refuses is fault code icao.access_refused and is tried once only; a card without the view, or with
// the view switched off, icao.view_closed; a card that asks for another kind of access than the one
// given icao.not_supported. Transport errors pass through.
func (term Terminal) Open(ctx context.Context, t applet.Transport, a Access) (*Session, error) {
	const op = "icao.Open"
	if err := a.Check(); err != nil {
		return nil, err
	}
	s := &Session{card: &applet.Card{Transport: t, Trace: term.Trace}, random: term.Random, piece: readPiece}
	if s.random == nil {
		s.random = rand.Reader
	}
	infos, err := s.cardAccess(ctx)
	if err != nil {
		return nil, err
	}
	s.announced = infos
	if infos.OffersPACE() {
		offered, err := s.pace(ctx, a, curveByParam(infos.PACE[0]), infos.sets > 1)
		if err != nil {
			return nil, err
		}
		if offered {
			return s, s.selectLDS(ctx, s.Send)
		}
	}
	if !a.hasMRZ() {
		if err := s.selectLDS(ctx, s.card.Plain); err != nil {
			return nil, err
		}
		return nil, NotSupported.At(op, nil).With("access", "the card offers no PACE with a CAN; the zone is needed")
	}
	if err := s.selectLDS(ctx, s.card.Plain); err != nil {
		return nil, err
	}
	return s, s.basic(ctx, a)
}

// Protocol is PACE or BAC.
func (s *Session) Protocol() string { return s.protocol }

// Password is the kind of password that opened the session: CAN or MRZ.
func (s *Session) Password() string { return s.password }

// CardAccess is what EF.CardAccess announced, in the open; empty where the card has none.
func (s *Session) CardAccess() SecurityInfos { return s.announced }

// selectLDS makes the LDS application current.
func (s *Session) selectLDS(ctx context.Context, send func(context.Context, applet.Command) (applet.Answer, error)) error {
	const op = "icao.Open"
	cmd := applet.Command{INS: insSelect, P1: byName, P2: noAnswer, Data: aidLDS}
	a, err := send(ctx, cmd)
	switch {
	case err != nil:
		return err
	case a.SW == applet.SWFileNotFound:
		return ViewClosed.At(op, statusOf(cmd, a.SW))
	case a.SW != applet.SWOK:
		return applet.UnexpectedStatus.At(op, statusOf(cmd, a.SW))
	}
	return nil
}

func statusOf(c applet.Command, sw applet.Status) error {
	return &applet.StatusError{Header: [4]byte{c.CLA, c.INS, c.P1, c.P2}, SW: sw}
}

// cardAccess reads EF.CardAccess under the MF. A card without it announces nothing.
func (s *Session) cardAccess(ctx context.Context) (SecurityInfos, error) {
	const op = "icao.cardAccess"
	a, err := s.card.Plain(ctx, applet.SelectFile(0, fidCardAccess))
	if err != nil || a.SW != applet.SWOK {
		return SecurityInfos{}, err
	}
	read := func(offset, n int) ([]byte, error) {
		cmd := applet.ReadBinary(0, offset, n)
		a, err := s.card.Plain(ctx, cmd)
		if err != nil {
			return nil, err
		}
		if a.SW != applet.SWOK && a.SW != applet.SWEndOfFile || len(a.Data) > n {
			return nil, applet.UnexpectedStatus.At(op, statusOf(cmd, a.SW))
		}
		return a.Data, nil
	}
	b, err := whole(op, s.piece, maxInfosSize, read)
	if err != nil {
		return SecurityInfos{}, err
	}
	return ParseSecurityInfos(b)
}

// whole reads a file that is one data object, from its beginning to the object's end.
func whole(op string, piece, limit int, read func(offset, n int) ([]byte, error)) ([]byte, error) {
	out, err := read(0, piece)
	if err != nil {
		return nil, err
	}
	size, err := chipdata.TLVLength(out)
	if err != nil {
		return nil, AnswerMalformed.At(op, err).With("file", "it does not begin with a data object")
	}
	if size > limit {
		return nil, AnswerMalformed.At(op, nil).With("file", "its data object has %d bytes, at most %d", size, limit)
	}
	for len(out) < size {
		more, err := read(len(out), min(piece, size-len(out)))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, AnswerMalformed.At(op, nil).With("file", "it ends after %d of %d bytes", len(out), size)
		}
		out = append(out, more...)
	}
	return out[:size], nil
}

// Send sends a command under secure messaging. Every status word under the checksum is an answer. A
// plain status word, or an answer that fails its check, ends the channel: fault code
// icao.channel_dead. The data of a command have at most 223 bytes.
func (s *Session) Send(ctx context.Context, c applet.Command) (applet.Answer, error) {
	const op = "icao.Session.Send"
	if s.dead || s.sm == nil {
		return applet.Answer{}, ChannelDead.At(op, nil).With("channel", "none is open")
	}
	wrapped, ok := s.sm.wrap(c)
	if !ok {
		return applet.Answer{}, NotSupported.At(op, nil).With("command", "%v has no protected short form", c)
	}
	a, err := s.card.Plain(ctx, wrapped)
	if err != nil {
		s.dead = true
		return applet.Answer{}, err
	}
	if len(a.Data) == 0 {
		s.dead = true
		return applet.Answer{}, ChannelDead.At(op, statusOf(c, a.SW))
	}
	plain, reason := s.sm.unwrap(a.Data)
	if reason != "" {
		s.dead = true
		return applet.Answer{}, ChannelDead.At(op, nil).With("answer", "%s", reason)
	}
	return plain, nil
}

// ReadFile selects an EF of the LDS application and reads the data object in it, at most limit bytes. A
// status word that refuses is fault code applet.unexpected_status, and errors.Is finds the word:
// applet.SWFileNotFound for a file that is not there.
func (s *Session) ReadFile(ctx context.Context, fid uint16, limit int) ([]byte, error) {
	const op = "icao.Session.ReadFile"
	cmd := applet.SelectFile(0, fid)
	a, err := s.Send(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if a.SW != applet.SWOK {
		return nil, applet.UnexpectedStatus.At(op, statusOf(cmd, a.SW))
	}
	b, err := whole(op, s.piece, limit, func(offset, n int) ([]byte, error) { return s.read(ctx, offset, n) })
	if s.piece > shortPiece && errors.Is(err, applet.SWWrongLength) {
		s.piece = shortPiece
		b, err = whole(op, s.piece, limit, func(offset, n int) ([]byte, error) { return s.read(ctx, offset, n) })
	}
	return b, err
}

func (s *Session) read(ctx context.Context, offset, n int) ([]byte, error) {
	const op = "icao.Session.ReadFile"
	const last = 0x7FFF // what 15 bits reach
	if offset > last {
		return nil, AnswerMalformed.At(op, nil).With("file", "longer than READ BINARY with 15 bits reaches")
	}
	cmd := applet.ReadBinary(0, offset, n)
	a, err := s.Send(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if a.SW != applet.SWOK && a.SW != applet.SWEndOfFile {
		return nil, applet.UnexpectedStatus.At(op, statusOf(cmd, a.SW))
	}
	if len(a.Data) > n {
		return nil, AnswerMalformed.At(op, nil).With("file", "%d bytes asked for, %d came", n, len(a.Data))
	}
	return a.Data, nil
}

// draw reads random bytes.
func (s *Session) draw(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return nil, randomFailed.At("icao.draw", err)
	}
	return b, nil
}
