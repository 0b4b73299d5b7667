package trial

import (
	"strings"
	"testing"

	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
)

// Mishaps at the one instant at which they once made the ledger and the world differ.
func TestAtTheWorstInstant(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name   string
		plan   []machine.Fault
		before func(*crash)
		// The mishap comes at the n-th instant whose name contains of, counted from the first one
		// that contains from.
		from, of string
		n        int
		do       func(*crash)
		fewer    int // cards that are not made
	}{
		{
			// The printer feeds a blank and prints on that one: the print of this card was not done.
			name: "card pulled behind the last look", of: `Write "Db`, n: 1, do: (*crash).pull,
		},
		{
			// The printer sees nothing inside and moves nothing: the card has not left.
			name: "path sensor blind before the way out", from: "Intend eject", of: `Write "Rlr;p`, n: 2, do: (*crash).blindPath,
		},
		{
			// Of two blanks one has no name when it is laid on the desk reader, and has one a reset later.
			name: "chips mute once on the desk reader", plan: []machine.Fault{{Kind: machine.KindDoubleFeed, Step: machine.StepFeed}},
			of: "Settle feed unknown", n: 1, do: (*crash).muteOnce,
		},
		{
			// A mute chip is seated anew. The printer feeds a blank for it, which is another card: the first
			// one has no name, so that the ledger must know by the counter that two have left the hopper.
			name: "card with a dead chip pulled before it is seated anew", before: (*crash).killFirst,
			from: "Settle feed", of: `Write "Rlr;p`, n: 2, do: (*crash).pull,
		},
		{
			// Nothing is to be made any more, so that no next card pushes this one out. It is not missing.
			name: "path sensor blind before a card is set aside", from: "Settle claim", of: "Transmit", n: 1,
			do: (*crash).spoilLast, fewer: 2,
		},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := newCrash(t, 1)
			defer c.end()
			if k.before != nil {
				k.before(c)
			}
			for _, f := range k.plan {
				c.line().Plan(f)
			}
			counting, seen, struck := k.from == "", 0, false
			c.life(&stopper{meanwhile: func(_ int, what string) {
				counting = counting || strings.Contains(what, k.from)
				if struck || !counting || !strings.Contains(what, k.of) {
					return
				}
				if seen++; seen == 2*k.n-1 { // every call has two instants
					struck = true
					k.do(c)
				}
			}})
			if !struck {
				t.Fatal("the instant never came")
			}
			c.atRest()
			c.line().FreeSensors()
			c.life(&stopper{})
			c.atRest()
			made, err := c.reg.Attempts(t.Context(), jobs.Out)
			if err != nil || len(made) != crashCards-k.fewer {
				t.Errorf("%d cards made, %v", len(made), err)
			}
		})
	}
}

// blindPath lets the path sensor see nothing from now on.
func (c *crash) blindPath() {
	c.line().StickPath(machine.StationNone)
}

// killFirst kills the chip of the blank that is fed first.
func (c *crash) killFirst() {
	if err := c.room.blanks[0].Chip.Inject(chip.Fault{Kind: chip.Die}); err != nil {
		c.t.Error(err)
	}
}

// spoilLast withdraws everything, and lets the card inside fail where no sensor sees it.
func (c *crash) spoilLast() {
	for i := range crashCards {
		c.withdraw(i)
	}
	c.blindPath()
	for _, p := range c.room.blanks {
		if p.Place().At != machine.AtPath {
			continue
		}
		if err := p.Chip.Inject(chip.Fault{Kind: chip.NVMError, Lasting: true}); err != nil {
			c.t.Error(err)
		}
	}
}

// muteOnce makes the chips of all cards that were fed silent until they are reset.
func (c *crash) muteOnce() {
	for _, p := range c.room.blanks {
		if p.Fed() == 0 {
			continue
		}
		if err := p.Chip.Inject(chip.Fault{Kind: chip.Mute}); err != nil {
			c.t.Error(err)
		}
	}
}
