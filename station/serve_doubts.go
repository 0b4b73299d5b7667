package station

import (
	"context"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	device "blanko/printer"
	"blanko/registry"
)

// doubts has the chip of every card in doubt that is brought say what was done to it. A desk asks for each of its
// own before its line takes an order and again before each further card: one that is not found stays in doubt until
// somebody has it, the station starts again, or two persons decide. A line with a path goes on with its work: it
// reads what a person has laid on the reader of the desk, and waits for nobody.
func (r *lineRunner) doubts(ctx context.Context) error {
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
		id, question, err := r.nextDoubt(ctx)
		if err != nil || id.IsZero() {
			return err
		}
		if question == 0 {
			q, err := r.askAbout(ctx, id, registry.CardToReader)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil || !q.Good:
				r.gone[id] = true
				continue
			}
			question = q.N
		}
		r.brought[id] = question
		err = r.read(ctx, id)
		code := fault.CodeOf(err)
		r.svc.Log.Info("card presented", zap.String("line", string(r.config.ID)), zap.Stringer("attempt", id), zap.String("code", string(code)), zap.Error(err))
		switch {
		case err == nil || code == personalize.CardAnswersNothing.Code:
		case code == "" || ctx.Err() != nil:
			return err
		case r.config.Kind != jobs.Desktop: // who brought it is told, and asked again
			r.station.observe(ctx, r.config.ID, "running", string(code))
			if err := r.station.Registry.AskAgain(ctx, id); err != nil {
				return err
			}
		}
	}
}

// read settles the doubt that the card on the reader answers; id is the one that it was brought for.
func (r *lineRunner) read(ctx context.Context, id ktp.AttemptID) error {
	present := func(from applet.Transport) error {
		_, err := r.line.Present(ctx, from, func(ctx context.Context, card ktp.AttemptID, tray device.Tray) error {
			if card.IsZero() { // none of them: it is put aside by who brought it for this one
				card = id
			}
			return r.putDown(ctx, card, tray)
		})
		return err
	}
	if r.config.Kind == jobs.Desktop {
		return present(r.line.Reader)
	}
	return r.devices.AtDesk(ctx, present)
}

// nextDoubt is a doubt whose card lies on the reader, with the question that was answered so; else, of a desk, the
// oldest whose card is not said to be gone. Zero: there is none.
func (r *lineRunner) nextDoubt(ctx context.Context) (id ktp.AttemptID, question int, err error) {
	there, err := r.station.Registry.Presented(ctx, r.config.ID)
	if err != nil {
		return id, 0, err
	}
	for id, n := range there {
		if r.brought[id] < n {
			return id, n, nil
		}
	}
	if r.config.Kind != jobs.Desktop {
		return id, 0, nil
	}
	list, err := r.line.Doubts(ctx)
	for _, e := range list {
		if err == nil && !r.gone[e.Order.Attempt] {
			return e.Order.Attempt, 0, nil
		}
	}
	return id, 0, err
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
