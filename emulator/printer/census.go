package printer

import (
	"fmt"
	"slices"
)

// Card is one row of a census.
type Card struct {
	Plastic *Plastic `json:"-"`
	Serial  string   `json:"serial"`
	Place   Place    `json:"place"`
	Slot    int      `json:"slot"` // order in the stack or tray, from 0; 0 elsewhere
	Fed     int      `json:"fed"`
	Front   int      `json:"front"` // print passes
	Back    int      `json:"back"`
}

// Census lists every card that was ever in this machine, with the place where it is now: here,
// in a hand, or elsewhere in the world. First entry first.
func (m *Machine) Census() []Card {
	m.mu.Lock()
	defer m.mu.Unlock()
	slot := map[*Plastic]int{}
	for _, stack := range m.stacks() {
		for i, p := range stack {
			slot[p] = i
		}
	}
	out := make([]Card, 0, len(m.known))
	for _, p := range m.known {
		front, back := p.Prints()
		out = append(out, Card{p, p.Serial, p.Place(), slot[p], p.Fed(), front, back})
	}
	return out
}

// Inside lists the cards that are in the machine now: hopper, path, output, reject, front slot.
func (m *Machine) Inside() []*Plastic {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Concat(m.stacks()...)
}

// Audit compares the stacks of the machine with what its cards say, at one instant. Every line
// it returns is a card that is lost or double; a sound machine returns none.
func (m *Machine) Audit() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var wrong []string
	found := map[*Plastic]At{}
	see := func(at At, stack ...*Plastic) {
		for _, p := range stack {
			if before, twice := found[p]; twice {
				wrong = append(wrong, fmt.Sprintf("card %s is in %s and in %s of %s", p.Serial, before, at, m.name))
			}
			found[p] = at
			if place := p.Place(); place.Holder != m.name || place.At != at {
				wrong = append(wrong, fmt.Sprintf("card %s is in %s of %s and says %s", p.Serial, at, m.name, place))
			}
			if !m.seen[p] {
				wrong = append(wrong, fmt.Sprintf("card %s never came into %s", p.Serial, m.name))
			}
		}
	}
	see(AtHopper, m.hopper...)
	see(AtPath, m.path...)
	see(AtOutput, m.output...)
	see(AtReject, m.reject...)
	if m.bezel != nil {
		see(AtBezel, m.bezel)
	}
	for _, p := range m.known {
		place := p.Place()
		if _, ok := found[p]; !ok && place.Holder == m.name && !place.free() {
			wrong = append(wrong, fmt.Sprintf("card %s says %s and is not there", p.Serial, place))
		}
	}
	return wrong
}

// stacks are the containers of the machine. Called with m.mu held.
func (m *Machine) stacks() [][]*Plastic {
	s := [][]*Plastic{m.hopper, m.path, m.output, m.reject}
	if m.bezel != nil {
		s = append(s, []*Plastic{m.bezel})
	}
	return s
}
