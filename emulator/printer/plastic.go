package printer

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"blanko/emulator/chip"
)

// At is the kind of place where a card can be.
type At string

const (
	AtStock  At = "stock"  // made, not yet given to anybody
	AtHopper At = "hopper" // waiting in a machine
	AtPath   At = "path"   // inside a machine, at a station or between two
	AtBezel  At = "bezel"  // in the front slot of a machine, half outside
	AtOutput At = "output" // in the output tray
	AtReject At = "reject" // in the reject box
	AtHand   At = "hand"   // taken out by a person
	AtReader At = "reader" // on a desk reader
	AtBox    At = "box"    // put down by a person in a named box
)

// Place says where a card is.
type Place struct {
	At      At      `json:"at"`
	Holder  string  `json:"holder,omitempty"`  // machine, desk reader or box; for a hand, where it was taken from
	Station Station `json:"station,omitempty"` // in the path only
	From    At      `json:"from,omitempty"`    // for a hand or a box: the part of the machine it was taken from
}

func (p Place) String() string {
	s := string(p.At)
	if p.Holder != "" {
		s = p.Holder + "/" + s
	}
	if p.Station != "" {
		s += "/" + string(p.Station)
	}
	if p.From != "" {
		s += " from " + string(p.From)
	}
	return s
}

// free tells whether a person can take the card without going to a machine first.
func (p Place) free() bool { return p.At == AtStock || p.At == AtHand || p.At == AtBox }

// Plastic is one card body. It lives as long as the world and is always in exactly one
// place. Safe for concurrent use.
type Plastic struct {
	Serial string     // number of the blank
	Chip   *chip.Card // nil: a body without a chip
	Front  *Print     // what was printed on each side; never nil
	Back   *Print

	mu     sync.Mutex
	place  Place
	ways   []Entry
	cut    bool      // the antenna is broken
	tracks [4]string // magnetic stripe, 1 to 3
	spend  func(time.Duration)
}

// NewPlastic makes a card body that is in stock. c may be nil.
func NewPlastic(serial string, c *chip.Card) *Plastic {
	return &Plastic{Serial: serial, Chip: c, Front: &Print{}, Back: &Print{}, place: Place{At: AtStock}}
}

// Place says where the card is now.
func (p *Plastic) Place() Place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.place
}

// Fed counts how often the card was fed into a card path.
func (p *Plastic) Fed() int { return len(p.Entries()) }

// Entries are how the card came into a card path, oldest first.
func (p *Plastic) Entries() []Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.ways)
}

// Prints counts the print passes on each side; more than one is a reprint.
func (p *Plastic) Prints() (front, back int) { return p.Front.Passes(), p.Back.Passes() }

// CutAntenna breaks the card: the chip never answers again.
func (p *Plastic) CutAntenna() {
	p.mu.Lock()
	p.cut = true
	p.mu.Unlock()
}

// InField is the chip that a field around the card reaches; nil when there is none or its
// antenna is broken.
func (p *Plastic) InField() *chip.Card {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		return nil
	}
	return p.Chip
}

// Spend lets the chip's working time pass on the clock of whoever holds the card.
func (p *Plastic) Spend(d time.Duration) {
	p.mu.Lock()
	f := p.spend
	p.mu.Unlock()
	if f != nil {
		f(d)
	}
}

// Give moves a card that nobody's machine holds to a new place: how desk readers, boxes and
// machines accept a card from a person. A card that is elsewhere stays there (ErrElsewhere).
// spend is the clock of the new holder; nil leaves the old one.
func (p *Plastic) Give(to Place, spend func(time.Duration)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.place.free() {
		return fmt.Errorf("%w: card %s is at %s", ErrElsewhere, p.Serial, p.place)
	}
	p.place = to
	if spend != nil {
		p.spend = spend
	}
	return nil
}

// Take moves a card that stands at from into the hand. ErrElsewhere when it is not there.
func (p *Plastic) Take(from Place) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.place != from {
		return fmt.Errorf("%w: card %s is at %s", ErrElsewhere, p.Serial, p.place)
	}
	p.place = Place{At: AtHand, Holder: from.Holder, From: from.At}
	return nil
}

// Box puts a card that is in a hand or in stock into a named box.
func (p *Plastic) Box(name string) error {
	from := p.Place()
	part := from.From
	if part == "" {
		part = from.At
	}
	return p.Give(Place{At: AtBox, Holder: name, From: part}, nil)
}

// put sets the place; the machine that holds the card calls it under its own lock.
func (p *Plastic) put(to Place) {
	p.mu.Lock()
	p.place = to
	p.mu.Unlock()
}
