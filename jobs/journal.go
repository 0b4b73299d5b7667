package jobs

import (
	"time"

	"blanko/ktp"
)

// Note is one line of the journal: an intent with its evidence, or how a step ended.
type Note struct {
	ID       int64
	Attempt  ktp.AttemptID
	Step     Step
	Phase    Phase
	N        int // 1 for the first try of the step
	Fence    int64
	Actor    string // line or person
	At       time.Time
	Evidence Evidence // of an intent
	Outcome  Outcome  // of a settled step
}

// Story is the journal of one attempt, oldest first.
type Story []Note

// Intended reports whether the step was ever about to happen.
func (s Story) Intended(step Step) bool { return s.last(step, Intent) > 0 }

// Unsettled reports whether the newest intent of the step has no outcome.
func (s Story) Unsettled(step Step) bool { return s.last(step, Intent) > s.last(step, Settled) }

// Outcome is how the step ended last.
func (s Story) Outcome(step Step) (Outcome, bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Step == step && s[i].Phase == Settled {
			return s[i].Outcome, true
		}
	}
	return Outcome{}, false
}

// Newest is the newest intent, and whether it has an outcome.
func (s Story) Newest() (note Note, settled, found bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Phase == Intent {
			return s[i], !s.Unsettled(s[i].Step), true
		}
	}
	return Note{}, false, false
}

// Hashes are those of the files on the chip, as settled last.
func (s Story) Hashes() map[string]string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Phase == Settled && len(s[i].Outcome.Hashes) > 0 {
			return s[i].Outcome.Hashes
		}
	}
	return nil
}

// Fill is how many bytes of how many the files take on the chip, as settled last; room is 0 where no write tells.
func (s Story) Fill() (bytes, room int) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Phase == Settled && s[i].Outcome.Room > 0 {
			return s[i].Outcome.Bytes, s[i].Outcome.Room
		}
	}
	return 0, 0
}

// last is the highest number of the step in the phase, 0 for none.
func (s Story) last(step Step, p Phase) int {
	n := 0
	for _, note := range s {
		if note.Step == step && note.Phase == p && note.N > n {
			n = note.N
		}
	}
	return n
}

// intentNumber is the number of the step's next intent: never that of an outcome already there.
func (s Story) intentNumber(step Step) int {
	return max(s.last(step, Intent), s.last(step, Settled)) + 1
}

// outcomeNumber is the number of the outcome that follows: that of the intent it answers, or
// the next one where a step has none.
func (s Story) outcomeNumber(step Step) int {
	if s.Unsettled(step) {
		return s.last(step, Intent)
	}
	return s.intentNumber(step)
}
