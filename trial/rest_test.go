package trial

import (
	"testing"
	"time"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
)

// A line lets its printer cool by the world's clock, says so, and makes every card.
func TestPrinterRestsBetweenCards(t *testing.T) {
	t.Parallel()
	for _, kind := range []jobs.Kind{jobs.Inline, jobs.Desktop} {
		for _, pause := range []time.Duration{5 * time.Minute, 20 * time.Minute} {
			t.Run(string(kind)+", "+pause.String(), func(t *testing.T) {
				t.Parallel()
				s := newShop(t, kind)
				var fed, printed []time.Time
				waits := 0
				clock := func() time.Time { return s.room.world.Line(string(crashLine)).Clock.Now() }
				s.before[jobs.Feed] = func(s *shop, _ jobs.Order) {
					s.line.Rest = personalize.Rest{Cards: 1, Within: time.Hour, Pause: pause}
					s.line.Observe = func(p personalize.Progress) {
						switch {
						case p.Step == jobs.Feed && p.Phase == jobs.Intent:
							fed = append(fed, clock())
						case p.Step == jobs.Print && p.Phase == jobs.Settled:
							printed = append(printed, clock())
						case p.Waiting == printer.Fault(printer.ClassCooling).Code:
							waits++
						}
					}
				}
				s.run()
				if got := s.ended(); got[jobs.Out] != len(fed) || len(fed) < 2 || len(printed) != len(fed) || waits != len(fed)-1 {
					t.Fatalf("ended %v, %d fed, %d printed, %d waits", got, len(fed), len(printed), waits)
				}
				// A print is told of when the card is back at the encoder, which proves it; the head is hot
				// until the way back begins.
				const word = 100 * time.Millisecond // more than the chip takes to name its attempt
				timing := s.room.world.Line(string(crashLine)).Machine.Model().Timing
				for i := 1; i < len(fed); i++ {
					if stood := fed[i].Sub(printed[i-1]) + timing.Move + timing.Engage + word; stood < pause {
						t.Errorf("card %d was fed %v after the print before it", i+1, stood)
					}
				}
				s.accounted()
			})
		}
	}
}
