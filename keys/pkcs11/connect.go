package pkcs11

import (
	"errors"
	"sync"
)

// link is one sign-in to the token: everything that was learned since.
type link struct {
	slot uint
	idle []uint // sessions that nobody uses

	mu   sync.Mutex
	keys map[string]uint // handles of keys that were proved, by their label
}

// borrow takes an idle session or opens one, signing in first where nobody is. A sign-in waits until
// every session of the last one is back: a module may give their numbers out again.
func (t *Token) borrow(op string) (*link, uint, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.link == nil && t.lent > 0 {
		t.back.Wait()
	}
	if t.closed {
		return nil, 0, TokenAway.At(op, nil).With("token", "it was given up here")
	}
	if t.link == nil {
		t.sweep()
		if err := t.signIn(op); err != nil {
			return nil, 0, err
		}
	}
	l := t.link
	if n := len(l.idle); n > 0 {
		s := l.idle[n-1]
		l.idle = l.idle[:n-1]
		t.lent++
		return l, s, nil
	}
	s, err := t.module.open(l.slot, false)
	if err != nil {
		t.lost(err)
		return nil, 0, told(op, err)
	}
	t.lent++
	return l, s, nil
}

// giveBack takes a session back. An error that says that the token or the session went ends the
// link, so that the next caller signs in.
func (t *Token) giveBack(l *link, s uint, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lent--
	if t.link == l {
		l.idle = append(l.idle, s)
		t.lost(err)
	} else {
		t.over = append(t.over, s)
	}
	if t.lent == 0 {
		if t.closed {
			t.sweep()
		}
		t.back.Broadcast()
	}
}

// lost drops the link where an error says that it is gone.
func (t *Token) lost(err error) {
	if s, ok := errors.AsType[status](err); ok && !s.lasting() {
		t.drop()
	}
}

// drop ends the link. Its sessions are closed when none is in use.
func (t *Token) drop() {
	if t.link != nil {
		t.over = append(t.over, t.link.idle...)
		t.link = nil
	}
}

// sweep closes the sessions of links that are over. Where the token went they are gone already.
func (t *Token) sweep() {
	for _, s := range t.over {
		_ = t.module.close(s)
	}
	t.over = nil
}

// signIn finds the token by its label and shows it the PIN, once.
func (t *Token) signIn(op string) error {
	slots, err := t.module.slots()
	if err != nil {
		return told(op, err)
	}
	bound := t.About().Serial
	var mine []slot
	strange := ""
	for _, s := range slots {
		switch {
		case s.label != t.config.Label:
		case bound != "" && s.serial != bound:
			strange = s.serial
		default:
			mine = append(mine, s)
		}
	}
	switch {
	case len(mine) == 1:
	case len(mine) > 1:
		return TokenAmbiguous.At(op, nil).With("keys.token", "%d tokens are labelled %q", len(mine), t.config.Label)
	case strange != "":
		return TokenStrange.At(op, nil).With("keys.serial", "%s is plugged in, %s is the station's", strange, bound)
	default:
		return TokenAway.At(op, nil).With("keys.token", "no token is labelled %q", t.config.Label)
	}
	s := mine[0]
	session, err := t.module.open(s.id, false)
	if err != nil {
		return told(op, err)
	}
	if err := t.show(op, s, session); err != nil {
		_ = t.module.close(session)
		return err
	}
	t.about.Store(&About{Label: s.label, Serial: s.serial, Manufacturer: s.manufacturer, Model: s.model, Hardware: s.hardware})
	t.link = &link{slot: s.id, idle: []uint{session}, keys: map[string]uint{}}
	return nil
}
