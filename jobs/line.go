package jobs

import (
	"slices"
	"time"
)

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
	// Epoch rises with every session of the line; see [Session].
	Epoch int64
	// ChipFaults is how many cards in a row were lost to their chip.
	ChipFaults int
	Observed   Observation
	Transfer   Transfer
}

// Transfer is the temperature at which the printer of a line transfers its film, as a person read it on the display last;
// At zero: nobody has.
type Transfer struct {
	Degrees int // Celsius
	At      time.Time
	By      string
}

// A film peels off where it was transferred colder, and the card warps where it was hotter (the Director-General of Dukcapil,
// September 2017).
const (
	coldest = 160
	hottest = 170
)

// Good reports whether a film that is transferred so stays on and leaves the card flat.
func (t Transfer) Good() bool { return t.Degrees >= coldest && t.Degrees <= hottest }

// Spoils reports whether a card that is made now would be spoiled, by what was read last.
func (t Transfer) Spoils() bool { return !t.At.IsZero() && !t.Good() }

// Observation is the newest report of a line's loop about itself.
type Observation struct {
	State  string // such as idle, waiting, working, off
	Reason string // fault code of what a person must do first
	At     time.Time
	Silent bool // its loop should have been heard of since
}

// BeatEvery is how often the loop of a line says that it is there, and silentAfter how long nothing may be heard of it:
// three times as long, so that one slow write means nothing.
const (
	BeatEvery   = 10 * time.Second
	silentAfter = 3 * BeatEvery
)

// atRest are the states of a line whose loop has ended in order, or never ran: nothing more is heard of it.
var atRest = []string{"", "idle", "off"}

func (o Observation) overdue(now time.Time) bool {
	return !slices.Contains(atRest, o.State) && now.Sub(o.At) > silentAfter
}

// Session is a line in the hands of one process, from its take-over on. It is over with the next one, or
// when the line is defined anew: from then on the process gets no order of this line.
type Session struct {
	Line  LineID
	Epoch int64
}

// Holds refuses a session that is over: jobs.taken_over.
func (s Session) Holds(l Line) error {
	if l.Epoch == s.Epoch {
		return nil
	}
	return TakenOver.At("jobs.Session", nil).With("line", "%s is in session %d, not %d", l.ID, l.Epoch, s.Epoch)
}
