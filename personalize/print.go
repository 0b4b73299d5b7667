package personalize

import (
	"context"
	"encoding/hex"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/printer"
)

// beforeFeed makes sure that nothing stands in the way of a feed. What was read while the chip
// before was written is good enough, and the counters that go with the intent are read now: what
// has changed meanwhile the feed itself tells.
func (l *Line) beforeFeed(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	e, t := l.atFeed(ctx)
	if t == nil {
		t = l.mayStill(ctx)
	}
	e.Printer = l.Printer.Capabilities().Serial
	profile := l.Profile.Hash()
	e.Profile = hex.EncodeToString(profile[:])
	if template := l.Templates[j.order.Record.Profile]; template != nil {
		artwork := template.Hash()
		e.Artwork = hex.EncodeToString(artwork[:])
	}
	if t == nil {
		e.Keys, t = l.masters(ctx)
	}
	return e, t
}

func (l *Line) atFeed(ctx context.Context) (jobs.Evidence, *trouble) {
	if l.seen != nil && obstacle(*l.seen, forFeed) == printer.ClassNone {
		l.seen = nil
		return statusEvidence(printer.Status{Card: printer.Know(noCard), Counters: l.counters(ctx)}), nil
	}
	want := forFeed
	if l.byPerson() { // the blank is laid on a reader: hopper and trays of the printer do not matter
		want = forPrint
	}
	st, t := l.ready(ctx, want)
	return statusEvidence(st), t
}

// feed brings a blank to the encoder. It is not repeatable: after an error the sensor and the
// feed counter tell whether a card left the hopper. What a person was waited for may have taken hours: the
// gate is asked again before anything moves, and at a desk once the blank lies there.
func (l *Line) feed(ctx context.Context, j *job, before jobs.Evidence) (jobs.Outcome, *trouble) {
	for {
		err := l.cards.feed(ctx)
		switch {
		case err == nil && l.byPerson():
			l.waited = true
			return jobs.Outcome{}, l.mayStill(ctx)
		case err == nil:
			return jobs.Outcome{}, nil
		}
		if stopped(ctx) == nil && l.byPerson() { // who has no blank at hand is asked again, not at once
			if t := l.pause(ctx, err); t != nil {
				return jobs.Outcome{}, t
			}
		}
		if stopped(ctx) != nil || l.byPerson() {
			return jobs.Outcome{}, failed(codeOr(err, printer.Fault(printer.ClassUnknown).Code), err)
		}
		st, t := l.mend(ctx, j, err, forMove)
		if t != nil {
			return jobs.Outcome{}, t
		}
		if fed(before, st) == fedInside {
			if t = l.bring(ctx, j); t == nil {
				return jobs.Outcome{}, l.single(ctx, before)
			}
			// The sensor had been wrong, or somebody took the card.
			var again *trouble
			if st, again = l.ready(ctx, forMove); again != nil {
				return jobs.Outcome{}, again
			}
		}
		if fed(before, st) != fedNot {
			return jobs.Outcome{}, unknown(codeOr(err, CardTaken.Code), whereMissing, err)
		}
		if t := l.pause(ctx, err); t != nil {
			return jobs.Outcome{}, t
		}
		if _, t := l.ready(ctx, forFeed); t != nil {
			return jobs.Outcome{}, t
		}
		if t := l.mayStill(ctx); t != nil {
			return jobs.Outcome{}, t
		}
	}
}

// single is trouble where the counter proves that more than one card was fed since the intent: somebody
// took the first one before it was brought to the encoder, and the printer fed another.
func (l *Line) single(ctx context.Context, before jobs.Evidence) *trouble {
	now := l.counters(ctx)
	if before.Cards == nil || !now.Cards.Known || now.Cards.Value <= *before.Cards+1 {
		return nil
	}
	p, err := l.encoder.Probe(ctx)
	if readerAway(err) {
		return failed(applet.ReaderAway.Code, err)
	}
	return swapped(p, err)
}

// What evidence says of a feed.
type feedProof int

const (
	fedUnknown feedProof = iota // counter moved and nothing inside, or no counter
	fedInside
	fedNot
)

// fed compares the sensor and the feed counter with the reading stored with the intent.
func fed(before jobs.Evidence, now printer.Status) feedProof {
	switch {
	case now.Card.Known && now.Card.Value != printer.PositionNone:
		return fedInside
	case before.Cards != nil && now.Counters.Cards.Known && now.Counters.Cards.Value == *before.Cards && now.Card.Known:
		return fedNot
	default:
		return fedUnknown
	}
}

func (l *Line) beforePrint(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	p, t := l.mine(ctx, j)
	if t != nil {
		return jobs.Evidence{}, t
	}
	// Whether the printer can print now it says itself, before the first byte of a panel.
	ev := statusEvidence(printer.Status{Counters: l.counters(ctx)})
	ev.Chip, ev.ChipState, ev.ChipHolds = p.UID, string(p.State), p.Attempt.String()
	return ev, nil
}

// print is never repeated on a blank, but where the printer said that nothing of a panel was sent.
func (l *Line) print(ctx context.Context, j *job, before jobs.Evidence) (jobs.Outcome, *trouble) {
	const tries = 3 // of a print that never began
	for try := 1; ; try++ {
		if err := l.cards.toPrinter(ctx); err != nil {
			return jobs.Outcome{}, failed(codeOr(err, PrintFailed.Code), err)
		}
		err := l.Printer.Print(ctx, j.face.Panels)
		l.heated()
		j.atPrinter = true
		if err == nil {
			return jobs.Outcome{}, l.witness(ctx, j, before)
		}
		kind := fault.KindOf(err)
		if stopped(ctx) != nil || kind == fault.Invalid {
			return jobs.Outcome{}, failed(codeOr(err, PrintFailed.Code), err)
		}
		st, t := l.mend(ctx, j, err, forPrint)
		if t != nil {
			return jobs.Outcome{}, t
		}
		if !l.byPerson() && st.Card.Known && st.Card.Value == printer.PositionNone {
			return jobs.Outcome{}, unknown(codeOr(err, PrintFailed.Code), whereMissing, err)
		}
		switch {
		case printed(before, st.Counters, j.face.Panels):
			return jobs.Outcome{}, l.witness(ctx, j, before)
		case try < tries && kind == fault.Device: // nothing of a panel was sent
		default:
			return jobs.Outcome{}, failed(codeOr(err, PrintFailed.Code), err)
		}
	}
}

// witness proves that the print is on the card in work, and not on one that the printer fed for it
// because somebody had pulled this one: the card is at the encoder again, and its chip carries the
// attempt. Where the printer brings no card back its feed counter has to tell. Of a spooled printer,
// whose end tells only that the bytes have left the computer, the face is accepted besides.
func (l *Line) witness(ctx context.Context, j *job, before jobs.Evidence) *trouble {
	if l.cannotReturn() {
		if refed(before, l.counters(ctx)) {
			return unknown(CardTaken.Code, whereMissing, nil)
		}
		return nil
	}
	if t := l.atReader(ctx, j); t != nil {
		return t
	}
	if _, t := l.mine(ctx, j); t != nil {
		return t
	}
	if !l.Printer.Capabilities().Spooled {
		return nil
	}
	_, t := l.accept(ctx, j, jobs.Evidence{})
	j.seen = t == nil
	return t
}

// refed reports whether a card was fed since the intent: the print may be on that one.
func refed(before jobs.Evidence, now printer.Counters) bool {
	return before.Cards != nil && now.Cards.Known && now.Cards.Value != *before.Cards
}

// printed reports whether the counters prove that a print was finished, against the reading stored
// with the intent. Nothing they tell proves that one never began: a panel or a print is counted when
// it is whole, and what is left of the ribbon is the same again when one that tore is replaced, or is
// not taken before the side is whole. No printer of a line lets its host see which roll is fitted.
func printed(before jobs.Evidence, now printer.Counters, p printer.Panels) bool {
	if before.Prints != nil && now.Prints.Known && now.Prints.Value == *before.Prints+1 {
		return true
	}
	full := len(p.Front.Panels)
	if p.Back != nil {
		full += len(p.Back.Panels)
	}
	return before.Panels != nil && now.Panels.Known && now.Panels.Value == *before.Panels+full
}

// beforeAccept brings the card back to the encoder and compares the attempt id, where the kind
// of line accepts before activation; at the tray there is nothing to bring.
func (l *Line) beforeAccept(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	if l.from(jobs.Accept) > l.from(jobs.Activate) {
		return jobs.Evidence{Chip: j.chip}, nil
	}
	return l.beforeActivate(ctx, j)
}

func (l *Line) accept(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	if j.seen {
		return jobs.Outcome{}, nil
	}
	v, err := l.Look(ctx, j.face)
	switch {
	case err != nil:
		return jobs.Outcome{}, failed(codeOr(err, FaceUnseen.Code), err)
	case !v.Good && v.Cause == WrongPerson.Code:
		return jobs.Outcome{}, &trouble{result: jobs.Failed, cause: WrongPerson.Code, match: jobs.WrongPerson}
	case !v.Good && v.Cause != "":
		return jobs.Outcome{}, failed(v.Cause, nil)
	case !v.Good:
		return jobs.Outcome{}, failed(FaceRefused.Code, nil)
	}
	return jobs.Outcome{}, nil
}

func (l *Line) eject(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	done, err := l.layAway(ctx, outputTray, j.chip)
	done = done || err == nil && l.inTray(j.state)
	if err != nil || !done {
		return jobs.Outcome{}, unknown(CardTaken.Code, whereMissing, err)
	}
	return jobs.Outcome{Tray: string(outputTray)}, nil
}

func statusEvidence(st printer.Status) jobs.Evidence {
	var ev jobs.Evidence
	if st.Card.Known {
		ev.Card = string(st.Card.Value)
	}
	num := func(k printer.Known[int]) *int {
		if !k.Known {
			return nil
		}
		v := k.Value
		return &v
	}
	ev.Cards, ev.Panels, ev.RibbonLeft = num(st.Counters.Cards), num(st.Counters.Panels), num(st.Counters.RibbonLeft)
	ev.Prints = num(st.Counters.Prints)
	if st.Counters.Job.Known {
		ev.Job = st.Counters.Job.Value
	}
	return ev
}
