//go:build cgo || windows

package pcsc

import (
	"errors"

	"github.com/ebfe/scard"
)

// establish makes a context. While the service's socket listens and nobody serves it, it blocks.
func establish() (session, error) {
	ctx, err := scard.EstablishContext()
	if err != nil {
		return nil, statusOf(err)
	}
	return winscardSession{ctx}, nil
}

// available: this build reaches the service.
const available = true

type winscardSession struct{ ctx *scard.Context }

func (s winscardSession) list() ([]string, error) {
	names, err := s.ctx.ListReaders()
	if statusOf(err) == noReaders {
		return nil, nil
	}
	return names, failure(err)
}

func (s winscardSession) states(states []readerState) error {
	list := make([]scard.ReaderState, len(states))
	for i, st := range states {
		list[i].Reader = st.name
	}
	if err := s.ctx.GetStatusChange(list, 0); err != nil {
		return statusOf(err)
	}
	for i := range list {
		states[i].now, states[i].atr = stateFlag(list[i].EventState), list[i].Atr
	}
	return nil
}

func (s winscardSession) connect(reader string, mode shareMode) (handle, error) {
	share, protocol := scard.ShareExclusive, scard.ProtocolT1 // a contactless card is always shown as T=1 (PC/SC part 3, 3.1.3.2.3)
	if mode == direct {
		share, protocol = scard.ShareDirect, scard.ProtocolUndefined
	}
	card, err := s.ctx.Connect(reader, share, protocol)
	if err != nil {
		return nil, statusOf(err)
	}
	return winscardHandle{card}, nil
}

func (s winscardSession) release() error { return failure(s.ctx.Release()) }

type winscardHandle struct{ card *scard.Card }

func (h winscardHandle) begin() error { return failure(h.card.BeginTransaction()) }

// transmit copies the answer: scard's own is a piece of 64 KiB that it makes for every command.
func (h winscardHandle) transmit(capdu []byte) ([]byte, error) {
	if !h.speaks() {
		return nil, cardRemoved
	}
	rapdu, err := h.card.Transmit(capdu)
	if err != nil {
		return nil, statusOf(err)
	}
	return append(make([]byte, 0, len(rapdu)), rapdu...), nil
}

func (h winscardHandle) reconnect(what disposition) error {
	err := failure(h.card.Reconnect(scard.ShareExclusive, scard.ProtocolT1, scard.Disposition(what)))
	if err == nil && !h.speaks() {
		return cardRemoved
	}
	return err
}

// speaks reports whether a protocol was agreed with the card. With one that left while it was powered pcscd agrees on
// none and reports no error; scard panics where a command is sent to it all the same.
func (h winscardHandle) speaks() bool {
	p := h.card.ActiveProtocol()
	return p == scard.ProtocolT0 || p == scard.ProtocolT1
}

func (h winscardHandle) status() (present bool, atr []byte, err error) {
	st, err := h.card.Status()
	if err != nil {
		return false, nil, statusOf(err)
	}
	return st.State&scard.Present != 0, st.Atr, nil
}

func (h winscardHandle) attribute(id uint32) ([]byte, error) {
	b, err := h.card.GetAttrib(scard.Attrib(id))
	return b, failure(err)
}

func (h winscardHandle) control(code uint32) ([]byte, error) {
	b, err := h.card.Control(code, nil)
	return b, failure(err)
}

func (h winscardHandle) disconnect(what disposition) error {
	return failure(h.card.Disconnect(scard.Disposition(what)))
}

// failure is err as a status, and nil where there is none.
func failure(err error) error {
	if err == nil {
		return nil
	}
	return statusOf(err)
}

func statusOf(err error) status {
	if err == nil {
		return 0
	}
	if code, ok := errors.AsType[scard.Error](err); ok {
		return status(code)
	}
	return internalError
}
