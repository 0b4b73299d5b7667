package trial

import (
	"testing"

	machine "blanko/emulator/printer"

	"blanko/jobs"
)

// A ribbon that tears in the first panel has colored the card, and the printer has counted no panel.
// The full ribbon that is put in for it shows as many sides as the torn one did, when that was new: the
// counters are those of a print that never began, and it must not be made again on this card.
func TestTornRibbonReplacedByAFullOne(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*stopper{
		"by the same process":          {},
		"killed before it is settled":  {at: 1, of: "Settle print failed"},
		"killed while the ribbon hung": {at: 1, of: "Scs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrash(t, 1)
			defer c.end()
			c.line().Plan(machine.Fault{Kind: machine.KindRibbonTorn, Step: machine.StepPanel, Panel: 1})
			if died := c.life(s); died {
				c.restart()
				c.always("after the death")
				c.life(&stopper{})
			} else if s.at != 0 {
				t.Fatal("nobody was killed")
			}
			c.atRest()
			spoiled, err := c.reg.Attempts(t.Context(), jobs.Spoiled)
			if err != nil || len(spoiled) != 1 {
				t.Fatalf("%d cards spoiled, %v", len(spoiled), err)
			}
		})
	}
}
