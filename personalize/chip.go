package personalize

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"blanko/applet"
	"blanko/applet/inspect"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
)

// probe reads whose card is at the encoder. A mute chip is re-seated once.
func (l *Line) probe(ctx context.Context) (applet.Probe, error) {
	p, err := l.encoder.Probe(ctx)
	if err == nil || l.onDesk() || readerAway(err) || stopped(ctx) != nil {
		return p, err
	}
	if pos := l.position(ctx); pos.Known && pos.Value == noCard {
		return p, err
	}
	if err := l.cards.toReader(ctx); err != nil {
		return p, err
	}
	return l.encoder.Probe(ctx)
}

// fresh reads the card at the encoder before anything on it names it. A mute chip is asked once more, from
// a reset, and then re-seated, but only where the feed counter proves that the same card comes back: the
// printer feeds another one when somebody has taken this one meanwhile.
func (l *Line) fresh(ctx context.Context) (applet.Probe, *trouble) {
	if l.byPerson() {
		p, err := l.probe(ctx)
		if err != nil {
			return p, l.chipTrouble(ctx, err)
		}
		return p, nil
	}
	p, err := l.twice(ctx)
	if err == nil {
		return p, nil
	}
	before, t := l.ready(ctx, forMove)
	if t != nil {
		return p, t
	}
	if readerAway(err) || !before.Counters.Cards.Known || before.Card.Known && before.Card.Value == noCard || l.cards.toReader(ctx) != nil {
		return p, l.chipTrouble(ctx, err)
	}
	p, err = l.encoder.Probe(ctx)
	after, t := l.ready(ctx, forMove)
	switch {
	case t != nil:
		return p, t
	case moved(before, after):
		return p, swapped(p, err)
	case err != nil:
		return p, l.chipTrouble(ctx, err)
	}
	return p, nil
}

// swapped tells that the card in work is gone and that the printer fed another one in its place.
func swapped(other applet.Probe, err error) *trouble {
	t := unknown(CardTaken.Code, whereMissing, err)
	if err != nil {
		other.UID = ""
	}
	t.strays = []ktp.ChipUID{other.UID}
	return t
}

// mine compares the attempt id on the chip with the one in work; at every hand-off.
func (l *Line) mine(ctx context.Context, j *job) (applet.Probe, *trouble) {
	p, err := l.probe(ctx)
	if l.byPerson() && fault.Is(err, applet.CardRemoved) { // asked for twice, and nothing lies there
		return p, unknown(CardTaken.Code, whereMissing, err)
	}
	if err != nil {
		return p, l.chipTrouble(ctx, err)
	}
	if p.Attempt != j.order.Attempt {
		return p, l.another(ctx, p)
	}
	return p, nil
}

// another sets a card aside that proves that it is not the one in work.
func (l *Line) another(ctx context.Context, p applet.Probe) *trouble {
	l.setAside(ctx, p)
	return &trouble{result: jobs.Unknown, cause: WrongPerson.Code, where: whereMissing, match: jobs.WrongPerson}
}

// chipTrouble turns an error of the chip before activation into what it means for the card.
func (l *Line) chipTrouble(ctx context.Context, err error) *trouble {
	if readerAway(err) {
		return failed(applet.ReaderAway.Code, err)
	}
	code := fault.CodeOf(err)
	if code == "" {
		code = ChipFailed.Code
	}
	if pos := l.position(ctx); pos.Known && pos.Value == noCard {
		return unknown(CardTaken.Code, whereMissing, err)
	}
	return failed(code, err)
}

func (l *Line) chipEvidence(_ context.Context, j *job) (jobs.Evidence, *trouble) {
	return jobs.Evidence{Chip: j.chip}, nil
}

func (l *Line) beforeClaim(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	p, t := l.fresh(ctx)
	if t != nil {
		return jobs.Evidence{}, t
	}
	ev := probeEvidence(p)
	ours := p.State == applet.Claimed && p.Attempt == j.order.Attempt
	if p.State != applet.Blank && !ours {
		if err := l.Book.Found(ctx, l.session, p.UID, p.Attempt, string(rejectTray)); err != nil {
			return ev, failed(ForeignCard.Code, err)
		}
		return ev, failed(ForeignCard.Code, nil)
	}
	j.chip = p.UID
	ev.Keys, t = l.masters(ctx)
	return ev, t
}

// masters are the check values of the masters that keys on the chip will follow from.
func (l *Line) masters(ctx context.Context) (map[string]string, *trouble) {
	_, _, kcv, err := l.Keys.Describe(ctx)
	if err != nil {
		return nil, failed(keySourceFailed, err)
	}
	return kcv, nil
}

func (l *Line) beforeWrite(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	kcv, t := l.masters(ctx)
	return jobs.Evidence{Chip: j.chip, Keys: kcv}, t
}

func probeEvidence(p applet.Probe) jobs.Evidence {
	return jobs.Evidence{Chip: p.UID, ChipState: string(p.State), ChipHolds: p.Attempt.String()}
}

func (l *Line) claim(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	if err := l.regained(ctx, j, func() error { return l.encoder.Claim(ctx, j.order.Attempt) }); err != nil {
		return jobs.Outcome{}, l.chipTrouble(ctx, err)
	}
	return jobs.Outcome{Chip: j.chip, Counters: counters(l.encoder.Counters())}, nil
}

// counters are sequence counters by key version as an outcome has them.
func counters(of map[byte]int) map[string]int {
	out := make(map[string]int, len(of))
	for kvn, n := range of {
		out[fmt.Sprintf("%02X", kvn)] = n
	}
	return out
}

func (l *Line) write(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	look := l.lookAhead(ctx)
	var hashes map[string]string
	err := l.regained(ctx, j, func() (err error) {
		hashes, err = l.encoder.Write(ctx, j.order.Attempt, j.plan, l.Signing.Signer, l.Clock.Now())
		return err
	})
	l.seen = look()
	if err != nil {
		return jobs.Outcome{}, l.chipTrouble(ctx, err)
	}
	j.hashes = hashes
	fit := j.plan.Report // of the plan as it was sealed with the keys of this chip
	return jobs.Outcome{Hashes: hashes, Bytes: fit.Payload, Room: fit.Payload + fit.Free}, nil
}

// readBack compares every file by hash, then the fingers with the independent impression, and
// only then marks the chip written.
func (l *Line) readBack(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	var files map[uint16][]byte
	if err := l.regained(ctx, j, func() (err error) {
		files, err = l.encoder.ReadBackHashes(ctx, j.hashes)
		return err
	}); err != nil {
		return jobs.Outcome{}, l.chipTrouble(ctx, err)
	}
	match, score, err := inspect.OneToOne(files, j.order.Record)
	if err != nil {
		return jobs.Outcome{}, failed(codeOr(err, ChipFailed.Code), err)
	}
	if jobs.Match(match) == jobs.WrongPerson {
		return jobs.Outcome{}, &trouble{result: jobs.Failed, cause: WrongPerson.Code, match: jobs.WrongPerson, score: score}
	}
	if err := l.regained(ctx, j, func() error { return l.encoder.Finish(ctx) }); err != nil {
		return jobs.Outcome{}, l.chipTrouble(ctx, err)
	}
	return jobs.Outcome{Match: jobs.Match(match), Score: score, Hashes: j.hashes, Counters: counters(l.encoder.Counters())}, nil
}

func (l *Line) beforeActivate(ctx context.Context, j *job) (jobs.Evidence, *trouble) {
	if t := l.atReader(ctx, j); t != nil {
		return jobs.Evidence{}, t
	}
	p, t := l.mine(ctx, j)
	return probeEvidence(p), t
}

// activate is the physical commit. Where the answer is lost the chip itself is asked; only a
// chip that cannot be asked leaves the attempt in doubt.
func (l *Line) activate(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	const tries = 2
	var err error
	for range tries {
		if err = l.encoder.Activate(ctx, j.order.Attempt); err == nil {
			return jobs.Outcome{Counters: counters(l.encoder.Counters())}, nil
		}
		p, perr := l.probe(ctx)
		if readerAway(perr) { // the chip is asked when the reader is back
			return jobs.Outcome{}, failed(applet.ReaderAway.Code, perr)
		}
		switch {
		case perr != nil:
			return jobs.Outcome{}, unknown(codeOr(err, ChipFailed.Code), l.whereabouts(ctx), perr)
		case p.Attempt != j.order.Attempt:
			return jobs.Outcome{}, l.another(ctx, p)
		case p.State == applet.Active:
			return jobs.Outcome{}, nil
		}
	}
	return jobs.Outcome{}, failed(codeOr(err, ChipFailed.Code), err) // proved not active
}

// recheck reads the card as a stranger.
func (l *Line) recheck(ctx context.Context, j *job, _ jobs.Evidence) (jobs.Outcome, *trouble) {
	const tries = 2 // the second after a re-seat
	want := inspect.Expect{
		Attempt: j.order.Attempt, Hashes: j.hashes,
		Anchors: l.Signing.Anchors, CenterKeys: l.Signing.CenterKeys,
		ICAOView: l.ICAOView, Chunk: l.encoder.Lengths().Chunk,
	}
	var err error
	for n, resets := 0, 0; n < tries; n++ {
		var rep inspect.Report
		if rep, err = inspect.Recheck(ctx, l.Reader, l.Keys, l.Profile, want); err == nil {
			switch {
			case rep.WrongPerson:
				return jobs.Outcome{}, &trouble{result: jobs.Failed, cause: WrongPerson.Code, match: jobs.WrongPerson}
			case !rep.Genuine && !(rep.Passed() && j.order.Record.Specimen()):
				return jobs.Outcome{}, failed(RecheckFailed.Code, findings(rep))
			}
			return jobs.Outcome{Counters: counters(rep.Counters)}, nil
		}
		if fault.Is(err, applet.CardReset) && resets < regains { // it lies as it lay
			resets++
			n--
			continue
		}
		if stopped(ctx) != nil || l.cards.toReader(ctx) != nil {
			break
		}
	}
	return jobs.Outcome{}, l.chipTrouble(ctx, err)
}

func codeOr(err error, code fault.Code) fault.Code {
	if c := fault.CodeOf(err); c != "" {
		return c
	}
	return code
}

// findings names the checks that failed; they hold no personal data.
func findings(rep inspect.Report) error {
	var names []string
	for _, c := range rep.Failed() {
		names = append(names, c.Name+": "+c.Got)
	}
	return errors.New(strings.Join(names, "; "))
}
