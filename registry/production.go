package registry

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// The methods of this file are the book of a line (personalize.Book).

// lineActor is a line in the event log.
func lineActor(id jobs.LineID) access.Actor {
	return access.Actor{ID: "line:" + string(id), Roles: []access.Role{access.System}}
}

// Next leases the first order of the queue to the line of a session, with a fresh attempt; it waits until
// there is one that the line may take, or the context ends. A paused line gets none, nor does any
// while the clock stands behind the event log, or a ledger that was put back is not accepted. A session
// that is over is refused: jobs.taken_over.
func (r *Registry) Next(ctx context.Context, s jobs.Session) (jobs.Order, error) {
	for {
		changed := r.store.Changed()
		o, found, err := r.lease(ctx, s)
		if err != nil || found {
			return o, err
		}
		if err := r.wait(ctx, changed); err != nil {
			return jobs.Order{}, err
		}
	}
}

func (r *Registry) lease(ctx context.Context, s jobs.Session) (o jobs.Order, found bool, err error) {
	// Looking first keeps a waiting line out of the way of those that write.
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		line, now, ok, err := r.mayLease(tx, s.Line)
		if err == nil {
			err = s.Holds(line)
		}
		if err == nil && ok {
			profile, err := profileFor(tx, s.Line)
			if err != nil {
				return err
			}
			found, err = jobs.Ready(tx, profile, now)
			return err
		}
		return err
	})
	if err != nil || !found {
		return o, false, err
	}
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		if err := s.Lock(tx); err != nil {
			return err
		}
		line, now, ok, err := r.mayLease(tx, s.Line)
		if err != nil || !ok {
			found = false
			return err
		}
		var attempt ktp.AttemptID
		if _, err := io.ReadFull(r.cfg.Rand, attempt[:]); err != nil {
			return err
		}
		profile, err := profileFor(tx, s.Line)
		if err != nil {
			return err
		}
		var w jobs.Wanted
		if w, _, found, err = jobs.Lease(tx, line, profile, attempt, r.cfg.Lease, now); err != nil || !found {
			return err
		}
		o, err = leaseOf(tx, w)
		return err
	})
	return o, found && err == nil, err
}

// mayLease reports whether the line may take an order, and the time by which records are valid:
// never earlier than the newest event.
func (r *Registry) mayLease(tx *store.Tx, id jobs.LineID) (line jobs.Line, now time.Time, ok bool, err error) {
	if line, err = jobs.LineByID(tx, id); err != nil {
		return line, now, false, err
	}
	head, err := audit.HeadOf(tx)
	if err != nil {
		return line, now, false, err
	}
	now = tx.Now()
	ok = line.Wish == jobs.Running && !r.clockBehind(tx, head)
	if ok {
		_, restored, err := openRestoration(tx)
		if err != nil {
			return line, now, false, err
		}
		ok = !restored
	}
	if ok && r.cfg.Shifts {
		if _, ok, err = openShift(tx); err != nil {
			return line, now, false, err
		}
	}
	if ok && r.cfg.Releases {
		if ok, err = letGo(tx, line.Station); err != nil {
			return line, now, false, err
		}
	}
	if head.Latest.After(now) {
		now = head.Latest
	}
	return line, now, ok, nil
}

// ClockBehind reports whether the clock stands behind the event log, so that nothing is fed.
func (r *Registry) ClockBehind(ctx context.Context) (behind bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		behind = r.clockBehind(tx, head)
		return err
	})
	return behind, err
}

func (r *Registry) clockBehind(tx *store.Tx, head audit.Head) bool {
	return tx.Now().Add(r.cfg.ClockSlack).Before(head.Latest)
}

// leaseOf is an order as a line gets it.
func leaseOf(tx *store.Tx, w jobs.Wanted) (jobs.Order, error) {
	app, _, err := applicationByID(tx, ApplicationID(w.Application))
	if err != nil {
		return jobs.Order{}, err
	}
	record, _, err := loadRecord(tx, app)
	return jobs.Order{ID: w.ID, Attempt: w.Attempt, Line: w.Line, Fence: w.Fence, Record: record}, err
}

// work is an attempt with everything around it, inside one transaction.
type work struct {
	*act
	t     jobs.Attempt
	order jobs.Wanted
	app   Application
	story jobs.Story
}

// work loads an attempt in the name of whoever acts.
func (a *act) work(id ktp.AttemptID) (*work, error) {
	w := &work{act: a}
	var err error
	if w.t, err = jobs.AttemptByID(a.tx, id); err != nil {
		return nil, err
	}
	if w.order, _, err = jobs.LockWanted(a.tx, w.t.Order); err != nil {
		return nil, err
	}
	if w.app, err = a.application(ApplicationID(w.t.Application)); err != nil {
		return nil, err
	}
	w.story, err = jobs.StoryOf(a.tx, id)
	return w, err
}

func (r *Registry) onLine(ctx context.Context, o jobs.Order, fn func(*work) error) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: lineActor(o.Line)}
		w, err := a.work(o.Attempt)
		if err != nil {
			return err
		}
		return fn(w)
	})
}

// fenced refuses the holder of an older lease.
func (w *work) fenced(o jobs.Order, op string) error {
	if w.order.Attempt != o.Attempt || w.order.Fence != o.Fence || w.t.Line != o.Line {
		return jobs.Fenced.At(op, nil).With("fence", "%d is not the lease of attempt %s", o.Fence, o.Attempt)
	}
	return nil
}

// overBeforeFeed reports whether the attempt ended under its line before a blank was used, in a
// way that leaves the line healthy: the order was withdrawn, cancelled, superseded, or its lease
// ran out. A line whose session is over is not healthy.
func (w *work) overBeforeFeed() bool {
	return w.t.State == jobs.Void && !w.t.Fed && w.t.Cause != jobs.CauseSessionOver
}

// Intend writes down that the step is about to happen; it is durable on return. The intents of
// feed, print and activate re-read withdrawal, hold and deny list in the same transaction, that of
// claim the deny list, that of eject the withdrawal; the fault codes registry.withdrawn,
// registry.held, registry.blank_denied and registry.blank_for_others forbid the act.
func (r *Registry) Intend(ctx context.Context, o jobs.Order, step jobs.Step, e jobs.Evidence) error {
	const op = "registry.Intend"
	return r.onLine(ctx, o, func(w *work) error {
		switch {
		case w.overBeforeFeed() && step == jobs.Feed && w.t.Cause == string(RecordHeld.Code):
			return RecordHeld.At(op, nil).With("application", "%s", w.app.Cause)
		case w.overBeforeFeed() && step == jobs.Feed:
			return RecordWithdrawn.At(op, nil).With("attempt", "ended before a blank was used: %s", w.t.Cause)
		case w.t.Ended && w.t.Cause != jobs.CauseSessionOver:
			return jobs.AttemptOver.At(op, nil).With("attempt", "%s is %s", w.t.ID, w.t.State)
		}
		if err := w.fenced(o, op); err != nil {
			return err
		}
		return w.intend(step, o.Fence, e)
	})
}

func (w *work) intend(step jobs.Step, fence int64, e jobs.Evidence) error {
	const op = "registry.Intend"
	if !intended(w.t.Kind, w.t.State, step) {
		return jobs.WrongStep.At(op, nil).With("step", "%s in state %s", step, w.t.State)
	}
	wayOut := step == jobs.Reject || step == jobs.Block
	switch {
	case step == jobs.Reject && w.t.State != jobs.InDoubt && w.story.Unsettled(jobs.Activate):
		return activationOpen.At(op, nil).With("step", "activate has no outcome")
	case w.t.Condemned && !wayOut:
		return BlankDenied.At(op, nil).With("step", "a step failed on this card: %s", w.t.Cause)
	case w.spentPrint(step):
		return BlankDenied.At(op, nil).With("step", "a print was begun on this card")
	}
	switch err := w.bind(e.Chip); {
	case err == nil:
	case wayOut && (fault.Is(err, stock.ChipElsewhere) || fault.Is(err, chipDiffers)): // it leaves all the same
	case fault.Is(err, stock.ChipElsewhere):
		return BlankDenied.At(op, err).With("chip", "the ledger has it elsewhere")
	default:
		return err
	}
	if err := w.gate(step, e.Chip); err != nil {
		return err
	}
	if step == jobs.Feed {
		if err := w.approvedDesigns(&e); err != nil {
			return err
		}
		if err := mastersInUse(w.tx, e.Keys); err != nil {
			return err
		}
		if err := w.countFeeds(e.Printer, e.Cards); err != nil {
			return err
		}
	}
	if step == jobs.Activate {
		w.t.Successor = true
	}
	if err := w.t.Save(w.tx); err != nil {
		return err
	}
	if !w.order.Pinned && w.order.Attempt == w.t.ID {
		w.order.Pinned = true
		if err := w.order.Save(w.tx); err != nil {
			return err
		}
	}
	if step == jobs.Feed && w.app.State == Queued {
		if err := w.move(&w.app, EventStart, ""); err != nil {
			return err
		}
	}
	if step != jobs.Feed { // at the feed nothing is on a chip yet
		if err := saveMasters(w.tx, w.t.ID, e.Keys); err != nil {
			return err
		}
	}
	return w.story.Intend(w.tx, w.t.ID, step, fence, w.actor.ID, e)
}

// approvedDesigns writes the standard in force beside profile and template into the evidence of a feed,
// and where designs are approved refuses one that is not.
func (w *work) approvedDesigns(e *jobs.Evidence) error {
	s, err := w.standard()
	if err != nil {
		return err
	}
	e.Standard = s.Hash()
	if !w.r.cfg.Designs {
		return nil
	}
	for kind, hash := range map[string]string{DesignProfile: e.Profile, DesignArtwork: e.Artwork, DesignStandard: e.Standard} {
		approved, err := designByHash(w.tx, kind, hash)
		if err != nil {
			return err
		}
		if !approved {
			return DesignUnapproved.At("registry.Intend", nil).With(kind, "%s", hash)
		}
	}
	return nil
}

// spentPrint reports whether a print was ever about to begin on this blank: it is never printed again.
func (w *work) spentPrint(step jobs.Step) bool {
	return step == jobs.Print && w.story.Intended(jobs.Print)
}

// gate re-reads what may have changed in the world.
func (w *work) gate(step jobs.Step, chip ktp.ChipUID) error {
	const op = "registry.Intend"
	g := gates[step]
	if chip == "" {
		chip = w.t.Chip
	}
	if g.Withdrawn && w.app.Withdrawn != "" {
		return RecordWithdrawn.At(op, nil).With("application", "%s", w.app.Withdrawn)
	}
	if g.Held && w.app.HeldFor() != "" {
		return RecordHeld.At(op, nil).With("application", "%s", w.app.HeldFor())
	}
	if g.Denied && chip != "" {
		if reason, denied, err := stock.Denied(w.tx, chip); err != nil || denied {
			if err == nil {
				err = BlankDenied.At(op, nil).With("chip", "on the deny list: %s", reason)
			}
			return err
		}
	}
	switch step {
	case jobs.Feed:
		line, now, ok, err := w.r.mayLease(w.tx, w.t.Line)
		if err != nil {
			return err
		}
		profile, err := stock.Next(w.tx, string(w.t.Line))
		switch until := w.order.ValidUntil; {
		case err != nil:
		case !ok:
			err = RecordHeld.At(op, nil).With("line", "wished to be %s, or the clock stands behind the event log", line.Wish)
		case !until.IsZero() && !until.After(now):
			err = RecordHeld.At(op, nil).With("record", "no longer valid since it was leased")
		case !w.order.MadeOf(profile):
			err = RecordHeld.At(op, nil).With("hopper", "now holds blanks for other cards")
		}
		if err != nil {
			return err
		}
	case jobs.Claim:
		profile, err := stock.ProfileOf(w.tx, w.t.ID.String())
		if fault.Is(err, stock.NoBlank) { // the card turned out to be none of the hopper's blanks
			return nil
		}
		unknown := profile == "" && w.order.Profile == ktp.ProfileForeign // most blanks are citizens'
		if err == nil && (unknown || !w.order.MadeOf(profile)) {
			err = BlankForOthers.At(op, nil).With("chip", "the blank is for other cards")
		}
		return err
	case jobs.Print:
		if chip == "" {
			return BlankDenied.At(op, nil).With("chip", "never read")
		}
		return nil
	case jobs.Activate:
		if chip == "" {
			return chipMissing.At(op, nil).With("chip", "no card is made without it")
		}
	default:
		return nil
	}
	busy, err := hasSuccessor(w.tx, w.app.person, w.app.ID)
	if err == nil && busy {
		err = RecordHeld.At(op, nil).With("application", "the person has a successor in work")
	}
	return err
}

// bind writes the chip of the attempt's blank when it is read first, and compares it later.
func (w *work) bind(chip ktp.ChipUID) error {
	switch {
	case chip == "" || chip == w.t.Chip || !w.t.Fed:
		return nil
	case w.t.Chip != "":
		return chipDiffers.At("registry.bind", nil).With("chip", "not the chip of attempt %s", w.t.ID)
	}
	err := stock.Identify(w.tx, w.t.ID.String(), chip, w.why("read"))
	if fault.Is(err, stock.NoBlank) { // the card turned out to be none of the hopper's blanks
		return nil
	}
	if err != nil {
		return err
	}
	w.t.Chip = chip
	return w.tell(audit.Event{Code: "stock.identified", Attempt: w.t.ID.String(), Chip: chip, Line: string(w.t.Line)})
}

// Settle writes down how a step ended: attempt, stock, card, application and events in one
// transaction. Settling a settled step again with the same result changes nothing.
func (r *Registry) Settle(ctx context.Context, o jobs.Order, step jobs.Step, out jobs.Outcome) error {
	const op = "registry.Settle"
	return r.onLine(ctx, o, func(w *work) error {
		if w.repeated(step, out) {
			return nil
		}
		switch {
		case w.overBeforeFeed() && (step == jobs.Feed || step == jobs.Prepare) && out.Result != jobs.Done && out.Result != jobs.Unknown:
			return nil
		case w.t.Ended && w.t.Cause != jobs.CauseSessionOver:
			return jobs.AttemptOver.At(op, nil).With("attempt", "%s is %s", w.t.ID, w.t.State)
		}
		if err := w.fenced(o, op); err != nil {
			return err
		}
		return w.settle(step, o.Fence, out)
	})
}

// repeated reports whether the outcome was written already. A doubt in between takes the card back
// to before: the same outcome again is then proof, and no repetition.
func (w *work) repeated(step jobs.Step, out jobs.Outcome) bool {
	if out.Result == jobs.Unknown && w.t.State != jobs.InDoubt {
		return false // the card was presented meanwhile, and is missing again
	}
	last, found := w.story.Outcome(step)
	if !found || w.story.Unsettled(step) || last.Result != out.Result || last.Match != out.Match {
		return false
	}
	for _, n := range slices.Backward(w.story) {
		switch {
		case n.Phase != jobs.Settled:
		case n.Step == step:
			return true
		case n.Outcome.Result == jobs.Unknown:
			return false
		}
	}
	return false
}

// Unsettled takes the line over: the holders of older leases are fenced, orders without an
// intent go back to the queue, and every attempt that is neither finished nor back in the queue is
// returned with a new fence, oldest first. jobs.taken_over where held is a session and not the line's any more.
func (r *Registry) Unsettled(ctx context.Context, line jobs.LineID, held jobs.Session) (s jobs.Session, list []jobs.Entry, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		list = nil
		var kept []jobs.Wanted
		var err error
		if s, kept, err = jobs.TakeOver(tx, line, held); err != nil {
			return err
		}
		// A blank in work is looked for in the path, which is run clear; what was fed beside it comes out with it.
		if !slices.ContainsFunc(kept, func(w jobs.Wanted) bool { return w.Pinned }) {
			if err := standFeedMark(tx, line); err != nil {
				return err
			}
		}
		for _, w := range kept {
			if err := closeHandOffs(tx, w.Attempt); err != nil {
				return err
			}
			e, err := entryOf(tx, w)
			if err != nil {
				return err
			}
			list = append(list, e)
		}
		return nil
	})
	if err == nil {
		r.log.Info("line taken over", zap.String("line", string(line)), zap.Int("unsettled", len(list)))
	}
	return s, list, err
}

func entryOf(tx *store.Tx, w jobs.Wanted) (e jobs.Entry, err error) {
	if e.Order, err = leaseOf(tx, w); err != nil {
		return e, err
	}
	t, err := jobs.AttemptByID(tx, w.Attempt)
	if err != nil {
		return e, err
	}
	story, err := jobs.StoryOf(tx, w.Attempt)
	if err != nil {
		return e, err
	}
	app, _, err := applicationByID(tx, ApplicationID(w.Application))
	if err != nil {
		return e, err
	}
	e.State, e.Chip, e.Match, e.Hashes = t.State, t.Chip, t.Match, story.Hashes()
	e.Printed = story.Intended(jobs.Print)
	e.FaceLeft = faceLeft(t, story)
	e.Withdrawn = app.Withdrawn != ""
	if note, settled, found := story.Newest(); found {
		e.Step, e.Phase, e.Evidence = note.Step, jobs.Intent, note.Evidence
		if settled {
			e.Phase = jobs.Settled
			e.Outcome, _ = story.Outcome(note.Step)
		}
	}
	return e, nil
}

// Found writes down a card that no open attempt of the line explains and that is about to be set
// aside into tray. Where an attempt of the line has a blank in the path whose chip was never read,
// the card is that blank, and only its chip is learned. Chip and holds are empty where the chip
// did not answer. A session that is over is refused: jobs.taken_over.
func (r *Registry) Found(ctx context.Context, s jobs.Session, chip ktp.ChipUID, holds ktp.AttemptID, tray string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		if err := s.Lock(tx); err != nil {
			return err
		}
		a := &act{r: r, tx: tx, actor: lineActor(s.Line)}
		return a.found(s.Line, chip, holds, tray)
	})
}

func (a *act) found(line jobs.LineID, chip ktp.ChipUID, holds ktp.AttemptID, tray string) error {
	to := stock.On(stock.Reject, string(line))
	if tray != string(stock.Reject) {
		to = stock.At(stock.Quarantine)
	}
	mine, err := a.unreadOn(line)
	if err != nil {
		return err
	}
	if mine != nil { // a path holds one card
		return a.foreign(*mine, chip, to)
	}
	detail := map[string]string{"to": to.String()}
	if !holds.IsZero() {
		detail["holds"] = holds.String()
	}
	was, known, named := "", false, false
	if chip != "" {
		b, found, err := stock.ByChip(a.tx, chip)
		if err != nil {
			return err
		}
		if known = found; known {
			was, named = b.Place.String(), b.NamedIn(stock.On(stock.Hopper, string(line)))
		}
	}
	doubted, unread := false, false
	if chip == "" {
		if doubted, unread, err = a.doubtsOn(line); err != nil {
			return err
		}
	}
	if doubted { // a mute card is taken for one of those that are looked for, not for one more
		was = string(stock.Doubt)
		if !unread { // their chips were read: one of them has died since, or this is one more
			if err := a.stand(line, jobs.Paused, causeUnexplained); err != nil {
				return err
			}
		}
	} else if (!known || named) && holds.IsZero() {
		alike, err := a.unreadOutside(line)
		if err != nil {
			return err
		}
		if was, err = a.stray(line, chip, to); err != nil {
			return err
		}
		if was != "" && alike > 1 { // which of them it was, nobody can tell
			detail["one_of"] = strconv.Itoa(alike)
		}
	} else if _, _, err := stock.SetAside(a.tx, chip, to, a.why("found")); err != nil {
		return err
	}
	detail["known"] = fmt.Sprint(known)
	if was != "" {
		detail["from"] = was
	}
	if err := a.tell(audit.Event{Code: "card.found", Chip: chip, Line: string(line), Detail: detail}); err != nil {
		return err
	}
	if t, err := jobs.AttemptByID(a.tx, holds); err == nil && t.State == jobs.InDoubt {
		t.Place = tray
		return t.Save(a.tx)
	}
	return nil
}

// doubtsOn reports whether a blank of the line is looked for, and one whose chip was never read. One that was
// met meanwhile is where it was met.
func (a *act) doubtsOn(line jobs.LineID) (sought, unread bool, err error) {
	list, err := jobs.AttemptsOn(a.tx, line)
	if err != nil {
		return false, false, err
	}
	for _, t := range list {
		if t.State != jobs.InDoubt {
			continue
		}
		b, err := stock.OfAttempt(a.tx, t.ID.String())
		if fault.Is(err, stock.NoBlank) || err == nil && b.Place.Kind != stock.Doubt {
			continue
		}
		if err != nil {
			return false, false, err
		}
		sought, unread = true, unread || b.Chip == ""
	}
	return sought, unread, nil
}

// unreadOutside counts the blanks of a line that left its hopper and were never read.
func (a *act) unreadOutside(line jobs.LineID) (n int, err error) {
	rejected, err := stock.UnreadAt(a.tx, stock.On(stock.Reject, string(line)))
	if err != nil {
		return 0, err
	}
	n = len(rejected)
	for _, state := range []jobs.State{jobs.InDoubt, jobs.Lost} {
		list, err := jobs.AttemptsIn(a.tx, state)
		if err != nil {
			return 0, err
		}
		for _, t := range list {
			if b, err := stock.OfAttempt(a.tx, t.ID.String()); t.Line == line && err == nil && b.Chip == "" && (b.Place.Kind == stock.Doubt || b.Place.Kind == stock.Lost) {
				n++
			}
		}
	}
	return n, nil
}

// stray explains a card with an untouched chip that the ledger does not know, or a mute one: the
// blank of a feed of this line that is in doubt or was declared lost, one that its printer fed while it
// stood, one that was set aside before its chip could be read, or else one that came out of its hopper by itself. It returns where the ledger had it; empty: nowhere.
func (a *act) stray(line jobs.LineID, chip ktp.ChipUID, to stock.Place) (was string, err error) {
	for _, state := range []jobs.State{jobs.InDoubt, jobs.Lost} {
		list, err := jobs.AttemptsIn(a.tx, state)
		if err != nil {
			return "", err
		}
		for _, t := range list {
			b, err := stock.OfAttempt(a.tx, t.ID.String())
			if t.Line != line || err != nil || b.Chip != "" || b.Place.Kind != stock.Doubt && b.Place.Kind != stock.Lost {
				continue
			}
			if chip != "" {
				if err := stock.Identify(a.tx, t.ID.String(), chip, a.why("found")); err != nil {
					return "", err
				}
			}
			if chip != "" && state == jobs.InDoubt {
				t.Chip = chip // no other card answers for this attempt
				if err := t.Save(a.tx); err != nil {
					return "", err
				}
			}
			return b.Place.String(), stock.Move(a.tx, t.ID.String(), to, a.why("found"))
		}
	}
	if open, err := stock.Standing(a.tx, string(line), reasonStood); err != nil || len(open) > 0 {
		if err == nil {
			err = stock.NameCounted(a.tx, open[0], chip, to, a.why("found"))
		}
		return string(stock.Doubt), err
	}
	if b, counted, err := stock.Counted(a.tx, string(line)); err != nil || counted {
		if err == nil {
			err = stock.NameCounted(a.tx, b, chip, to, a.why("found"))
		}
		return b.Place.String(), err
	}
	if known, err := a.rejectedUnread(line, chip); known || err != nil { // before one more is taken out of the hopper
		return stock.On(stock.Reject, string(line)).String(), err
	}
	_, counts, err := feedMarkOf(a.tx, line)
	if err != nil {
		return "", err
	}
	explained, err := stock.Stray(a.tx, string(line), chip, to, a.why("found"))
	if err == nil && chip == "" && !counts { // no counter ever tells whether it came out of the hopper
		err = a.stand(line, jobs.Paused, causeUnexplained)
	}
	if explained {
		was = stock.On(stock.Hopper, string(line)).String()
	}
	return was, err
}

// causeSilent: the chip gave no answer, also when it was seated anew. Such a card does not answer later.
const causeSilent = "applet.card_mute"

// rejectedUnread learns the chip of a blank that the line set aside without having read it, as when its
// reader failed, and reports whether there was one.
func (a *act) rejectedUnread(line jobs.LineID, chip ktp.ChipUID) (bool, error) {
	if chip == "" {
		return false, nil
	}
	unread, err := stock.UnreadAt(a.tx, stock.On(stock.Reject, string(line)))
	if err != nil {
		return false, err
	}
	for _, b := range unread {
		id, err := ktp.ParseAttemptID(b.Attempt)
		if err != nil {
			continue // of no attempt: found, and mute
		}
		t, err := jobs.AttemptByID(a.tx, id)
		if err != nil {
			return false, err
		}
		if t.Cause != causeSilent {
			return true, stock.Identify(a.tx, b.Attempt, chip, a.why("found"))
		}
	}
	return false, nil
}

// unreadOn is the attempt of the line whose blank is in the path with its chip unread.
func (a *act) unreadOn(line jobs.LineID) (*jobs.Attempt, error) {
	list, err := jobs.AttemptsOn(a.tx, line)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if t.State == jobs.Fed && t.Chip == "" {
			return &t, nil
		}
	}
	return nil, nil
}

// foreign writes down that the card fed for an attempt is none of the hopper's blanks. A chip the
// ledger does not know is learned for the blank at hand. One that it has elsewhere is now here, and
// the blank that was thought to be fed is still in the hopper.
func (a *act) foreign(t jobs.Attempt, chip ktp.ChipUID, to stock.Place) error {
	id := t.ID.String()
	e := audit.Event{Code: "card.foreign", Attempt: id, Chip: chip, Line: string(t.Line)}
	if chip == "" {
		return a.tell(e)
	}
	err := stock.Identify(a.tx, id, chip, a.why("foreign"))
	if err == nil || fault.Is(err, stock.NoBlank) {
		return a.tell(e)
	}
	if !fault.Is(err, stock.ChipElsewhere) {
		return err
	}
	other, _, err := stock.ByChip(a.tx, chip)
	if err != nil {
		return err
	}
	if err := stock.Return(a.tx, id, stock.On(stock.Hopper, string(t.Line)), a.why("foreign")); err != nil {
		return err
	}
	if _, _, err := stock.SetAside(a.tx, chip, to, a.why("foreign")); err != nil {
		return err
	}
	e.Detail = map[string]string{"from": other.Place.String(), "to": to.String()}
	return a.tell(e)
}
