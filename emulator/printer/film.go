package printer

import (
	"context"
	"strings"
)

// Film is the roll of a retransfer printer: panels are printed on it, and heat presses one side
// at a time onto the card.
type Film struct {
	Total int    `json:"total"` // transfers of a new roll
	Left  int    `json:"left"`
	Lot   string `json:"lot"`
}

// filmTrouble is what keeps the film from being used; a frame that is printed on is still good.
// Called with m.mu held.
func (m *Machine) filmTrouble() error {
	if m.model.Film > 0 && (m.filmTorn || m.film.Left <= 0 && len(m.onFilm) == 0) {
		return ErrFilmOut
	}
	return nil
}

// Ink prints one panel on the film, for the card at the print position. Panels that stand on the
// frame already stay on it: what is laid twice is transferred twice. The first panel of a pass
// uses up one frame of the ribbon.
func (m *Machine) Ink(ctx context.Context, l *Layer) error {
	if m.model.Film == 0 {
		return ErrNotFitted
	}
	m.mu.Lock()
	panel := m.panels + 1
	m.mu.Unlock()
	return m.run(ctx, &motion{
		step: StepPanel, panel: panel, d: m.model.Timing.Panel,
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
			if !m.passOpen {
				m.passOpen = true
				m.ribbon.Left--
			}
			if len(m.onFilm) == 0 {
				m.film.Left--
			}
			m.panels++
			drop := m.dropPanel
			m.dropPanel = false
			if !drop {
				l.finish(false)
				m.onFilm = append(m.onFilm, l)
			}
			return nil
		},
		arrive: func() {
			l.finish(true)
			m.laid++
		},
	})
}

// Transfer presses what is on the film onto the side of the card that is up.
func (m *Machine) Transfer(ctx context.Context) error {
	var onCard []*Layer
	return m.run(ctx, &motion{
		step: StepTransfer, d: m.model.Timing.Transfer,
		ready: func() error {
			switch {
			case len(m.onFilm) == 0:
				return ErrFilmBlank
			case len(m.path) == 0, m.station != StationPrint:
				return ErrNotAtHead
			}
			return nil
		},
		leave: func() error {
			side := m.path[0].Front
			if m.backUp {
				side = m.path[0].Back
			}
			side.beginPass()
			m.keepSide(side)
			for _, l := range m.onFilm {
				half := l.Again()
				half.partial = true
				side.lay(half)
				onCard = append(onCard, half)
			}
			return nil
		},
		arrive: func() {
			for i, l := range m.onFilm {
				onCard[i].finish(!l.Partial())
			}
			// A second black panel of the frame is for the back.
			m.passOpen = !m.backUp && strings.Count(m.ribbon.Panels, "K") > 1
			m.onFilm = nil
		},
	})
}

// WindFilm lays a fresh frame of the film under the head; what was printed on the one before is
// lost, and so is the frame.
func (m *Machine) WindFilm() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.windFilm()
}

// windFilm is WindFilm. Called with m.mu held.
func (m *Machine) windFilm() {
	if m.onFilm != nil {
		m.onFilm, m.passOpen = nil, false
	}
}

// Engage brings the encoder of a station together with the card that stands there. Engaged
// already: nothing moves.
func (m *Machine) Engage(ctx context.Context, at Station) error {
	return m.join(ctx, StepEngage, at, true)
}

// Disengage takes the encoder of a station away from the card. Not engaged: nothing moves.
func (m *Machine) Disengage(ctx context.Context, at Station) error {
	return m.join(ctx, StepDisengage, at, false)
}

func (m *Machine) join(ctx context.Context, step Step, at Station, engaged bool) error {
	d := m.model.Timing.Engage
	m.mu.Lock()
	if m.engaged == engaged {
		d = 0
	}
	m.mu.Unlock()
	return m.run(ctx, &motion{
		step: step, d: d,
		ready: func() error {
			switch {
			case !m.model.Engages || !m.fitted(at):
				return ErrNotFitted
			case len(m.path) == 0 || m.station != at:
				return ErrElsewhere
			}
			return nil
		},
		arrive: func() {
			if m.engaged == engaged {
				return
			}
			m.engaged = engaged
			m.visit++
			if !engaged {
				m.unpower()
			}
		},
	})
}
