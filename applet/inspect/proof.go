package inspect

import (
	"context"
	"slices"

	"blanko/applet/icao"
	"blanko/fault"
)

// mostProofs is how often the chip may be asked for its proofs, each time over a channel of its own.
const mostProofs = 3

// againForBad is how often a proof must fail before it is called bad: one plain status word may come from
// a disturbed field, or from whoever stands between card and reader.
const againForBad = 2

// contactLost is what a check says of a proof at which the chip is lost every time.
const contactLost = "not checked (the chip does not answer when it is to prove this)"

// proving is what came of all the times that the chip was asked to prove its keys.
type proving struct {
	tries  int
	lost   int // tries in which the card was lost exactly then
	active tally
	chip   tally
	checks []Check // of all tries
}

// tally counts what came of one proof. none: the card does not carry its key.
type tally struct {
	good, bad int
	none      bool
}

func (t *tally) count(f Finding) {
	switch f {
	case Good:
		t.good++
	case Bad:
		t.bad++
	case None:
		t.none = true
	}
}

// finding is what the tally comes to. A challenge is fresh every time: who met it once has the key.
func (t tally) finding() Finding {
	switch {
	case t.good > 0:
		return Good
	case t.bad >= againForBad:
		return Bad
	case t.none:
		return None
	}
	return NotChecked
}

// failures is how often the chip failed when it was to prove something.
func (p *proving) failures() int { return p.lost + p.active.bad + p.chip.bad }

// again reports whether the last try leaves something that one more may decide.
func (p *proving) again(last proofs) bool {
	more := func(f Finding, t tally) bool { return f == Bad && t.finding() == NotChecked }
	return p.tries < mostProofs && (more(last.active, p.active) || more(last.chip, p.chip))
}

// proveAgain has the chip prove its keys until each proof is decided or there were tries enough, and notes
// what they come to. A card that is lost at it is an error until then, so that it is looked for.
func (x *examiner) proveAgain(ctx context.Context, s *icao.Session) error {
	p, before := &x.proof, len(x.report.Checks)
	for {
		last, err := x.prove(ctx, s)
		p.checks = append(p.checks, x.report.Checks[before:]...)
		x.report.Checks = x.report.Checks[:before]
		p.tries++
		p.active.count(last.active)
		p.chip.count(last.chip)
		if err != nil {
			if !cardLost(err) || ctx.Err() != nil {
				return err
			}
			if p.lost++; p.tries < mostProofs {
				return err
			}
			x.out.Reading.Failures = string(fault.CodeOf(err))
		}
		if err != nil || !p.again(last) {
			break
		}
		// From the beginning, and with the same card.
		if _, err := x.begin(ctx); err != nil {
			return err
		}
		if s, err = x.openView(ctx, x.access); err != nil {
			if trouble(err) || endedByCard(err) {
				return err
			}
			break // the password that it took before: no more is to be had of this chip
		}
		x.report.Checks = x.report.Checks[:before] // how the view opens is noted already
	}
	p.note(x.report, checkAA, p.active)
	p.note(x.report, checkCA, p.chip)
	return nil
}

// note writes down the check that says what a tally comes to.
func (p *proving) note(r *Report, name string, t tally) {
	f := t.finding()
	for _, c := range slices.Backward(p.checks) {
		if c.Name == name && (f == Good && c.OK && !c.Skipped || f == Bad && !c.OK || f == NotChecked && c.Skipped && p.lost+t.bad == 0) {
			r.Checks = append(r.Checks, c)
			return
		}
	}
	if f != None {
		r.skip(name, "good", contactLost)
	}
}

// proved concludes from the proofs. A chip that failed at them again and again, whatever the reason, is
// not excluded to be a copy, unless another proof or the SAM key tells.
func (x *examiner) proved() {
	p, o := &x.proof, &x.out.ChipProof
	if p.tries == 0 {
		return
	}
	o.ActiveAuthentication, o.ChipAuthentication = p.active.finding(), p.chip.finding()
	decided := []Finding{o.ActiveAuthentication, o.ChipAuthentication, o.SAMKey}
	switch {
	case o.ActiveAuthentication == Bad || o.ChipAuthentication == Bad:
		x.found = append(x.found, Copy)
	case slices.Contains(decided, Good):
	case p.failures() >= SuspectRetries || p.failures() > 0 && x.out.Reading.Complete:
		x.found = append(x.found, CopyNotExcluded)
	}
	for _, t := range []tally{p.active, p.chip} {
		if t.good > 0 && t.bad > 0 { // what failed once was the way to the card
			x.out.Reading.Retries++
			x.out.Reading.Failures = string(icao.NotAuthentic.Code)
		}
	}
}
