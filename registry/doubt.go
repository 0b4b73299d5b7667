package registry

import (
	"slices"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

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

func (w *work) claimDone() bool {
	return slices.ContainsFunc(w.story, func(n jobs.Note) bool {
		return n.Step == jobs.Claim && n.Phase == jobs.Settled && n.Outcome.Result == jobs.Done
	})
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
