package standard

import (
	"fmt"
	"slices"
	"time"
)

// Clock is how long an application may take, from complete receipt to ready for collection.
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

func (s Standard) clocksWrong() (field, why string) {
	if len(s.Clocks) == 0 {
		return "clocks", "at least one"
	}
	seen := map[string]bool{}
	for i, c := range s.Clocks {
		at := fmt.Sprintf("clocks[%d]", i)
		switch {
		case !word.MatchString(c.ID) || seen[c.ID] || c.Text.ID == "" || c.Text.EN == "":
			return at + ".id", "a word and texts in both languages, each once"
		case c.Hours < 1:
			return at + ".hours", "1 or more"
		case slices.ContainsFunc(c.Stops, func(cause string) bool { return !slices.Contains(Causes, cause) }):
			return at + ".stops", "power, network, blanks or equipment"
		}
		seen[c.ID] = true
	}
	return "", ""
}

// Span is a time from From to To; a zero To has not ended.
type Span struct {
	Cause    string
	From, To time.Time
}

// Elapsed is how long a clock has run from a time to another: the time between them without what an
// incident that stops the clock took. Incidents may overlap.
func (c Clock) Elapsed(from, to time.Time, incidents []Span) time.Duration {
	if !to.After(from) {
		return 0
	}
	var stopped []Span
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
			stopped = append(stopped, i)
		}
	}
	slices.SortFunc(stopped, func(a, b Span) int { return a.From.Compare(b.From) })
	running := to.Sub(from)
	until := from
	for _, i := range stopped {
		if i.From.Before(until) {
			i.From = until
		}
		if i.To.After(i.From) {
			running -= i.To.Sub(i.From)
			until = i.To
		}
	}
	return running
}

// Due is when an application that was complete at a time has to be ready, as far as the incidents are
// known: one that lasts is taken to end now.
func (c Clock) Due(from, now time.Time, incidents []Span) time.Time {
	known := slices.Clone(incidents)
	for i := range known {
		if known[i].To.IsZero() {
			known[i].To = now
		}
	}
	limit := time.Duration(c.Hours) * time.Hour
	due := from.Add(limit)
	for run := c.Elapsed(from, due, known); run < limit; run = c.Elapsed(from, due, known) {
		due = due.Add(limit - run)
	}
	return due
}

// Late is by how much a clock is over at a time; zero or less: it is not.
func (c Clock) Late(from, at time.Time, incidents []Span) time.Duration {
	return c.Elapsed(from, at, incidents) - time.Duration(c.Hours)*time.Hour
}

// zones are the time zones of Indonesia by province code (Keppres 41/1987, with the provinces of 2022
// in their parents' zones).
var zones = []struct {
	Name      string
	Hours     int
	Provinces []string
}{
	{"WIB", 7, []string{"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36", "61", "62"}},
	{"WITA", 8, []string{"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}},
	{"WIT", 9, []string{"81", "82", "91", "92", "93", "94", "95", "96"}},
}

// Zone is the time zone of a region code by its province; WIB where the code is of no province.
func Zone(region string) *time.Location {
	const province = 2
	for _, z := range zones {
		if len(region) >= province && slices.Contains(z.Provinces, region[:province]) {
			return time.FixedZone(z.Name, z.Hours*int(time.Hour/time.Second))
		}
	}
	return time.FixedZone(zones[0].Name, zones[0].Hours*int(time.Hour/time.Second))
}
