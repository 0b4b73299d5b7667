package cable

import (
	"context"
	"errors"
	"time"
)

// Field is an encoder in which cards come to stand and leave again.
type Field interface {
	Chip
	// Stay tells whether a card stands there, and which stay this is.
	Stay() (n int, there bool)
}

// Absence is how long a reader stays empty between two cards. pcscd looks every 400 ms; a card that comes before
// it has seen the last one go may never be noticed.
const Absence = 500 * time.Millisecond

// errLeft is the answer of a card that does not stand in its field any more.
var errLeft = errors.New("cable: the card has left")

// Lay is Insert, once the slot has been empty for long enough.
func (s *Slot) Lay(ctx context.Context, c Chip) error {
	s.mu.Lock()
	gone := s.gone
	s.mu.Unlock()
	empty := time.NewTimer(time.Until(gone.Add(Absence)))
	defer empty.Stop()
	select {
	case <-empty.C:
		return s.Insert(c)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Follow lays what stands in a field into the slot, as the chip that as makes of it (nil: as it is), and takes out
// what has left, until the context ends. Changed is closed when something may have moved.
func (s *Slot) Follow(ctx context.Context, f Field, changed func() <-chan struct{}, as func(Chip) Chip) {
	inside := -1
	for {
		moved := changed()
		stay, there := f.Stay()
		if inside >= 0 && (!there || stay != inside) {
			s.Remove()
			inside = -1
		}
		if there && inside < 0 {
			var c Chip = &visitor{f, stay}
			if as != nil {
				c = as(c)
			}
			if s.Lay(ctx, c) != nil {
				return
			}
			inside = stay
			continue // it may have left while the reader had to stay empty
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return
		}
	}
}

// visitor is a card for as long as it stands where it was found.
type visitor struct {
	Field
	stay int
}

func (v *visitor) here() error {
	if n, there := v.Stay(); !there || n != v.stay {
		return errLeft
	}
	return nil
}

func (v *visitor) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if err := v.here(); err != nil {
		return nil, err
	}
	return v.Field.Transmit(ctx, capdu)
}

func (v *visitor) Reset(ctx context.Context) ([]byte, error) {
	if err := v.here(); err != nil {
		return nil, err
	}
	atr, err := v.Field.Reset(ctx)
	if gone := v.here(); gone != nil {
		return nil, gone
	}
	return atr, err
}
