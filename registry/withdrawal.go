package registry

import (
	"slices"
	"strconv"

	"blanko/jobs"
	"blanko/registry/audit"
)

// Answers to a withdrawal (OSIA mapping, cancel state by state).
const (
	AnswerDone        = "done"
	AnswerRecall      = "too_late_recall_opened"
	AnswerCardInForce = "card_in_force"
)

// Change is how the world changed under a card, as the center tells it.
type Change string

const (
	ChangeWithdrawn     Change = "withdrawn"
	ChangeDied          Change = "died"
	ChangeMoved         Change = "moved"
	ChangeData          Change = "data_changed"
	ChangeMadeElsewhere Change = "made_elsewhere"
	ChangeDuplicate     Change = "duplicate"
)

// Changes lists every one. Any other reason is treated as a withdrawal.
var Changes = []Change{ChangeWithdrawn, ChangeDied, ChangeMoved, ChangeData, ChangeMadeElsewhere, ChangeDuplicate}

// inForce says what a change does to a card that is in force; before that, all do the same
// (withdrawals). Retire: the card ends. A death ends besides whatever else there is of the person (ifDied). LookInto:
// there may be two cards, a person finds out which counts; also where the change is told of the request that was to
// replace the card in force (ifTwo).
var inForce = map[Change]struct {
	Retire, LookInto bool
	Answer           string
}{
	ChangeWithdrawn:     {Answer: AnswerCardInForce},
	ChangeMoved:         {Answer: AnswerCardInForce}, // valid in the whole country
	ChangeData:          {Answer: AnswerCardInForce}, // until its successor is handed over
	ChangeDied:          {Retire: true, Answer: AnswerDone},
	ChangeMadeElsewhere: {LookInto: true, Answer: AnswerCardInForce},
	ChangeDuplicate:     {LookInto: true, Answer: AnswerCardInForce},
}

// withdrawals says what a withdrawal does in each state. Event "" leaves the state: the mark
// alone stops the line at its next intent, or waits for the doubt to be resolved.
var withdrawals = map[State]struct {
	Event  Event
	Answer string
}{
	Received: {EventWithdraw, AnswerDone}, Examined: {EventWithdraw, AnswerDone}, Captured: {EventWithdraw, AnswerDone},
	Confirmed: {EventWithdraw, AnswerDone}, Sent: {EventWithdraw, AnswerDone}, AtCenter: {EventWithdraw, AnswerDone},
	Duplicate: {EventWithdraw, AnswerDone}, Adjudicate: {EventWithdraw, AnswerDone},
	EnrollFailure: {EventWithdraw, AnswerDone}, SearchFailure: {EventWithdraw, AnswerDone},
	PrintReady: {EventWithdraw, AnswerDone}, Reconfirm: {EventWithdraw, AnswerDone}, Approved: {EventWithdraw, AnswerDone},
	Queued: {EventWithdraw, AnswerDone}, OnHold: {EventWithdraw, AnswerDone},
	Producing: {"", AnswerDone}, // too late once the chip may be active
	InDoubt:   {"", AnswerRecall},
	Produced:  {EventRecall, AnswerRecall}, Shipped: {EventRecall, AnswerRecall}, Delivered: {EventRecall, AnswerRecall},
	Uncollected: {EventRecall, AnswerRecall}, Matched: {EventRecall, AnswerRecall}, Returned: {EventRecall, AnswerRecall},
	Recalled:   {"", AnswerRecall},
	HandedOver: {"", AnswerCardInForce},
	PassedOn:   {"", AnswerCardInForce}, // or about to be: with another Dinas
	Rejected:   {"", AnswerUnchanged}, Cancelled: {"", AnswerUnchanged}, Withdrawn: {"", AnswerUnchanged}, Closed: {"", AnswerUnchanged},
}

// WithdrawRecord takes a request back for good: withdrawn, died, moved, data_changed,
// made_elsewhere, duplicate. It is kept also for a request that was never seen. Result.Answer is
// done, too_late_recall_opened, card_in_force or unchanged.
type WithdrawRecord struct {
	ID      ApplicationID
	Version int
	Reason  string // code
}

func (WithdrawRecord) Name() Name { return opWithdrawRecord }

// run takes it back and tells the center what came of it, in the word that is given here.
func (o WithdrawRecord) run(a *act) error {
	if err := o.takeBack(a); err != nil || a.res.Answer == AnswerUnchanged {
		return err
	}
	app, known, err := applicationByID(a.tx, o.ID)
	if err != nil || !known { // never seen here
		return err
	}
	heard, err := a.heardOf(app)
	if err != nil || !heard {
		return err
	}
	told, err := answeredWith(a.tx, app.ID)
	if err != nil || told == a.res.Answer {
		return err
	}
	return a.enqueue(Report{Record: app.ID, Version: app.Version, Word: app.Word(), State: StateWithdrawalAnswered, Chip: a.res.Chip, Reason: a.res.Answer})
}

func (o WithdrawRecord) takeBack(a *act) error {
	if o.ID == "" {
		return badOperation.At("registry.WithdrawRecord", nil).With("id", "is needed")
	}
	if err := aCode("registry.WithdrawRecord", o.Reason); err != nil {
		return err
	}
	a.res.Application = o.ID
	app, known, err := applicationByID(a.tx, o.ID)
	if err != nil {
		return err
	}
	told, buried, err := tombstone(a.tx, o.ID)
	if err != nil {
		return err
	}
	if !buried {
		if err := keepTombstone(a.tx, Tombstone{o.ID, o.Version, o.Reason}); err != nil {
			return err
		}
		if err := a.tell(audit.Event{Code: a.row.Event, Application: string(o.ID), Detail: map[string]string{
			"version": strconv.Itoa(o.Version), "cause": o.Reason,
		}}); err != nil {
			return err
		}
	}
	if !known {
		a.res.Answer = AnswerDone
		return nil
	}
	a.res.State, a.res.Word = app.State, app.Word()
	if app.State == HandedOver || app.State == PassedOn {
		err = o.afterHandOver(a, app)
	} else {
		a.res.Answer, err = a.withdraw(&app, o.Reason)
	}
	if err != nil {
		return err
	}
	if err := a.ifDied(o.Reason, app.person); err != nil || buried && told.Reason == o.Reason {
		return err
	}
	return a.ifTwo(o.Reason, app)
}

// ifTwo has a person find out which card counts, where a change says that there may be another: of every card of the
// person that is outside. It ends none: nobody knows here whether the other one was handed over.
func (a *act) ifTwo(reason string, app Application) error {
	if !inForce[Change(reason)].LookInto {
		return nil
	}
	outside, err := outsideOf(a.tx, app.person)
	for _, c := range outside {
		if err := a.investigateOnce(Investigation{Kind: InvestigateTwice, Chip: c.Chip, Application: c.Application}); err != nil {
			return err
		}
	}
	return err
}

// withdraw takes an application back by the table, where it is open and was not taken back before, and returns the
// answer.
func (a *act) withdraw(app *Application, reason string) (answer string, err error) {
	effect := withdrawals[app.State]
	answer = effect.Answer
	switch app.State {
	case Producing:
		answer, err = a.withdrawalOnLine(*app)
	case Returned: // its card may be retired already: then nothing is left to be called back
		var made bool
		if made, err = madeCard(a.tx, app.person); err == nil && !made {
			effect.Event, answer = EventWithdraw, AnswerDone
		}
	}
	if err != nil || app.Withdrawn != "" || !app.Open() {
		return answer, err
	}
	app.Withdrawn = reason
	switch effect.Event {
	case "":
		return answer, app.save(a.tx)
	case EventWithdraw:
		if err := a.dropOrder(app.ID, string(RecordWithdrawn.Code)); err != nil {
			return answer, err
		}
		if err := a.eraseAll(app.ID); err != nil {
			return answer, err
		}
	}
	if err := a.move(app, effect.Event, reason); err != nil || app.State != Recalled {
		return answer, err
	}
	made, err := cards(a.tx, `where application = ? and state = ?`, app.ID, CardMade)
	if err != nil || len(made) > 0 {
		return answer, err
	}
	return AnswerDone, a.endRecall(app, reason) // its cards are all retired already: it waits for none
}

// afterHandOver is a change that reaches a card that is outside.
func (o WithdrawRecord) afterHandOver(a *act, app Application) error {
	effect, known := inForce[Change(o.Reason)]
	if !known {
		effect = inForce[ChangeWithdrawn]
	}
	if app.Withdrawn != "" { // told before
		a.res.Answer = effect.Answer
		return nil
	}
	list, err := outsideOf(a.tx, app.person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(c Card) bool { return c.Application == app.ID })
	if i < 0 { // replaced or ended since
		a.res.Answer = AnswerUnchanged
		return nil
	}
	c := list[i]
	a.res.Answer, a.res.Chip = effect.Answer, c.Chip
	app.Withdrawn = o.Reason
	if err := app.save(a.tx); err != nil {
		return err
	}
	if effect.Retire {
		if err := a.moveCard(&c, CardRetire, o.Reason); err != nil {
			return err
		}
		if err := a.endSuketsOf(app.ID, o.Reason); err != nil { // of a card that another Dinas has
			return err
		}
	}
	return nil
}

// withdrawalOnLine is the answer while a line has the card: done as long as the chip cannot be
// active.
func (a *act) withdrawalOnLine(app Application) (string, error) {
	w, found, err := jobs.WantedFor(a.tx, string(app.ID))
	if err != nil || !found || w.State != jobs.Leased {
		return AnswerDone, err
	}
	t, err := jobs.AttemptByID(a.tx, w.Attempt)
	if err == nil && t.Successor {
		return AnswerRecall, nil
	}
	return AnswerDone, err
}

// eraseAll removes what is left of a record's pictures and fingers, and of a capture.
func (a *act) eraseAll(id ApplicationID) error {
	if err := a.erase(id, eraseFingers, "fingers"); err != nil {
		return err
	}
	if err := a.erase(id, erasePictures, "pictures"); err != nil {
		return err
	}
	return a.erase(id, eraseCapture, "capture")
}

// HoldRecord sets the center's hold: a mark beside the state. A held application is not taken
// from the queue, its card is stopped at the next act.
type HoldRecord struct {
	ID       ApplicationID
	Reason   string // code
	Sequence int64  // of the center's item; 0: not told
}

func (HoldRecord) Name() Name             { return opHoldRecord }
func (o HoldRecord) about() ApplicationID { return o.ID }

func (o HoldRecord) run(a *act) error {
	if err := aCode("registry.HoldRecord", o.Reason); err != nil {
		return err
	}
	return a.mark(o.ID, o.Reason, o.Sequence)
}

// ReleaseRecord takes the center's hold away. One that is older than the newest hold or release of
// the request, by the center's own sequence, changes nothing.
type ReleaseRecord struct {
	ID       ApplicationID
	Sequence int64 // of the center's item; 0: not told
}

func (ReleaseRecord) Name() Name             { return opReleaseRecord }
func (o ReleaseRecord) about() ApplicationID { return o.ID }
func (o ReleaseRecord) run(a *act) error     { return a.mark(o.ID, "", o.Sequence) }

// detailSequence is the word under which the events of holds and releases keep the center's sequence.
const detailSequence = "sequence"

// newestMark is the highest sequence of a hold or release that the request has seen.
func (a *act) newestMark(id ApplicationID) (newest int64, err error) {
	const all = 1 << 30
	list, err := audit.After(a.tx, 0, all, audit.Filter{Application: string(id), Code: "record."})
	for _, e := range list {
		if n, err := strconv.ParseInt(e.Detail[detailSequence], 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest, err
}

func (a *act) mark(id ApplicationID, reason string, sequence int64) error {
	app, err := a.application(id)
	if err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = id, app.State, app.Word(), AnswerUnchanged
	newest, err := a.newestMark(id)
	if err != nil || sequence > 0 && sequence <= newest || sequence == 0 && app.Held == reason {
		return err
	}
	detail := map[string]string{}
	if sequence > 0 {
		detail[detailSequence] = strconv.FormatInt(sequence, 10)
	}
	if app.Held != reason {
		a.res.Answer = AnswerDone
	}
	app.Held = reason
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := a.syncOrder(app); err != nil {
		return err
	}
	if reason != "" {
		detail["cause"] = reason
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(id), Detail: detail})
}
