package personalize

import (
	"context"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
)

// regains is how often a step goes on with a chip that was reset by somebody else in its middle.
const regains = 2

// regained does a step on the chip, and again where somebody else reset the chip in its middle (the reader's
// driver, another program): the card did not move, and it says itself how far it is. What claims, writes and reads
// back may be repeated (card profile KTPEL-OP 1, section 8.5). A chip that names another attempt, or that is
// neither untouched nor in work, is left as it is; so is one that was reset too often.
func (l *Line) regained(ctx context.Context, j *job, step func() error) error {
	return l.afterReset(j, step(), func() bool { return l.stillOurs(ctx, j) }, func() error {
		if err := l.encoder.Claim(ctx, j.order.Attempt); err != nil { // in a channel of its own, where the chip lost one
			return err
		}
		return step()
	})
}

// blocked blocks the chip, and goes on where somebody else reset it in the middle: the card did not move, and it says
// itself whether it is blocked already. One that names another attempt is left as it is.
func (l *Line) blocked(ctx context.Context, j *job) error {
	block := func() error { return l.encoder.Block(ctx) }
	return l.afterReset(j, block(), func() bool {
		p, err := l.twice(ctx)
		return err == nil && p.UID == j.chip && p.Attempt == j.order.Attempt
	}, block)
}

// afterReset repeats what ended with a reset of the chip, as long as the card is the one in work.
func (l *Line) afterReset(j *job, err error, ours func() bool, repeat func() error) error {
	for range regains {
		if !fault.Is(err, applet.CardReset) || !ours() {
			return err
		}
		l.Log.Warn("the chip was reset in the middle of a step, which is done again", zap.Stringer("attempt", j.order.Attempt), zap.Error(err))
		err = repeat()
	}
	return err
}

// stillOurs reports whether the card at the encoder is the one in work and may be claimed and written by it.
func (l *Line) stillOurs(ctx context.Context, j *job) bool {
	p, err := l.encoder.Probe(ctx)
	if err != nil || p.UID != j.chip {
		return false
	}
	switch p.State {
	case applet.Blank: // the claim had not reached it
		return j.state == jobs.Fed && p.Attempt.IsZero()
	case applet.Claimed, applet.Written:
		return p.Attempt == j.order.Attempt
	}
	return false
}
