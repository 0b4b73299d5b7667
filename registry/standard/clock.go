package standard

import (
	"slices"
	"time"
)

// Clock is how long an application may take, from complete receipt to ready for collection. Days are of
// 24 hours: no zone of Indonesia has a summer time.
type Clock struct {
	ID    string `yaml:"id"`
	Text  Text   `yaml:"text"`
	Hours int    `yaml:"hours"`
	// Stops lists the causes of incidents that stop it; none: it never stops.
	Stops []string `yaml:"stops"`
	Basis string   `yaml:"basis"`
}

// Causes of incidents (2018 rule: network, power, blanks and equipment are fine).
var Causes = []string{"power", "network", "blanks", "equipment"}

// Clock finds a clock.
func (s Standard) Clock(id string) (Clock, bool) {
	i := slices.IndexFunc(s.Clocks, func(c Clock) bool { return c.ID == id })
	if i < 0 {
		return Clock{}, false
	}
	return s.Clocks[i], true
}

// Outage is an incident as a clock sees it, from From to To; a zero To has not ended.
type Outage struct {
	Cause    string
	From, To time.Time
}

// Reading is how a clock stands at a time.
type Reading struct {
	Run     time.Duration // without the time in which it stood still
	Stopped time.Duration // stood still; incidents that overlap count once
	Left    time.Duration // until it has run out; 0 where it has
	Late    time.Duration // beyond its limit; 0 where it is not
	Causes  []string      // that stopped it, each once, in the order of their beginning
}

func (c Clock) limit() time.Duration { return time.Duration(c.Hours) * time.Hour }

// still are the spans within which the clock stands still between two times: in order, apart from each
// other, and not empty.
func (c Clock) still(from, to time.Time, incidents []Outage) []Outage {
	var list []Outage
	for _, i := range incidents {
		if !slices.Contains(c.Stops, i.Cause) {
			continue
		}
		if i.To.IsZero() || i.To.After(to) {
			i.To = to
		}
		if i.From.Before(from) {
			i.From = from
		}
		if i.To.After(i.From) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b Outage) int { return a.From.Compare(b.From) })
	apart := list[:0]
	for _, i := range list {
		last := len(apart) - 1
		switch {
		case last < 0 || i.From.After(apart[last].To):
			apart = append(apart, i)
		case i.To.After(apart[last].To):
			apart[last].To = i.To
		}
	}
	return apart
}

// Read is how the clock stands at a time, for what was complete at another. An incident that has not
// ended stops it until then.
func (c Clock) Read(from, at time.Time, incidents []Outage) (r Reading) {
	if !at.After(from) {
		return Reading{Left: c.limit()}
	}
	for _, i := range c.still(from, at, incidents) {
		r.Stopped += i.To.Sub(i.From)
	}
	r.Run = at.Sub(from) - r.Stopped
	r.Left, r.Late = max(0, c.limit()-r.Run), max(0, r.Run-c.limit())
	for _, i := range slices.SortedStableFunc(slices.Values(incidents), func(a, b Outage) int { return a.From.Compare(b.From) }) {
		if len(c.still(from, at, []Outage{i})) > 0 && !slices.Contains(r.Causes, i.Cause) {
			r.Causes = append(r.Causes, i.Cause)
		}
	}
	return r
}

// Elapsed is how long the clock has run from a time to another.
func (c Clock) Elapsed(from, to time.Time, incidents []Outage) time.Duration {
	return c.Read(from, to, incidents).Run
}

// Due is when an application that was complete at a time has to be ready, as far as the incidents are
// known: one that lasts is taken to end now.
func (c Clock) Due(from, now time.Time, incidents []Outage) time.Time {
	known, end := slices.Clone(incidents), from
	for i := range known {
		if known[i].To.IsZero() {
			known[i].To = now
		}
		if known[i].To.After(end) {
			end = known[i].To
		}
	}
	left, at := c.limit(), from
	for _, i := range c.still(from, end, known) {
		run := i.From.Sub(at)
		if run >= left {
			break
		}
		left, at = left-run, i.To
	}
	return at.Add(left)
}

// Late is by how much a clock is over at a time; zero or less: it is not.
func (c Clock) Late(from, at time.Time, incidents []Outage) time.Duration {
	return c.Elapsed(from, at, incidents) - c.limit()
}
