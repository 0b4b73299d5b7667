package personalize

import (
	"context"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/printer"
)

// recover goes on from what is on disk and what the card says. A card inside is asked whose it
// is; attempts without a card are judged by the evidence stored with their newest intent.
func (l *Line) recover(ctx context.Context) error {
	entries, err := l.takeOver(ctx)
	if err != nil {
		return &errStop{err}
	}
	if l.Kind == jobs.Desktop {
		return l.doubtAll(ctx, entries)
	}
	st, t := l.mend(ctx, nil, nil, forMove)
	if t != nil {
		return &errStop{t}
	}
	if !st.Card.Known || st.Card.Value != printer.PositionNone {
		if entries, err = l.askInside(ctx, entries, st); err != nil {
			return err
		}
		if st, t = l.ready(ctx, forMove); t != nil {
			return &errStop{t}
		}
	}
	for _, e := range entries {
		if err := l.judge(ctx, e, st); err != nil {
			return err
		}
	}
	return nil
}

// takeOver begins a session of the line, unless another program has begun one since this line's last. After any
// other error it has none: the book may have begun one or not, and the line must not take that for another program's.
func (l *Line) takeOver(ctx context.Context) ([]jobs.Entry, error) {
	session, entries, err := l.Book.Unsettled(ctx, l.ID, l.session)
	switch {
	case err == nil:
		l.session = session
	case !fault.Is(err, jobs.TakenOver):
		l.session = jobs.Session{}
	}
	return entries, err
}

// askInside finds the attempt of the card inside and goes on with it; the entries that are left
// have no card inside.
func (l *Line) askInside(ctx context.Context, entries []jobs.Entry, before printer.Status) ([]jobs.Entry, error) {
	if inside, err := l.reach(ctx); err != nil || !inside {
		return entries, err
	}
	p, err := l.probe(ctx)
	if serr := stopped(ctx); serr != nil {
		return nil, serr
	}
	if readerAway(err) {
		return nil, &errStop{err}
	}
	now, t := l.ready(ctx, forMove)
	if t != nil {
		return nil, &errStop{t}
	}
	if now.Card.Known && now.Card.Value == printer.PositionNone {
		return entries, nil // the sensor had been wrong, or somebody took it
	}
	if moved(before, now) { // the sensor had been wrong: this is a fresh blank
		l.setAside(ctx, p)
		return entries, stopped(ctx)
	}
	if err != nil {
		p = applet.Probe{}
	}
	i := owner(entries, p, err == nil)
	if i < 0 {
		l.setAside(ctx, p)
		return entries, stopped(ctx)
	}
	e := entries[i]
	rest := append(append([]jobs.Entry(nil), entries[:i]...), entries[i+1:]...)
	l.Log.Info("recovering card inside", zap.Stringer("attempt", e.Order.Attempt), zap.String("state", string(e.State)),
		zap.String("chip", string(p.State)))
	if err != nil {
		return rest, l.muteInside(ctx, e)
	}
	return rest, l.resume(ctx, e, p)
}

// moved reports whether the feed counter rose between two readings.
func moved(before, after printer.Status) bool {
	a, b := before.Counters.Cards, after.Counters.Cards
	return a.Known && b.Known && b.Value > a.Value
}

// owner is the index of the attempt that the card inside belongs to, or -1. The attempt id on
// the chip decides; an untouched or mute chip can only belong to the one attempt that was at work.
func owner(entries []jobs.Entry, p applet.Probe, answered bool) int {
	if answered && !p.Attempt.IsZero() {
		for i, e := range entries {
			if e.Order.Attempt == p.Attempt {
				return i
			}
		}
		return -1
	}
	if answered && p.State == applet.Terminated {
		for i, e := range entries {
			if e.Chip != "" && e.Chip == p.UID {
				return i
			}
		}
		return -1
	}
	at := -1
	for i, e := range entries {
		if e.State == jobs.InDoubt {
			continue
		}
		if answered && e.State != jobs.Open && e.State != jobs.Fed { // an untouched chip: no claim yet
			continue
		}
		if answered && e.Chip != "" && e.Chip != p.UID {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = i
	}
	return at
}

// muteInside takes a card whose chip does not answer out of the path.
func (l *Line) muteInside(ctx context.Context, e jobs.Entry) error {
	j := jobOf(e)
	if e.State == jobs.Open {
		if err := l.settle(ctx, j, jobs.Feed, jobs.Outcome{Result: jobs.Done}); err != nil {
			return err
		}
		j.state = jobs.Fed
	}
	if jobs.IsActive(l.Kind, j.state) || e.Step == jobs.Activate {
		return l.doubt(ctx, j, e.Step, jobs.Outcome{Result: jobs.Unknown, Cause: string(ChipFailed.Code), Where: wherePath})
	}
	j.atPrinter = true // no word to the chip
	return l.reject(ctx, j, jobs.Spoiled, ChipFailed.Code)
}

func jobOf(e jobs.Entry) *job {
	return &job{order: e.Order, state: e.State, hashes: e.Hashes, chip: e.Chip, met: true, strange: e.Outcome.Cause == string(applet.AuthFailed.Code)}
}

// resume goes on with the card inside, whose chip says what has been done to it.
func (l *Line) resume(ctx context.Context, e jobs.Entry, p applet.Probe) error {
	j := jobOf(e)
	j.chip = p.UID
	if e.State == jobs.InDoubt {
		return l.present(ctx, e, p)
	}
	if e.State == jobs.Open {
		if err := l.settle(ctx, j, jobs.Feed, jobs.Outcome{Result: jobs.Done}); err != nil {
			return err
		}
		j.state = jobs.Fed
	}
	switch p.State {
	case applet.Blank:
		if j.state != jobs.Fed {
			return l.fail(ctx, j, e.Step, failed(ForeignCard.Code, nil))
		}
		return l.again(ctx, j, jobs.Claim)
	case applet.Claimed:
		switch j.state {
		case jobs.Fed:
			return l.again(ctx, j, jobs.Claim)
		case jobs.Claimed, jobs.Written:
			j.state = jobs.Claimed
			return l.again(ctx, j, jobs.Write)
		}
		return l.fail(ctx, j, e.Step, failed(TornWrite.Code, nil))
	case applet.Written:
		return l.resumeWritten(ctx, j, e)
	case applet.Active:
		return l.resumeActive(ctx, j, e)
	case applet.Blocked:
		if j.state != jobs.Blocked {
			if err := l.settle(ctx, j, jobs.Block, jobs.Outcome{Result: jobs.Done, Cause: e.Outcome.Cause}); err != nil {
				return err
			}
			j.state = jobs.Blocked
		}
		return l.reject(ctx, j, jobs.Revoked, RecoveredCard.Code)
	default: // terminated
		j.atPrinter = true
		return l.reject(ctx, j, jobs.Spoiled, RecoveredCard.Code)
	}
}

func (l *Line) resumeWritten(ctx context.Context, j *job, e jobs.Entry) error {
	interrupted := failed(PrintInterrupted.Code, nil)
	switch {
	case j.state == jobs.Claimed || j.state == jobs.Written:
		j.state = jobs.Written
		return l.again(ctx, j, jobs.ReadBack)
	case e.Step == jobs.Reject:
		return l.reject(ctx, j, jobs.Spoiled, RecoveredCard.Code)
	case e.Step == jobs.Print && e.Phase == jobs.Intent:
		if err := l.prepareFace(j); err != nil {
			return l.fail(ctx, j, jobs.Print, failed(codeOr(err, PrintInterrupted.Code), err))
		}
		st, t := l.ready(ctx, forMove)
		if t != nil {
			return &errStop{t}
		}
		if refed(e.Evidence, st.Counters) || !printed(e.Evidence, st.Counters, j.face.Panels) {
			return l.fail(ctx, j, jobs.Print, interrupted)
		}
		if err := l.settle(ctx, j, jobs.Print, jobs.Outcome{Result: jobs.Done}); err != nil {
			return err
		}
		j.state = jobs.Printed
		return l.make(ctx, j, l.from(jobs.Print)+1)
	case j.state == jobs.Compared && l.from(jobs.Print) < l.from(jobs.Activate):
		return l.again(ctx, j, jobs.Print)
	case j.state == jobs.Compared:
		return l.make(ctx, j, l.from(jobs.Activate))
	case j.state == jobs.Printed || j.state == jobs.Accepted:
		return l.again(ctx, j, jobs.Stages(l.Kind)[l.after(j.state)])
	}
	return l.fail(ctx, j, e.Step, failed(RecoveredCard.Code, nil))
}

// resumeActive moves the register forward to what the card says, never back.
func (l *Line) resumeActive(ctx context.Context, j *job, e jobs.Entry) error {
	if !jobs.IsActive(l.Kind, j.state) {
		if err := l.settle(ctx, j, jobs.Activate, jobs.Outcome{Result: jobs.Done}); err != nil {
			return err
		}
		j.state = jobs.Activated
	}
	switch {
	case e.Withdrawn || e.Step == jobs.Block || e.Step == jobs.Reject:
		return l.block(ctx, j, RecoveredCard.Code)
	case e.Step == jobs.Print && j.state != jobs.Printed && l.from(jobs.Print) > l.from(jobs.Activate):
		st, t := l.ready(ctx, forMove)
		if t != nil {
			return &errStop{t}
		}
		if err := l.prepareFace(j); err != nil {
			return l.fail(ctx, j, jobs.Print, failed(codeOr(err, PrintInterrupted.Code), err))
		}
		if e.Phase == jobs.Intent {
			if refed(e.Evidence, st.Counters) || !printed(e.Evidence, st.Counters, j.face.Panels) {
				return l.fail(ctx, j, jobs.Print, failed(PrintInterrupted.Code, nil))
			}
			if err := l.settle(ctx, j, jobs.Print, jobs.Outcome{Result: jobs.Done}); err != nil {
				return err
			}
			j.state = jobs.Printed
			return l.make(ctx, j, l.from(jobs.Print)+1)
		}
		return l.make(ctx, j, l.from(jobs.Print))
	}
	if l.faceNeeded(j.state) {
		if err := l.prepareFace(j); err != nil {
			return l.fail(ctx, j, jobs.Recheck, failed(codeOr(err, RecoveredCard.Code), err))
		}
	}
	return l.make(ctx, j, l.after(j.state))
}

// after is the index of the stage that follows a state.
func (l *Line) after(s jobs.State) int {
	for i, step := range jobs.Stages(l.Kind) {
		if jobs.After(step) == s {
			return i + 1
		}
	}
	return 0
}

// faceNeeded reports whether a later stage prints or looks at the face.
func (l *Line) faceNeeded(s jobs.State) bool {
	at := l.after(s)
	return l.from(jobs.Print) >= at || l.from(jobs.Accept) >= at
}

// again prepares anew what the stages from step on need and makes them.
func (l *Line) again(ctx context.Context, j *job, step jobs.Step) error {
	var err error
	if l.from(step) <= l.from(jobs.Write) {
		var fresh *job
		if fresh, err = l.prepare(j.order); err == nil {
			j.plan, j.face = fresh.plan, fresh.face
		}
	} else if l.faceNeeded(j.state) {
		err = l.prepareFace(j)
	}
	if ofStation(fault.CodeOf(err)) {
		return &errStop{err}
	}
	if err != nil {
		return l.fail(ctx, j, step, failed(codeOr(err, PreparationFailed.Code), err))
	}
	return l.make(ctx, j, l.from(step))
}

// judge settles an attempt whose card is not inside.
func (l *Line) judge(ctx context.Context, e jobs.Entry, st printer.Status) error {
	if e.State == jobs.InDoubt {
		return nil // waits for its card
	}
	j := jobOf(e)
	if e.Step == jobs.Feed && e.State == jobs.Open && fed(e.Evidence, st) == fedNot {
		return l.settle(ctx, j, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: string(NotFed.Code)})
	}
	if l.inTray(e.State) {
		return l.again(ctx, j, jobs.Stages(l.Kind)[l.after(e.State)])
	}
	// A tray has no counter: a card that was on its way out may as well be in somebody's hand.
	out := jobs.Outcome{Result: jobs.Unknown, Cause: string(CardTaken.Code), Where: whereMissing}
	if e.Step == jobs.Eject && !e.Withdrawn && l.from(jobs.Eject) < l.from(jobs.Accept) {
		t, err := l.seenInTray(ctx, j)
		if err != nil || t == nil {
			return err
		}
		out.Match = t.match
	}
	if err := l.purge(ctx); err != nil {
		return err
	}
	return l.settle(ctx, j, e.Step, out)
}

// seenInTray has the face looked at where the next stage is a look at the tray: who sees the card there tells
// that the eject was done, whose answer was lost. The trouble is nil where the card was made.
func (l *Line) seenInTray(ctx context.Context, j *job) (*trouble, error) {
	if err := l.prepareFace(j); err != nil {
		return failed(codeOr(err, RecoveredCard.Code), err), nil
	}
	_, t := l.accept(ctx, j, jobs.Evidence{})
	if err := stopped(ctx); err != nil || t != nil {
		return t, err
	}
	if err := l.settle(ctx, j, jobs.Eject, jobs.Outcome{Result: jobs.Done, Tray: string(outputTray)}); err != nil {
		return nil, err
	}
	j.state, j.seen = jobs.Out, true
	return nil, l.make(ctx, j, l.from(jobs.Accept))
}

// doubtAll is the recovery of a desktop line: the card is in a person's hands, so only its
// presenting can tell.
func (l *Line) doubtAll(ctx context.Context, entries []jobs.Entry) error {
	for _, e := range entries {
		if e.State == jobs.InDoubt {
			continue
		}
		out := jobs.Outcome{Result: jobs.Unknown, Cause: string(LineStopped.Code), Where: whereMissing}
		if err := l.settle(ctx, jobOf(e), e.Step, out); err != nil {
			return err
		}
	}
	return nil
}
