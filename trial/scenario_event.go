package trial

import (
	"context"
	"errors"
	"fmt"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	qa "blanko/web/bench"
)

// observe is told by the line itself, which goes on when it returns.
func (s *scene) observe(ctx context.Context, p personalize.Progress) {
	if s == nil {
		return
	}
	s.mu.Lock()
	if code := string(p.Waiting); code != s.waited[p.Line] {
		s.waited[p.Line] = code
		if code != "" {
			s.waits[code] = true
			s.tell(p.Line, "scene.waits", code)
		}
	}
	if p.Phase == jobs.Settled && p.Result != jobs.Done && p.Result != "" {
		s.tell(p.Line, "scene.step", stepCode(p.Step), qa.Code{Group: "result", Code: string(p.Result)}, p.Cause)
	}
	if p.Phase == jobs.Settled && p.Result == jobs.Done && (p.Step == jobs.Eject || p.Step == jobs.Reject || p.Step == jobs.Block) {
		s.tell(p.Line, "scene.done", stepCode(p.Step), p.Cause)
	}
	var deeds []int
	if p.Phase == jobs.Intent {
		if p.Step == jobs.Feed && s.on[p.Line] != p.Attempt {
			s.begun[p.Line]++
			s.on[p.Line] = p.Attempt
		}
		for i, e := range s.Events {
			if !s.done[i] && jobs.LineID(e.Line) == p.Line && e.Card == s.begun[p.Line] && e.Step == p.Step {
				s.done[i] = true
				deeds = append(deeds, i)
				s.tell(p.Line, "scene.before", stepCode(e.Step), qa.Code{Group: "deed", Code: e.Do})
			}
		}
	}
	stop := s.stop
	s.mu.Unlock()
	for _, i := range deeds {
		if err := s.do(ctx, s.Events[i], p, stop); err != nil {
			s.mu.Lock()
			s.failed = errors.Join(s.failed, fmt.Errorf("events[%d]: %s: %w", i+1, s.Events[i].Do, err))
			s.mu.Unlock()
		}
	}
}

func stepCode(s jobs.Step) qa.Code { return qa.Code{Group: "step", Code: string(s)} }

func (s *scene) do(ctx context.Context, e SceneEvent, p personalize.Progress, stop func()) error {
	c := s.demo.center
	switch e.Do {
	case deedStop:
		stop()
	case deedCut:
		return s.cut(ctx)
	case deedMend:
		s.mend()
	case deedRefuse:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.refused[p.Attempt] = e.Cause
	case deedDrop:
		s.carriers[p.Line].wrong[personalize.AskReader] = (*carrier).mislay
	case deedSwap:
		s.carriers[p.Line].wrong[personalize.AskReader] = (*carrier).swap
	case deedWithdraw:
		d, err := s.demo.reg.Attempt(ctx, p.Attempt)
		if err != nil {
			return err
		}
		if err := c.Withdraw(d.Attempt.Application, "died"); err != nil {
			return err
		}
		return s.known(ctx, registry.ApplicationID(d.Attempt.Application))
	case deedPull:
		m := s.demo.room.world.Line(e.Line).Machine
		m.OpenCover()
		defer m.CloseCover()
		card, err := m.PullCard()
		switch {
		case err != nil:
			return err
		case card == nil:
			return errors.New("no card is inside")
		}
		return card.Box(s.demo.room.world.Line(e.Line).Box(machine.AtPath))
	}
	return nil
}

// cut takes the center away once it has handed over every record.
func (s *scene) cut(ctx context.Context) error {
	for {
		changed := s.demo.reg.Changed()
		sum, err := s.demo.reg.Summary(ctx)
		if err != nil {
			return err
		}
		if arrived(sum) >= s.demo.expected() {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b := s.Center.behavior()
	b.Away = true
	s.demo.center.Behave(b)
	return nil
}

// mend brings the center back; also when nothing but its absence is left to end a scenario.
func (s *scene) mend() {
	if s != nil {
		s.demo.center.Behave(s.Center.behavior())
	}
}

// known waits until the station knows of a withdrawal.
func (s *scene) known(ctx context.Context, id registry.ApplicationID) error {
	for {
		changed := s.demo.reg.Changed()
		a, err := s.demo.reg.Application(ctx, id)
		if err != nil || a.Application.Withdrawn != "" {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
