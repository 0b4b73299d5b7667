package personalize

import (
	"context"
	"slices"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
)

// Present resolves doubts with a card that a person laid on a reader: the chip says whose it
// is and what has been done to it. It returns the attempt that the card answered, or fault
// CardAnswersNothing. The line must not be running, and must have recovered: LineUnrecovered, and nothing was
// done, while a blank may still be in its path.
func (l *Line) Present(ctx context.Context, reader applet.Transport, lay Lay) (jobs.Entry, error) {
	const op = "personalize.Present"
	if err := l.open(); err != nil {
		return jobs.Entry{}, err
	}
	at := *l
	at.Reader = reader
	at.encoder = &applet.Encoder{Transport: reader, Keys: l.Keys, Profile: l.Profile}
	card := &laid{lay: lay}
	at.cards = card
	p, err := at.twice(ctx)
	if err != nil {
		return jobs.Entry{}, err
	}
	entries, err := at.takeOver(ctx)
	l.session = at.session
	if err != nil {
		return jobs.Entry{}, err
	}
	if slices.ContainsFunc(entries, func(e jobs.Entry) bool { return e.State != jobs.InDoubt }) {
		return jobs.Entry{}, LineUnrecovered.At(op, nil)
	}
	for _, e := range entries {
		if !answers(p, e) {
			continue
		}
		card.attempt = e.Order.Attempt
		if err := at.present(ctx, e, p); fault.CodeOf(err) != elsewhere {
			return e, err
		}
	}
	if err := l.Book.Found(ctx, at.session, p.UID, p.Attempt, string(rejectTray)); err != nil {
		return jobs.Entry{}, err
	}
	return jobs.Entry{}, CardAnswersNothing.At(op, lay(ctx, ktp.AttemptID{}, rejectTray))
}

// Lay is the person who puts the card of an attempt into a tray; a card that answers nothing is of none.
type Lay func(ctx context.Context, card ktp.AttemptID, tray printer.Tray) error

// Doubts lists the attempts of a desk's line that are in doubt, oldest first. Those that it left
// unsettled are among them from now on: where the card is, only a person sees. The line must not be
// running.
func (l *Line) Doubts(ctx context.Context) ([]jobs.Entry, error) {
	entries, err := l.takeOver(ctx)
	if err == nil {
		err = l.doubtAll(ctx, entries)
	}
	if err == nil {
		entries, err = l.takeOver(ctx)
	}
	return entries, err
}

// elsewhere is the answer of the book about an untouched blank that it knows: it is not the one that
// the doubt is about, however alike untouched chips are.
const elsewhere = fault.Code("stock.chip_elsewhere")

// answers reports whether the card on the reader is the one the doubt is about. An untouched
// chip answers a doubt about a feed: no attempt id was ever written for it.
func answers(p applet.Probe, e jobs.Entry) bool {
	switch {
	case !p.Attempt.IsZero():
		return p.Attempt == e.Order.Attempt
	case p.State == applet.Terminated:
		return e.Chip != "" && p.UID == e.Chip
	default:
		return p.State == applet.Blank && e.Chip == "" || e.Chip == p.UID && (e.Step == jobs.Claim || e.Step == jobs.Feed)
	}
}

// present settles a doubt by what the chip on the reader says.
func (l *Line) present(ctx context.Context, e jobs.Entry, p applet.Probe) error {
	j := jobOf(e)
	j.chip = p.UID
	cause := RecoveredCard.Code
	if e.Outcome.Cause != "" {
		cause = fault.Code(e.Outcome.Cause)
	}
	switch p.State {
	case applet.Blank:
		if err := l.settle(ctx, j, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: string(BlankUntouched.Code), Chip: p.UID}); err != nil {
			return err
		}
		_, err := l.layAway(ctx, outputTray, p.UID)
		return err
	case applet.Active:
		if l.from(jobs.Print) > l.from(jobs.Activate) && e.Printed || e.Withdrawn || e.Step == jobs.Block || e.Step == jobs.Reject {
			if err := l.settle(ctx, j, jobs.Activate, jobs.Outcome{Result: jobs.Done}); err != nil {
				return err
			}
			j.state = jobs.Activated
			return l.block(ctx, j, cause)
		}
		if err := l.settle(ctx, j, jobs.Activate, jobs.Outcome{Result: jobs.Done}); err != nil {
			return err
		}
		j.state = jobs.Activated
		if l.faceNeeded(j.state) {
			if err := l.prepareFace(j); err != nil {
				return l.fail(ctx, j, jobs.Recheck, failed(codeOr(err, RecoveredCard.Code), err))
			}
		}
		return l.make(ctx, j, l.from(jobs.Recheck))
	case applet.Blocked:
		if err := l.settle(ctx, j, jobs.Block, jobs.Outcome{Result: jobs.Done, Cause: string(RecoveredCard.Code)}); err != nil {
			return err
		}
		j.state = jobs.Blocked
		return l.reject(ctx, j, jobs.Revoked, RecoveredCard.Code)
	case applet.Written:
		if l.Kind == jobs.Desktop && e.FaceLeft && !e.Withdrawn {
			return l.lookAgain(ctx, j)
		}
		return l.reject(ctx, j, jobs.Spoiled, cause)
	default: // claimed, terminated: never active
		return l.reject(ctx, j, jobs.Spoiled, cause)
	}
}

// lookAgain goes on with a printed card that a process left while its face was looked at: what is on the
// chip is read back anew, and a person is asked again.
func (l *Line) lookAgain(ctx context.Context, j *job) error {
	if _, err := l.encoder.ReadBackHashes(ctx, j.hashes); err != nil {
		switch serr := stopped(ctx); {
		case serr != nil:
			return serr
		case ofStation(fault.CodeOf(err)) || readerAway(err):
			return &errStop{err}
		}
		return l.reject(ctx, j, jobs.Spoiled, codeOr(err, ChipFailed.Code))
	}
	if err := l.settle(ctx, j, jobs.ReadBack, jobs.Outcome{Result: jobs.Done, Hashes: j.hashes}); err != nil {
		return err
	}
	j.state = jobs.Printed
	return l.again(ctx, j, jobs.Accept)
}

// layAway puts the card whose chip was read into a tray. On a desk it is read once more directly before,
// because a card is easily exchanged there: what the ledger says was laid away is what was. False: it is
// not there any more, and nothing proves where it is.
func (l *Line) layAway(ctx context.Context, tray printer.Tray, chip ktp.ChipUID) (bool, error) {
	if l.onDesk() {
		switch there, err := l.still(ctx, chip); {
		case err != nil:
			return false, &errStop{err}
		case !there:
			return false, stopped(ctx)
		}
	}
	return l.layOut(ctx, tray)
}

// layDoubtful puts the card of a doubt into the reject tray. One that gives no answer goes there, too: its
// doubt stays.
func (l *Line) layDoubtful(ctx context.Context, chip ktp.ChipUID) (bool, error) {
	if l.onDesk() {
		if there, err := l.still(ctx, chip); err == nil && !there {
			return false, stopped(ctx)
		}
	}
	return l.layOut(ctx, rejectTray)
}

// still reports whether the card on a desk's reader is the one whose chip was read. Another one is set
// aside. A chip that gives no answer proves nothing, and is an error.
func (l *Line) still(ctx context.Context, chip ktp.ChipUID) (bool, error) {
	p, err := l.twice(ctx)
	switch {
	case fault.Is(err, applet.CardRemoved):
		return false, nil
	case err != nil:
		return false, err
	case p.UID == chip:
		return true, nil
	}
	l.setAside(ctx, p)
	return false, nil
}

// twice probes a card that a person laid down, once more where it does not answer: a chip that lost its
// field does so from a reset.
func (l *Line) twice(ctx context.Context) (applet.Probe, error) {
	p, err := l.encoder.Probe(ctx)
	if err != nil && !readerAway(err) && stopped(ctx) == nil {
		p, err = l.encoder.Probe(ctx)
	}
	return p, err
}

// laid is a card that a person has laid on a reader: it stays there until it is laid away.
type laid struct {
	lay     Lay
	attempt ktp.AttemptID // zero: not known yet
}

func (c *laid) feed(context.Context) error     { return CardAnswersNothing.At("personalize.Present", nil) }
func (c *laid) toReader(context.Context) error { return nil }
func (c *laid) toPrinter(context.Context) error {
	return CardAnswersNothing.At("personalize.Present", nil)
}

func (c *laid) out(ctx context.Context, tray printer.Tray) error {
	return c.lay(ctx, c.attempt, tray)
}
func (c *laid) sensor(context.Context) (unseen printer.Known[printer.Position]) { return unseen }
