package printer

import (
	"context"
	"time"
)

// Sense is what the machine's own sensors and counters say; a stuck one lies.
type Sense struct {
	Card        Station // StationBetween: inside, but where is not known
	CoverOpen   bool
	HopperEmpty bool
	NearEmpty   bool
	TrayFull    bool // output or reject, full or nearly full
	Bezel       bool
	RibbonIn    bool
	Ribbon      Ribbon
	RibbonErr   error // what keeps the ribbon from being used; nil: nothing
	FilmErr     error // what keeps the film from being used; nil: nothing
	Fed         int
	Panels      int
	Cleaning    Cleaning
	BackUp      bool
}

// Sense reads the sensors.
func (m *Machine) Sense() Sense {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := Sense{
		Card: m.station, CoverOpen: m.cover, HopperEmpty: len(m.hopper) == 0,
		NearEmpty: len(m.hopper) < m.model.NearEmpty,
		TrayFull: m.outputBlocked || m.rejectBlocked ||
			m.model.Output-len(m.output) < m.model.NearFull || m.model.Reject-len(m.reject) < m.model.NearFull,
		Bezel: m.bezel != nil, RibbonIn: m.ribbonIn, Ribbon: m.ribbon, RibbonErr: m.ribbonTrouble(), FilmErr: m.filmTrouble(),
		Fed: m.shownFed, Panels: m.laid, Cleaning: m.cleaning, BackUp: m.backUp,
	}
	if m.jam && len(m.path) > 0 || m.lost && len(m.path) > 0 {
		s.Card = StationBetween
	}
	if m.pathStuck != nil {
		s.Card = *m.pathStuck
		m.misled = m.misled || len(m.path) == 0 && s.Card != StationNone
	}
	return s
}

// Online tells whether a host can reach the machine: ErrPowerOff, ErrUnplugged, or nil.
func (m *Machine) Online() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.powered:
		return ErrPowerOff
	case m.unplugged:
		return ErrUnplugged
	}
	return nil
}

// Session counts the power cuts and the pulled cables so far: what a printer's memory and a
// host's connection do not survive.
func (m *Machine) Session() (cuts, pulls int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cuts, m.pulls
}

// Doors counts how often the cover was opened so far.
func (m *Machine) Doors() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.doors
}

// Await waits until what the machine shows satisfies good, or the context ends.
func (m *Machine) Await(ctx context.Context, good func(State) bool) error {
	for {
		changed := m.Changed()
		if good(m.State()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// chipTime lets the working time of a chip pass on the machine's clock.
func (m *Machine) chipTime(d time.Duration) { _ = m.Spend(context.Background(), d) }
