package trial

import (
	"context"
	"sync/atomic"
	"time"

	"blanko/emulator/chip"

	"blanko/applet"
)

// way is how the benchmark's commands reach a chip.
type way struct {
	name    string
	service *service // nil: directly
	slot    slot
	gauge   *gauge // over the transport to whatever chip the slot holds; nil: not open yet
}

const benchPlace = "bench"

// open makes the way to the chip that lies in the slot. A card that is noticed for the first time is
// not measured.
func (w *way) open(ctx context.Context) error {
	if w.gauge != nil {
		return nil
	}
	if w.service == nil {
		w.gauge = &gauge{Transport: &reader{&w.slot}}
		return nil
	}
	p := w.service.places[benchPlace]
	if err := p.slot.Insert(&w.slot); err != nil {
		return err
	}
	t, err := p.open(ctx)
	if err != nil {
		return err
	}
	w.gauge = &gauge{Transport: t}
	_, err = t.Reset(ctx)
	return err
}

// slot is where a chip lies; it measures the time that its chips take.
type slot struct {
	card  atomic.Pointer[chip.Card]
	taken atomic.Int64
}

func (s *slot) measure(began time.Time) { s.taken.Add(int64(time.Since(began))) }

func (s *slot) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	defer s.measure(time.Now())
	return s.card.Load().Transmit(ctx, capdu)
}

func (s *slot) Reset(ctx context.Context) ([]byte, error) {
	defer s.measure(time.Now())
	return s.card.Load().Reset(ctx)
}

func (s *slot) PowerOff()    { s.card.Load().PowerOff() }
func (s *slot) Close() error { s.PowerOff(); return nil }

// gauge measures the time that the station waits for answers.
type gauge struct {
	applet.Transport
	waited time.Duration
}

func (g *gauge) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	began := time.Now()
	defer func() { g.waited += time.Since(began) }()
	return g.Transport.Transmit(ctx, capdu)
}

func (g *gauge) Reset(ctx context.Context) ([]byte, error) {
	began := time.Now()
	defer func() { g.waited += time.Since(began) }()
	return g.Transport.Reset(ctx)
}

func (g *gauge) Limits() applet.Limits {
	if l, ok := g.Transport.(applet.Limiter); ok {
		return l.Limits()
	}
	return applet.Limits{}
}
