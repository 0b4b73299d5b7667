package trial

import (
	"slices"

	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/registry"
)

// The promises of the station, each as far as it holds at every instant.

// oneCard: at most one card of a person is active, not blocked and not retired by two persons;
// the register has at most one made and one in force (promise 1).
func (b *books) oneCard() error {
	active := map[string][]string{} // NIK to cards
	for _, c := range b.bodies {
		d, ours := b.of(c)
		if !ours || !c.is("active") || retired(d) {
			continue
		}
		nik, err := b.person(d.Attempt.Application)
		if err != nil {
			return err
		}
		if active[nik] = append(active[nik], c.Serial); len(active[nik]) > 1 {
			b.say("the person of application %s has active cards %q", d.Attempt.Application, active[nik])
		}
	}
	made, force := map[string]int{}, map[string]int{}
	for _, d := range b.tries {
		if d.Card == nil {
			continue
		}
		nik, err := b.person(d.Attempt.Application)
		if err != nil {
			return err
		}
		switch d.Card.State {
		case registry.CardMade:
			made[nik]++
		case registry.CardInForce:
			force[nik]++
		}
		if made[nik] > 1 || force[nik] > 1 {
			b.say("the register has %d cards made and %d in force for the person of application %s", made[nik], force[nik], d.Attempt.Application)
		}
		if gone := slices.Contains([]jobs.State{jobs.Lost, jobs.Revoked, jobs.Spoiled}, d.Attempt.State); gone && d.Card.State != registry.CardRetired {
			b.say("attempt %s is %s, and its card is %s in the register", d.Attempt.ID, d.Attempt.State, d.Card.State)
		}
	}
	return nil
}

// retired: two persons have said that the card is gone or worthless; the register says so too.
func retired(d registry.AttemptDetail) bool {
	return d.Attempt.State == jobs.Lost || d.Attempt.State == jobs.Revoked || d.Card != nil && d.Card.State == registry.CardRetired
}

// samePerson: chip, face and record of a card whose face was accepted belong together (promise 3).
func (b *books) samePerson() error {
	for id, cards := range b.held {
		if i, known := b.try[id]; known && len(cards) > 1 {
			b.say("attempt %s is on %d chips", b.tries[i].Attempt.ID, len(cards))
		}
	}
	for _, c := range b.bodies {
		d, ours := b.of(c)
		if !ours {
			continue
		}
		if d.Attempt.Chip != "" && d.Attempt.Chip != c.uid {
			b.say("attempt %s names chip %s, and its card %s has chip %s", d.Attempt.ID, d.Attempt.Chip, c.Serial, c.uid)
		}
		if !settled(d, jobs.Accept) || c.is("terminated") {
			continue
		}
		nik, err := b.person(d.Attempt.Application)
		if err != nil {
			return err
		}
		switch content, err := chip.Decode(c.view.Files); {
		case err != nil:
			b.say("card %s: %v", c.Serial, err)
		case content.DG1 == nil || content.DG1.DocumentNumber != nik:
			b.say("card %s was accepted, and its chip is not that of the person of application %s", c.Serial, d.Attempt.Application)
		}
		if b.face == nil {
			continue
		}
		want, known := b.face(d.Attempt.Application)
		if known && !(sameSide(c.Front, want.Front) && (want.Back == nil || sameSide(c.Back, *want.Back))) {
			b.say("card %s was accepted, and its face is not that of application %s", c.Serial, d.Attempt.Application)
		}
	}
	return nil
}

// settled reports whether the journal says that the step was done, ever.
func settled(d registry.AttemptDetail, s jobs.Step) bool {
	return slices.ContainsFunc(d.Journal, func(n jobs.Note) bool {
		return n.Step == s && n.Phase == jobs.Settled && n.Outcome.Result == jobs.Done
	})
}

// intendedFirst: nothing physical is there that is not on disk (promise 4, first half).
func (b *books) intendedFirst() {
	feeds, prints := 0, 0 // in the world less those that the ledger intended
	intents, again := 0, 0
	for _, d := range b.tries {
		if d.Journal.Intended(jobs.Feed) {
			feeds--
		}
		if d.Journal.Intended(jobs.Print) {
			prints--
			intents++
		}
	}
	for _, c := range b.bodies {
		asked := false
		for _, way := range c.Entries() {
			if way == machine.EntryFed {
				asked = true
				feeds++
			}
		}
		front, back := c.Prints()
		switch {
		case front+back > 0 && asked:
			prints++
		case front+back > 0: // by a printer that manages its errors itself: it takes another card, and prints the job on that one, too
			again++
		}
		if front > 1 || back > 1 {
			b.say("card %s was printed %d times", c.Serial, max(front, back))
		}
		d, ours := b.of(c)
		if !ours {
			// A print may be on a card that the printer took by itself, as when somebody had pulled the
			// one to be printed. The ledger must not tell of it as done: see reportedTruly.
			if front+back > 0 && asked {
				b.say("card %s is printed, was fed by a host that asked for it, and carries no attempt that the ledger knows", c.Serial)
			}
			continue
		}
		id := d.Attempt.ID
		if front+back > 0 && !d.Journal.Intended(jobs.Print) {
			b.say("card %s is printed, and attempt %s has no intent to print", c.Serial, id)
		}
		if !d.Journal.Intended(jobs.Claim) {
			b.say("card %s is claimed, and attempt %s has no intent to claim", c.Serial, id)
		}
		if len(c.view.Files) > 1 && !d.Journal.Intended(jobs.Write) { // EF.PROF is always there
			b.say("card %s has files, and attempt %s has no intent to write", c.Serial, id)
		}
		if c.is("active", "blocked") && !d.Journal.Intended(jobs.Activate) {
			b.say("card %s is %s, and attempt %s has no intent to activate", c.Serial, c.view.State, id)
		}
		if c.is("blocked") && !d.Journal.Intended(jobs.Block) {
			b.say("card %s is blocked, and attempt %s has no intent to block", c.Serial, id)
		}
		if c.place.At == machine.AtOutput && !d.Journal.Intended(jobs.Eject) {
			b.say("card %s is in the output tray, and attempt %s has no intent to eject", c.Serial, id)
		}
	}
	if again > intents {
		b.say("%d cards are printed that no host fed, and there are %d intents to print", again, intents)
	}
	if prints > 0 {
		b.say("%d more cards are printed than there are intents to print", prints)
	}
	if feeds > 0 {
		b.say("%d more times a host fed a blank than there are intents to feed", feeds)
	}
}

// reportedTruly: what the ledger says was done can be seen in the world (promise 4, second half).
func (b *books) reportedTruly() {
	fed := 0
	for _, c := range b.bodies {
		fed += c.Fed()
	}
	feeds := 0
	for _, d := range b.tries {
		if settled(d, jobs.Feed) && d.Attempt.Kind != jobs.Desktop { // there a person's hand feeds
			feeds++
		}
		t := d.Attempt
		cards := b.held[t.ID]
		var c body
		if len(cards) > 0 {
			c = cards[0]
		}
		never := func(done bool, format string, args ...any) {
			if !done {
				b.say("attempt %s (%s): "+format, append([]any{t.ID, t.State}, args...)...)
			}
		}
		if settled(d, jobs.Claim) {
			never(len(cards) > 0, "claimed, and no chip carries it")
		}
		if len(cards) == 0 {
			continue
		}
		if settled(d, jobs.ReadBack) {
			never(c.is("written", "active", "blocked", "terminated"), "read back, and card %s is only %s", c.Serial, c.view.State)
		}
		if settled(d, jobs.Print) {
			never(printedWhole(c.Plastic), "printed, and the face of card %s is not whole", c.Serial)
		}
		if settled(d, jobs.Activate) {
			never(c.is("active", "blocked", "terminated"), "activated, and card %s is only %s", c.Serial, c.view.State)
		}
		if settled(d, jobs.Block) {
			never(c.is("blocked", "terminated") || c.mute(), "blocked, and card %s is %s", c.Serial, c.view.State)
		}
		switch t.State {
		case jobs.Spoiled:
			never(!c.is("active", "blocked"), "card %s was active", c.Serial)
		case jobs.Revoked:
			never(!c.is("active") || c.mute(), "card %s is active", c.Serial)
		case jobs.Finished(t.Kind):
			never(c.is("active"), "finished, and card %s is %s", c.Serial, c.view.State)
			never(printedWhole(c.Plastic), "finished, and the face of card %s is not whole", c.Serial)
		}
		if t.Ended && t.State != jobs.Lost && t.State != jobs.Void {
			never(c.place.At != machine.AtPath && c.place.At != machine.AtHopper, "ended, and card %s is at %s", c.Serial, c.place)
		}
	}
	if feeds > fed {
		b.say("the ledger has %d blanks fed, and %d left a hopper", feeds, fed)
	}
}

// printedWhole reports whether one pass laid every panel of a face without a break.
func printedWhole(p *machine.Plastic) bool {
	front, back := p.Prints()
	if front != 1 || back > 1 {
		return false
	}
	for _, l := range slices.Concat(p.Front.Layers(), p.Back.Layers()) {
		if l.Partial() {
			return false
		}
	}
	return true
}

// gated are the acts that must not begin once a withdrawal is known.
var gated = []jobs.Step{jobs.Feed, jobs.Print, jobs.Activate}

// withdrawnInTime: no act that a withdrawal forbids is begun after it (promise 4).
func (b *books) withdrawnInTime() {
	for _, d := range b.tries {
		w, known := b.withdrawn[d.Attempt.Application]
		if !known {
			continue
		}
		for _, n := range d.Journal {
			if n.Phase == jobs.Intent && slices.Contains(gated, n.Step) && n.ID > w.note {
				b.say("attempt %s: %s was begun after the withdrawal of application %s", d.Attempt.ID, n.Step, d.Attempt.Application)
			}
		}
	}
}

// recalled: a withdrawal that was answered with done leaves no card behind, and no other one
// leaves an application that goes on as if nothing were.
func (b *books) recalled() {
	for _, d := range b.tries {
		w, known := b.withdrawn[d.Attempt.Application]
		if !known || w.answer != registry.AnswerDone {
			continue
		}
		if app := b.apps[d.Attempt.Application]; app.State != registry.Withdrawn {
			b.say("the withdrawal of application %s was answered with done, and it is %s", app.ID, app.State)
		}
		for _, c := range b.held[d.Attempt.ID] {
			if c.is("active") && !c.mute() && d.Attempt.State != jobs.Lost {
				b.say("the withdrawal of application %s was answered with done, and its card %s is active", d.Attempt.Application, c.Serial)
			}
		}
	}
}
