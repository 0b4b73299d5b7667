package jobs

import (
	"time"

	"blanko/ktp"
)

// Attempt is one try at one blank, as the ledger keeps it.
type Attempt struct {
	ID          ktp.AttemptID
	Order       OrderID
	Application string
	Person      []byte // keyed hash, never the number
	Line        LineID
	Kind        Kind // of the line when the attempt began
	State       State
	Chip        ktp.ChipUID // from the first step that read it
	Fed         bool        // a blank was used, or may have been
	// Successor: the chip is active, or may be; the card is neither in force nor retired. The
	// database allows one per person.
	Successor bool
	// Condemned: a step failed after the feed; only the ways out are left.
	Condemned bool
	Ended     bool
	Cause     string // fault code of the first step that did not go well
	Match     Match
	Score     int
	Place     string // where a card in doubt was last thought to be
	StartedAt time.Time
	EndedAt   time.Time
}

// Move changes the state by the table of the attempt's kind of line; jobs.wrong_step when the
// table does not list the event.
func (a *Attempt) Move(e Event, now time.Time) error {
	t := Attempts(a.Kind)
	to, err := t.Next(a.State, e)
	if err != nil {
		return WrongStep.At("jobs.Move", err)
	}
	a.State = to
	switch {
	case to == InDoubt || IsActive(a.Kind, to) && to != Revoked:
		a.Successor = true
	case t.IsFinal(to), e == EventResume: // the chip was never active
		a.Successor = false
	}
	if to != InDoubt {
		a.Place = ""
	}
	if t.IsFinal(to) {
		a.Ended, a.EndedAt = true, now
	}
	return nil
}
