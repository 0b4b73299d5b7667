package station

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"blanko/jobs"
)

// alive tells the ledger again and again that the station of a line is there, until it is ended: a line of which nothing is
// heard any more is shown as such, whatever it reported last. A device that hangs ends by its own time limit, and shows as a fault.
func (s *Station) alive(ctx context.Context, id jobs.LineID) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		beat := time.NewTicker(s.beat)
		defer beat.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
			}
			s.beatOnce(ctx, id)
		}
	}()
	return func() {
		stop()
		<-ended
	}
}

// beatOnce tells the ledger of a line that its station is there, while the line stands at it.
func (s *Station) beatOnce(ctx context.Context, id jobs.LineID) {
	if err := s.Registry.Beat(ctx, id, s.Name); err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Warn("line not said to be there", zap.String("line", string(id)), zap.Error(err))
	}
}
