package registry

import (
	"blanko/jobs"
)

// Lying is a card by the attempt that made it, and where it is.
type Lying struct {
	jobs.Attempt
	Where Whereabouts
}

// WrongFound is what a finding of a wrong person stopped a line for: the card, and those before and after it that were
// set apart. What had no blank yet went back to the queue, and is none of them.
type WrongFound struct {
	Card   Lying
	Before *Lying // nil: the line made none before
	After  []Lying
}

// wrongFound is that of a line which stands for one; nil for any other.
func (a *act) wrongFound(l jobs.Line) (*WrongFound, error) {
	if l.Wish != jobs.Stopped || l.Reason != causeWrongPerson {
		return nil, nil
	}
	t, found, err := jobs.NewestWrong(a.tx, l.ID)
	if err != nil || !found {
		return nil, err
	}
	w := &WrongFound{}
	if w.Card, err = a.lying(t); err != nil {
		return nil, err
	}
	before, found, err := jobs.AttemptBefore(a.tx, t)
	if err != nil {
		return nil, err
	}
	if found {
		lies, err := a.lying(before)
		if err != nil {
			return nil, err
		}
		w.Before = &lies
	}
	after, err := jobs.AttemptsAfter(a.tx, t)
	for _, t := range after {
		lies, err := a.lying(t)
		if err != nil {
			return nil, err
		}
		w.After = append(w.After, lies)
	}
	return w, err
}

func (a *act) lying(t jobs.Attempt) (l Lying, err error) {
	l.Attempt = t
	l.Where, err = a.whereabouts(t.ID, t.Chip)
	return l, err
}
