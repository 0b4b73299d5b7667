package station

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
)

// loop is one thing that the station does again and again beside its lines.
type loop struct {
	Name   string
	Period time.Duration // between the end of one turn and the next
	Alone  bool          // needs no center
	Do     func(*Station, context.Context) error
}

// loopPull is the loop that tells how the link is.
const loopPull = "pull"

// loopTable lists every loop. A turn that fails is tried again after the period.
var loopTable = []loop{
	{"keys", time.Hour, false, (*Station).refreshKeys},
	{loopPull, 200 * time.Millisecond, false, (*Station).pull}, // a pull waits at the center by itself
	{"refill", time.Second, false, (*Station).refill},
	{"report", 500 * time.Millisecond, false, (*Station).report},
	{"enrol", time.Second, false, (*Station).enrol},
	{"retention", time.Hour, true, (*Station).eraseDue},
	{"uncollected", time.Hour, true, (*Station).leaveDue},
	{"reconcile", time.Minute, false, (*Station).reconcile},
	{"moor", time.Minute, true, (*Station).moor},
	{"anchor", time.Minute, false, (*Station).tellAnchors},
	{"readings", 5 * time.Second, true, (*Station).tellReadings},
	{"power", 5 * time.Second, true, (*Station).askPower},
	{"data_key", time.Minute, true, (*Station).keepSealed},
	{"erase", time.Minute, true, (*Station).emptyLog},
}

// eraseDue removes the personal data whose time is over, and what nobody decided in time.
func (s *Station) eraseDue(ctx context.Context) error {
	_, err := s.Registry.EraseDue(ctx, Actor)
	return err
}

// leaveDue notes for which cards nobody came in time.
func (s *Station) leaveDue(ctx context.Context) error {
	_, err := s.Registry.LeaveDue(ctx, Actor)
	return err
}

// emptyLog lets erased fingers and pictures go out of the database's log, too.
func (s *Station) emptyLog(ctx context.Context) error { return s.Registry.EmptyLog(ctx) }

// afterFailure is the longest pause before a failed turn is tried again; afterStuck that of an inbox which
// waits for a person.
const (
	afterFailure = 5 * time.Second
	afterStuck   = time.Minute
)

func (s *Station) runLoop(ctx context.Context, l loop) {
	if s.Center == nil && !l.Alone {
		return
	}
	for {
		err := l.Do(s, ctx)
		if ctx.Err() != nil {
			return
		}
		if l.Name == loopPull {
			s.linkWorks(ctx, err)
			s.inboxWorks(ctx, err)
		}
		period := l.Period
		if err != nil {
			period = min(max(period, time.Second), afterFailure)
			if fault.Is(err, InboxStuck) {
				period = afterStuck
			}
			if !errors.Is(err, context.Canceled) {
				s.Log.Warn("loop", zap.String("loop", l.Name), zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(period):
		}
	}
}
