package printer

import (
	"context"
	"time"
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
	switch mv.step {
	case StepPanel:
		if err := m.ribbonTrouble(); err != nil {
			return err
		}
		return m.filmTrouble()
	case StepTransfer:
		if m.filmTorn {
			return ErrFilmOut
		}
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
		arrive: m.cleaned,
	})
}

// cleaned starts the counting anew. Called with m.mu held.
func (m *Machine) cleaned() {
	c := &m.cleaning
	c.Largest = max(c.Largest, c.Since)
	c.Average = (c.Average*c.Count + c.Since) / (c.Count + 1)
	c.Count++
	c.Since, c.Due = 0, false
}
