package personalize

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/printer"
)

const (
	outputTray = printer.TrayOutput
	rejectTray = printer.TrayReject
	noCard     = printer.PositionNone
)

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// position looks where the card is; not known where a person carries it and on any error.
func (l *Line) position(ctx context.Context) printer.Known[printer.Position] {
	return l.cards.sensor(ctx)
}

func (l *Line) whereabouts(ctx context.Context) string {
	if pos := l.position(ctx); pos.Known && pos.Value == noCard {
		return whereMissing
	}
	return wherePath
}

// atReader brings a card that was printed back to the encoder.
func (l *Line) atReader(ctx context.Context, j *job) *trouble {
	switch {
	case l.inTray(j.state):
		return unknown(CardTaken.Code, whereOutput, nil)
	case !j.atPrinter:
		return nil
	case l.cannotReturn():
		return unknown(CardTaken.Code, l.whereabouts(ctx), nil)
	}
	t := l.bring(ctx, j)
	if t == nil {
		j.atPrinter = false
	}
	return t
}

// bring moves the card inside to the encoder. It looks first: the same command feeds a blank
// when there is nothing inside.
func (l *Line) bring(ctx context.Context, j *job) *trouble {
	for {
		if pos := l.position(ctx); pos.Known && pos.Value == noCard {
			return unknown(CardTaken.Code, whereMissing, nil)
		}
		err := l.cards.toReader(ctx)
		if err == nil {
			return nil
		}
		switch {
		case stopped(ctx) != nil:
			return failed(codeOr(err, ChipFailed.Code), err)
		case l.byPerson(): // who should bring it says that it cannot be brought
			return unknown(CardTaken.Code, whereMissing, err)
		}
		if _, t := l.mend(ctx, j, err, forMove); t != nil {
			return t
		}
		if t := l.pause(ctx, err); t != nil {
			return t
		}
	}
}

// layOut puts the card inside into a tray, waiting for a person as long as it takes. False: it
// is no longer inside, and nothing proves that it reached the tray.
func (l *Line) layOut(ctx context.Context, tray printer.Tray) (bool, error) {
	for {
		if pos := l.position(ctx); pos.Known && pos.Value == noCard {
			return false, nil
		}
		err := l.cards.out(ctx, tray)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, printer.ErrNothingInside): // taken since, or a sensor that lies from now on
			return false, stopped(ctx)
		}
		if err := stopped(ctx); err != nil {
			return false, err
		}
		if l.byPerson() {
			return false, &errStop{err}
		}
		if _, t := l.mend(ctx, nil, err, forMove); t != nil {
			return false, &errStop{t}
		}
		if t := l.pause(ctx, err); t != nil {
			return false, &errStop{t}
		}
	}
}

// purges is how often a path that seems empty is run clear where the printer hinders it.
const purges = 3

// purge runs the path clear, though no card is seen inside, before one is told of as missing: a sensor
// may lie, and a card that was inside all the time comes out where it is looked for.
func (l *Line) purge(ctx context.Context) error {
	if l.byPerson() {
		return nil
	}
	for range purges {
		err := l.Path.Purge(ctx)
		if serr := stopped(ctx); serr != nil || err == nil || printer.ClassOf(err) == printer.ClassUnsupported {
			return serr
		}
		if _, t := l.mend(ctx, nil, err, forMove); t != nil {
			return &errStop{t}
		}
		if t := l.pause(ctx, err); t != nil {
			return &errStop{t}
		}
	}
	return nil
}

// setAside records a card that no attempt in work explains and lays it into the reject tray.
func (l *Line) setAside(ctx context.Context, p applet.Probe) {
	if err := l.Book.Found(ctx, l.session, p.UID, p.Attempt, string(rejectTray)); err != nil {
		l.Log.Error("found card not recorded", zap.Error(err))
		return
	}
	if _, err := l.layOut(ctx, rejectTray); err != nil {
		l.Log.Error("found card not set aside", zap.Error(err))
	}
}

// clearPath makes sure that nothing is inside before a feed: an unexpected card is never
// trusted and goes to the reject tray.
func (l *Line) clearPath(ctx context.Context) error {
	if l.Kind == jobs.Desktop {
		return nil
	}
	for {
		switch inside, err := l.reach(ctx); {
		case err != nil:
			return err
		case !inside:
			return nil
		}
		p, err := l.probe(ctx)
		if readerAway(err) {
			return &errStop{err}
		}
		if err != nil {
			p = applet.Probe{}
		}
		if err := stopped(ctx); err != nil {
			return err
		}
		if err := l.Book.Found(ctx, l.session, p.UID, p.Attempt, string(rejectTray)); err != nil {
			return &errStop{err}
		}
		if _, err := l.layOut(ctx, rejectTray); err != nil {
			return err
		}
	}
}

// reach brings a card that the sensor sees to the encoder; false: it sees none. A card that does
// not move may be none at all: a sensor that lies must not put a card into the books, so a person
// is waited for. Nothing is moved while the sensor tells nothing, since the same movement feeds.
func (l *Line) reach(ctx context.Context) (inside bool, err error) {
	for {
		pos := l.position(ctx)
		if err := stopped(ctx); err != nil {
			return false, err
		}
		cause := error(printer.Fault(printer.ClassCardPosition).At("personalize.reach", nil))
		if pos.Known {
			if pos.Value == noCard {
				return false, nil
			}
			if cause = l.cards.toReader(ctx); cause == nil {
				return true, nil
			}
			if err := stopped(ctx); err != nil {
				return false, err
			}
		}
		if _, t := l.mend(ctx, nil, cause, forMove); t != nil {
			return false, &errStop{t}
		}
		if t := l.pause(ctx, cause); t != nil {
			return false, &errStop{t}
		}
	}
}

// reject lays a card into the reject tray: spoiled before activation, revoked after a block.
func (l *Line) reject(ctx context.Context, j *job, to jobs.State, cause fault.Code) error {
	if err := l.Book.Intend(ctx, j.order, jobs.Reject, jobs.Evidence{Chip: j.chip, At: l.Clock.Now()}); err != nil {
		return &errStop{err}
	}
	out := jobs.Outcome{Result: jobs.Done, Cause: string(cause), Tray: string(rejectTray)}
	if to == jobs.Spoiled && j.chip != "" && !j.atPrinter && !j.strange && l.lies(ctx, j) {
		if err := l.encoder.Terminate(ctx); err != nil {
			out.Details = map[string]string{"chip": "not terminated: " + string(codeOr(err, ChipFailed.Code))}
		}
	}
	done, err := l.layAway(ctx, rejectTray, j.chip)
	if err != nil {
		return err
	}
	if !done {
		if err := l.purge(ctx); err != nil {
			return err
		}
		out.Result, out.Where, out.Tray = jobs.Unknown, whereMissing, ""
	}
	return l.settle(ctx, j, jobs.Reject, out)
}

// lies reports whether the card at the encoder is the one in work: no other is ever terminated.
func (l *Line) lies(ctx context.Context, j *job) bool {
	p, err := l.encoder.Probe(ctx)
	return err == nil && p.UID == j.chip && (p.Attempt.IsZero() || p.Attempt == j.order.Attempt)
}

// other is trouble when the card at the encoder proves that it is not the one in work: no other is
// ever blocked. One that does not answer proves nothing.
func (l *Line) other(ctx context.Context, j *job) *trouble {
	p, err := l.twice(ctx)
	if err != nil || p.Attempt == j.order.Attempt {
		return nil
	}
	return l.another(ctx, p)
}

// block makes an active chip worthless for readers, then lays the card aside. A chip that
// cannot be proved blocked leaves the attempt in doubt, with the card in the reject tray.
func (l *Line) block(ctx context.Context, j *job, cause fault.Code) error {
	if err := l.Book.Intend(ctx, j.order, jobs.Block, jobs.Evidence{Chip: j.chip, At: l.Clock.Now()}); err != nil {
		return &errStop{err}
	}
	t := l.atReader(ctx, j)
	if t == nil {
		t = l.other(ctx, j)
	}
	var err error
	if t == nil {
		err = l.blocked(ctx, j)
	}
	if serr := stopped(ctx); serr != nil {
		return serr
	}
	switch {
	case ofStation(fault.CodeOf(err)) || readerAway(err):
		return &errStop{err}
	case t != nil:
		return l.doubt(ctx, j, jobs.Block, jobs.Outcome{Result: jobs.Unknown, Cause: string(t.cause), Where: t.where, Match: t.match})
	case err != nil:
		out := jobs.Outcome{Result: jobs.Unknown, Cause: string(codeOr(err, ChipFailed.Code)), Where: l.whereabouts(ctx)}
		return l.doubt(ctx, j, jobs.Block, out)
	}
	if err := l.settle(ctx, j, jobs.Block, jobs.Outcome{Result: jobs.Done, Cause: string(cause)}); err != nil {
		return err
	}
	j.state = jobs.Blocked
	return l.reject(ctx, j, jobs.Revoked, cause)
}
