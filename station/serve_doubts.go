package station

import (
	"context"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	device "blanko/printer"
	"blanko/registry"
)

// doubts has a person bring every card of a desk that is in doubt, before its line takes an order and
// again before each further card: the chip says what was done to it. A card that is not found stays in
// doubt until the station starts again, or two persons decide. A line with a path has no reader for cards that are outside.
func (r *lineRunner) doubts(ctx context.Context) error {
	if r.config.Kind != jobs.Desktop {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-r.drain: // the question stays, for who starts the line next
			stop()
		case <-ctx.Done():
		}
	}()
	for {
		e, found, err := r.nextDoubt(ctx)
		if err != nil || !found {
			return err
		}
		id := e.Order.Attempt
		q, err := r.askAbout(ctx, id, registry.CardToReader)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil || !q.Good:
			r.gone[id] = true
			continue
		}
		answered, err := r.line.Present(ctx, r.line.Reader, func(ctx context.Context, card ktp.AttemptID, tray device.Tray) error {
			if card.IsZero() { // none of them: it is put aside by who brought it for this one
				card = id
			}
			return r.putDown(ctx, card, tray)
		})
		r.svc.Log.Info("card presented", zap.String("line", string(r.config.ID)), zap.Stringer("attempt", answered.Order.Attempt),
			zap.String("code", string(fault.CodeOf(err))), zap.Error(err))
		if err != nil && fault.CodeOf(err) == "" || ctx.Err() != nil {
			return err
		}
	}
}

// nextDoubt is the oldest doubt of the line whose card is not said to be gone.
func (r *lineRunner) nextDoubt(ctx context.Context) (jobs.Entry, bool, error) {
	list, err := r.line.Doubts(ctx)
	for _, e := range list {
		if err == nil && !r.gone[e.Order.Attempt] {
			return e, true, nil
		}
	}
	return jobs.Entry{}, false, err
}

func (r *lineRunner) putDown(ctx context.Context, card ktp.AttemptID, tray device.Tray) error {
	what := registry.CardToReject
	if tray == device.TrayOutput {
		what = registry.CardToOutput
	}
	q, err := r.askAbout(ctx, card, what)
	if err == nil && !q.Good {
		err = HandOffFailed.At("station.putDown", nil).With("cause", "%s", q.Cause)
	}
	return err
}

func (r *lineRunner) askAbout(ctx context.Context, id ktp.AttemptID, what registry.HandOff) (registry.Question, error) {
	return r.insist(ctx, func() (registry.Question, error) { return r.station.Registry.AskAbout(ctx, id, what) })
}
