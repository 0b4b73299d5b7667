package printer

import (
	"strings"
	"time"
)

// Timing is how long each motion takes on the machine's own clock.
type Timing struct {
	PowerOn    time.Duration // from the switch to the first answer
	Warm       time.Duration // from then until the heated roller is hot; 0: no such roller
	Restart    time.Duration // soft reset
	Feed       time.Duration // from the hopper to the print position
	Move       time.Duration // between two stations
	Panel      time.Duration // one color or black panel
	Overlay    time.Duration // one overlay panel
	Transfer   time.Duration // from the film to one side of the card
	Engage     time.Duration // of the encoder with the card, and away from it
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

// Retransfer are the emulator's default timings of a printer that prints on film: one YMCK side
// from feed to eject takes 29 s.
var Retransfer = Timing{
	PowerOn:    10 * time.Second,
	Warm:       80 * time.Second,
	Restart:    5 * time.Second,
	Feed:       2500 * time.Millisecond,
	Move:       2 * time.Second,
	Panel:      4500 * time.Millisecond,
	Transfer:   6500 * time.Millisecond,
	Engage:     500 * time.Millisecond,
	Flip:       3 * time.Second,
	Eject:      2 * time.Second,
	Clean:      60 * time.Second,
	Cooling:    300 * time.Second,
	StatusRead: 2 * time.Millisecond,
	Bulk:       20_000_000,
}

// Model is what is the same for all machines of one type.
type Model struct {
	Maker, Name   string
	Hopper        int // cards
	Output        int
	Reject        int
	NearEmpty     int    // the hopper's second sensor fires below this many cards
	NearFull      int    // the tray sensor fires when fewer than this many cards still fit
	Ribbon        int    // printed sides of a new ribbon
	Panels        string // of the usual ribbon; empty: "YMCKO"
	Film          int    // transfers of a new film; 0: prints on the card itself
	CleaningEvery int    // cards
	Duplex        bool
	Contactless   bool
	Contact       bool
	Magnetic      bool
	Bezel         bool
	Engages       bool // the encoder reaches a card only when it is engaged with it
	CleanByHand   bool // no command starts a cleaning
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
	{Maker: "Matica", Name: "XID8600", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, Panels: "YMCK", Film: 1000, CleaningEvery: 1000, Duplex: true, Contactless: true, Contact: true, Magnetic: true, Engages: true, CleanByHand: true, Timing: Retransfer},
	{Maker: "Matica", Name: "XID580i", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, Panels: "YMCK", Film: 1000, CleaningEvery: 1000, Duplex: true, Contactless: true, Contact: true, Magnetic: true, Engages: true, CleanByHand: true, Timing: Retransfer},
	{Maker: "Magicard", Name: "Enduro", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contact: true, Timing: Direct},
	{Maker: "Magicard", Name: "Enduro+", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contact: true, Timing: Direct},
	{Maker: "Magicard", Name: "Pronto", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Contact: true, Timing: Direct},
	{Maker: "Magicard", Name: "Rio Pro", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contact: true, Timing: Direct},
	{Maker: "Magicard", Name: "Rio 2e", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Contact: true, Timing: Direct},
	{Maker: "Magicard", Name: "Tango 2e", Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1, Ribbon: 500, CleaningEvery: 1000, Duplex: true, Contact: true, Timing: Direct},
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

// NewRibbon is a full roll of the usual ribbon.
func (m Model) NewRibbon(zone string) Ribbon {
	panels := m.Panels
	if panels == "" {
		panels = "YMCKO"
	}
	return Ribbon{Type: strings.ToLower(panels), Panels: panels, Total: m.Ribbon, Left: m.Ribbon, Zone: zone}
}

// NewFilm is a full roll of film.
func (m Model) NewFilm() Film { return Film{Total: m.Film, Left: m.Film} }

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
