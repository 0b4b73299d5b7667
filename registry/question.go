package registry

import (
	"context"
	"slices"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Question is what a line asks of a person: to look at a printed face, or to carry a card. It stands
// in the ledger, where every process of the office sees it; the line waits until it is answered.
type Question struct {
	Attempt    ktp.AttemptID
	N          int // within the attempt, from 1
	Line       jobs.LineID
	Kind       QuestionKind
	Ask        HandOff // of a hand-off
	State      QuestionState
	Since      time.Time
	AnsweredAt time.Time
	By         string
	Good       bool   // the face is good; the hand-off is done
	Cause      string // of the answer; of a question that is open: code of why it is asked again
}

// QuestionKind says what is asked.
type QuestionKind string

const (
	AskFace    QuestionKind = "accept"
	AskHandOff QuestionKind = "hand_off"
)

// HandOff is what a person at a desk does with a card.
type HandOff string

const (
	BlankToReader HandOff = "blank_to_reader"
	CardToReader  HandOff = "card_to_reader"
	CardToPrinter HandOff = "card_to_printer"
	CardToOutput  HandOff = "card_to_output"
	CardToReject  HandOff = "card_to_reject"
)

// QuestionState of a question. One that is closed was never answered: the attempt went another way.
type QuestionState string

const (
	QuestionOpen     QuestionState = "open"
	QuestionAnswered QuestionState = "answered"
	QuestionClosed   QuestionState = "closed"
)

// AnswerCause is why a face is refused, or why a card cannot be carried.
type AnswerCause struct {
	Kind   QuestionKind
	Code   string
	ID, EN string
	// WrongPerson: it is a finding; the line stops, and what was made before and after is set apart.
	WrongPerson bool
}

// causeWrongFace is the face of somebody else.
const causeWrongFace = "wrong_face"

// AnswerCauses lists them.
var AnswerCauses = []AnswerCause{
	{Kind: AskFace, Code: "blurred", ID: "Kabur", EN: "Blurred"},
	{Kind: AskFace, Code: "ribbon", ID: "Cacat pita: garis, kerutan, warna hilang", EN: "Fault of the ribbon: lines, creases, a color is missing"},
	{Kind: AskFace, Code: "color", ID: "Warna berbeda dari yang diharapkan", EN: "Colors differ from what was expected"},
	{Kind: AskFace, Code: "shifted", ID: "Cetakan bergeser atau terpotong", EN: "The print is shifted or cut off"},
	{Kind: AskFace, Code: "scratched", ID: "Tergores atau kotor", EN: "Scratched or dirty"},
	{Kind: AskFace, Code: "damaged", ID: "Kartu rusak: bengkok, retak, lapisan terkelupas", EN: "The card is damaged: bent, cracked, its overlay came off"},
	{Kind: AskFace, Code: "empty", ID: "Tidak tercetak", EN: "Nothing is printed"},
	{Kind: AskFace, Code: causeWrongFace, ID: "Wajah atau data orang lain", EN: "Face or data of somebody else", WrongPerson: true},
	{Kind: AskHandOff, Code: "no_blank", ID: "Tidak ada blangko di meja", EN: "There is no blank at the desk"},
	{Kind: AskHandOff, Code: "card_missing", ID: "Kartu tidak ditemukan", EN: "The card is not found"},
	{Kind: AskHandOff, Code: "not_possible", ID: "Tidak dapat dilakukan", EN: "It cannot be done"},
}

// causeOf finds a cause of a kind.
func causeOf(k QuestionKind, code string) (AnswerCause, bool) {
	i := slices.IndexFunc(AnswerCauses, func(c AnswerCause) bool { return c.Kind == k && c.Code == code })
	if i < 0 {
		return AnswerCause{}, false
	}
	return AnswerCauses[i], true
}

// WrongPerson reports whether the answer says that card and person do not belong together.
func (q Question) WrongPerson() bool {
	c, _ := causeOf(q.Kind, q.Cause)
	return c.WrongPerson
}

// Ask writes the question of a line and waits for its answer, which may be there already. A face is
// asked for once in an attempt: the answer outlives the line that asked. A hand-off is asked anew
// each time. The attempt is the one whose blank the line has in work. registry.question_closed when
// the attempt has gone another way meanwhile.
func (r *Registry) Ask(ctx context.Context, line jobs.LineID, k QuestionKind, what HandOff) (Question, error) {
	return r.await(ctx, k, what, func(tx *store.Tx) (jobs.Attempt, error) { return inWork(tx, line) })
}

// AskAbout is Ask about an attempt by its id, whether its line has it in work or in doubt.
func (r *Registry) AskAbout(ctx context.Context, id ktp.AttemptID, k QuestionKind, what HandOff) (Question, error) {
	return r.await(ctx, k, what, func(tx *store.Tx) (jobs.Attempt, error) { return jobs.AttemptByID(tx, id) })
}

// await asks about the attempt that is found, and waits for the answer.
func (r *Registry) await(ctx context.Context, k QuestionKind, what HandOff, of func(*store.Tx) (jobs.Attempt, error)) (Question, error) {
	q, err := r.ask(ctx, k, what, of)
	for err == nil && q.State == QuestionOpen {
		changed := r.store.Changed()
		if q, err = r.question(ctx, q.Attempt, q.N); err != nil || q.State != QuestionOpen {
			break
		}
		if err := r.wait(ctx, changed); err != nil {
			return q, err
		}
	}
	if err == nil && q.State == QuestionClosed {
		err = questionClosed.At("registry.Ask", nil).With("attempt", "%s", q.Attempt)
	}
	return q, err
}

// wait returns when the ledger has changed, or when it may have and nobody said so.
func (r *Registry) wait(ctx context.Context, changed <-chan struct{}) error {
	look := time.NewTimer(r.cfg.Poll)
	defer look.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-look.C:
	}
	return nil
}

func (r *Registry) ask(ctx context.Context, k QuestionKind, what HandOff, of func(*store.Tx) (jobs.Attempt, error)) (q Question, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		t, err := of(tx)
		if err == nil {
			q, err = put(tx, t, k, what)
		}
		return err
	})
	return q, err
}

// put puts a question about an attempt, or gives the one that stands. What is asked next of a card shows that it
// was brought: whoever was asked to bring it need not any more.
func put(tx *store.Tx, t jobs.Attempt, k QuestionKind, what HandOff) (Question, error) {
	list, err := questionsOf(tx, t.ID)
	if err != nil {
		return Question{}, err
	}
	for _, old := range slices.Backward(list) {
		switch {
		case old.State == QuestionOpen && old.Kind == k && old.Ask == what, old.State == QuestionAnswered && k == AskFace && old.Kind == k:
			return old, nil
		case old.State == QuestionOpen && old.Ask == CardToReader:
			if err := closeQuestions(tx, t.ID); err != nil {
				return Question{}, err
			}
		case old.State == QuestionOpen:
			return Question{}, badOperation.At("registry.Ask", nil).With("question", "%s still asks %s", old.Attempt, old.Kind)
		}
	}
	q := Question{Attempt: t.ID, N: len(list) + 1, Line: t.Line, Kind: k, Ask: what, State: QuestionOpen, Since: tx.Now()}
	return q, q.insert(tx)
}

// inWork is the attempt of a line whose blank it has in work: of all that are under way the one with
// an intent and no doubt.
func inWork(tx *store.Tx, line jobs.LineID) (jobs.Attempt, error) {
	list, err := jobs.AttemptsOn(tx, line)
	if err != nil {
		return jobs.Attempt{}, err
	}
	for _, t := range list {
		if t.State == jobs.InDoubt {
			continue
		}
		story, err := jobs.StoryOf(tx, t.ID)
		if err != nil {
			return t, err
		}
		if _, _, found := story.Newest(); found {
			return t, nil
		}
	}
	return jobs.Attempt{}, questionUnknown.At("registry.Ask", nil).With("line", "%s has no card in work", line)
}

// TakeBack closes the open question of a line that stops, unless it was answered first; the answer
// decides. False: it had been answered, or there was none.
func (r *Registry) TakeBack(ctx context.Context, line jobs.LineID, k QuestionKind, what HandOff) (taken bool, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		taken = false
		t, err := inWork(tx, line)
		if err != nil {
			return err
		}
		q, found, err := openQuestion(tx, t.ID)
		if err != nil || !found || q.Kind != k || q.Ask != what {
			return err
		}
		taken = true
		return closeQuestions(tx, t.ID)
	})
	return taken, err
}

func (r *Registry) question(ctx context.Context, id ktp.AttemptID, n int) (q Question, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if q, found, err = questionByN(tx, id, n); err == nil && !found {
			err = questionUnknown.At("registry.question", nil).With("attempt", "%s %d", id, n)
		}
		return err
	})
	return q, err
}

// Questions lists what lines ask now, the oldest first.
func (r *Registry) Questions(ctx context.Context) (list []Question, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = openQuestions(tx)
		return err
	})
	return list, err
}

// ExpectedFace is the record of a card that a line has in work, whose face is to be looked at: personal data. It is there
// from the feed of its blank to the end of the attempt, while the record's pictures are, and not of a card that must go out
// or is in doubt.
func (r *Registry) ExpectedFace(ctx context.Context, id ktp.AttemptID) (rec ktp.Record, err error) {
	const op = "registry.ExpectedFace"
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		t, err := jobs.AttemptByID(tx, id)
		if err != nil {
			return err
		}
		story, err := jobs.StoryOf(tx, id)
		if err != nil {
			return err
		}
		if _, _, acted := story.Newest(); !acted || t.Ended || t.Condemned || t.State == jobs.InDoubt {
			return faceGone.At(op, nil).With("attempt", "no line has it in work")
		}
		app, _, err := applicationByID(tx, ApplicationID(t.Application))
		if err != nil {
			return err
		}
		if rec, _, err = loadRecord(tx, app); err == nil && len(rec.Portrait.Data) == 0 {
			err = faceGone.At(op, nil).With("attempt", "its pictures were erased")
		}
		return err
	})
	return rec, err
}

// AcceptFace answers a line that asks for a printed face, by who has the card before the eyes.
type AcceptFace struct {
	Attempt ktp.AttemptID
	Good    bool
	Cause   string // of AnswerCauses, when it is not good
}

func (AcceptFace) Name() Name { return opAcceptFace }

func (o AcceptFace) run(a *act) error {
	return a.answer(o.Attempt, AskFace, 0, o.Good, o.Cause)
}

// DoneHandOff answers a line that asks a person to carry a card.
type DoneHandOff struct {
	Attempt  ktp.AttemptID
	Question int    // which one, so that an answer that was sent twice answers no other
	Cause    string // of AnswerCauses, when it cannot be done
}

func (DoneHandOff) Name() Name { return opDoneHandOff }

func (o DoneHandOff) run(a *act) error {
	if o.Question < 1 {
		return badOperation.At("registry.DoneHandOff", nil).With("question", "its number is needed")
	}
	return a.answer(o.Attempt, AskHandOff, o.Question, o.Cause == "", o.Cause)
}

func (a *act) answer(id ktp.AttemptID, k QuestionKind, n int, good bool, cause string) error {
	const op = "registry.answer"
	if _, known := causeOf(k, cause); good != (cause == "") || !good && !known {
		return badOperation.At(op, nil).With("cause", "a code of the list, exactly where it is not good")
	}
	q, found, err := openQuestion(a.tx, id)
	if err != nil {
		return err
	}
	if !found || q.Kind != k || n > 0 && q.N != n {
		return questionUnknown.At(op, nil).With("attempt", "no such question of %s is open", id)
	}
	t, err := jobs.AttemptByID(a.tx, id)
	if err != nil {
		return err
	}
	q.State, q.AnsweredAt, q.By, q.Good, q.Cause = QuestionAnswered, a.now(), a.actor.ID, good, cause
	if err := q.save(a.tx); err != nil {
		return err
	}
	a.res.Attempt, a.res.Chip, a.res.Application, a.res.Answer = id.String(), t.Chip, ApplicationID(t.Application), AnswerDone
	detail := map[string]string{"kind": string(k)}
	if q.Ask != "" {
		detail["ask"] = string(q.Ask)
	}
	if cause != "" {
		detail["cause"] = cause
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: t.Application, Attempt: id.String(), Chip: t.Chip, Line: string(q.Line), Detail: detail})
}
