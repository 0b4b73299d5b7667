package jobs

import "time"

// Wish is what a person wants of a line.
type Wish string

const (
	Running Wish = "running"
	Paused  Wish = "paused"  // finish the card in work, feed nothing new
	Stopped Wish = "stopped" // as paused, after a finding that needs a supervisor to go on
)

// Line is the wish for a line and what was last seen of it.
type Line struct {
	ID   LineID
	Kind Kind
	// Station is where the line stands: the only one that recovers its cards. Empty: not known.
	Station string
	Wish    Wish
	Reason  string // fault code or word of the operation that set the wish
	By      string // who set it
	// Epoch rises with every session of the line; see [Wanted].
	Epoch int64
	// ChipFaults is how many cards in a row were lost to their chip.
	ChipFaults int
	Observed   Observation
}

// Observation is the newest report of a line's loop about itself.
type Observation struct {
	State  string // such as idle, waiting, working, off
	Reason string // fault code of what a person must do first
	At     time.Time
}
