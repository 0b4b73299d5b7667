package bench

import (
	"context"
	"errors"
	"time"
)

// World is a virtual world that pages may look at and break.
type World interface {
	// Room is how everything stands now.
	Room(ctx context.Context) (Room, error)
	// Faults are the kinds of fault that a line can have, in groups; Break lets one happen with the next card
	// or movement it can happen to.
	Faults(line string) []Group
	Break(line, kind string) error
	// Do is one of Deeds.
	Do(ctx context.Context, deed string) error
	// People are who may sign in, with the codes of this moment.
	People() ([]Person, error)
	// Applicants are who stands before the counter; ApplicantFile is one of ApplicantFiles that somebody of them brings.
	Applicants() ([]Applicant, error)
	ApplicantFile(nik, file string) (data []byte, mime string, err error)
	// Card is a blank by its serial number.
	Card(serial string) (Card, error)
	// Face is the printed side of a card as PNG.
	Face(serial string) ([]byte, error)
	// Scenarios lists what can be replayed; Play plays one of them, or a text of one.
	Scenarios() []Scenario
	Play(ctx context.Context, name, text string) (Report, error)
}

// ErrUnknown is what a World says of what it has not.
var ErrUnknown = errors.New("the world has no such thing")

// Deeds of a person who stands beside the world.
const (
	DeedDeliver = "deliver" // the center has more records, and more blanks are received
	DeedCut     = "cut"     // the center is away
	DeedSlow    = "slow"    // the center answers late
	DeedDouble  = "double"  // the center sends everything twice
	DeedHeal    = "heal"    // the center is as it should be
	DeedAway    = "away"    // nobody comes to a machine any more
	DeedCall    = "call"    // people come again
	DeedBattery = "battery" // the mains fail; the power supply has enough for the card in work
	DeedMains   = "mains"   // they are back
	DeedRestart = "restart" // the station's program ends at this moment, and starts again
	DeedPresent = "present" // cards in doubt that were taken out of a path or lie in a tray are laid on the desk reader
)

// Deeds lists them in the order of the page.
var Deeds = []string{DeedDeliver, DeedCut, DeedSlow, DeedDouble, DeedHeal, DeedAway, DeedCall, DeedBattery, DeedMains, DeedRestart, DeedPresent}

// Room is a print room at a moment.
type Room struct {
	Speed   float64
	Away    bool   // nobody comes to a machine
	Battery bool   // the mains are away
	Center  string // as it should be: empty; else the deed that changed it
	Lines   []Line
	Boxes   []Place // what lies beside the machines
}

// Line is one machine.
type Line struct {
	ID, Model string
	Clock     time.Time
	Observed  string // state that the station tells of the line
	Code      string // what it waits for
	Hopper    int
	Path      []Blank
	Station   string // where in the path
	Output    []Blank
	Reject    []Blank
	Ribbon    int
	RibbonOf  int
	Problems  []string // that a person sees
	Planned   int      // faults that are still to strike
}

// Place is somewhere beside the machines.
type Place struct {
	Name   string
	Blanks []Blank
}

// Blank is one card body.
type Blank struct {
	Serial  string
	State   string // of the chip
	Printed bool
	Dead    bool
}

// Card is all about one card.
type Card struct {
	Blank
	Place   string
	Attempt string
	Fed     int
	Prints  int
	Files   string // of the chip, decoded, as JSON; empty: nothing was written
	Wrong   string // why the chip cannot be decoded
}

// Group is kinds of fault that belong together.
type Group struct {
	ID    string // machine, connection, chip
	Kinds []string
}

// Person is somebody of the virtual office.
type Person struct {
	ID, Role, Password, Code string
}

// Applicant is somebody who comes for a first card.
type Applicant struct {
	NIK, Name string
}

// Files that an applicant brings, for a counter without camera and scanners.
const (
	FilePhoto     = "photo"
	FileSignature = "signature"
	FileIrisRight = "iris.right"
	FileIrisLeft  = "iris.left"
)

// ApplicantFiles lists them in the order of the page.
var ApplicantFiles = []string{FilePhoto, FileSignature, FileIrisRight, FileIrisLeft}

// Scenario is one that can be replayed.
type Scenario struct {
	Name, ID, EN string
}

// Report is what a scenario came to.
type Report struct {
	Name, ID, EN string
	Held         bool
	Counts       Sentence
	Wrong        []Sentence
	Story        []Sentence
	Mistakes     []string          // of a text that could not be read
	Files        map[string][]byte // the same as text, JSON and JUnit, by the endings of Formats
}
