package registry

import (
	"slices"
	"strconv"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// settle carries out what an outcome means. The row of settlements decides the state; what else
// follows hangs on the state reached.
func (w *work) settle(step jobs.Step, fence int64, out jobs.Outcome) error {
	const op = "registry.Settle"
	if out.Result == jobs.Done && step != jobs.Block && step != jobs.ReadBack && step != jobs.Recheck &&
		w.t.State != jobs.InDoubt && !w.story.Intended(step) {
		return jobs.NoIntent.At(op, nil).With("step", "%s", step)
	}
	if out.Match == jobs.WrongPerson && out.Result == jobs.Done {
		return badOperation.At(op, nil).With("match", "a wrong-person finding is no success")
	}
	event, condemn, ok := settle(w.t.Kind, w.t.State, step, out.Result)
	if !ok {
		return jobs.WrongStep.At(op, nil).With("step", "%s %s in state %s", step, out.Result, w.t.State)
	}
	if w.t.State == jobs.InDoubt {
		if err := w.plausible(event); err != nil {
			return err
		}
	}
	if err := w.learn(step, out); err != nil {
		return err
	}
	if err := w.count(out); err != nil {
		return err
	}
	w.t.Condemned = w.t.Condemned || condemn || out.Match == jobs.WrongPerson
	w.note(step, out)
	if err := w.story.Settle(w.tx, w.t.ID, step, fence, w.actor.ID, out); err != nil {
		return err
	}
	if err := closeQuestions(w.tx, w.t.ID); err != nil {
		return err
	}
	if err := w.advance(step, event, out); err != nil {
		return err
	}
	if err := w.strays(out); err != nil {
		return err
	}
	if err := w.countFeeds(out.Printer, out.Cards); err != nil {
		return err
	}
	if err := w.forget(step, out); err != nil {
		return err
	}
	if out.Cause == string(BlankForOthers.Code) { // the next one of the hopper is likely to be another of them
		if err := w.pause(jobs.Paused, out.Cause); err != nil {
			return err
		}
	}
	if out.Match == jobs.WrongPerson {
		return w.wrongPerson()
	}
	return nil
}

// plausible refuses an end of a doubt that the ledger itself contradicts.
func (w *work) plausible(e jobs.Event) error {
	const op = "registry.Settle"
	switch e {
	case jobs.EventReject:
		if _, made, err := cardOf(w.tx, w.t.ID); err != nil || made {
			if err == nil {
				err = wasActive.At(op, nil).With("step", "the card is in the register")
			}
			return err
		}
	case jobs.EventReturn:
		if w.claimDone() {
			return proofMissing.At(op, nil).With("step", "the chip was claimed, the blank is not untouched")
		}
	case jobs.EventResume:
		if !faceLeft(w.t, w.story) {
			return proofMissing.At(op, nil).With("step", "more than the look at its face is left to do on this card")
		}
	case jobs.EventPresent, jobs.EventBlock:
		if !w.story.Intended(jobs.Activate) {
			return proofMissing.At(op, nil).With("step", "nobody was about to activate this chip")
		}
	}
	return nil
}

// faceLeft reports whether a card in doubt was printed, nothing failed on it, and its face was not accepted.
func faceLeft(t jobs.Attempt, story jobs.Story) bool {
	done := func(s jobs.Step) bool {
		return slices.ContainsFunc(story, func(n jobs.Note) bool {
			return n.Step == s && n.Phase == jobs.Settled && n.Outcome.Result == jobs.Done
		})
	}
	return t.State == jobs.InDoubt && !t.Condemned && done(jobs.ReadBack) && done(jobs.Print) && !done(jobs.Accept) && !story.Intended(jobs.Activate)
}

// learn takes the chip from an outcome. A chip that the ledger has elsewhere does not stop what
// has happened already: the card is condemned and will be set apart.
func (w *work) learn(step jobs.Step, out jobs.Outcome) error {
	if step == jobs.Feed || step == jobs.Prepare {
		return nil
	}
	err := w.bind(out.Chip)
	switch {
	case err == nil:
		return nil
	case fault.Is(err, stock.ChipElsewhere):
		w.t.Condemned = true
		w.cause(string(BlankDenied.Code))
		return w.foreign(w.t, out.Chip, stock.At(stock.Quarantine))
	case fault.Is(err, chipDiffers) && out.Result != jobs.Done:
		return nil
	}
	return err
}

// cause keeps the first cause of an attempt that does not go well.
func (w *work) cause(code string) {
	if w.t.Cause == "" {
		w.t.Cause = code
	}
}

// note takes over from the outcome what the attempt's own row tells.
func (w *work) note(step jobs.Step, out jobs.Outcome) {
	switch {
	case out.Result != jobs.Done, step == jobs.Reject, step == jobs.Block:
		w.cause(out.Cause)
	case w.t.State == jobs.InDoubt && (step == jobs.Activate || step == jobs.ReadBack) && !w.t.Condemned: // the doubt is over, all is well
		w.t.Cause = ""
	}
	if out.Match != jobs.MatchNone {
		w.t.Match, w.t.Score = out.Match, out.Score
	}
	if out.Result == jobs.Unknown {
		w.t.Place = out.Where
	}
	if step == jobs.Activate && out.Result == jobs.Failed && w.t.State != jobs.InDoubt {
		w.t.Successor = jobs.IsActive(w.t.Kind, w.t.State)
	}
}

// advance moves the attempt and everything that follows its state.
func (w *work) advance(step jobs.Step, event jobs.Event, out jobs.Outcome) error {
	from, place := w.t.State, w.t.Place
	if event == "" {
		return w.t.Save(w.tx)
	}
	if err := w.t.Move(event, w.now()); err != nil {
		return err
	}
	if w.t.State == jobs.InDoubt {
		w.t.Place = place
	}
	if w.t.State == jobs.Fed || from == jobs.Open && w.t.State == jobs.InDoubt {
		w.t.Fed = true
	}
	if err := w.t.Save(w.tx); err != nil {
		return err
	}
	detail := map[string]string{"from": string(from), "state": string(w.t.State), "step": string(step)}
	if w.t.Cause != "" {
		detail["cause"] = w.t.Cause
	}
	if out.Match != jobs.MatchNone {
		detail["match"], detail["score"] = string(out.Match), strconv.Itoa(out.Score)
	}
	if err := w.tell(audit.Event{
		Code: "attempt." + codeOf(string(w.t.State)), Application: w.t.Application, Order: string(w.t.Order), Attempt: w.t.ID.String(),
		Chip: w.t.Chip, Line: string(w.t.Line), Detail: detail,
	}); err != nil {
		return err
	}
	if err := w.carry(from, step, out); err != nil {
		return err
	}
	if err := w.register(); err != nil {
		return err
	}
	switch {
	case w.t.Ended:
		return w.ended(out.Result == jobs.Refused)
	case w.t.State == jobs.InDoubt && w.app.State == Producing:
		return w.move(&w.app, EventDoubt, w.t.Cause)
	case from == jobs.InDoubt && w.app.State == InDoubt:
		return w.move(&w.app, EventResolve, "")
	}
	return nil
}

// carry moves the blank to where the attempt's state says it is.
func (w *work) carry(from jobs.State, step jobs.Step, out jobs.Outcome) error {
	line := string(w.t.Line)
	byHand := !w.actor.Has(access.System)
	aside := func() stock.Place {
		switch {
		case w.t.Match == jobs.WrongPerson, w.t.Cause == causeForeign, w.t.Cause == string(BlankDenied.Code), w.t.Cause == string(BlankForOthers.Code):
			return stock.At(stock.Quarantine)
		case byHand:
			return stock.At(stock.Spoiled)
		}
		return stock.On(stock.Reject, line)
	}
	switch to := w.t.State; {
	case from == jobs.Open && to == jobs.Fed:
		return w.fed(stock.Path)
	case from == jobs.Open && to == jobs.InDoubt:
		return w.fed(stock.Doubt)
	case to == jobs.InDoubt:
		return w.putBlank(w.t.ID, stock.At(stock.Doubt), w.t.Cause)
	case to == jobs.Void && w.t.Fed:
		return w.returned(out)
	case to == jobs.Spoiled, to == jobs.Revoked:
		return w.putBlank(w.t.ID, aside(), w.t.Cause)
	case to == jobs.Lost && from == jobs.InDoubt:
		return w.lost()
	case to == jobs.Lost:
		return w.putBlank(w.t.ID, stock.At(stock.Lost), w.t.Cause)
	case step == jobs.Eject:
		return w.putBlank(w.t.ID, stock.On(stock.Tray, line), "made")
	case from == jobs.InDoubt:
		return w.putBlank(w.t.ID, stock.On(stock.Path, line), "resolved")
	}
	return nil
}

// lost gives up the blank of a doubt, unless it was found meanwhile: then it stays where it lies.
func (w *work) lost() error {
	b, err := stock.OfAttempt(w.tx, w.t.ID.String())
	if fault.Is(err, stock.NoBlank) || err == nil && b.Place.Kind != stock.Doubt {
		return nil
	}
	if err != nil {
		return err
	}
	return w.putBlank(w.t.ID, stock.At(stock.Lost), w.t.Cause)
}

// fed takes a blank out of the line's hopper. One that the ledger cannot explain pauses the line.
func (w *work) fed(to stock.Kind) error {
	line := string(w.t.Line)
	b, explained, err := stock.Feed(w.tx, line, w.t.ID.String(), to, w.why("fed"))
	if err != nil {
		return err
	}
	from := stock.On(stock.Hopper, line)
	if !explained {
		from = stock.At(stock.Found)
	}
	if err := w.tell(audit.Event{Code: "stock.moved", Attempt: w.t.ID.String(), Line: line, Detail: map[string]string{
		"from": from.String(), "to": b.Place.String(), "lot": b.Lot, "reason": "fed",
	}}); err != nil || explained {
		return err
	}
	return w.pause(jobs.Paused, causeUnexplained)
}

// strays writes down the cards that came out of the hopper unasked and lie in the reject tray. One that the
// ledger cannot explain pauses the line.
func (w *work) strays(out jobs.Outcome) error {
	line := string(w.t.Line)
	to := stock.On(stock.Reject, line)
	for _, chip := range out.Strays {
		from, known, named, explained := stock.On(stock.Hopper, line), false, false, true
		if chip != "" {
			b, found, err := stock.ByChip(w.tx, chip)
			if err != nil {
				return err
			}
			if known = found; known {
				named = b.NamedIn(from)
				from = b.Place
			}
		}
		var err error
		if known && !named {
			_, _, err = stock.SetAside(w.tx, chip, to, w.why("found"))
		} else {
			explained, err = stock.Stray(w.tx, line, chip, to, w.why("found"))
		}
		if !explained {
			from = stock.At(stock.Found)
		}
		if err != nil {
			return err
		}
		if err := w.tell(audit.Event{Code: "card.found", Chip: chip, Line: line, Detail: map[string]string{
			"from": from.String(), "to": to.String(), "known": strconv.FormatBool(known),
		}}); err != nil {
			return err
		}
		if !explained {
			if err := w.pause(jobs.Paused, causeUnexplained); err != nil {
				return err
			}
		}
	}
	return nil
}

// returned puts the blank, proved untouched, back into the store. A blank that the ledger has elsewhere
// is that of another attempt, and proves nothing of this one.
func (w *work) returned(out jobs.Outcome) error {
	id := w.t.ID.String()
	if out.Chip != "" && w.t.Chip == "" {
		if err := stock.Answered(w.tx, id, out.Chip); err != nil {
			return err
		}
		if err := stock.Identify(w.tx, id, out.Chip, w.why("read")); err != nil {
			return err
		}
	}
	b, err := stock.OfAttempt(w.tx, id)
	if err != nil {
		return err
	}
	if err := stock.Return(w.tx, id, stock.At(stock.Store), w.why("untouched")); err != nil {
		return err
	}
	return w.tell(audit.Event{Code: "stock.moved", Attempt: id, Chip: b.Chip, Detail: map[string]string{
		"from": b.Place.String(), "to": string(stock.Store), "lot": b.Lot, "reason": "untouched",
	}})
}

// register makes the card in the register follow the attempt.
func (w *work) register() error {
	c, known, err := cardOf(w.tx, w.t.ID)
	if err != nil {
		return err
	}
	switch {
	case !known && w.t.State == jobs.Activated:
		if w.t.Chip == "" {
			return chipMissing.At("registry.Settle", nil).With("chip", "no card is made without it")
		}
		c = Card{Chip: w.t.Chip, Attempt: w.t.ID, Application: w.app.ID, State: CardAbsent, person: w.app.person}
		return w.moveCard(&c, CardActivate, "")
	case known && c.State == CardMade && (w.t.State == jobs.Revoked || w.t.State == jobs.Lost):
		return w.moveCard(&c, CardRetire, w.t.Cause)
	}
	return nil
}

// ended does what the fate of the attempt says.
func (w *work) ended(refused bool) error {
	if (w.t.State == jobs.Spoiled || w.t.State == jobs.Revoked) && w.t.Cause != string(BlankForOthers.Code) { // the blank was wrong, not the record
		w.app.Spoiled++
	}
	finished := w.t.State == jobs.Finished(w.t.Kind)
	f := fateOf(fateFacts{
		State: w.t.State, Finished: finished, Refused: refused, Withdrawn: w.app.Withdrawn != "", Wrong: w.t.Match == jobs.WrongPerson,
		Lost: w.app.Spoiled, MaxLost: w.r.cfg.MaxSpoiled,
	})
	cause := f.Cause
	if cause == "" {
		cause = w.t.Cause
	}
	if w.app.Withdrawn != "" {
		cause = w.app.Withdrawn
	}
	if finished {
		if err := jobs.CountMade(w.tx, w.t.Line); err != nil {
			return err
		}
	}
	if finished || f.Event == EventWithdraw {
		if err := w.eraseAll(w.app.ID); err != nil {
			return err
		}
	}
	if err := w.order.Release(w.tx, f.Order); err != nil {
		return err
	}
	if f.Order == jobs.Waiting {
		record, _, err := loadRecord(w.tx, w.app)
		if err != nil {
			return err
		}
		if w.order.NeedsRecord = !complete(record); w.order.NeedsRecord {
			if err := w.order.Save(w.tx); err != nil {
				return err
			}
		}
	}
	if err := w.moveOn(f.Event, cause); err != nil {
		return err
	}
	if finished {
		cause, err := w.calledBack()
		if err != nil {
			return err
		}
		if cause != "" {
			if err := w.move(&w.app, EventRecall, cause); err != nil {
				return err
			}
		}
	}
	if err := w.syncOrder(w.app); err != nil {
		return err
	}
	return w.countChipFault()
}

// calledBack is why a finished card is called back at once: its request was withdrawn, or the card revoked, while
// the line had it.
func (w *work) calledBack() (string, error) {
	if w.app.Withdrawn != "" {
		return w.app.Withdrawn, nil
	}
	c, known, err := cardOf(w.tx, w.t.ID)
	if err != nil || !known || c.Held != causeRevoked {
		return "", err
	}
	return causeRevoked, nil
}

// moveOn moves the application. One that was never started has nothing to give back; one whose
// doubt ended without a card is made again from the queue.
func (w *work) moveOn(e Event, cause string) error {
	switch {
	case e == EventGiveBack && w.app.State == Queued:
		return nil
	case e == EventGiveBack && w.app.State == InDoubt:
		e = EventRemake
	}
	return w.move(&w.app, e, cause)
}

// countChipFault pauses a line that loses card after card to their chips.
func (w *work) countChipFault() error {
	lost := (w.t.State == jobs.Spoiled || w.t.State == jobs.Revoked) && chipAtFault(w.t.Cause)
	if _, readBack := w.story.Outcome(jobs.ReadBack); !lost && !readBack {
		return nil
	}
	n, err := jobs.ChipFault(w.tx, w.t.Line, lost)
	if err != nil || n < w.r.cfg.MaxChipFaults {
		return err
	}
	return w.pause(jobs.Paused, causeChipFaults)
}

// pause wishes the line to stand; one that stands for a graver reason keeps it.
func (w *work) pause(wish jobs.Wish, reason string) error { return w.stand(w.t.Line, wish, reason) }

func (a *act) stand(id jobs.LineID, wish jobs.Wish, reason string) error {
	line, err := jobs.LineByID(a.tx, id)
	if err != nil || line.Wish == jobs.Stopped || line.Wish == wish {
		return err
	}
	return a.wish(id, wish, reason)
}

// forget erases what is not needed any more: fingers at the end of the post-write check, whatever
// it found; portrait and signature when the face was accepted.
func (w *work) forget(step jobs.Step, out jobs.Outcome) error {
	switch {
	case step == jobs.ReadBack && (out.Result == jobs.Done || out.Match != jobs.MatchNone):
		return w.erase(w.app.ID, eraseFingers, "fingers")
	case step == jobs.Accept && out.Result == jobs.Done:
		return w.erase(w.app.ID, erasePictures, "pictures")
	}
	return nil
}

// wrongPerson stops the line and sets the card before and whatever is under way on it apart.
func (w *work) wrongPerson() error {
	if err := w.pause(jobs.Stopped, causeWrongPerson); err != nil {
		return err
	}
	before, found, err := jobs.AttemptBefore(w.tx, w.t)
	if err != nil {
		return err
	}
	if found {
		if err := w.setApart(before); err != nil {
			return err
		}
	}
	others, err := jobs.AttemptsOn(w.tx, w.t.Line)
	if err != nil {
		return err
	}
	for _, t := range others {
		if t.ID == w.t.ID || found && t.ID == before.ID {
			continue
		}
		if err := w.setApart(t); err != nil {
			return err
		}
	}
	return nil
}

// setApart quarantines the neighbor of a wrong-person finding. What was only prepared goes back
// to the queue, so that it is prepared anew; a card under way is condemned; one that is made is
// held.
func (w *work) setApart(t jobs.Attempt) error {
	order, _, err := jobs.WantedByID(w.tx, t.Order)
	if err != nil {
		return err
	}
	if !t.Ended && !t.Fed {
		if order.Pinned {
			t.Condemned = true
			return t.Save(w.tx)
		}
		if err := w.endUnused(&t, causeWrongPerson); err != nil {
			return err
		}
		return order.Release(w.tx, jobs.Waiting)
	}
	c, made, err := cardOf(w.tx, t.ID)
	if err != nil {
		return err
	}
	if made && c.Held == "" && (c.State == CardMade || c.State == CardInForce) {
		c.Held = causeWrongPerson
		if err := c.save(w.tx); err != nil {
			return err
		}
	}
	if !t.Ended {
		t.Condemned = true
		if t.Cause == "" {
			t.Cause = causeWrongPerson
		}
		if err := t.Save(w.tx); err != nil {
			return err
		}
	}
	if err := w.tell(audit.Event{
		Code: "card.quarantined", Application: t.Application, Attempt: t.ID.String(), Chip: t.Chip, Line: string(t.Line),
		Detail: map[string]string{"cause": causeWrongPerson, "neighbor": w.t.ID.String()},
	}); err != nil {
		return err
	}
	b, err := stock.OfAttempt(w.tx, t.ID.String())
	if fault.Is(err, stock.NoBlank) {
		return nil
	}
	if err != nil || b.Place.Kind != stock.Tray && b.Place.Kind != stock.Reject {
		return err
	}
	return w.putBlank(t.ID, stock.At(stock.Quarantine), causeWrongPerson)
}
