package registry

import (
	"context"
	"slices"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// ReturnReasons are why a finished card comes back (service standard, role 5).
var ReturnReasons = []string{"mismatch", "wrong_data", "damaged", "chip_unreadable", "photo", "refused_by_holder"}

// ReturnCard takes a card out of the way to its holder: its data does not fit, or it is damaged. It
// is set apart and goes back to the Dinas, where it is retired; then it is remade or the application
// is closed.
type ReturnCard struct {
	Application ApplicationID
	Chip        ktp.ChipUID
	Because
}

func (ReturnCard) Name() Name             { return opReturnCard }
func (o ReturnCard) about() ApplicationID { return o.Application }

func (o ReturnCard) run(a *act) error {
	const op = "registry.ReturnCard"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	c, found, err := cardByChip(a.tx, o.Chip)
	switch {
	case err != nil:
		return err
	case !found || c.Application != o.Application:
		return cardUnknown.At(op, nil).With("chip", "not the card of this application")
	case c.State != CardMade:
		return wrongState.At(op, nil).With("state", "the card is %s", c.State)
	}
	if err := a.actorHas(c); err != nil {
		return err
	}
	if err := a.inNoBag(op, c.Chip); err != nil {
		return err
	}
	if err := a.putBlank(c.Attempt, stock.At(stock.Returned), o.Reason); err != nil {
		return err
	}
	a.res.Chip = c.Chip
	return a.comesBack(&app, c.Chip, o.Reason)
}

// CloseReturned ends an application whose card came back and was retired, without another card.
type CloseReturned struct {
	Application ApplicationID
	Because
	Second Actor
}

func (CloseReturned) Name() Name             { return opCloseReturned }
func (o CloseReturned) about() ApplicationID { return o.Application }
func (o CloseReturned) second() Actor        { return o.Second }

func (o CloseReturned) run(a *act) error {
	const op = "registry.CloseReturned"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if busy, err := madeCard(a.tx, app.person); err != nil || busy {
		if err == nil {
			err = wrongState.At(op, nil).With("state", "the card that came back is not retired")
		}
		return err
	}
	if err := a.eraseAll(app.ID); err != nil {
		return err
	}
	if err := a.move(&app, EventClose, o.Reason); err != nil {
		return err
	}
	return a.ifDied(o.Reason, app.person)
}

// EndReasons are why a card in force ends before another takes its place.
var EndReasons = []string{"lost", "stolen", "damaged", "died", "moved_abroad", "renounced", "court", "replaced"}

// EndCard retires a card that is in force, or with another Dinas: reported lost or stolen, its holder died, another
// Dinas replaced it. A card that is at hand is taken in for destruction; so is one that was retired before and turns up.
// Of a holder who died nothing else goes on.
type EndCard struct {
	Chip ktp.ChipUID
	Because
	AtHand bool
	Second Actor
}

func (EndCard) Name() Name      { return opEndCard }
func (o EndCard) second() Actor { return o.Second }

func (o EndCard) run(a *act) error {
	const op = "registry.EndCard"
	c, err := knownCard(a.tx, op, o.Chip)
	switch {
	case err != nil:
		return err
	case c.State == CardRetired && o.AtHand:
		return a.turnedUp(c, o.Reason)
	case !c.outside():
		return wrongState.At(op, nil).With("state", "the card is %s", c.State)
	}
	if err := a.endOutside(o.Reason, c); err != nil {
		return err
	}
	a.res.Chip, a.res.Application = c.Chip, c.Application
	if o.AtHand {
		if err := a.putBlank(c.Attempt, stock.At(stock.Returned), o.Reason); err != nil {
			return err
		}
	}
	return a.ifDied(o.Reason, c.person)
}

// turnedUp takes a retired card in that nobody had at hand: its holder found it, or somebody else did.
func (a *act) turnedUp(c Card, reason string) error {
	b, err := stock.OfAttempt(a.tx, c.Attempt.String())
	switch {
	case err != nil:
		return err
	case b.Place.Kind != stock.Holder && b.Place.Kind != stock.Lost && b.Place.Kind != stock.Elsewhere:
		return wrongState.At("registry.EndCard", nil).With("state", "the card is retired, and at %s", b.Place)
	}
	a.res.Chip, a.res.Application = c.Chip, c.Application
	return a.putBlank(c.Attempt, stock.At(stock.Returned), reason)
}

// HoldCard marks a card that is made or in force (OSIA SUSPENDED); it is stopped at the next act.
type HoldCard struct {
	Chip ktp.ChipUID
	Because
}

func (HoldCard) Name() Name { return opHoldCard }

func (o HoldCard) run(a *act) error {
	const op = "registry.HoldCard"
	c, err := knownCard(a.tx, op, o.Chip)
	switch {
	case err != nil:
		return err
	case c.State != CardMade && c.State != CardInForce:
		return wrongState.At(op, nil).With("state", "the card is %s", c.State)
	}
	a.res.Chip, a.res.Application, a.res.Answer = c.Chip, c.Application, AnswerUnchanged
	if c.Held != "" {
		return nil
	}
	c.Held = o.Reason
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(c.Application), Chip: c.Chip, Detail: map[string]string{"cause": o.Reason}})
}

// FreeCard takes the mark of HoldCard away. A mark that a finding set is lifted by
// ReleaseQuarantine.
type FreeCard struct{ Chip ktp.ChipUID }

func (FreeCard) Name() Name { return opFreeCard }

func (o FreeCard) run(a *act) error {
	const op = "registry.FreeCard"
	c, err := knownCard(a.tx, op, o.Chip)
	if err != nil {
		return err
	}
	if slices.Contains(findings, c.Held) {
		return wrongState.At(op, nil).With("state", "a finding holds it: %s", c.Held)
	}
	a.res.Chip, a.res.Application, a.res.Answer = c.Chip, c.Application, AnswerUnchanged
	if c.Held == "" {
		return nil
	}
	c.Held = ""
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(c.Application), Chip: c.Chip})
}

// findings are holds that only a person who looked into it lifts.
var findings = []string{causeRevoked, causeWrongPerson, InvestigateMissing, InvestigateExtra, InvestigateCounterfeit}

// LeaveUncollected notes that nobody came for a card in time, or that its holder was matched and left without it: who
// comes after all is matched anew.
type LeaveUncollected struct{ Application ApplicationID }

func (LeaveUncollected) Name() Name             { return opLeaveUncollected }
func (o LeaveUncollected) about() ApplicationID { return o.Application }

func (o LeaveUncollected) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	made, err := cards(a.tx, `where application = ? order by chip`, o.Application)
	if err != nil {
		return err
	}
	for _, c := range made {
		if c.State != CardMade {
			continue
		}
		if err := a.atItsPlace(app, c); err != nil {
			return err
		}
	}
	if waited := a.now().Sub(app.Since); waited < uncollectedAfter {
		return wrongState.At("registry.LeaveUncollected", nil).With("state", "it waits for %d days, a card counts as uncollected after %d", int(waited.Hours()/24), int(uncollectedAfter.Hours()/24))
	}
	return a.move(&app, EventLeave, "")
}

// LeaveDue notes for every card that has waited long enough that nobody came for it, and answers with
// their applications. The loop of a station calls it; it is done once for each.
func (r *Registry) LeaveDue(ctx context.Context, actor Actor) (left []ApplicationID, err error) {
	var since int64
	var after ApplicationID
	for {
		var due []Application
		if err := r.store.Read(ctx, func(tx *store.Tx) error {
			due, err = applicationList(tx, `where state in (?, ?, ?) and since <= ? and (since > ? or since = ? and id > ?) order by since, id limit ?`,
				Produced, Delivered, Matched, store.Micros(tx.Now().Add(-uncollectedAfter)), since, since, after, dueChunk)
			return err
		}); err != nil || len(due) == 0 {
			return left, err
		}
		for _, app := range due {
			done, err := r.leaveIfDue(ctx, actor, app.ID)
			if err != nil {
				return left, err
			}
			if done {
				left = append(left, app.ID)
			}
		}
		since, after = store.Micros(due[len(due)-1].Since), due[len(due)-1].ID
	}
}

// dueChunk is how many applications are looked at together.
const dueChunk = 200

func (r *Registry) leaveIfDue(ctx context.Context, actor Actor, id ApplicationID) (done bool, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		done = false
		a := &act{r: r, tx: tx, actor: actor}
		app, err := a.application(id)
		if err != nil || !slices.Contains(RowOf(opLeaveUncollected).From, app.State) || a.now().Sub(app.Since) < uncollectedAfter {
			return err
		}
		made, err := cards(tx, `where application = ? and state = ? order by chip`, id, CardMade)
		if err != nil {
			return err
		}
		for _, c := range made {
			if _, err := a.waitsAt(app, c); fault.Is(err, wrongState) {
				return nil
			} else if err != nil {
				return err
			}
		}
		done = true
		return a.move(&app, EventLeave, "")
	})
	return done && err == nil, err
}

// uncollectedAfter is how long a card waits before it counts as uncollected.
const uncollectedAfter = UncollectedAfterDays * 24 * time.Hour

// UncollectedAfterDays are the same in days.
const UncollectedAfterDays = 30

// RecallUncollected calls a card back that nobody collected: it travels back, is retired, and the
// application ends.
type RecallUncollected struct {
	Application ApplicationID
	Because
	Second Actor
}

func (RecallUncollected) Name() Name             { return opRecallUncollected }
func (o RecallUncollected) about() ApplicationID { return o.Application }
func (o RecallUncollected) second() Actor        { return o.Second }

func (o RecallUncollected) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if err := a.move(&app, EventRecall, o.Reason); err != nil {
		return err
	}
	return a.ifDied(o.Reason, app.person)
}

// endRecall ends a recall whose card is retired: withdrawn where the application was taken back,
// closed where the card was only never collected.
func (a *act) endRecall(app *Application, reason string) error {
	if err := a.eraseAll(app.ID); err != nil {
		return err
	}
	if app.Withdrawn == "" {
		return a.move(app, EventClose, reason)
	}
	return a.move(app, EventWithdraw, reason)
}

// Waiting is a finished card that its holder has not fetched.
type Waiting struct {
	Application ApplicationID
	State       State
	Place       string // of delivery
	Since       time.Time
}

// WaitingFilter says which waiting cards are asked for.
type WaitingFilter struct {
	Before time.Time // since when they wait, at the latest
	Place  string    // of delivery; empty: all
	After  Seen
	Limit  int
}

// mostLooked is how many waiting cards are looked at for one page of those of a place.
const mostLooked = 1000

// WaitingCards are a page of the finished cards that wait for their holders, oldest first: the list of reminders, of those
// that count as uncollected, and of recalls. Where a card goes follows from several rows, so that cards of other places are
// read and left out, a bounded number for a page, which may be short or empty: it goes on behind next until that is nothing.
func (r *Registry) WaitingCards(ctx context.Context, f WaitingFilter) (list []Waiting, next Seen, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, next = nil, Seen{}
		a := &act{r: r, tx: tx}
		look := mostLooked
		if f.Place == "" {
			look = min(look, f.Limit+1)
		} else if _, err := a.place(f.Place); err != nil {
			return err
		}
		apps, err := longestIn(tx, f.Before, f.After, look, Produced, Delivered, Uncollected, Matched)
		if err != nil {
			return err
		}
		seen := f.After
		for _, app := range apps {
			p, err := a.deliveryOf(app.ID)
			if err != nil {
				return err
			}
			if f.Place == "" || p.ID == f.Place {
				if len(list) == f.Limit {
					next = seen
					return nil
				}
				list = append(list, Waiting{app.ID, app.State, p.ID, app.Since})
			}
			seen = Seen{app.Since, string(app.ID)}
		}
		if len(apps) == look {
			next = seen
		}
		return nil
	})
	return list, next, err
}

// Made is one card of a chain of remakes.
type Made struct {
	Attempt ktp.AttemptID
	Chip    ktp.ChipUID
	State   jobs.State
	Cause   string    // of the attempt that did not end well, or of the card's retirement
	Card    CardState // empty: never active
	At      time.Time
}

// Chain is everything that was made for an application, oldest first, each with why it was not the
// last.
func (r *Registry) Chain(ctx context.Context, id ApplicationID) (list []Made, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		if _, err := a.application(id); err != nil {
			return err
		}
		attempts, err := jobs.AttemptsFor(tx, string(id))
		if err != nil {
			return err
		}
		for _, t := range attempts {
			m := Made{Attempt: t.ID, Chip: t.Chip, State: t.State, Cause: t.Cause, At: t.StartedAt}
			c, found, err := cardOf(tx, t.ID)
			if err != nil {
				return err
			}
			if found {
				m.Card = c.State
				if c.Cause != "" {
					m.Cause = c.Cause
				}
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}
