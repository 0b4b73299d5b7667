package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"blanko/station"
)

// soak runs one station without a pause until all its cards are made, and tells the world after every part how it is.
func (p *post) soak(ctx context.Context) error {
	beside, err := p.beside(ctx)
	if err != nil {
		return err
	}
	run, stop := context.WithCancel(ctx)
	drain, ended := make(chan struct{}), make(chan struct{})
	go func() {
		station.New(p.parts).Run(run, drain)
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	look := time.NewTicker(stroll)
	defer look.Stop()
	began, used, next := time.Now(), processor(), p.Soak/soakParts
	seen, at := newLooks(), 0
	for {
		if err := p.tend(ctx); err != nil {
			return err
		}
		if err := beside.deliver(ctx); err != nil && !passing(err) {
			return err
		}
		s, err := p.reg.Summary(ctx)
		if err != nil {
			return err
		}
		if s.InDoubt > 0 || s.Refused > 0 {
			return fmt.Errorf("%d cards are in doubt and %d records refused where nothing happens", s.InDoubt, s.Refused)
		}
		if _, err := p.far.do(ctx, call{Act: "harvest", Line: string(p.Line), Number: s.Made}); err != nil {
			return err
		}
		if s.Made >= at {
			if err := seen.look(); err != nil {
				return err
			}
			at = s.Made + max(1, p.Soak/soakParts/looksOfPart)
		}
		for s.Made >= next && next <= p.Soak {
			part := SoakPart{Cards: next, Seconds: time.Since(began).Seconds(), Processor: (processor() - used).Seconds()}
			seen.tell(&part)
			if err := p.tell(ctx, part); err != nil {
				return err
			}
			began, used, next = time.Now(), processor(), next+p.Soak/soakParts
		}
		if s.Made == p.Soak && s.Reports == 0 {
			close(drain)
			<-ended
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// beside puts the other line of the station together, and returns the place at it.
func (p *post) beside(ctx context.Context) (*post, error) {
	q := &post{victim: p.victim, far: p.far, log: p.log, store: p.store, reg: p.reg, staff: p.staff}
	q.Line = p.Beside
	outfit, err := newOutfit(p.Seed, "8k", p.Center.Keys)
	if err != nil {
		return nil, err
	}
	if q.line, err = q.build(ctx, outfit); err != nil {
		return nil, err
	}
	p.parts.Lines = append(p.parts.Lines, q.line)
	return q, station.New(p.parts).Define(ctx)
}

// tell tells the world how this process is.
func (p *post) tell(ctx context.Context, part SoakPart) error {
	text, err := json.Marshal(part)
	if err != nil {
		return err
	}
	_, err = p.far.do(ctx, call{Act: "tell", Line: string(p.Line), Data: text})
	return err
}
