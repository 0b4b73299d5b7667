package jobs

import (
	"time"

	"blanko/ktp"
)

// LineID names a production line of the station, as in its configuration.
type LineID string

// OrderID names an order: one card wanted for one application.
type OrderID string

// Step of an attempt. The intents of Feed, Print and Activate re-read withdrawals, holds
// and the deny list.
type Step string

const (
	Prepare  Step = "prepare"   // artwork and chip content, before any blank is used; settled only, never intended
	Feed     Step = "feed"      // a blank leaves the hopper, or is laid on the reader by hand
	Claim    Step = "claim"     // the chip takes the attempt id
	Write    Step = "write"     // all files
	ReadBack Step = "read_back" // every file compared by hash, 1:1, chip marked written
	Print    Step = "print"     // not repeatable
	Accept   Step = "accept"    // the printed face, by camera or by eye
	Activate Step = "activate"  // the physical commit
	Recheck  Step = "recheck"   // as a stranger
	Eject    Step = "eject"     // into the output tray
	Reject   Step = "reject"    // into the reject tray, before activation: the blank is spoiled
	Block    Step = "block"     // the chip is blocked with the admin key, after activation
)

// Phase of a journal entry.
type Phase string

const (
	Intent  Phase = "intent"  // durable before the act
	Settled Phase = "settled" // the act is over, its outcome known or declared unknown
)

// Evidence is what was read of the world with an intent, to decide after a crash what
// happened. A nil pointer: the device cannot tell.
type Evidence struct {
	Card       string      `json:"card,omitempty"`    // position by the sensor, printer.Position
	Cards      *int        `json:"cards,omitempty"`   // fed in by the printer, as it counts
	Printer    string      `json:"printer,omitempty"` // its serial number
	Panels     *int        `json:"panels,omitempty"`
	Prints     *int        `json:"prints,omitempty"` // cards whose print was finished
	RibbonLeft *int        `json:"ribbon_left,omitempty"`
	Job        string      `json:"job,omitempty"`
	Chip       ktp.ChipUID `json:"chip,omitempty"`
	ChipState  string      `json:"chip_state,omitempty"` // applet state word
	ChipHolds  string      `json:"chip_holds,omitempty"` // attempt id on the chip, hex
	// Of a feed: SHA-256, hex, of the card profile, the template of the face and the service standard.
	Profile  string    `json:"profile,omitempty"`
	Artwork  string    `json:"artwork,omitempty"`
	Standard string    `json:"standard,omitempty"`
	At       time.Time `json:"at"` // line clock
	// Of a feed, a claim and a write: the check values (3 bytes, hex) of the masters whose keys are put on
	// the chip, by role.
	Keys map[string]string `json:"keys,omitempty"`
}

// Result of a step.
type Result string

const (
	Done      Result = "done"
	Failed    Result = "failed"    // it did not happen, or its product is worthless; the cause says why
	Unknown   Result = "unknown"   // neither can be proved: the attempt is in doubt
	Refused   Result = "refused"   // the record cannot become a card (Prepare), or was withdrawn before a blank was used
	Withdrawn Result = "withdrawn" // the world changed under the card: an intent was denied
)

// Match tells how the post-write 1:1 came out.
type Match string

const (
	MatchNone   Match = ""              // not done yet
	Matched     Match = "matched_1_1"   // against an independent second impression
	EqualByHash Match = "equal_by_hash" // no second impression: equal by hash, no 1:1
	WrongPerson Match = "wrong_person"
)

// Outcome closes a step. Attempt, stock, application and events follow from it in one
// transaction.
type Outcome struct {
	Result Result            `json:"result"`
	Cause  string            `json:"cause,omitempty"` // fault code; stable, never personal data
	Chip   ktp.ChipUID       `json:"chip,omitempty"`
	Tray   string            `json:"tray,omitempty"` // output or reject, of Eject and Reject
	Match  Match             `json:"match,omitempty"`
	Score  int               `json:"score,omitempty"`
	Hashes map[string]string `json:"hashes,omitempty"` // file id (4 hex digits) to SHA-256, of Write and ReadBack
	Bytes  int               `json:"bytes,omitempty"`  // of all files, of Write
	Room   int               `json:"room,omitempty"`   // bytes that the chip has for files, of Write
	Millis int64             `json:"millis,omitempty"` // by the line clock
	// Counters are the sequence counters (SCP03) of the chip's key sets after the step, by key version (two hex digits).
	Counters map[string]int    `json:"counters,omitempty"`
	Details  map[string]string `json:"details,omitempty"`
	// Position of the card when the attempt stays in doubt: path, output, reject, missing.
	Where string `json:"where,omitempty"`
	// Strays are cards that the printer is proved to have fed unasked and that go to the reject tray, by
	// their chips; empty for one that gives no answer. They are written down with the doubt, since the
	// feed counter that proves them is compared only once.
	Strays []ktp.ChipUID `json:"strays,omitempty"`
	// Cards is the printer's feed counter when the attempt came into doubt, and Printer its serial number:
	// what it fed besides what the ledger knows of has left the hopper, read or not.
	Cards   *int   `json:"cards,omitempty"`
	Printer string `json:"printer,omitempty"`
}

// Order is a lease of one wanted card, with the attempt it was given. Fence rises with every
// lease of the order; a write with an older one is refused (fault code jobs.fenced).
type Order struct {
	ID      OrderID
	Attempt ktp.AttemptID
	Line    LineID
	Fence   int64
	Record  ktp.Record
}

// Entry is one line of the journal of an unsettled attempt, newest last.
type Entry struct {
	Order     Order
	State     State // of the attempt
	Chip      ktp.ChipUID
	Step      Step  // newest step with an intent
	Phase     Phase // Intent: the act may or may not have happened
	Evidence  Evidence
	Outcome   Outcome // of a Settled entry
	Printed   bool    // a print intent exists: this blank is never printed again
	FaceLeft  bool    // of a doubt: the card was printed and nothing failed, its face is to be looked at next
	Withdrawn bool    // the application was withdrawn or held meanwhile
	Match     Match
	Hashes    map[string]string
}
