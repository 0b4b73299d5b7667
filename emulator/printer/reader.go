package printer

import (
	"context"
	"fmt"

	"blanko/emulator/chip"
)

// Reader is the encoder at the contactless station: an independent reader that shares only
// the cable with the printer. It reaches a chip only while the card stands there. One caller.
type Reader struct {
	m      *Machine
	visit  int // the stay of the card that was powered last
	closed bool
}

// Reader opens the encoder. The card has no power until Reset.
func (m *Machine) Reader() *Reader { return &Reader{m: m, visit: -1} }

// card is the card in the field, and which stay this is.
func (r *Reader) card() (*Plastic, int, error) {
	if r.closed {
		return nil, 0, ErrReaderClosed
	}
	m := r.m
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.powered:
		return nil, 0, fmt.Errorf("%w: %w", ErrNoCard, ErrPowerOff)
	case m.unplugged:
		return nil, 0, fmt.Errorf("%w: %w", ErrNoCard, ErrUnplugged)
	case len(m.path) != 1 || m.station != StationContactless || m.jam, m.model.Engages && !m.engaged:
		return nil, 0, ErrNoCard
	}
	return m.path[0], m.visit, nil
}

// Stay tells whether a card stands in the field, and which stay this is: the number is another one
// when it has left or lost its power meanwhile, and for every other card. Machine.Changed tells when
// to ask again.
func (r *Reader) Stay() (n int, there bool) {
	_, n, err := r.card()
	return n, err == nil
}

// Reset switches the field off and on and returns the ATR. ErrNoCard with no card at the
// station, chip.ErrMute when the card has no chip.
func (r *Reader) Reset(ctx context.Context) ([]byte, error) {
	p, visit, err := r.card()
	if err != nil {
		return nil, err
	}
	c := p.InField()
	if c == nil {
		return nil, chip.ErrMute
	}
	atr, err := c.Reset(ctx)
	if err != nil {
		return nil, err
	}
	if _, now, err := r.card(); err != nil || now != visit {
		return nil, ErrNoCard
	}
	r.visit = visit
	return atr, nil
}

// Transmit carries one APDU. ErrNoCard when the card left, also in the middle; ErrCardReset
// when it stands there again but has lost its power since the last Reset.
func (r *Reader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	p, visit, err := r.card()
	if err != nil {
		return nil, err
	}
	c := p.InField()
	if c == nil {
		return nil, chip.ErrMute
	}
	if visit != r.visit {
		return nil, ErrCardReset
	}
	rapdu, err := c.Transmit(ctx, capdu)
	if _, now, gone := r.card(); gone != nil || now != visit {
		return nil, ErrNoCard
	}
	return rapdu, err
}

// PowerOff takes the field away from the card that was reset last, if it still stands there.
func (r *Reader) PowerOff() {
	if p, visit, err := r.card(); err == nil && visit == r.visit && p.Chip != nil {
		p.Chip.PowerOff()
	}
}

// Close gives the reader back; the card loses its power.
func (r *Reader) Close() error {
	r.PowerOff()
	r.closed = true
	return nil
}
