package ups

import (
	"testing"
	"time"

	"blanko/internal/rig"
)

// A real upsd, whose supply goes on battery and comes back.
func TestRealDaemon(t *testing.T) {
	t.Parallel()
	u := rig.StartUPS(t)
	s := &Supply{Address: u.Address, Name: u.Name, Card: 3 * time.Minute}
	is := func(what string, want State) {
		t.Helper()
		rig.Await(t, what, func() bool {
			got, err := s.Ask(t.Context())
			return err == nil && got == want
		})
	}
	is("the mains", State{})
	u.Say(t, "OB DISCHRG", 170)
	is("the battery", State{Battery: true, Left: 170 * time.Second})
	if s.MayFeed(t.Context()) == nil {
		t.Error("a card of three minutes is begun on a battery of less")
	}
	u.Say(t, "OB DISCHRG", 600)
	is("a better battery", State{Battery: true, Left: 10 * time.Minute})
	if err := s.MayFeed(t.Context()); err != nil {
		t.Error(err)
	}
	u.Say(t, "OB DISCHRG LB", 600)
	is("a low battery", State{Battery: true, Low: true, Left: 10 * time.Minute})
	u.Say(t, "OL CHRG", 600)
	is("the mains again", State{})
	if _, err := (&Supply{Address: u.Address, Name: "none"}).Ask(t.Context()); err == nil {
		t.Error("a supply that upsd does not know")
	}
}
