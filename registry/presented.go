package registry

import (
	"context"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// PresentCard is the word of a person who has a card in doubt in the hand. It asks to lay the card on the reader
// of the desk; once that is answered ([DoneHandOff]), the line of the doubt reads the chip between two
// cards, and the chip decides. Nothing is taken on the person's word.
type PresentCard struct{ Attempt ktp.AttemptID }

func (PresentCard) Name() Name { return opPresentCard }

func (o PresentCard) run(a *act) error {
	w, err := a.doubt(o.Attempt, jobs.InDoubt)
	if err != nil {
		return err
	}
	if _, err := put(a.tx, w.t, AskHandOff, CardToReader); err != nil {
		return err
	}
	a.res.Attempt, a.res.Chip, a.res.Application, a.res.Answer = w.t.ID.String(), w.t.Chip, w.app.ID, AnswerDone
	return w.tell(audit.Event{Code: w.row.Event, Application: w.t.Application, Attempt: w.t.ID.String(), Chip: w.t.Chip, Line: string(w.t.Line)})
}

// Presented are the cards in doubt of a line that lie on the reader of the desk, as a person has said: the
// number of the answered question by attempt. The line reads them; it asks anew where one is not there.
func (r *Registry) Presented(ctx context.Context, line jobs.LineID) (there map[ktp.AttemptID]int, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		there, err = presentedOn(tx, line)
		return err
	})
	return there, err
}

// AwaitPresented waits until a card in doubt of a line lies on the reader of the desk that was not read
// yet, or the context ends. A ledger that is out of reach is asked again.
func (r *Registry) AwaitPresented(ctx context.Context, line jobs.LineID, read map[ktp.AttemptID]int) error {
	for {
		changed := r.store.Changed()
		there, _ := r.Presented(ctx, line)
		for id, n := range there {
			if read[id] < n {
				return nil
			}
		}
		if err := r.wait(ctx, changed); err != nil {
			return err
		}
	}
}

// AskAgain asks for the card of a doubt without waiting for it, and says why: it was not on the reader, or could not be
// read, or another one lay there. A doubt that was ended meanwhile is not asked about.
func (r *Registry) AskAgain(ctx context.Context, id ktp.AttemptID, why fault.Code) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		t, err := jobs.AttemptByID(tx, id)
		if err != nil || t.State != jobs.InDoubt {
			return err
		}
		q, err := put(tx, t, AskHandOff, CardToReader)
		if err != nil {
			return err
		}
		q.Cause = string(why)
		return q.save(tx)
	})
}
