package printer

import "context"

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
