package station

import (
	"cmp"
	"sync/atomic"
	"time"

	"blanko/applet"
	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
)

// longestPause bounds how long a line stands that ends again and again without having done a step.
const longestPause = 5 * time.Minute

// pause is how long a line stands before it is run again. What keeps it from its first step, such as a ledger
// that takes nothing in, is no better seconds later: each time it stands twice as long. A device that somebody
// plugs in again is looked for all the time.
type pause struct {
	failed int
	worked atomic.Bool // a step was done since it began
}

// heard notes that the line does its work.
func (p *pause) heard(of personalize.Progress) {
	if of.Phase == jobs.Settled && of.Result == jobs.Done {
		p.worked.Store(true)
	}
}

// after is how long the line stands after an error; least is how long it stands after the first.
func (p *pause) after(err error, least time.Duration) time.Duration {
	if p.worked.Swap(false) || pluggedIn(err) {
		p.failed = 0
	}
	wait := min(least<<p.failed, max(longestPause, least))
	if wait < longestPause && !pluggedIn(err) {
		p.failed++
	}
	return wait
}

// pluggedIn reports whether a device is away, which comes back by somebody's hand.
func pluggedIn(err error) bool {
	return fault.KindOf(err) == fault.Device || fault.Is(err, applet.ReaderAway) || fault.Is(err, applet.KeySourceFailed)
}

// stoppedBy is why a line stopped, as its strip shows it.
func stoppedBy(err error) string {
	return string(cmp.Or(fault.CodeOf(err), personalize.LineStopped.Code))
}
