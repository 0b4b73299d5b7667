package printertest

import "testing"

type oneCase struct {
	name string
	run  func(t *testing.T, b Bench)
}

var cases = []oneCase{
	{"status of a printer that is ready", statusReady},
	{"status tells hopper and cover", statusFollows},
	{"a move feeds exactly one card", moveFeedsOne},
	{"a move to where the card is moves nothing", moveTwice},
	{"no such station or tray", noSuchPlace},
	{"counters rise by one card and the panels of a print", countersRise},
	{"print is exact", printExact},
	{"print on both sides", printBothSides},
	{"print feeds a card when none is inside", printFeeds},
	{"a printed card is held and comes back to the encoder", printHolds},
	{"bad panels change nothing", badPanels},
	{"eject and reject reach their trays", traysTakeCards},
	{"eject without a card does nothing", ejectNothing},
	{"a purge empties the path and feeds nothing", purge},
	{"flip", flip},
	{"errors before the first panel are not in doubt", printFailsBefore},
	{"errors after the first panel are in doubt", printFailsAfter},
	{"a canceled context moves nothing", canceledBefore},
	{"a context canceled within a panel leaves the print in doubt", canceledWithin},
	{"a lost answer is no reason to move twice", lostAnswer},
	{"power is cut and comes back", powerCut},
	{"a ribbon that ends within a print", ribbonEnds},
	{"cleaning", cleaning},
	{"without a path: counters and trays of two prints", alonePrints},
	{"without a path: power is cut and comes back", alonePower},
	{"without a path: power is cut within a panel", alonePowerWithin},
	{"without a path: a card that sticks under the head", aloneJam},
	{"without a path: a ribbon that ends within a print", aloneRibbonEnds},
}

// Run runs every case on a fresh bench, inside of within. open registers its own clean-up with
// t. With synctest.Test for within, and a bench that waits on nothing outside of the bubble, a
// printer's seconds and time-outs cost no time; a real printer gets a within that calls f alone.
func Run(t *testing.T, within func(t *testing.T, f func(t *testing.T)), open func(t *testing.T) Bench) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			within(t, func(t *testing.T) { c.run(t, open(t)) })
		})
	}
	t.Run("error classes", func(t *testing.T) {
		t.Parallel()
		errorClasses(t, within, open)
		aloneClasses(t, within, open)
	})
}
