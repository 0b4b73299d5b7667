package applet

import (
	"blanko/chipdata"
	"blanko/ktp"
)

// State of the chip (card profile KTPEL-OP 1, section 7.1). Whether a card is in force is a
// matter of the register, never of the chip.
type State string

const (
	Blank      State = "blank"      // application present, no attempt, no personal data
	Claimed    State = "claimed"    // belongs to one attempt; files may be partial
	Written    State = "written"    // all files present and read back equal; not usable by the holder
	Active     State = "active"     // closed for writing, content frozen; says nothing about hand-over
	Blocked    State = "blocked"    // refused by readers; reversible with the admin key alone
	Terminated State = "terminated" // end of life
)

// Event is what a command under a channel does to the state.
type Event string

const (
	EventClaim      Event = "claim"      // EF.PROF with the attempt id
	EventWrite      Event = "write"      // create, update, delete, put data, put key, generate key
	EventMark       Event = "mark"       // marker of EF.PROF: written
	EventActivate   Event = "activate"   // the physical commit
	EventDeactivate Event = "deactivate" // block
	EventTerminate  Event = "terminate"
)

// LifeCycle is the table of section 7.2. Needs names the key set of the channel, Guard what the
// card checks besides.
var LifeCycle = ktp.Table[State, Event]{
	Name:  "chip",
	Start: Blank,
	Final: []State{Terminated},
	Rows: []ktp.Row[State, Event]{
		{From: Blank, Event: EventClaim, To: Claimed, Needs: "key 30"},
		{From: Blank, Event: EventTerminate, To: Terminated, Needs: "key 30"},
		{From: Claimed, Event: EventClaim, To: Claimed, Guard: "same attempt id", Needs: "key 30 while 31 is absent, then 31"},
		{From: Claimed, Event: EventWrite, To: Claimed, Guard: "claim shown in this channel", Needs: "key 31"},
		{From: Claimed, Event: EventMark, To: Written, Guard: "keys 38 and 39 present, 30 gone, EF.SOD not empty", Needs: "key 31"},
		{From: Claimed, Event: EventTerminate, To: Terminated, Needs: "key 30 while 31 is absent, then 31, or 39 once present"},
		{From: Written, Event: EventClaim, To: Written, Guard: "same attempt id", Needs: "key 31"},
		{From: Written, Event: EventWrite, To: Claimed, Guard: "claim shown in this channel", Needs: "key 31"},
		{From: Written, Event: EventMark, To: Written, Guard: "claim shown in this channel", Needs: "key 31"},
		{From: Written, Event: EventActivate, To: Active, Guard: "claim shown in this channel", Needs: "key 31"},
		{From: Written, Event: EventTerminate, To: Terminated, Needs: "key 31 or 39"},
		{From: Active, Event: EventActivate, To: Active, Guard: "in the channel that activated", Needs: "key 31"},
		{From: Active, Event: EventDeactivate, To: Blocked, Needs: "key 39"},
		{From: Active, Event: EventTerminate, To: Terminated, Needs: "key 39"},
		{From: Blocked, Event: EventActivate, To: Active, Guard: "never for a card that failed the recheck", Needs: "key 39, two persons"},
		{From: Blocked, Event: EventTerminate, To: Terminated, Needs: "key 39"},
	},
}

// Life cycle status bytes of FCI tag 8A (ISO/IEC 7816-4, table 14).
const (
	lcsInitialization = 0x03
	lcsActivated      = 0x05
	lcsDeactivated    = 0x04
	lcsTerminated     = 0x0C
)

// stateOf reads the state from the life cycle byte and the marker of EF.PROF; the marker counts
// in the initialization state alone.
func stateOf(lcs, marker byte) (State, bool) {
	switch lcs {
	case lcsActivated:
		return Active, true
	case lcsDeactivated:
		return Blocked, true
	case lcsTerminated:
		return Terminated, true
	case lcsInitialization:
		switch marker {
		case chipdata.MarkerBlank:
			return Blank, true
		case chipdata.MarkerClaimed:
			return Claimed, true
		case chipdata.MarkerWritten:
			return Written, true
		}
	}
	return "", false
}
