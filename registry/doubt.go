package registry

import (
	"slices"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

// proof is what a chip's own words prove about a card in doubt.
type proof struct {
	Ours  bool // the attempt id on the chip must be that of the attempt
	Steps []proven
}

// proven is a step that the chip shows to have ended so.
type proven struct {
	Step   jobs.Step
	Result jobs.Result
}

// proofs by the state that the chip tells (card profile, life cycle). What follows an active chip
// depends on what else was shown.
var proofs = map[string]proof{
	"blank":   {false, []proven{{jobs.Feed, jobs.Failed}}},
	"claimed": {true, []proven{{jobs.Reject, jobs.Done}}},
	"written": {true, []proven{{jobs.Reject, jobs.Done}}},
	"active":  {true, []proven{{jobs.Activate, jobs.Done}}},
	"blocked": {true, []proven{{jobs.Block, jobs.Done}, {jobs.Reject, jobs.Done}}},
}

// PresentCard answers a doubt with the card, laid on a reader: its chip proves what it is. A blank
// chip returns the blank to the store; one that was never active is spoiled; a blocked one is
// revoked. An active one that is genuine (read as a stranger), printed, and whose face is good goes
// into the output tray and is produced; otherwise the attempt waits to be finished or blocked.
type PresentCard struct {
	Attempt   ktp.AttemptID
	Chip      ktp.ChipUID
	ChipState string        // as the card application tells it
	Holds     ktp.AttemptID // attempt id on the chip; zero on a blank one
	Genuine   bool          // the recheck found nothing
	FaceGood  bool          // looked at now: a card that was out of sight is accepted anew
}

func (PresentCard) Name() Name { return opPresentCard }

func (o PresentCard) run(a *act) error {
	const op = "registry.PresentCard"
	w, err := a.doubt(o.Attempt, jobs.InDoubt)
	if err != nil {
		return err
	}
	p, known := proofs[o.ChipState]
	switch {
	case !known || o.Chip == "":
		return proofMissing.At(op, nil).With("chipState", "%q proves nothing", o.ChipState)
	case p.Ours && o.Holds != o.Attempt, !p.Ours && !o.Holds.IsZero():
		return proofMissing.At(op, nil).With("holds", "the chip carries another attempt")
	case w.t.Chip != "" && w.t.Chip != o.Chip:
		return proofMissing.At(op, nil).With("chip", "not the chip of this attempt")
	}
	if err := w.presented(o); err != nil {
		return err
	}
	for _, s := range p.Steps {
		if err := w.prove(s, o.Chip); err != nil {
			return err
		}
	}
	if w.t.State == jobs.Activated {
		if err := w.finishByHand(o); err != nil {
			return err
		}
	}
	return w.close()
}

func (w *work) claimDone() bool {
	return slices.ContainsFunc(w.story, func(n jobs.Note) bool {
		return n.Step == jobs.Claim && n.Phase == jobs.Settled && n.Outcome.Result == jobs.Done
	})
}

func (w *work) presented(o PresentCard) error {
	return w.tell(audit.Event{
		Code: w.row.Event, Application: w.t.Application, Attempt: w.t.ID.String(), Chip: o.Chip, Line: string(w.t.Line),
		Detail: map[string]string{"chip": o.ChipState},
	})
}

// prove settles a step by what was shown. A step that does not end a doubt is an act of the
// person, written down first like any other.
func (w *work) prove(s proven, chip ktp.ChipUID) error {
	var err error
	if w.t.State != jobs.InDoubt {
		if err := w.story.Intend(w.tx, w.t.ID, s.Step, w.order.Fence, w.actor.ID, jobs.Evidence{Chip: chip, At: w.now()}); err != nil {
			return err
		}
		if w.story, err = jobs.StoryOf(w.tx, w.t.ID); err != nil {
			return err
		}
	}
	out := jobs.Outcome{Result: s.Result, Chip: chip}
	switch s.Step {
	case jobs.Reject:
		out.Tray = string(stock.Reject)
	case jobs.Eject:
		out.Tray = "output"
	case jobs.Feed:
		out.Cause = causeUntouched
	}
	if err := w.settle(s.Step, w.order.Fence, out); err != nil {
		return err
	}
	w.story, err = jobs.StoryOf(w.tx, w.t.ID)
	return err
}

// finishByHand settles what is left after the activation, where all of it is shown: the card is
// genuine, its face was looked at anew and is good, and it goes into the output tray.
func (w *work) finishByHand(o PresentCard) error {
	if !o.FaceGood { // it was out of sight, also where its face had been accepted before
		return nil
	}
	rest := jobs.Stages(w.t.Kind)
	rest = rest[slices.Index(rest, jobs.Activate)+1:]
	for _, s := range rest {
		shown := s == jobs.Recheck && o.Genuine || s == jobs.Eject || s == jobs.Accept
		if s == jobs.Print { // never proved by a chip; the journal may know
			out, settled := w.story.Outcome(jobs.Print)
			shown = settled && out.Result == jobs.Done
		}
		if !shown || w.t.Condemned || w.app.Withdrawn != "" {
			return nil
		}
	}
	for _, s := range rest {
		if err := w.prove(proven{s, jobs.Done}, o.Chip); err != nil {
			return err
		}
	}
	return nil
}

// doubt loads an attempt that a person resolves.
func (a *act) doubt(id ktp.AttemptID, in ...jobs.State) (*work, error) {
	w, err := a.work(id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(in, w.t.State) {
		return nil, wrongState.At("registry.doubt", nil).With("attempt", "%s is %s", id, w.t.State)
	}
	return w, nil
}

// close fences the line off from what a person has decided, and fills the answer.
func (w *work) close() error {
	w.res.Attempt, w.res.Chip = w.t.ID.String(), w.t.Chip
	w.res.Application, w.res.State, w.res.Word, w.res.Answer = w.app.ID, w.app.State, w.app.Word(), string(w.t.State)
	if w.t.Ended {
		return nil
	}
	w.order.Fence++
	return w.order.Save(w.tx)
}

// SurrenderMute ends a doubt about a card that is in the hand and whose chip does not answer: it
// is retired. By two persons, with a picture of its face.
type SurrenderMute struct {
	Attempt ktp.AttemptID
	Picture string // SHA-256 of the picture, hex
	Second  Actor
}

func (SurrenderMute) Name() Name      { return opSurrenderMute }
func (o SurrenderMute) second() Actor { return o.Second }

// digestHex is the length of a SHA-256 in hex.
const digestHex = 64

func (o SurrenderMute) run(a *act) error {
	if len(o.Picture) != digestHex {
		return badOperation.At("registry.SurrenderMute", nil).With("picture", "the SHA-256 of a picture of the face is needed")
	}
	w, err := a.doubt(o.Attempt, jobs.InDoubt)
	if err != nil {
		return err
	}
	if err := a.pictured("registry.SurrenderMute", "picture", o.Picture, "attempt/"+o.Attempt.String()); err != nil {
		return err
	}
	return w.retire(jobs.EventMute, jobs.Outcome{Result: jobs.Done, Cause: causeMute, Tray: string(stock.Reject)}, map[string]string{
		"picture": o.Picture,
	})
}

// DeclareLost ends a doubt about a card that cannot be found: it is retired. By two persons.
type DeclareLost struct {
	Attempt ktp.AttemptID
	Because
	Second Actor
}

func (DeclareLost) Name() Name      { return opDeclareLost }
func (o DeclareLost) second() Actor { return o.Second }

func (o DeclareLost) run(a *act) error {
	w, err := a.doubt(o.Attempt, jobs.InDoubt, jobs.Blocked)
	if err != nil {
		return err
	}
	return w.retire(jobs.EventLost, jobs.Outcome{Result: jobs.Unknown, Cause: causeDeclaredLost, Where: "missing"}, map[string]string{
		"reason": o.Reason,
	})
}

// retire ends an attempt by the word of two persons.
func (w *work) retire(e jobs.Event, out jobs.Outcome, detail map[string]string) error {
	if err := w.tell(audit.Event{Code: w.row.Event, Application: w.t.Application, Attempt: w.t.ID.String(), Chip: w.t.Chip, Line: string(w.t.Line), Detail: detail}); err != nil {
		return err
	}
	w.t.Cause = out.Cause
	if err := w.story.Settle(w.tx, w.t.ID, jobs.Reject, w.order.Fence, w.actor.ID, out); err != nil {
		return err
	}
	if err := w.advance(jobs.Reject, e, out); err != nil {
		return err
	}
	return w.close()
}
