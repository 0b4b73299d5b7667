package personalize

import (
	"context"
	"time"

	"blanko/printer"
)

// Rest is how a printer cools: after Cards cards printed within Within it stands for Pause before the next
// is fed. A line that stood as long by itself has rested. The zero value never rests. Offices let a
// retransfer printer cool after about 100 cards.
type Rest struct {
	Cards  int
	Within time.Duration // zero: whenever they were printed
	Pause  time.Duration
}

// warmth is what a line remembers of its prints since the newest rest. A line that starts anew takes its
// printer for cold.
type warmth struct{ prints []time.Time }

// printed notes a print, whatever became of it.
func (w *warmth) printed(at time.Time) { w.prints = append(w.prints, at) }

// due is how long the printer must stand now.
func (w *warmth) due(r Rest, now time.Time) time.Duration {
	if r.Cards <= 0 || r.Pause <= 0 || len(w.prints) == 0 {
		w.prints = nil
		return 0
	}
	stood := now.Sub(w.prints[len(w.prints)-1])
	if stood >= r.Pause {
		w.prints = nil
		return 0
	}
	if r.Within > 0 {
		for len(w.prints) > 0 && now.Sub(w.prints[0]) >= r.Within {
			w.prints = w.prints[1:]
		}
	}
	if len(w.prints) < r.Cards {
		return 0
	}
	return r.Pause - stood
}

// heated notes a print where the line has rests.
func (l *Line) heated() {
	if l.Rest != (Rest{}) {
		l.warmth.printed(l.Clock.Now())
	}
}

// rest waits while the printer cools. It is a wait and no fault: the screen shows that the printer is
// cooling.
func (l *Line) rest(ctx context.Context) error {
	wait := l.warmth.due(l.Rest, l.Clock.Now())
	if wait <= 0 {
		return ctx.Err()
	}
	l.tell(Progress{Waiting: printer.Fault(printer.ClassCooling).Code})
	if err := l.Clock.Sleep(ctx, wait); err != nil {
		return err
	}
	l.warmth = warmth{}
	l.tell(Progress{})
	return nil
}
