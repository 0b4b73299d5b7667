package trial

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"
	machine "blanko/emulator/printer"
	"blanko/jobs"
	"blanko/registry"
	"blanko/station"
)

// Bounds of a scenario: it is looked at by a person.
const (
	mostSceneCards = 200
	mostSceneLines = 8
	mostDelay      = time.Minute
)

var lesson = regexp.MustCompile(`^FL-[1-9][0-9]{0,2}$`)

// sense says what can be read and cannot be.
func (r *scenarioReader) sense(s *Scenario) {
	if s.Title.ID == "" || s.Title.EN == "" {
		r.of("title", "a sentence under id and one under en is wanted")
	}
	for i, l := range s.Lessons {
		if !lesson.MatchString(l) {
			r.of(fmt.Sprintf("lessons[%d]", i+1), "FL- and a number is wanted")
		}
	}
	r.batch(s)
	if b := s.Center; min(b.CutEvery, b.FailEvery, b.RepeatEvery, b.LoseReportsEvery, b.LoseAnswersEvery) < 0 {
		r.of("center", "numbers below zero")
	} else if b.CutEvery == 1 || b.FailEvery == 1 || b.RepeatEvery == 1 || b.LoseAnswersEvery == 1 || b.LoseReportsEvery == 1 {
		r.of("center", "every call would fail, and nothing would ever be done: 2 or more is wanted")
	}
	if s.Center.Delay < 0 || s.Center.Delay > mostDelay {
		r.of("center.delay", "0s to %s is wanted", mostDelay)
	}
	r.strikes(s)
	r.then(s.Then)
}

func (r *scenarioReader) batch(s *Scenario) {
	b, d := s.Batch, s.Devices
	if b.Cards < 0 || b.Cards+b.Impostors+len(b.Broken) < 1 || b.Cards > mostSceneCards {
		r.of("batch.cards", "1 to %d is wanted", mostSceneCards)
	}
	if b.Impostors < 0 || b.Impostors > mostSceneCards {
		r.of("batch.impostors", "0 to %d is wanted", mostSceneCards)
	}
	if _, ok := chips[b.Chip]; !ok {
		r.of("batch.chip", "%s is wanted", strings.Join(sortedKeys(chips), " or "))
	}
	for i, name := range b.Broken {
		if !slices.ContainsFunc(center.Broken, func(k center.Kind) bool { return k.Name == name }) {
			r.of(fmt.Sprintf("batch.broken[%d]", i+1), "%q is no kind of broken record", name)
		}
	}
	for i, n := range b.Denied {
		if n < 1 || n > hopperCapacity {
			r.of(fmt.Sprintf("batch.denied[%d]", i+1), "1 to %d is wanted", hopperCapacity)
		}
	}
	if d.Lines < 1 || d.Lines > mostSceneLines {
		r.of("devices.lines", "1 to %d is wanted", mostSceneLines)
	}
	if !slices.Contains(scenePrinters(), d.Printer) {
		r.of("devices.printer", "%s is wanted", strings.Join(scenePrinters(), ", "))
	}
	if d.desktop() && len(d.Eye) > 0 {
		r.of("devices.eye", "at a desktop line a person accepts every face")
	}
	for i, id := range d.Eye {
		field := fmt.Sprintf("devices.eye[%d]", i+1)
		if !slices.Contains(s.lines(), jobs.LineID(id)) {
			r.of(field, "line-1 to line-%d is wanted", d.Lines)
		} else if slices.Contains(d.Eye[:i], id) {
			r.of(field, "stands twice")
		}
	}
}

// strikes holds faults and events against the print room.
func (r *scenarioReader) strikes(s *Scenario) {
	if s.Devices.Lines < 1 || s.Devices.Lines > mostSceneLines || !slices.Contains(scenePrinters(), s.Devices.Printer) {
		return // there is no room to hold them against
	}
	world := emulator.Config{Virtual: true, Desks: append(s.desks(), deskName)}
	for _, id := range s.lines() {
		world.Lines = append(world.Lines, emulator.LineConfig{Name: string(id), Model: s.Devices.Printer})
	}
	w, err := emulator.New(world)
	if err != nil {
		r.of("devices", "%v", err)
		return
	}
	defer w.Close() //nolint:errcheck // nothing was done in it
	for i, f := range s.Faults {
		if err := w.Check(f); err != nil {
			r.of(fmt.Sprintf("faults[%d]", i+1), "%s", strings.TrimPrefix(err.Error(), "fault script: "))
		}
	}
	for i, e := range s.Events {
		field := fmt.Sprintf("events[%d]", i+1)
		if !slices.Contains(s.lines(), jobs.LineID(e.Line)) {
			r.of(field+".line", "line-1 to line-%d is wanted", s.Devices.Lines)
		}
		if e.Card < 1 {
			r.of(field+".card", "a number from 1 is wanted")
		}
		if !slices.Contains(intended(), e.Step) {
			r.of(field+".step", "%s is wanted", join(intended()))
		}
		if !slices.Contains(Deeds, e.Do) {
			r.of(field+".do", "%s is wanted", strings.Join(Deeds, ", "))
		}
		r.refusal(field, s.Devices, e)
		if atDesk := e.Do == deedDrop || e.Do == deedSwap; atDesk != s.Devices.desktop() && (atDesk || e.Do == deedPull) {
			r.of(field+".do", "pull is of printers that hold the card, drop and swap of %s", DesktopPrinter)
		}
	}
}

// refusal holds an event against the faces that a person is asked for.
func (r *scenarioReader) refusal(field string, d Devices, e SceneEvent) {
	if e.Do != deedRefuse {
		if e.Cause != "" {
			r.of(field+".cause", "it belongs to %s", deedRefuse)
		}
		return
	}
	if !d.desktop() && !slices.Contains(d.Eye, e.Line) {
		r.of(field+".do", "%s has a camera: a person accepts the faces of devices.eye", e.Line)
	}
	if e.Step != jobs.Accept {
		r.of(field+".step", "%s is wanted: a face is refused there", jobs.Accept)
	}
	if !slices.Contains(faceCauses(), e.Cause) {
		r.of(field+".cause", "%s is wanted", strings.Join(faceCauses(), ", "))
	}
}

// faceCauses are the codes with which a person refuses a face.
func faceCauses() (codes []string) {
	for _, c := range registry.AnswerCauses {
		if c.Kind == registry.AskFace {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// intended are the steps that a line writes down before it does them.
func intended() []jobs.Step {
	return []jobs.Step{jobs.Feed, jobs.Claim, jobs.Write, jobs.Print, jobs.Accept, jobs.Activate, jobs.Eject}
}

func join[T ~string](words []T) string {
	var text []string
	for _, w := range words {
		text = append(text, string(w))
	}
	return strings.Join(text, ", ")
}

func (r *scenarioReader) then(t Then) {
	if r.at["then"] == nil {
		r.say(nil, "then", "what must be true at the end is wanted")
	}
	if min(t.Made, t.InDoubt, t.Withdrawn, t.Waiting) < 0 {
		r.of("then", "numbers below zero")
	}
	codes := map[string]bool{}
	for _, e := range station.Entries() {
		codes[string(e.Code)] = true
	}
	refusals := map[string]bool{}
	for _, k := range center.Broken {
		refusals[k.Refusal] = true
	}
	count := func(field string, counts map[string]int, known map[string]bool) {
		for _, k := range sortedKeys(counts) {
			if !known[k] {
				r.of("then."+field+"."+k, "no such code")
			}
			if counts[k] < 1 {
				r.of("then."+field+"."+k, "a number from 1 is wanted; leave out what is nothing")
			}
		}
	}
	count("spoiled", t.Spoiled, codes)
	count("blocked", t.Blocked, codes)
	count("refused", t.Refused, refusals)
	for i, w := range t.Waits {
		if !codes[w] {
			r.of(fmt.Sprintf("then.waits[%d]", i+1), "no such code")
		}
	}
	for i, p := range t.Mended {
		if !slices.Contains(emulator.Problems(), machine.Problem(p)) {
			r.of(fmt.Sprintf("then.mended[%d]", i+1), "%s is wanted", join(emulator.Problems()))
		}
	}
	for _, k := range sortedKeys(t.Places) {
		if t.Places[k] < 0 {
			r.of("then.places."+k, "a number below zero")
		}
	}
}
