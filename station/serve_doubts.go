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
// somebody has it, the station starts again, or two persons decide. A line with a path goes on with its work until
// a person has laid the card on the reader of the desk: while that person looks at its face and puts it down, it waits.
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
		err = r.read(ctx, id)
		code := fault.CodeOf(err)
		if code == personalize.LineUnrecovered.Code || code == DeskTaken.Code { // it lies there still
			r.later = code == DeskTaken.Code
			return nil
		}
		r.brought[id] = question
		r.svc.Log.Info("card presented", zap.String("line", string(r.config.ID)), zap.Stringer("attempt", id), zap.String("code", string(code)), zap.Error(err))
		if err != nil && code == "" || ctx.Err() != nil {
			return err
		}
		if err := r.station.Registry.AskAgain(ctx, id, code); err != nil { // nothing where the doubt is over
			return err
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
// oldest whose card is not said to be gone. Zero: there is none. What a desk left unsettled is in doubt from now on.
func (r *lineRunner) nextDoubt(ctx context.Context) (id ktp.AttemptID, question int, err error) {
	var list []jobs.Entry
	if r.config.Kind == jobs.Desktop {
		if list, err = r.line.Doubts(ctx); err != nil {
			return id, 0, err
		}
	}
	there, err := r.station.Registry.Presented(ctx, r.config.ID)
	if err != nil {
		return id, 0, err
	}
	for id, n := range there {
		if r.brought[id] < n {
			return id, n, nil
		}
	}
	for _, e := range list {
		if !r.gone[e.Order.Attempt] {
			return e.Order.Attempt, 0, nil
		}
	}
	return id, 0, nil
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
	return r.insist(ctx, func() (registry.Question, error) {
		return r.station.Registry.AskAbout(ctx, id, registry.AskHandOff, what)
	})
}
