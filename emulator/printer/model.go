package printer

import "time"

// Timing is how long each motion takes on the machine's own clock.
type Timing struct {
	PowerOn    time.Duration // from the switch to ready
	Restart    time.Duration // soft reset
	Feed       time.Duration // from the hopper to the print position
	Move       time.Duration // between two stations
	Panel      time.Duration // one color or black panel
	Overlay    time.Duration // one overlay panel
	Flip       time.Duration
	Eject      time.Duration // into a tray or to the bezel
	Clean      time.Duration // one cleaning cycle
	Cooling    time.Duration // a rest of the hot head
	StatusRead time.Duration // one text read
	Bulk       int           // USB bulk transfer, bytes per second
}

// Direct are the emulator's default timings of a direct-to-card printer: one YMCKO side
// from feed to eject takes 17 s, inside the figures that vendors publish for this class.
// Restart is assumed.
var Direct = Timing{
	PowerOn:    15 * time.Second,
	Restart:    5 * time.Second,
	Feed:       2500 * time.Millisecond,
	Move:       2 * time.Second,
	Panel:      2600 * time.Millisecond,
	Overlay:    2600 * time.Millisecond,
	Flip:       3 * time.Second,
	Eject:      1500 * time.Millisecond,
	Clean:      60 * time.Second,
	Cooling:    120 * time.Second,
	StatusRead: 5 * time.Millisecond,
	Bulk:       20_000_000,
}

// Model is what is the same for all machines of one type.
type Model struct {
	Maker, Name   string
	Hopper        int // cards
	Output        int
	Reject        int
	NearEmpty     int // the hopper's second sensor fires below this many cards
	NearFull      int // the tray sensor fires when fewer than this many cards still fit
	Ribbon        int // printed sides of a new ribbon
	CleaningEvery int // cards
	Duplex        bool
	Contactless   bool
	Contact       bool
	Magnetic      bool
	Bezel         bool
	Timing        Timing
}

// Models are the machines that the world can build. Capacities, ribbon length and cleaning
// interval are the emulator's defaults for the class; the options are those that vendors sell
// with the model.
var Models = []Model{
	{Maker: "Evolis", Name: "Primacy 2", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contactless: true, Contact: true, Timing: Direct},
	{Maker: "Evolis", Name: "Primacy", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contactless: true, Contact: true, Magnetic: true, Timing: Direct},
	{Maker: "Evolis", Name: "KC200", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Contactless: true, Contact: true, Bezel: true, Timing: Direct},
	{Maker: "Evolis", Name: "Dualys", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contactless: true, Contact: true, Magnetic: true, Timing: Direct},
}

// FindModel looks a model up by name.
func FindModel(name string) (Model, bool) {
	for _, m := range Models {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}

// Ribbon is the roll in the machine.
type Ribbon struct {
	Type   string `json:"type"`   // in the language's own words, such as "ymcko"
	Panels string `json:"panels"` // letters on one frame, such as "YMCKO"
	Total  int    `json:"total"`  // printed sides
	Left   int    `json:"left"`
	Zone   string `json:"zone"`
	Lot    string `json:"lot"`
	NoTag  bool   `json:"no_tag,omitempty"` // the tag cannot be read
}
