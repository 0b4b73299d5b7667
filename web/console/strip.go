package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
)

// strip is one line as the print room shows it.
type strip struct {
	registry.LineInRoom
	Card    *registry.CardInWork // whose blank the line has in work; nil: none
	Holder  string               // of the card, masked
	Ahead   int                  // attempts that are prepared, without a blank
	Doubts  int
	Stages  []stage
	Asks    *registry.Question
	Printer *registry.Reading // what it told last; nil: nothing
	UPS     *registry.Reading
	Fault   string // code of what takes the strip over
	Mood    string // good, warn, bad, pause: of its state
	Made    int    // cards today
	Lost    int
	PerHour int // cards in the last hour
	Can     int // the most that the line made in an hour; 0: not known yet
}

// stage is one step of the line with the card in work.
type stage struct {
	Step jobs.Step
	// State: done, now, failed, next.
	State  string
	Millis int64
}

// lines is every line as a strip.
func (v *view) lines() (templ.Component, error) {
	room, err := v.Registry.PrintRoom(v.ctx(), v.today())
	if err != nil {
		return nil, err
	}
	asked, err := v.Registry.Questions(v.ctx())
	if err != nil {
		return nil, err
	}
	told, err := v.Registry.Readings(v.ctx())
	if err != nil {
		return nil, err
	}
	var strips []strip
	var ids []registry.ApplicationID
	for _, l := range room {
		s := stripOf(l, asked)
		s.Printer, s.UPS = deviceOf(l.ID, told)
		if s.Card != nil {
			ids = append(ids, registry.ApplicationID(s.Card.Application))
		}
		strips = append(strips, s)
	}
	labels, err := v.labels(ids...)
	for i, s := range strips {
		if s.Card != nil {
			strips[i].Holder = v.holderOf(labels[registry.ApplicationID(s.Card.Application)])
		}
	}
	return lineStrips(v, strips), err
}

// today began at midnight, by the clock of the station.
func (v *view) today() time.Time {
	y, m, d := v.Now().In(v.zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, v.zone())
}

func stripOf(l registry.LineInRoom, asked []registry.Question) strip {
	s := strip{LineInRoom: l, Mood: "good"}
	for i, w := range l.Work {
		_, _, acted := w.Journal.Newest()
		switch {
		case w.State == jobs.InDoubt:
			s.Doubts++
		case acted:
			s.Card = &l.Work[i]
		default:
			s.Ahead++
		}
	}
	if s.Card != nil {
		s.Stages = stagesOf(*s.Card)
		if i := slices.IndexFunc(asked, func(q registry.Question) bool { return q.Attempt == s.Card.ID }); i >= 0 {
			s.Asks = &asked[i]
		}
	} else {
		for _, step := range jobs.Stages(l.Kind) {
			s.Stages = append(s.Stages, stage{Step: step, State: "next"})
		}
	}
	for state, n := range l.Ended {
		switch state {
		case jobs.Out, jobs.Accepted:
			s.Made += n
		case jobs.Spoiled, jobs.Revoked, jobs.Lost:
			s.Lost += n
		}
	}
	s.PerHour = l.Hour[jobs.Out] + l.Hour[jobs.Accepted]
	if l.Fastest > 0 {
		s.Can = max(l.Fastest, s.PerHour)
	}
	switch {
	case l.Wish == jobs.Stopped && (l.Observed.Silent || l.Observed.Reason == ""): // whatever becomes of the station
		s.Fault, s.Mood = l.Reason, "bad"
	case l.Observed.Silent:
		s.Mood = "warn"
	case l.Observed.Reason != "":
		s.Fault, s.Mood = l.Observed.Reason, "bad"
	case l.Wish == jobs.Paused && l.Reason == string(registry.TransferTemperature.Code):
		s.Fault, s.Mood = l.Reason, "bad"
	case l.Wish == jobs.Paused:
		s.Mood = "pause"
	case l.Observed.State != "running":
		s.Mood = "warn"
	case s.Asks != nil || s.Doubts > 0:
		s.Mood = "warn"
	}
	return s
}

// stagesOf is what has been done to a card, and what comes next. A step runs from its intent to its outcome; between two
// steps none does.
func stagesOf(c registry.CardInWork) (list []stage) {
	newest, settled, _ := c.Journal.Newest()
	steps := jobs.Stages(c.Kind)
	over := c.Condemned // only the ways out are left
	for _, step := range steps {
		st := stage{Step: step, State: "next"}
		out, done := c.Journal.Outcome(step)
		switch {
		case newest.Step == step && !settled:
			st.State = "now"
		case done && out.Result == jobs.Done:
			st.State, st.Millis = "done", out.Millis
		case done:
			st.State, st.Millis = "failed", out.Millis
		case over:
			st.State = "off"
		}
		list = append(list, st)
	}
	for _, way := range []jobs.Step{jobs.Block, jobs.Reject} {
		if c.Journal.Intended(way) {
			st := stage{Step: way, State: "now"}
			if out, done := c.Journal.Outcome(way); done {
				st.State, st.Millis = "failed", out.Millis
				if out.Result == jobs.Done {
					st.State = "done"
				}
			}
			list = append(list, st)
		}
	}
	return list
}

// StateWord is what a line does, by its wish and by what was last seen of it.
func (s strip) StateWord(v *view) string {
	switch {
	case s.Observed.Silent:
		return v.T("line.silent", v.Time(s.Observed.At))
	case s.Wish == jobs.Stopped:
		return v.T("line.stopped")
	case s.Wish == jobs.Paused && s.Card != nil:
		return v.T("line.pausing")
	case s.Wish == jobs.Paused:
		return v.T("line.paused")
	case s.Observed.State == "running" && s.Fault != "":
		return v.T("line.person")
	case s.Observed.State == "running" && s.Asks != nil:
		return v.T("line.asks")
	case s.Observed.State == "running" && s.Card != nil:
		return v.T("line.working")
	case s.Observed.State == "running":
		return v.T("line.waiting")
	}
	if s.Observed.State == "stopped" {
		return v.T("line.halted")
	}
	return v.Say("line", s.Observed.State)
}

// Where is where the card in work was last seen.
func (s strip) Where(v *view) string {
	if s.Card == nil {
		return v.T("where.none")
	}
	return v.Say("where", whereOf(*s.Card))
}

// places are where a card is during a step, where no sensor tells, and arrivals where it is after one that moves it:
// its face is looked at where it lies.
var (
	places = map[jobs.Step]string{
		jobs.Feed: "path", jobs.Claim: "encoder", jobs.Write: "encoder", jobs.ReadBack: "encoder", jobs.Print: "printing", jobs.Activate: "encoder", jobs.Recheck: "encoder",
		jobs.Block: "encoder", jobs.Eject: "path", jobs.Reject: "path",
	}
	arrivals = map[jobs.Step]string{jobs.Feed: "path", jobs.Print: "path", jobs.Eject: "output", jobs.Reject: "reject"}
)

// whereOf is the position that was told last, as long as no step since has moved the card; else that of the step.
func whereOf(c registry.CardInWork) string {
	newest, settled, _ := c.Journal.Newest()
	if settled && arrivals[newest.Step] != "" {
		return arrivals[newest.Step]
	}
	for _, n := range slices.Backward(c.Journal) {
		switch at := arrivals[n.Step]; {
		case n.Phase == jobs.Settled && at != "":
			return cmp.Or(places[newest.Step], at)
		case n.Evidence.Card != "":
			return n.Evidence.Card
		}
	}
	return cmp.Or(places[newest.Step], "unknown")
}

// Next is the first stage after those that were begun.
func (s strip) Next(v *view) string {
	begun := 0
	for i, st := range s.Stages {
		if st.State != "next" {
			begun = i + 1
		}
	}
	for _, st := range s.Stages[begun:] {
		if st.State == "next" {
			return v.T("step." + string(st.Step))
		}
	}
	if s.Card != nil && s.Card.Condemned {
		return v.T("next.out")
	}
	return v.T("next.none")
}

// showsFace reports whether who looks sees the face of the card in work, as it is or will be printed.
func (s strip) showsFace(v *view) bool {
	return v.Face != nil && v.May(access.Produce) && !s.Card.Condemned
}

// Facts are what is known of the card in work.
func (s strip) Facts(v *view) []fact {
	list := []fact{
		{Name: v.T("print.card"), Value: v.Say("attempt", string(s.Card.State))},
		{Name: v.T("print.where"), Value: s.Where(v)},
		{Name: v.T("print.next"), Value: s.Next(v)},
		{Name: v.T("account.name"), Value: s.Holder},
		{Name: v.T("head.application"), Value: headed(s.Card.Application), Link: v.applicationPath(registry.ApplicationID(s.Card.Application))},
		{Name: v.T("print.chip"), Value: orDash(string(s.Card.Chip)), Class: "mono"},
	}
	if s.Card.State == jobs.Out { // that is where it lies
		return list[1:]
	}
	return list
}

// canText says what the cards of the last hour are measured by. No data file of a printer tells how many it makes in an
// hour, so it is what the line itself has shown.
func canText(v *view, can int) string {
	if can == 0 {
		return v.T("print.can_unknown")
	}
	return v.T("print.can", v.Count(can), int(registry.FastestOf/(24*time.Hour)))
}

// writing reports whether files are going onto the chip now: nothing on it is proved.
func writing(story jobs.Story) bool {
	newest, settled, _ := story.Newest()
	return newest.Step == jobs.Write && !settled
}

// chipBytes is how many bytes of how many the files on the chip take; room is 0 where that is not known.
func chipBytes(story jobs.Story) (bytes, room int) {
	if writing(story) {
		return 0, 0
	}
	return story.Fill()
}

// chipFill is what of the chip's files was proved to be written, by the journal alone.
func chipFill(v *view, story jobs.Story) string {
	if writing(story) {
		return v.T("print.chip_writing")
	}
	hashes := story.Hashes()
	if len(hashes) == 0 {
		return v.T("print.chip_empty")
	}
	var groups []int
	for file := range hashes {
		if n, err := strconv.ParseUint(file, 16, 16); err == nil && n > firstGroup && n <= firstGroup+lastGroup {
			groups = append(groups, int(n-firstGroup))
		}
	}
	slices.Sort(groups)
	names := make([]string, len(groups))
	for i, n := range groups {
		names[i] = fmt.Sprintf("DG%d", n)
	}
	return v.T("print.chip_files", len(hashes), orDash(strings.Join(names, ", ")))
}

// The files of the data groups of the LDS, 0101 to 0110 (ICAO 9303-10, 4.6).
const (
	firstGroup = 0x0100
	lastGroup  = 16
)
