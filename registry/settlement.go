package registry

import (
	"slices"
	"strings"

	"blanko/jobs"
)

// anyState stands in a settlement for every state in which the step makes sense.
const anyState jobs.State = ""

// settlement says what a settled step does to its attempt. Rows are tried in order; the event
// must also stand in the attempt's state table. No row: the outcome is refused.
type settlement struct {
	Steps   []jobs.Step
	Results []jobs.Result
	In      jobs.State // or anyState, which does not cover InDoubt and Open
	Event   jobs.Event // moves the attempt; empty: it stays. eventOfStep: the event of the step's name
	Condemn bool       // only the ways out are left
}

// eventOfStep stands for the event that has the name of the step.
const eventOfStep jobs.Event = "*"

var (
	stageSteps = []jobs.Step{jobs.Claim, jobs.Write, jobs.ReadBack, jobs.Print, jobs.Accept, jobs.Activate, jobs.Recheck, jobs.Eject}
	everyStep  = append([]jobs.Step{jobs.Feed, jobs.Reject, jobs.Block}, stageSteps...)
)

// settlements is the whole mapping from (state, step, result) to what becomes of the attempt.
var settlements = []settlement{
	// Before a blank was used the order goes back, is held or leaves the queue: fates.
	{Steps: []jobs.Step{jobs.Prepare}, Results: []jobs.Result{jobs.Refused, jobs.Failed, jobs.Withdrawn}, In: jobs.Open, Event: jobs.EventCancel},
	{Steps: []jobs.Step{jobs.Feed}, Results: []jobs.Result{jobs.Refused, jobs.Failed, jobs.Withdrawn}, In: jobs.Open, Event: jobs.EventCancel},
	{Steps: []jobs.Step{jobs.Feed}, Results: []jobs.Result{jobs.Done}, In: jobs.Open, Event: eventOfStep},
	{Steps: []jobs.Step{jobs.Feed}, Results: []jobs.Result{jobs.Unknown}, In: jobs.Open, Event: jobs.EventDoubt},

	// A card in doubt leaves it by proof alone.
	{Steps: []jobs.Step{jobs.Feed}, Results: []jobs.Result{jobs.Failed}, In: jobs.InDoubt, Event: jobs.EventReturn},
	{Steps: []jobs.Step{jobs.Activate}, Results: []jobs.Result{jobs.Done}, In: jobs.InDoubt, Event: jobs.EventPresent},
	{Steps: []jobs.Step{jobs.ReadBack}, Results: []jobs.Result{jobs.Done}, In: jobs.InDoubt, Event: jobs.EventResume},
	{Steps: []jobs.Step{jobs.Block}, Results: []jobs.Result{jobs.Done}, In: jobs.InDoubt, Event: jobs.EventBlock},
	{Steps: []jobs.Step{jobs.Reject}, Results: []jobs.Result{jobs.Done}, In: jobs.InDoubt, Event: jobs.EventReject},
	{Steps: everyStep, Results: []jobs.Result{jobs.Unknown}, In: jobs.InDoubt},
	{Steps: []jobs.Step{jobs.Reject, jobs.Block, jobs.Activate}, Results: []jobs.Result{jobs.Failed, jobs.Withdrawn}, In: jobs.InDoubt},

	// A card in work.
	{Steps: everyStep, Results: []jobs.Result{jobs.Unknown}, In: anyState, Event: jobs.EventDoubt},
	{Steps: []jobs.Step{jobs.Reject}, Results: []jobs.Result{jobs.Done}, In: anyState, Event: jobs.EventReject},
	{Steps: []jobs.Step{jobs.Block}, Results: []jobs.Result{jobs.Done}, In: anyState, Event: jobs.EventBlock},
	{Steps: []jobs.Step{jobs.Reject, jobs.Block}, Results: []jobs.Result{jobs.Failed}, In: anyState},
	{Steps: stageSteps, Results: []jobs.Result{jobs.Done}, In: anyState, Event: eventOfStep},
	{Steps: stageSteps, Results: []jobs.Result{jobs.Failed, jobs.Withdrawn}, In: anyState, Condemn: true},
}

// settle finds the row for an outcome. A step that is done again in the state it leads to (write,
// read back, recheck: they may be repeated) leaves the state.
func settle(k jobs.Kind, s jobs.State, step jobs.Step, res jobs.Result) (event jobs.Event, condemn, ok bool) {
	t := jobs.Attempts(k)
	if t.IsFinal(s) {
		return "", false, false
	}
	for _, r := range settlements {
		if r.In != s && (r.In != anyState || s == jobs.InDoubt || s == jobs.Open) {
			continue
		}
		if !slices.Contains(r.Steps, step) || !slices.Contains(r.Results, res) {
			continue
		}
		event = r.Event
		if event == eventOfStep {
			event = jobs.Event(step)
			if jobs.After(step) == s {
				return "", false, repeatable(step)
			}
		}
		if event != "" {
			if _, err := t.Next(s, event); err != nil {
				return "", false, false
			}
		}
		return event, r.Condemn, true
	}
	return "", false, false
}

// repeatable steps may be done again after they were done.
func repeatable(s jobs.Step) bool {
	return slices.Contains([]jobs.Step{jobs.Claim, jobs.Write, jobs.ReadBack, jobs.Recheck}, s)
}

// intended says whether a step may be about to happen in a state.
func intended(k jobs.Kind, s jobs.State, step jobs.Step) bool {
	if step == jobs.Prepare {
		return false
	}
	if s == jobs.InDoubt {
		return slices.Contains([]jobs.Step{jobs.Reject, jobs.Block, jobs.Activate}, step)
	}
	if jobs.After(step) == s {
		return repeatable(step) && !jobs.Attempts(k).IsFinal(s)
	}
	_, err := jobs.Attempts(k).Next(s, jobs.Event(step))
	return err == nil
}

// gate is what the intent of a step re-reads in its own transaction.
type gate struct{ Withdrawn, Held, Denied bool }

// gates: feed, print and activate re-read everything. Claim is where the chip is first known. A
// card that was withdrawn meanwhile is blocked before it is ejected; a hold lets it be finished.
var gates = map[jobs.Step]gate{
	jobs.Feed:     {Withdrawn: true, Held: true, Denied: true},
	jobs.Claim:    {Denied: true},
	jobs.Print:    {Withdrawn: true, Held: true, Denied: true},
	jobs.Activate: {Withdrawn: true, Held: true, Denied: true},
	jobs.Eject:    {Withdrawn: true},
}

// fate is what becomes of an application, its order and what is left of its record when an
// attempt has ended. Rows are tried in order.
type fate struct {
	Name string
	When func(f fateFacts) bool
	// Event of the application; where the application is still queued and the event is giveBack,
	// nothing moves.
	Event Event
	Order jobs.OrderState
	Cause string // of the application; empty: that of the attempt
}

// fateFacts is what a fate depends on.
type fateFacts struct {
	State     jobs.State
	Finished  bool
	Refused   bool // the record cannot become a card
	Withdrawn bool // by the center
	Wrong     bool // a wrong-person finding
	Lost      int  // cards lost to faults, this one included
	MaxLost   int
}

var fates = []fate{
	{"finished", func(f fateFacts) bool { return f.Finished }, EventFinish, jobs.Filled, ""},
	{"withdrawn", func(f fateFacts) bool { return f.Withdrawn }, EventWithdraw, jobs.Closed, ""},
	{"wrong person", func(f fateFacts) bool { return f.Wrong }, EventHold, jobs.Waiting, causeWrongPerson},
	{"refused", func(f fateFacts) bool { return f.Refused }, EventHold, jobs.Waiting, ""},
	{"no blank used", func(f fateFacts) bool { return f.State == jobs.Void }, EventGiveBack, jobs.Waiting, ""},
	{"declared lost", func(f fateFacts) bool { return f.State == jobs.Lost }, EventHold, jobs.Waiting, causeDeclaredLost},
	{"too many lost", func(f fateFacts) bool { return f.Lost >= f.MaxLost }, EventHold, jobs.Waiting, causeTooManySpoiled},
	{"lost to a fault", func(fateFacts) bool { return true }, EventRemake, jobs.Waiting, ""},
}

// fateOf is the first row that applies; the last always does.
func fateOf(f fateFacts) fate {
	return fates[slices.IndexFunc(fates, func(row fate) bool { return row.When(f) })]
}

// Codes that holds, pauses and quarantines give as their cause.
const (
	causeWrongPerson    = "registry.wrong_person"
	causeTooManySpoiled = "registry.too_many_spoiled"
	causeDeclaredLost   = "registry.declared_lost"
	causeMute           = "registry.surrendered_unreadable"
	causeChipFaults     = "registry.chip_faults_in_row"
	causeUnexplained    = "registry.stock_unexplained"
	causeForeign        = "personalize.foreign_card"
)

// chipCauses are the faults that a card is lost to when its chip is at fault; one that ends with a
// dot stands for all of a room.
var chipCauses = []string{"applet.", "pcsc.", "personalize.chip_failed", "personalize.recheck_failed"}

func chipAtFault(cause string) bool {
	return slices.ContainsFunc(chipCauses, func(c string) bool {
		return c == cause || strings.HasSuffix(c, ".") && strings.HasPrefix(cause, c)
	})
}
