package printer

import (
	"context"
	"fmt"
)

// Load puts cards on top of the stack in the hopper; the first is fed first. Either all cards
// go in or none (ErrTooMany, ErrElsewhere).
func (m *Machine) Load(cards ...*Plastic) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.hopper)+len(cards) > m.model.Hopper {
		return fmt.Errorf("%w: hopper of %s takes %d more", ErrTooMany, m.name, m.model.Hopper-len(m.hopper))
	}
	if err := m.receive(cards, Place{At: AtHopper, Holder: m.name}); err != nil {
		return err
	}
	m.hopper = append(m.hopper, cards...)
	m.wake()
	return nil
}

// receive takes cards from a person, all or none. Called with m.mu held.
func (m *Machine) receive(cards []*Plastic, to Place) error {
	was := make([]Place, len(cards))
	for i, p := range cards {
		was[i] = p.Place()
		if err := p.Give(to, m.chipTime); err != nil {
			for j := range i {
				cards[j].put(was[j])
			}
			return err
		}
	}
	for _, p := range cards {
		m.meet(p)
		for i, q := range m.lifted {
			if q == p {
				m.lifted = append(m.lifted[:i:i], m.lifted[i+1:]...)
				break
			}
		}
	}
	return nil
}

// hand gives cards to the person. Called with m.mu held.
func (m *Machine) hand(from At, cards []*Plastic) []*Plastic {
	for _, p := range cards {
		p.put(Place{At: AtHand, Holder: m.name, From: from})
	}
	m.wake()
	return cards
}

// Unload takes the whole stack out of the hopper.
func (m *Machine) Unload() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	cards := m.hopper
	m.hopper = nil
	return m.hand(AtHopper, cards)
}

// Lifted are the cards that a scripted hand took out of the hopper and that nobody has put
// anywhere since.
func (m *Machine) Lifted() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []*Plastic
	for _, p := range m.lifted {
		if p.Place() == (Place{At: AtHand, Holder: m.name, From: AtHopper}) {
			out = append(out, p)
		}
	}
	return out
}

// TakeOutput empties the output tray, first card first.
func (m *Machine) TakeOutput() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	cards := m.output
	m.output, m.outputBlocked = nil, false
	return m.hand(AtOutput, cards)
}

// TakeReject empties the reject box, first card first.
func (m *Machine) TakeReject() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	cards := m.reject
	m.reject, m.rejectBlocked = nil, false
	return m.hand(AtReject, cards)
}

// PutReject throws a card from the hand into the reject box.
func (m *Machine) PutReject(p *Plastic) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rejectFull() {
		return ErrRejectFull
	}
	if err := m.receive([]*Plastic{p}, Place{At: AtReject, Holder: m.name}); err != nil {
		return err
	}
	m.reject = append(m.reject, p)
	m.wake()
	return nil
}

// Still waits until the motors stand still, and keeps them so while the person acts: how
// somebody works who does not want to spoil the card that is moving.
func (m *Machine) Still(ctx context.Context, act func()) error {
	select {
	case m.moving <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-m.moving }()
	act()
	return nil
}

// OpenCover stops the motors.
func (m *Machine) OpenCover() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.openCover()
	m.interrupt()
	m.wake()
}

// CloseCover closes the machine.
func (m *Machine) CloseCover() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cover = false
	m.wake()
}

// ClearJam opens the machine, takes every card out of the path into the hand, and leaves the
// cover as it was. No card inside: none is returned.
func (m *Machine) ClearJam() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.interrupt()
	m.jam = false
	return m.emptyPath()
}

// PullCard pulls the card out of the open machine. ErrCoverClosed; ErrJam when it sticks;
// nil and no error when nothing is inside.
func (m *Machine) PullCard() (*Plastic, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.cover:
		return nil, ErrCoverClosed
	case m.jam:
		return nil, ErrJam
	}
	m.interrupt()
	cards := m.emptyPath()
	if len(cards) == 0 {
		return nil, nil
	}
	return cards[0], nil
}

// emptyPath takes what is in the path. Called with m.mu held.
func (m *Machine) emptyPath() []*Plastic {
	cards := m.path
	m.handled = m.handled || len(cards) > 0
	m.unpower()
	m.path = nil
	m.lost, m.backUp, m.passOpen = false, false, false
	m.at(StationNone)
	return m.hand(AtPath, cards)
}

// PutBezel puts a card into the front slot.
func (m *Machine) PutBezel(p *Plastic) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.model.Bezel:
		return ErrNotFitted
	case m.bezel != nil:
		return ErrBezelBlocked
	}
	if err := m.receive([]*Plastic{p}, Place{At: AtBezel, Holder: m.name}); err != nil {
		return err
	}
	m.bezel = p
	m.wake()
	return nil
}

// TakeBezel takes the card out of the front slot; nil when there is none.
func (m *Machine) TakeBezel() *Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bezel == nil {
		return nil
	}
	p := m.bezel
	m.bezel = nil
	m.hand(AtBezel, []*Plastic{p})
	return p
}

// ReplaceRibbon fits another ribbon and gives the old one back. A person opens the cover for it;
// the cover stays as it was.
func (m *Machine) ReplaceRibbon(r Ribbon) (old Ribbon) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.interrupt()
	old = m.ribbon
	m.ribbon, m.ribbonIn = r, r.Type != ""
	m.torn, m.passOpen = false, false
	m.wake()
	return old
}

// ReplaceFilm fits another film and gives the old one back.
func (m *Machine) ReplaceFilm(f Film) (old Film) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.interrupt()
	old = m.film
	m.film, m.filmTorn, m.onFilm = f, false, nil
	m.wake()
	return old
}

// CleanByHand cleans the empty machine without its program: the person follows the book.
func (m *Machine) CleanByHand(ctx context.Context) error {
	if err := m.Spend(ctx, m.model.Timing.Clean); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cleaned()
	m.wake()
	return nil
}

// PowerCut takes the power away: the card stays where it is.
func (m *Machine) PowerCut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.powerOff()
	m.wake()
}

// PowerOn switches the machine on and waits until it is ready.
func (m *Machine) PowerOn(ctx context.Context) error {
	if err := m.Spend(ctx, m.model.Timing.PowerOn); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.powered = true
	m.wake()
	return nil
}

// Unplug pulls the cable; the printer goes on with what it was told, the reader is gone.
func (m *Machine) Unplug() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pullCable()
	m.wake()
}

// Replug puts the cable back.
func (m *Machine) Replug() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unplugged = false
	m.wake()
}

// StickPath makes the path sensor say s for ever; FreeSensors mends it.
func (m *Machine) StickPath(s Station) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pathStuck = &s
	m.wake()
}

// StickCounter stops the feed counter.
func (m *Machine) StickCounter() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counterStuck = true
}

// FreeSensors lets sensors and counters tell the truth again; what a counter has missed stays
// missed.
func (m *Machine) FreeSensors() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pathStuck, m.counterStuck = nil, false
	m.wake()
}
