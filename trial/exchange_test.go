package trial

import (
	"context"
	"fmt"
	"testing"

	"blanko/emulator"
	machine "blanko/emulator/printer"

	"blanko/applet"
	"blanko/jobs"
)

// nimble is a desk reader on which somebody exchanges the card just before a reset.
type nimble struct {
	applet.Transport
	desk     *emulator.Desk
	other    *machine.Plastic
	at       int // the reset before which it happens, from 1
	resets   int
	happened bool
}

func (n *nimble) Reset(ctx context.Context) ([]byte, error) {
	if n.resets++; n.resets == n.at {
		if err := n.other.Take(n.other.Place()); err != nil {
			return nil, err
		}
		n.desk.Lift()
		if err := n.desk.Lay(ctx, n.other); err != nil {
			return nil, err
		}
		n.happened = true
	}
	return n.Transport.Reset(ctx)
}

// Whenever the card that answers a doubt is exchanged on the desk, the ledger says of both where they are,
// and the doubt waits for its own card.
func TestCardExchangedOnTheDesk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		chip   string
		before jobs.Step // it is pulled
		resets int       // of a presentation: by the last one the chip is read before it is laid away
	}{{"untouched", jobs.Claim, 2}, {"written", jobs.Print, 3}, {"active", jobs.Eject, 3}} {
		for at := 1; at <= c.resets; at++ {
			t.Run(fmt.Sprintf("%s at reset %d", c.chip, at), func(t *testing.T) {
				t.Parallel()
				s := newShop(t, jobs.Inline)
				s.before[c.before] = func(s *shop, _ jobs.Order) { s.before[c.before] = pullIt } // the second card
				s.run()
				loose := s.suspects(t.Context())
				if len(loose) != 1 {
					t.Fatalf("%d cards are loose", len(loose))
				}
				desk := s.room.world.Desk(deskName)
				hand := &nimble{desk: desk, other: s.finished(), at: at}
				office := clerk{room: s.room, staff: s.people, log: s.line.Log, through: func(r applet.Transport) applet.Transport {
					hand.Transport = r
					return hand
				}}
				if err := office.layOnDesk(t.Context(), s.line, loose[0]); err != nil {
					t.Fatal(err)
				}
				if !hand.happened {
					t.Fatalf("the reader was reset %d times", hand.resets)
				}
				s.accounted()
				s.work()
				s.accounted()
			})
		}
	}
}

// finished is a card in the output tray.
func (s *shop) finished() *machine.Plastic {
	for _, p := range s.room.blanks {
		if at := p.Place(); at.From == machine.AtOutput {
			return p
		}
	}
	s.fail("no card is finished")
	return nil
}
