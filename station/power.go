package station

import (
	"context"

	"blanko/fault"
	"blanko/registry"
	"blanko/ups"
)

// askPower tells how the power is. A supply that nobody can ask is no outage.
func (s *Station) askPower(ctx context.Context) error {
	if s.Power == nil {
		return nil
	}
	state, err := s.Power.Ask(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.tellHealth(ctx, "ups", causePower, registry.HealthLimps, fault.CodeOf(err))
	case state.Battery:
		s.tellHealth(ctx, "ups", causePower, registry.HealthDown, ups.OnBattery.Code)
	default:
		s.tellHealth(ctx, "ups", causePower, registry.HealthWorks, "")
	}
	return err
}

// power refuses a card that would not be finished on a battery.
func (r *lineRunner) power(ctx context.Context) error {
	if r.station.Power == nil {
		return nil
	}
	return r.station.Power.MayFeed(ctx)
}

// power is how the doctor sees the supply.
func (x *exam) power(ctx context.Context) finding {
	supply := x.cfg.Power.supply()
	if supply == nil {
		return note("tidak dikonfigurasi (power.upsd)", "not configured (power.upsd)")
	}
	state, err := supply.Ask(ctx)
	switch {
	case err != nil:
		f := failed(err)
		f.Level = Warning
		return f
	case !state.Enough(supply.Card):
		return missing("memakai baterai, sisa %s: kartu baru tidak selesai", "on battery, %s left: a new card would not be finished", state.Left)
	case state.Battery:
		return warning("memakai baterai, sisa %s", "on battery, %s left", state.Left)
	}
	return fine("listrik ada", "the mains are there")
}
