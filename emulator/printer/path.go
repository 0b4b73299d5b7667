package printer

import "context"

// Source is where a card may come from when none is inside.
type Source string

const (
	FromHopper Source = "hopper"
	FromBezel  Source = "bezel"
	FromBoth   Source = "both" // the hopper while it has cards, else the front slot
)

// Tray is where a card may leave to.
type Tray string

const (
	ToOutput Tray = "output"
	ToReject Tray = "reject"
	ToBezel  Tray = "bezel"
)

// Go brings the card to a station as the printer's own program does: it asks the path sensor,
// and feeds a card when the sensor sees none.
func (m *Machine) Go(ctx context.Context, to Station, from Source) error {
	if !m.fitted(to) {
		return ErrNotFitted
	}
	sense := m.Sense()
	switch sense.Card {
	case to:
		return m.stand()
	case StationBetween:
		if err := m.stand(); err != nil {
			return err
		}
		return ErrCardLost
	case StationNone:
		step := m.Feed
		if from == FromBezel || from == FromBoth && sense.HopperEmpty {
			step = m.Insert
		}
		if err := step(ctx); err != nil {
			return err
		}
		if to == StationPrint {
			return nil
		}
	}
	return m.Move(ctx, to)
}

func (m *Machine) stand() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.standing(&motion{})
}

func (m *Machine) fitted(s Station) bool {
	switch s {
	case StationPrint:
		return true
	case StationContact:
		return m.model.Contact
	case StationContactless:
		return m.model.Contactless
	case StationMagnetic:
		return m.model.Magnetic
	case StationFlip:
		return m.model.Duplex
	}
	return false
}

// Feed takes the next card from the hopper to the print position. A card that is already
// inside is run into: both stick.
func (m *Machine) Feed(ctx context.Context) error {
	empty := func() error {
		if len(m.hopper) == 0 {
			return ErrHopperEmpty
		}
		return nil
	}
	return m.run(ctx, &motion{
		step: StepFeed, d: m.model.Timing.Feed, ready: empty,
		leave: func() error {
			if err := empty(); err != nil {
				return err
			}
			m.enterPath(m.takeNext())
			return nil
		},
		arrive: func() { m.at(StationPrint) },
	})
}

// Insert draws the card in the front slot to the print position.
func (m *Machine) Insert(ctx context.Context) error {
	if !m.model.Bezel {
		return ErrNotFitted
	}
	empty := func() error {
		if m.bezel == nil {
			return ErrBezelEmpty
		}
		return nil
	}
	return m.run(ctx, &motion{
		step: StepInsert, d: m.model.Timing.Feed, ready: empty,
		leave: func() error {
			if err := empty(); err != nil {
				return err
			}
			p := m.bezel
			m.bezel = nil
			m.enterPath(p)
			return nil
		},
		arrive: func() { m.at(StationPrint) },
	})
}

var stepTo = map[Station]Step{
	StationPrint: StepPrint, StationContact: StepContact, StationContactless: StepContactless,
	StationMagnetic: StepMagnetic, StationFlip: StepFlip,
}

// Move brings the card that is inside to another station. With no card inside the mechanics
// wait for one in vain.
func (m *Machine) Move(ctx context.Context, to Station) error {
	if !m.fitted(to) {
		return ErrNotFitted
	}
	return m.run(ctx, &motion{
		step: stepTo[to], d: m.model.Timing.Move,
		leave:  func() error { return m.depart() },
		arrive: func() { m.at(to) },
	})
}

// depart lets the card leave its station. Called with m.mu held.
func (m *Machine) depart() error {
	if len(m.path) == 0 {
		return ErrNoCardInside
	}
	m.at(StationBetween)
	return nil
}

// Flip turns the card over; it stands at the print position afterwards.
func (m *Machine) Flip(ctx context.Context) error {
	if !m.model.Duplex {
		return ErrNotFitted
	}
	return m.run(ctx, &motion{
		step: StepFlip, d: m.model.Timing.Flip,
		ready: func() error {
			if m.station == StationBetween {
				return ErrCardLost
			}
			return nil
		},
		leave: func() error {
			if err := m.depart(); err != nil {
				return err
			}
			m.passOpen = m.passOpen && m.model.Film > 0
			return nil
		},
		arrive: func() {
			m.backUp = !m.backUp
			m.at(StationPrint)
		},
	})
}

// BackUp tells which side is under the head.
func (m *Machine) BackUp() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.backUp
}

// Eject puts the card into a tray; with no card inside the motors run and nothing happens.
func (m *Machine) Eject(ctx context.Context, to Tray) error {
	steps := map[Tray]Step{ToOutput: StepEject, ToReject: StepReject, ToBezel: StepBezel}
	if to == ToBezel && !m.model.Bezel {
		return ErrNotFitted
	}
	return m.run(ctx, &motion{
		step: steps[to], d: m.model.Timing.Eject,
		ready: func() error {
			switch {
			case len(m.path) == 0:
				return nil
			case m.station == StationBetween:
				return ErrCardLost
			case to == ToOutput && m.outputFull():
				return ErrOutputFull
			case to == ToReject && m.rejectFull():
				return ErrRejectFull
			case to == ToBezel && m.bezel != nil:
				return ErrBezelBlocked
			}
			return nil
		},
		leave: func() error {
			if len(m.path) > 0 {
				m.at(StationBetween)
			}
			return nil
		},
		arrive: func() { m.leavePath(to) },
	})
}

// leavePath lets the card fall into a tray. Called with m.mu held.
func (m *Machine) leavePath(to Tray) {
	if len(m.path) == 0 {
		return
	}
	p := m.path[0]
	m.path = nil
	m.backUp, m.passOpen = false, false
	m.at(StationNone)
	switch to {
	case ToOutput:
		m.output = append(m.output, p)
		p.put(Place{At: AtOutput, Holder: m.name})
	case ToReject:
		m.reject = append(m.reject, p)
		p.put(Place{At: AtReject, Holder: m.name})
	case ToBezel:
		m.bezel = p
		p.put(Place{At: AtBezel, Holder: m.name})
	}
}

// Home is what a printer does at its start: a card that was left between two stations is
// brought to the print position. It does not free a jam.
func (m *Machine) Home(ctx context.Context) error {
	m.mu.Lock()
	between := len(m.path) == 1 && m.station == StationBetween && !m.lost
	m.mu.Unlock()
	if !between {
		return nil
	}
	return m.Move(ctx, StationPrint)
}
