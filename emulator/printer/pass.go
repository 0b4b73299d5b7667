package printer

import "context"

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
