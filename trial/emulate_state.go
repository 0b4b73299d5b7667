package trial

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"blanko/emulator/chip"
)

// CardState is one reader with its card.
type CardState struct {
	Reader   int      `json:"reader"` // as orders name it, from 1
	Name     string   `json:"name,omitempty"`
	Address  string   `json:"address"`
	Card     string   `json:"card"`      // what was put in: finished, blank, wrong-key, ...
	Life     string   `json:"life"`      // blank, claimed, written, active, blocked, terminated
	InReader bool     `json:"in_reader"` // it lies in the reader
	Seen     bool     `json:"seen"`      // and the reader's driver has found it there
	Problem  string   `json:"problem,omitempty"`
	Slow     float64  `json:"slow"`   // the factor of its working time
	Coming   []string `json:"coming"` // what its next commands will meet
	Commands int      `json:"commands"`
	Chip     string   `json:"chip"` // its number
	ATR      string   `json:"atr"`
	MRZ      []string `json:"mrz,omitempty"` // of a finished card
	CAN      string   `json:"can,omitempty"`
}

// States of all readers.
func (r *CardReaders) States() []CardState {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]CardState, 0, len(r.readers))
	for i, p := range r.readers {
		s := p.slot.State()
		v := p.card.chip.View()
		c := CardState{
			Reader: i + 1, Name: p.name, Address: p.address, Card: p.card.kind, Life: v.State, InReader: p.inside, Seen: s.Seen,
			Slow: p.card.slow, Coming: p.card.coming(v), Commands: v.APDUs, Chip: fmt.Sprintf("%X", v.KDD), ATR: fmt.Sprintf("%X", v.ATR),
			MRZ: p.card.mrz, CAN: p.card.can,
		}
		c.Problem = problem(s.Err, p.address)
		out = append(out, c)
	}
	return out
}

// problem says in words why a driver does not get at a card.
func problem(err error, address string) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ECONNREFUSED):
		return "no vpcd listens at " + address
	case errors.Is(err, chip.ErrMute):
		return "the card did not answer"
	case errors.Is(err, chip.ErrFieldLost):
		return "the card lost its power"
	}
	return err.Error()
}

// seenAfter is how long the states wait for a driver, which looks for cards every 400 ms.
const seenAfter = 2 * time.Second

// Settled waits until every card that lies in a reader was seen by its driver, or until it is clear
// that nobody looks.
func (r *CardReaders) Settled(ctx context.Context) []CardState {
	const step = 20 * time.Millisecond
	end := time.NewTimer(seenAfter)
	defer end.Stop()
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		states := r.States()
		if !waiting(states) {
			return states
		}
		select {
		case <-tick.C:
		case <-end.C:
			return states
		case <-ctx.Done():
			return states
		}
	}
}

func waiting(states []CardState) bool {
	for _, s := range states {
		if s.InReader && !s.Seen && s.Problem == "" {
			return true
		}
	}
	return false
}
