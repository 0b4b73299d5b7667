package jobs

import (
	"fmt"
	"slices"

	"blanko/ktp"
)

// State of an attempt: one try at one blank. Each comment says what is true of the card.
type State string

const (
	Open      State = "open"      // no blank yet
	Fed       State = "fed"       // a blank is in the path or on the reader; its chip is untouched
	Claimed   State = "claimed"   // the chip carries the attempt id; files may be partial
	Written   State = "written"   // all files written, not yet compared
	Compared  State = "matched"   // files read back equal, 1:1 done, chip marked written
	Printed   State = "printed"   // the face is on the plastic
	Accepted  State = "accepted"  // the face was compared and is good
	Activated State = "activated" // the chip is active: the card exists
	Checked   State = "checked"   // read as a stranger and genuine
	Out       State = "out"       // in the output tray
	InDoubt   State = "in doubt"  // evidence is missing; a person resolves it
	Blocked   State = "blocked"   // the chip was active and is proved blocked; not yet in the reject tray
	Spoiled   State = "spoiled"   // never active, in the reject tray: worthless plastic
	Revoked   State = "revoked"   // was active, blocked, set aside; retired in the register
	Lost      State = "lost"      // declared lost by two persons; retired in the register
	Void      State = "void"      // ended without using a blank
)

// Event moves an attempt. A step that is done is the event of its name.
type Event string

const (
	EventCancel  Event = "cancel"                  // refused, withdrawn or given back before a blank was used
	EventReject  Event = "reject"                  // into the reject tray, proved by the sensor or a person
	EventBlock   Event = "block"                   // the chip is proved blocked
	EventDoubt   Event = "doubt"                   // evidence is missing
	EventReturn  Event = "return"                  // the blank is proved untouched and back in stock
	EventPresent Event = "present"                 // the card is on a reader and says active, ours
	EventResume  Event = "resume"                  // the card is on a reader and says written, ours; it was printed
	EventLost    Event = "declare lost"            // two persons
	EventMute    Event = "surrendered, unreadable" // in the hand, chip mute: two persons and a picture
)

// Kind of a line: the order of its stages follows from what its hardware can do.
type Kind string

const (
	Inline    Kind = "inline"     // encoder in the path, card can return, camera accepts
	InlineEye Kind = "inline_eye" // as inline, no camera: accepted by eye at the tray, after eject
	OneWay    Kind = "one_way"    // encoder in the path, card cannot return: activates directly before print
	Desktop   Kind = "desktop"    // separate reader and printer, a person carries the card
)

// Kinds lists every kind of line.
var Kinds = []Kind{Inline, InlineEye, OneWay, Desktop}

// stages is the order of steps of each kind of line (card profile, section 8.1).
var stages = map[Kind][]Step{
	Inline:    {Feed, Claim, Write, ReadBack, Print, Accept, Activate, Recheck, Eject},
	InlineEye: {Feed, Claim, Write, ReadBack, Print, Activate, Recheck, Eject, Accept},
	OneWay:    {Feed, Claim, Write, ReadBack, Activate, Recheck, Print, Eject, Accept},
	Desktop:   {Feed, Claim, Write, ReadBack, Print, Accept, Activate, Recheck, Eject},
}

// Stages is the order of steps of a kind of line.
func Stages(k Kind) []Step { return slices.Clone(stages[k]) }

// after names the state that a done step leads to.
var after = map[Step]State{
	Feed: Fed, Claim: Claimed, Write: Written, ReadBack: Compared, Print: Printed,
	Accept: Accepted, Activate: Activated, Recheck: Checked, Eject: Out,
}

// After is the state that a done stage leads to.
func After(s Step) State { return after[s] }

// IsActive reports whether, on a line of kind k, the chip of an attempt in state s is active.
func IsActive(k Kind, s State) bool {
	list := stages[k]
	at := slices.IndexFunc(list, func(st Step) bool { return after[st] == s })
	return at >= slices.Index(list, Activate) || s == Blocked || s == Revoked
}

// Finished is the state of a card that is ready to be packed, on a line of kind k.
func Finished(k Kind) State { return after[stages[k][len(stages[k])-1]] }

// Attempts is the state table of an attempt on a line of kind k, made from its stages.
func Attempts(k Kind) ktp.Table[State, Event] {
	type row = ktp.Row[State, Event]
	t := ktp.Table[State, Event]{
		Name:  fmt.Sprintf("attempt (%s)", k),
		Start: Open,
		Final: []State{Finished(k), Spoiled, Revoked, Lost, Void},
	}
	list := stages[k]
	needs := map[Step]string{
		Feed: "intent", Claim: "intent", Write: "intent", Print: "intent", Accept: "intent", Activate: "intent", Eject: "intent",
	}
	from := Open
	for _, s := range list {
		t.Rows = append(t.Rows, row{From: from, Event: Event(s), To: after[s], Needs: needs[s]})
		from = after[s]
	}
	t.Rows = append(t.Rows,
		row{From: Open, Event: EventCancel, To: Void},
		row{From: Open, Event: EventDoubt, To: InDoubt, Guard: "feed neither proved nor disproved"},
	)
	for _, s := range list[:len(list)-1] {
		state := after[s]
		if IsActive(k, state) {
			t.Rows = append(t.Rows, row{From: state, Event: EventBlock, To: Blocked, Needs: "intent"})
		} else {
			t.Rows = append(t.Rows, row{From: state, Event: EventReject, To: Spoiled, Needs: "intent"})
		}
		t.Rows = append(t.Rows, row{From: state, Event: EventDoubt, To: InDoubt})
	}
	t.Rows = append(t.Rows,
		row{From: Blocked, Event: EventReject, To: Revoked, Needs: "intent"},
		row{From: Blocked, Event: EventDoubt, To: InDoubt, Guard: "the card's place is not proved"},
		row{From: Blocked, Event: EventLost, To: Lost, Needs: "two persons"},
		row{From: InDoubt, Event: EventReturn, To: Void, Guard: "the blank is proved untouched"},
		row{From: InDoubt, Event: EventReject, To: Spoiled, Guard: "the chip says never active"},
		row{From: InDoubt, Event: EventPresent, To: Activated, Guard: "the chip says active, ours"},
		row{From: InDoubt, Event: EventBlock, To: Blocked, Guard: "the chip says blocked"},
		row{From: InDoubt, Event: EventMute, To: Revoked, Needs: "two persons, picture of the face"},
		row{From: InDoubt, Event: EventLost, To: Lost, Needs: "two persons"},
	)
	if k == Desktop { // only there is a card outside whose face is looked at before it is activated
		t.Rows = append(t.Rows, row{From: InDoubt, Event: EventResume, To: Printed, Guard: "the chip says written, ours, and it was printed"})
	}
	return t
}
