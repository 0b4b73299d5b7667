package printer

import (
	"context"
	"sync"
	"time"
)

// Station is a position in the card path.
type Station string

const (
	StationNone        Station = ""
	StationPrint       Station = "print"
	StationContact     Station = "contact"
	StationContactless Station = "contactless"
	StationMagnetic    Station = "magnetic"
	StationFlip        Station = "flip"
	StationBetween     Station = "between" // between two stations
)

// Config is what differs between two machines of one model.
type Config struct {
	Name   string // the holder's name in every Place, such as "line-1"
	Model  Model
	Serial string
	Zone   string // zone of the printer; the ribbon's must be the same
	Ribbon Ribbon // fitted at the start; an empty Type fits none
	Film   Film   // of a retransfer printer; the zero value fits a new one
	// Spend lets time pass on the line's clock; nil: motions take no time.
	Spend func(ctx context.Context, d time.Duration) error
	// KeepPrints is how many printed sides keep their dots; older ones keep sizes and hashes.
	// 0 keeps all.
	KeepPrints int
	// OnFed is called when card number n (from 1) enters the path. It must not call the machine.
	OnFed func(n int, p *Plastic)
}

// Machine is one printer. Every method may be called from any goroutine; motions wait for
// each other, persons do not wait for motions.
type Machine struct {
	name   string
	model  Model
	serial string
	zone   string
	spend  func(context.Context, time.Duration) error
	keep   int
	onFed  func(int, *Plastic)

	moving chan struct{} // holds a token while a motion runs

	mu      sync.Mutex
	changed chan struct{} // closed at the next change
	epoch   int           // counts what interrupts a motion
	cuts    int           // counts power cuts
	pulls   int           // counts pulled cables
	doors   int           // counts how often the cover was opened
	cancel  context.CancelFunc

	powered   bool
	unplugged bool
	cover     bool // open
	jam       bool
	lost      bool // sensors do not know where the card is

	hopper  []*Plastic // [0] is fed next
	path    []*Plastic // one card, or more after a collision
	station Station
	backUp  bool // the back of the card is under the head
	bezel   *Plastic
	output  []*Plastic
	reject  []*Plastic
	lifted  []*Plastic // taken out of the hopper by a scripted hand
	known   []*Plastic // every card that ever was in this machine, in order of its first entry
	seen    map[*Plastic]bool

	outputBlocked, rejectBlocked bool

	ribbon    Ribbon
	ribbonIn  bool
	torn      bool
	passOpen  bool // a frame of the ribbon is in use for the side under the head
	panels    int  // laid on the card inside, or on film for it
	dropPanel bool
	sides     []*Print // oldest first, for KeepPrints

	film     Film
	filmTorn bool
	onFilm   []*Layer // printed on the frame of the film in use
	engaged  bool     // the encoder with the card at its station

	fed      int
	shownFed int // what the feed counter says
	laid     int // panels, all cards
	cleaning Cleaning
	rest     time.Duration // the next motion starts that much later

	handled  bool // a person took the last card out of the path
	misled   bool // the path sensor showed a card since where none was
	dragging bool // a second card leaves the hopper with the first

	pathStuck    *Station
	counterStuck bool
	visit        int // counts arrivals at and departures from the encoder

	script []Fault
}

// Cleaning counters, in cards.
type Cleaning struct {
	Since   int  `json:"since"`
	Limit   int  `json:"limit"`
	Count   int  `json:"count"`   // cleanings done
	Average int  `json:"average"` // cards between two cleanings
	Largest int  `json:"largest"`
	Due     bool `json:"due"`
}

// New builds a machine that is switched on, closed and empty.
func New(cfg Config) *Machine {
	m := &Machine{
		name: cfg.Name, model: cfg.Model, serial: cfg.Serial, zone: cfg.Zone,
		spend: cfg.Spend, keep: cfg.KeepPrints, onFed: cfg.OnFed,
		moving: make(chan struct{}, 1), changed: make(chan struct{}),
		powered: true, seen: map[*Plastic]bool{},
		ribbon: cfg.Ribbon, ribbonIn: cfg.Ribbon.Type != "",
	}
	if m.film = cfg.Film; m.film == (Film{}) {
		m.film = cfg.Model.NewFilm()
	}
	m.cleaning.Limit = cfg.Model.CleaningEvery
	return m
}

// Name is the holder's name in every Place.
func (m *Machine) Name() string { return m.name }

// Model is the type of the machine.
func (m *Machine) Model() Model { return m.model }

// Serial number of the machine.
func (m *Machine) Serial() string { return m.serial }

// Zone of the machine.
func (m *Machine) Zone() string { return m.zone }

// Changed is closed at the next change of anything; take it before looking.
func (m *Machine) Changed() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.changed
}

// wake tells everybody who waits that something has changed. Called with m.mu held.
func (m *Machine) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// Spend lets time pass on the machine's clock.
func (m *Machine) Spend(ctx context.Context, d time.Duration) error {
	if m.spend == nil || d <= 0 {
		return ctx.Err()
	}
	return m.spend(ctx, d)
}

// State is the truth about the machine, which its own sensors may not know.
type State struct {
	Powered   bool     `json:"powered"`
	Plugged   bool     `json:"plugged"`
	CoverOpen bool     `json:"cover_open"`
	Jam       bool     `json:"jam"`
	Hopper    int      `json:"hopper"`
	Path      int      `json:"path"`
	Station   Station  `json:"station"`
	BackUp    bool     `json:"back_up"`
	Bezel     bool     `json:"bezel"`
	Output    int      `json:"output"`
	Reject    int      `json:"reject"`
	RibbonIn  bool     `json:"ribbon_in"`
	Ribbon    Ribbon   `json:"ribbon"`
	Film      Film     `json:"film"`
	OnFilm    int      `json:"on_film"` // panels that wait for the transfer
	Engaged   bool     `json:"engaged"`
	Fed       int      `json:"fed"`
	Panels    int      `json:"panels"`
	Cleaning  Cleaning `json:"cleaning"`
}

// State of the machine now.
func (m *Machine) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return State{
		Powered: m.powered, Plugged: !m.unplugged, CoverOpen: m.cover, Jam: m.jam,
		Hopper: len(m.hopper), Path: len(m.path), Station: m.station, BackUp: m.backUp,
		Bezel: m.bezel != nil, Output: len(m.output), Reject: len(m.reject),
		RibbonIn: m.ribbonIn, Ribbon: m.ribbon, Film: m.film, OnFilm: len(m.onFilm), Engaged: m.engaged, Fed: m.fed, Panels: m.laid, Cleaning: m.cleaning,
	}
}

// Serving is the number of the card inside, or of the card that would be fed next.
func (m *Machine) Serving() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.path) > 0 {
		return m.fed
	}
	return m.fed + 1
}

func (m *Machine) lostCard() bool {
	return len(m.path) > 0 && (m.lost || m.station == StationBetween)
}

func (m *Machine) ribbonWrong() bool { return m.ribbon.Zone != m.zone }

func (m *Machine) outputFull() bool { return m.outputBlocked || len(m.output) >= m.model.Output }

func (m *Machine) rejectFull() bool { return m.rejectBlocked || len(m.reject) >= m.model.Reject }

// takeNext takes the next card out of the hopper. Called with m.mu held.
func (m *Machine) takeNext() *Plastic {
	p := m.hopper[0]
	m.hopper[0] = nil
	m.hopper = m.hopper[1:]
	return p
}

// enterPath lets a card into the path, between two stations. Called with m.mu held.
func (m *Machine) enterPath(p *Plastic) {
	way := m.entry()
	m.handled, m.misled = false, false
	m.path = append(m.path, p)
	if len(m.path) > 1 {
		m.jam = true
	} else {
		m.backUp, m.panels, m.passOpen, m.lost = false, 0, false, false
	}
	m.fed++
	if !m.counterStuck {
		m.shownFed++
	}
	m.cleaning.Since++
	if m.cleaning.Limit > 0 && m.cleaning.Since >= m.cleaning.Limit {
		m.cleaning.Due = true
	}
	p.mu.Lock()
	p.ways = append(p.ways, way)
	p.mu.Unlock()
	m.at(StationBetween)
	if m.onFed != nil {
		m.onFed(m.fed, p)
	}
}

// at says where the cards in the path are. Called with m.mu held.
func (m *Machine) at(s Station) {
	m.visit++
	if m.station == StationContactless {
		m.unpower()
	}
	m.engaged = false
	if len(m.path) == 0 {
		s = StationNone
	}
	m.station = s
	for _, p := range m.path {
		p.put(Place{At: AtPath, Holder: m.name, Station: s})
	}
}

// unpower takes the field away from the chips in the path. Called with m.mu held.
func (m *Machine) unpower() {
	for _, p := range m.path {
		if p.Chip != nil {
			p.Chip.PowerOff()
		}
	}
}

// meet remembers a card. Called with m.mu held.
func (m *Machine) meet(p *Plastic) {
	if !m.seen[p] {
		m.seen[p] = true
		m.known = append(m.known, p)
	}
}

// powerOff takes the power away. Called with m.mu held.
func (m *Machine) powerOff() {
	m.powered = false
	m.cuts++
	m.visit++
	m.unpower()
	m.engaged = false
	m.windFilm()
	m.interrupt()
}

// pullCable takes the cable out. Called with m.mu held.
func (m *Machine) pullCable() {
	m.unplugged = true
	m.pulls++
	m.visit++
	m.unpower()
}

// openCover lets somebody open the cover. Called with m.mu held.
func (m *Machine) openCover() {
	if !m.cover {
		m.doors++
	}
	m.cover = true
}

// interrupt stops the motion that runs. Called with m.mu held.
func (m *Machine) interrupt() {
	m.epoch++
	if m.cancel != nil {
		m.cancel()
	}
}
