package store

import (
	"context"
	"slices"
	"time"
)

// Pulse is how a database server answers a station.
type Pulse struct {
	// Commit is how long a durable write takes, way and flush included; the median of a few.
	Commit time.Duration
	// Ahead is how far the server's clock is before that of this machine, negative behind it, to within
	// the time of an answer.
	Ahead time.Duration
}

// beats is how many writes a pulse is taken from.
const beats = 9

// Pulse measures the server with writes that leave nothing but a mark in its log. The zero Pulse for
// SQLite, which has no server.
func (s *Store) Pulse(ctx context.Context) (p Pulse, err error) {
	mark := s.dialect.mark()
	if mark == "" {
		return p, nil
	}
	var took []time.Duration
	for range beats {
		began := time.Now()
		if err := s.run(ctx, s.write, s.dialect.writing(), func(tx *Tx) error {
			at, err := s.dialect.now(ctx, tx.tx)
			if err != nil {
				return tx.refused("store.Pulse", err)
			}
			p.Ahead = time.Until(at).Round(time.Millisecond)
			_, err = tx.Exec(mark)
			return err
		}); err != nil {
			return Pulse{}, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	p.Commit = took[beats/2]
	return p, nil
}
