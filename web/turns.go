package web

import (
	"context"
	"runtime"
	"time"
)

// turns bounds how much of one kind of work is done at the same time: as much as it holds.
type turns chan struct{}

// longestTurn is how long a turn is waited for: less than an answer may take with what is done in it.
const longestTurn = 20 * time.Second

// take waits for a turn, to be given back; the error is that of the context, or that it took too long.
func (t turns) take(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, longestTurn)
	defer stop()
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turns) give() { <-t }

// drawing is the work on pictures from outside, which may take half of the processors and never all: the lines
// of the station run beside it.
var drawing = make(turns, max(1, runtime.GOMAXPROCS(0)/2))

// Turn waits until a picture from outside may be worked on, which ends with done; web.too_many where that takes too long.
func Turn(ctx context.Context, field string) (done func(), err error) {
	if err := drawing.take(ctx); err != nil {
		return nil, TooMany.At("web.Turn", err).With(field, "other pictures are being read")
	}
	return drawing.give, nil
}

// proving is the work on passwords from outside, each of which takes 19 MiB: who sends many at once takes neither
// the memory nor all processors of the station.
var proving = make(turns, max(1, runtime.GOMAXPROCS(0)/2))

// Proof waits until a password may be held against a hash, which ends with done; web.too_many where that takes too long.
func Proof(ctx context.Context) (done func(), err error) {
	if err := proving.take(ctx); err != nil {
		return nil, TooMany.At("web.Proof", err).With("sign-in", "others are signing in")
	}
	return proving.give, nil
}
