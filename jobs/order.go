package jobs

import (
	"time"

	"blanko/ktp"
)

// OrderState says where an order is.
type OrderState string

const (
	Waiting OrderState = "waiting" // in the queue
	Leased  OrderState = "leased"  // a line has it, with an attempt
	Filled  OrderState = "done"    // the card is made
	Closed  OrderState = "closed"  // no card is wanted any more
)

// Wanted is an order as the queue keeps it: one card wanted for one application. A line gets
// it as an [Order] for the time of a lease. Before its first intent a lease that has run out may
// be taken by any line; from then on the order is pinned to its line until the attempt ends.
type Wanted struct {
	ID          OrderID
	Application string
	Person      []byte // keyed hash, never the number
	State       OrderState
	Priority    int // 0 lowest to 9 highest
	Due         time.Time
	Held        bool      // leave it in the queue
	NeedsRecord bool      // its record was erased and has to be pulled again first
	ValidUntil  time.Time // of its record; zero: no end
	Profile     string    // of the card, and of the blank that it is made of: ktp.ProfileCitizen, ktp.ProfileForeign
	Fence       int64
	Line        LineID
	Attempt     ktp.AttemptID
	LeaseUntil  time.Time
	Pinned      bool
	CreatedAt   time.Time
	Seq         int64 // order of arrival; of a new one the ledger gives it
}

// MadeOf reports whether the card is made of blanks for a profile; "" is a hopper of which nothing is known.
func (w Wanted) MadeOf(profile string) bool { return profile == "" || profile == w.Profile }

// Causes of an attempt that ended without an act.
const (
	CauseLeaseOver   = "jobs.lease_over"   // another line took the order after the lease ran out
	CauseSessionOver = "jobs.session_over" // the line's next session began
)
