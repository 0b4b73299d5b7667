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
	err := step()
	for range regains {
		if !fault.Is(err, applet.CardReset) || !l.stillOurs(ctx, j) {
			return err
		}
		l.Log.Warn("the chip was reset in the middle of a step, which is done again", zap.Stringer("attempt", j.order.Attempt), zap.Error(err))
		if err = l.encoder.Claim(ctx, j.order.Attempt); err == nil { // in a channel of its own, where the chip lost one
			err = step()
		}
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
