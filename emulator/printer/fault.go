package printer

// Step is a motion of the machine at which a scripted fault can strike.
type Step string

const (
	StepAny         Step = ""
	StepFeed        Step = "feed"        // out of the hopper
	StepInsert      Step = "insert"      // in from the front slot
	StepPrint       Step = "print"       // to the print position
	StepContact     Step = "contact"     // to the contact station
	StepContactless Step = "contactless" // to the encoder
	StepMagnetic    Step = "magnetic"
	StepFlip        Step = "flip"
	StepPanel       Step = "panel"    // laying one panel
	StepTransfer    Step = "transfer" // from the film to the card
	StepEngage      Step = "engage"
	StepDisengage   Step = "disengage"
	StepEject       Step = "eject"
	StepReject      Step = "reject"
	StepBezel       Step = "bezel" // out to the front slot
	StepClean       Step = "clean"
)

// Kind is what goes wrong.
type Kind string

const (
	KindJam          Kind = "jam"           // the card sticks
	KindDoubleFeed   Kind = "double_feed"   // two cards leave the hopper and stick
	KindCoverOpen    Kind = "cover_open"    // somebody opens the cover
	KindHopperLifted Kind = "hopper_lifted" // somebody takes the rest of the stack away
	KindRibbonTorn   Kind = "ribbon_torn"   // the ribbon ends or tears
	KindFilmTorn     Kind = "film_torn"     // the retransfer film ends or tears
	KindRibbonGone   Kind = "ribbon_gone"   // the ribbon is taken out
	KindRibbonWrong  Kind = "ribbon_wrong"  // a ribbon of another zone
	KindNoTag        Kind = "no_tag"        // the tag of the ribbon cannot be read any more
	KindOutputFull   Kind = "output_full"   // the output tray is blocked until somebody empties it
	KindRejectFull   Kind = "reject_full"
	KindCleaningDue  Kind = "cleaning_due"
	KindCardLost     Kind = "card_lost"     // the sensors no longer know where the card is
	KindPathStuck    Kind = "path_stuck"    // the path sensor says Station for ever
	KindCounterStuck Kind = "counter_stuck" // the feed counter stands still
	KindPowerCut     Kind = "power_cut"
	KindCableOut     Kind = "cable_out"
	KindCooling      Kind = "cooling"    // the head rests for Timing.Cooling
	KindPanelLost    Kind = "panel_lost" // the panel is reported as printed and is not on the card
)

// When in a motion the fault strikes.
type When string

const (
	WhenUsual  When = ""
	WhenBefore When = "before" // nothing has moved
	WhenMidway When = "midway" // the card is between two stations, a panel is half printed
	WhenAfter  When = "after"  // the card has arrived; the answer has not been given
)

// The usual moment of each kind; before, where the table has no row.
var usual = map[Kind]When{
	KindJam:        WhenMidway,
	KindDoubleFeed: WhenMidway,
	KindCoverOpen:  WhenMidway,
	KindRibbonTorn: WhenMidway,
	KindFilmTorn:   WhenMidway,
	KindPowerCut:   WhenMidway,
	KindCableOut:   WhenMidway,
	KindCardLost:   WhenAfter,
}

// Fault is one row of a fault script. It strikes once.
type Fault struct {
	Kind    Kind    `json:"kind"`
	Card    int     `json:"card,omitempty"`    // n-th card that this machine feeds, from 1; 0: any
	Step    Step    `json:"step,omitempty"`    // empty: any
	Panel   int     `json:"panel,omitempty"`   // n-th panel of the card, from 1; 0: any
	When    When    `json:"when,omitempty"`    // empty: the usual moment
	Station Station `json:"station,omitempty"` // for path_stuck
}

func (f Fault) when() When {
	if f.When != WhenUsual {
		return f.When
	}
	if w, ok := usual[f.Kind]; ok {
		return w
	}
	return WhenBefore
}

// Plan adds faults to the script of the machine.
func (m *Machine) Plan(faults ...Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.script = append(m.script, faults...)
}

// Pending are the faults that have not struck yet.
func (m *Machine) Pending() []Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Fault(nil), m.script...)
}

// strike lets every fault happen that is due at this moment, and tells whether there was one.
// Called with m.mu held.
func (m *Machine) strike(mv *motion, when When) bool {
	card := m.fed
	if when == WhenBefore && (mv.step == StepFeed || mv.step == StepInsert) {
		card++
	}
	rest := m.script[:0:0]
	for _, f := range m.script {
		if f.when() == when && (f.Card == 0 || f.Card == card) && (f.Step == StepAny || f.Step == mv.step) && (f.Panel == 0 || f.Panel == mv.panel) {
			m.happen(f)
			continue
		}
		rest = append(rest, f)
	}
	struck := len(rest) < len(m.script)
	m.script = rest
	return struck
}

// happen changes the machine as the fault says. Called with m.mu held.
func (m *Machine) happen(f Fault) {
	switch f.Kind {
	case KindJam:
		m.jam = true
	case KindDoubleFeed:
		m.jam = true
		if len(m.hopper) > 0 {
			m.dragging = true
			m.enterPath(m.takeNext())
			m.dragging = false
		}
	case KindCoverOpen:
		m.openCover()
	case KindHopperLifted:
		m.lifted = append(m.lifted, m.hopper...)
		for _, p := range m.hopper {
			p.put(Place{At: AtHand, Holder: m.name, From: AtHopper})
		}
		m.hopper = nil
	case KindRibbonTorn:
		m.ribbon.Left = 0
		m.torn = true
	case KindFilmTorn:
		m.film.Left = 0
		m.filmTorn = true
	case KindRibbonGone:
		m.ribbonIn = false
	case KindRibbonWrong:
		m.ribbon.Zone = "other than " + m.zone
	case KindNoTag:
		m.ribbon.NoTag = true
	case KindOutputFull:
		m.outputBlocked = true
	case KindRejectFull:
		m.rejectBlocked = true
	case KindCleaningDue:
		m.cleaning.Due = true
	case KindCardLost:
		m.lost = true
	case KindPathStuck:
		s := f.Station
		m.pathStuck = &s
	case KindCounterStuck:
		m.counterStuck = true
	case KindPowerCut:
		m.powerOff()
	case KindCableOut:
		m.pullCable()
	case KindCooling:
		m.rest += m.model.Timing.Cooling
	case KindPanelLost:
		m.dropPanel = true
	}
}
