package printer

import (
	"context"
	"time"
)

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

// motion is one act of the motors. At half time the card leaves (leave), at the end it
// arrives (arrive); both run with the machine's lock held. An error before half time means
// that nothing has moved.
type motion struct {
	step   Step
	panel  int
	d      time.Duration
	ready  func() error // the guards of this motion
	leave  func() error
	arrive func()
}

// standing is what keeps every motion from starting or going on. Called with m.mu held.
func (m *Machine) standing(mv *motion) error {
	switch {
	case !m.powered:
		return ErrPowerOff
	case m.jam:
		return ErrJam
	case m.cover:
		return ErrCoverOpen
	case m.lost && len(m.path) > 0:
		return ErrCardLost
	}
	if mv.step == StepPanel {
		return m.ribbonTrouble()
	}
	return nil
}

// ribbonTrouble is what keeps the ribbon from being used. Called with m.mu held.
func (m *Machine) ribbonTrouble() error {
	switch {
	case !m.ribbonIn:
		return ErrRibbonMissing
	case m.ribbonWrong():
		return ErrRibbonWrong
	case m.torn, m.ribbon.Left <= 0 && !m.passOpen:
		return ErrRibbonOut
	}
	return nil
}

func (m *Machine) run(ctx context.Context, mv *motion) error {
	select {
	case m.moving <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-m.moving }()

	m.mu.Lock()
	defer m.mu.Unlock()
	check := func() error {
		if err := m.standing(mv); err != nil {
			return err
		}
		if mv.ready != nil {
			return mv.ready()
		}
		return nil
	}
	if err := check(); err != nil {
		return err
	}
	changed := m.strike(mv, WhenBefore)
	defer func() {
		if changed { // a motion that moved nothing wakes nobody
			m.wake()
		}
	}()
	if err := check(); err != nil {
		return err
	}
	pause := m.rest
	m.rest = 0
	if err := m.pass(ctx, pause+mv.d/2, mv); err != nil {
		return err
	}
	if mv.leave != nil {
		if err := mv.leave(); err != nil {
			return err
		}
	}
	changed = true
	m.strike(mv, WhenMidway)
	if err := m.standing(mv); err != nil {
		return err
	}
	if err := m.pass(ctx, mv.d-mv.d/2, mv); err != nil {
		return err
	}
	if mv.arrive != nil {
		mv.arrive()
	}
	m.strike(mv, WhenAfter)
	return m.standing(mv)
}

// pass lets time go by with the lock open. Called with m.mu held, returns with it held.
func (m *Machine) pass(ctx context.Context, d time.Duration, mv *motion) error {
	epoch := m.epoch
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m.cancel = cancel
	m.mu.Unlock()
	err := m.Spend(ctx, d)
	m.mu.Lock()
	m.cancel = nil
	if m.epoch != epoch {
		if e := m.standing(mv); e != nil {
			return e
		}
		return ErrInterrupted
	}
	return err
}

// Go brings the card to a station as the printer's own program does: it asks the path sensor,
// and feeds a card when the sensor sees none.
func (m *Machine) Go(ctx context.Context, to Station, from Source) error {
	if !m.fitted(to) {
		return ErrNotFitted
	}
	sense := m.Sense()
	switch sense.Card {
	case to:
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.standing(&motion{})
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
			m.passOpen = false
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

// BeginSide starts a new pass: the next panel takes a new frame of the ribbon.
func (m *Machine) BeginSide() {
	m.mu.Lock()
	m.passOpen = false
	m.mu.Unlock()
}

// Lay prints one panel on the side that is up. The first panel of a pass uses up one frame.
func (m *Machine) Lay(ctx context.Context, l *Layer) error {
	m.mu.Lock()
	panel := m.panels + 1
	m.mu.Unlock()
	d := m.model.Timing.Panel
	if l.Letter == 'O' {
		d = m.model.Timing.Overlay
	}
	drop := false
	return m.run(ctx, &motion{
		step: StepPanel, panel: panel, d: d,
		ready: func() error {
			switch {
			case len(m.path) == 0, m.station != StationPrint:
				return ErrNotAtHead
			case !hasPanel(m.ribbon.Panels, l.Letter):
				return ErrRibbonWrong
			}
			return nil
		},
		leave: func() error {
			side := m.path[0].Front
			if m.backUp {
				side = m.path[0].Back
			}
			if !m.passOpen {
				m.passOpen = true
				m.ribbon.Left--
				side.beginPass()
				m.keepSide(side)
			}
			m.panels++
			drop, m.dropPanel = m.dropPanel, false
			if !drop {
				l.finish(false)
				side.lay(l)
			}
			return nil
		},
		arrive: func() {
			l.finish(true)
			m.laid++
		},
	})
}

func hasPanel(panels string, letter byte) bool {
	for i := range len(panels) {
		if panels[i] == letter {
			return true
		}
	}
	return false
}

// keepSide forgets the dots of the oldest side when too many are kept. Called with m.mu held.
func (m *Machine) keepSide(side *Print) {
	if m.keep == 0 {
		return
	}
	m.sides = append(m.sides, side)
	if len(m.sides) > m.keep {
		m.sides[0].Forget()
		m.sides = m.sides[1:]
	}
}

// Clean runs one cleaning cycle.
func (m *Machine) Clean(ctx context.Context) error {
	return m.run(ctx, &motion{
		step: StepClean, d: m.model.Timing.Clean,
		ready: func() error {
			if len(m.path) > 0 {
				return ErrCardInside
			}
			return nil
		},
		arrive: func() {
			c := &m.cleaning
			c.Largest = max(c.Largest, c.Since)
			c.Average = (c.Average*c.Count + c.Since) / (c.Count + 1)
			c.Count++
			c.Since, c.Due = 0, false
		},
	})
}

// WriteStripe writes magnetic tracks 1 to 3 at the magnetic station; an empty track is left.
func (m *Machine) WriteStripe(ctx context.Context, tracks [4]string) error {
	return m.stripe(ctx, func(p *Plastic) error {
		for i, t := range tracks {
			if t != "" {
				p.tracks[i] = t
			}
		}
		return nil
	})
}

// ReadStripe reads one magnetic track, 1 to 3, at the magnetic station.
func (m *Machine) ReadStripe(ctx context.Context, track int) (string, error) {
	out := ""
	err := m.stripe(ctx, func(p *Plastic) error {
		out = p.tracks[track]
		if out == "" {
			return ErrStripeBlank
		}
		return nil
	})
	return out, err
}

func (m *Machine) stripe(ctx context.Context, act func(*Plastic) error) error {
	if !m.model.Magnetic {
		return ErrNotFitted
	}
	var failed error
	err := m.run(ctx, &motion{
		step: StepMagnetic, d: m.model.Timing.Move,
		ready: func() error {
			if len(m.path) == 0 || m.station != StationMagnetic {
				return ErrNoCardInside
			}
			return nil
		},
		arrive: func() {
			m.path[0].mu.Lock()
			failed = act(m.path[0])
			m.path[0].mu.Unlock()
		},
	})
	if err != nil {
		return err
	}
	return failed
}
