package personalize

import (
	"context"
	"slices"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
)

// trouble ends the straight way of a card: the step failed, its outcome is unknown, or the
// world changed under the card.
type trouble struct {
	result jobs.Result
	cause  fault.Code
	where  string // of the card, when the outcome is unknown
	match  jobs.Match
	score  int
	strays []ktp.ChipUID // what is inside instead of the card
	err    error
}

func (t *trouble) Unwrap() error { return t.err }

func (t *trouble) Error() string {
	if t.err != nil {
		return string(t.cause) + ": " + t.err.Error()
	}
	return string(t.cause)
}

func failed(cause fault.Code, err error) *trouble {
	return &trouble{result: jobs.Failed, cause: cause, err: err}
}

func unknown(cause fault.Code, where string, err error) *trouble {
	return &trouble{result: jobs.Unknown, cause: cause, where: where, err: err}
}

// Places of a card whose attempt is in doubt.
const (
	wherePath    = "path"
	whereReject  = "reject"
	whereOutput  = "output"
	whereMissing = "missing"
)

// stage is one step of a kind of line as the engine runs it. Before looks at the world and
// gives the evidence that goes with the intent; act does it.
type stage struct {
	intent bool
	before func(*Line, context.Context, *job) (jobs.Evidence, *trouble)
	act    func(*Line, context.Context, *job, jobs.Evidence) (jobs.Outcome, *trouble)
}

// stageOf is the engine's table. ReadBack and Recheck only look, so they have no intent.
// A function, because a variable would refer to itself through make.
func stageOf(s jobs.Step) stage {
	return map[jobs.Step]stage{
		jobs.Feed:     {true, (*Line).beforeFeed, (*Line).feed},
		jobs.Claim:    {true, (*Line).beforeClaim, (*Line).claim},
		jobs.Write:    {true, (*Line).beforeWrite, (*Line).write},
		jobs.ReadBack: {false, nil, (*Line).readBack},
		jobs.Print:    {true, (*Line).beforePrint, (*Line).print},
		jobs.Accept:   {true, (*Line).beforeAccept, (*Line).accept},
		jobs.Activate: {true, (*Line).beforeActivate, (*Line).activate},
		jobs.Recheck:  {false, nil, (*Line).recheck},
		jobs.Eject:    {true, (*Line).chipEvidence, (*Line).eject},
	}[s]
}

// make runs the stages of the line from index from on. A nil error means that the attempt has
// ended, one way or the other; *errStop that nothing more may be done until recovery.
func (l *Line) make(ctx context.Context, j *job, from int) error {
	for _, s := range jobs.Stages(l.Kind)[from:] {
		t, err := l.run(ctx, j, s)
		if err != nil {
			return err
		}
		if t != nil {
			return l.fail(ctx, j, s, t)
		}
	}
	return nil
}

// from is the index of a step in the stages of the line.
func (l *Line) from(s jobs.Step) int { return slices.Index(jobs.Stages(l.Kind), s) }

func (l *Line) run(ctx context.Context, j *job, s jobs.Step) (*trouble, error) {
	st := stageOf(s)
	var ev jobs.Evidence
	start := l.Clock.Now()
	if st.before != nil {
		var t *trouble
		if ev, t = st.before(l, ctx, j); t != nil {
			if err := stopped(ctx); err != nil || !ofStation(t.cause) {
				return t, err
			}
			return nil, &errStop{t}
		}
	}
	if st.intent {
		if t, err := l.intend(ctx, j, s, ev); t != nil || err != nil {
			return t, err
		}
	}
	l.tell(Progress{Attempt: j.order.Attempt, State: j.state, Step: s, Phase: jobs.Intent})
	out, t := st.act(l, ctx, j, ev)
	if err := stopped(ctx); err != nil {
		return nil, err
	}
	if t != nil {
		if ofStation(t.cause) {
			return nil, &errStop{t}
		}
		return t, nil
	}
	out.Result = jobs.Done
	out.Millis = l.Clock.Now().Sub(start).Milliseconds()
	if err := l.settle(ctx, j, s, out); err != nil {
		return nil, err
	}
	j.state = jobs.After(s)
	return nil, nil
}

// intend writes the intent of a step. A denied one is trouble of kind Withdrawn: the act must
// not happen. Any other error stops the line.
func (l *Line) intend(ctx context.Context, j *job, s jobs.Step, ev jobs.Evidence) (*trouble, error) {
	ev.At = l.Clock.Now()
	err := l.Book.Intend(ctx, j.order, s, ev)
	switch code := fault.CodeOf(err); {
	case err == nil:
		return nil, nil
	case slices.Contains(denials, code):
		return &trouble{result: jobs.Withdrawn, cause: code, err: err}, nil
	default:
		return nil, &errStop{err}
	}
}

// denials are the answers of the book that forbid an act and leave the line healthy; denied and forOthers are those that
// are about the card.
var denials = []fault.Code{"registry.withdrawn", "registry.held", denied, forOthers}

const (
	denied    = fault.Code("registry.blank_denied")
	forOthers = fault.Code("registry.blank_for_others")
)

func (l *Line) settle(ctx context.Context, j *job, s jobs.Step, out jobs.Outcome) error {
	if out.Chip == "" {
		out.Chip = j.chip
	}
	if out.Result == jobs.Unknown && !l.byPerson() {
		if c := l.counters(ctx).Cards; c.Known {
			out.Cards, out.Printer = &c.Value, l.Printer.Capabilities().Serial
		}
	}
	if err := l.Book.Settle(ctx, j.order, s, out); err != nil {
		return &errStop{err}
	}
	l.tell(Progress{
		Attempt: j.order.Attempt, State: jobs.After(s), Step: s, Phase: jobs.Settled,
		Result: out.Result, Cause: fault.Code(out.Cause), Took: millis(out.Millis),
	})
	return nil
}

// stationTroubles say nothing about the card: the key source, the signer or the card reader of the
// station is away. The line stops as it stands, and goes on with the card inside when it runs again:
// no blank is lost to a token that was taken out, or to a reader service that was restarted.
var stationTroubles = []fault.Code{keySourceFailed, "chipdata.signer_unusable", applet.ReaderAway.Code}

const keySourceFailed = fault.Code("applet.key_source_failed")

// readerAway reports whether an error says that the way to the chip failed, not the chip.
func readerAway(err error) bool { return fault.Is(err, applet.ReaderAway) }

func ofStation(code fault.Code) bool { return slices.Contains(stationTroubles, code) }

func stopped(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &errStop{err}
	}
	return nil
}

// fail closes the step and takes the card out of the way: before activation it is spoiled,
// after it is blocked first.
func (l *Line) fail(ctx context.Context, j *job, s jobs.Step, t *trouble) error {
	l.Log.Info("card set aside", zap.Stringer("attempt", j.order.Attempt), zap.String("step", string(s)),
		zap.String("result", string(t.result)), zap.String("cause", string(t.cause)), zap.NamedError("why", t.err))
	out := jobs.Outcome{Result: t.result, Cause: string(t.cause), Match: t.match, Score: t.score, Where: t.where, Strays: t.strays}
	j.strange = j.strange || t.cause == applet.AuthFailed.Code || (t.cause == denied || t.cause == forOthers) && s == jobs.Claim && !j.met
	if t.result == jobs.Unknown {
		return l.doubt(ctx, j, s, out)
	}
	if err := l.settle(ctx, j, s, out); err != nil {
		return err
	}
	switch {
	case j.state == jobs.Open: // no blank was used
		return nil
	case jobs.IsActive(l.Kind, j.state):
		return l.block(ctx, j, t.cause)
	default:
		return l.reject(ctx, j, jobs.Spoiled, t.cause)
	}
}

// doubt settles an unknown outcome. A card that is still inside goes to the reject tray first,
// under the intent that stands, so that the next feed finds a clear path. Strays are written down before
// they are moved: who recovers knows them then.
func (l *Line) doubt(ctx context.Context, j *job, s jobs.Step, out jobs.Outcome) error {
	if out.Where == wherePath {
		switch done, err := l.layDoubtful(ctx, j.chip); {
		case err != nil:
			return err
		case done:
			out.Where = whereReject
		default:
			out.Where = whereMissing
		}
	}
	if out.Where == "" {
		out.Where = whereMissing
	}
	if len(out.Strays) > 0 {
		if err := l.settle(ctx, j, s, out); err != nil {
			return err
		}
		_, err := l.layOut(ctx, rejectTray)
		return err
	}
	if out.Where == whereMissing {
		if err := l.purge(ctx); err != nil {
			return err
		}
	}
	return l.settle(ctx, j, s, out)
}
