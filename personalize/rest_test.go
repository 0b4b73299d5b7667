package personalize

import (
	"context"
	"errors"
	"testing"
	"time"

	"blanko/fault"
	"blanko/printer"
)

// The rest of a printer, print by print: minute of each print, and how long it must stand after it.
func TestRestIsDue(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	const m = time.Minute
	type step struct{ print, look, due time.Duration }
	for _, c := range []struct {
		name  string
		rest  Rest
		steps []step
	}{
		{"none is configured", Rest{}, []step{{0, 0, 0}, {0, 0, 0}}},
		{"after the third card", Rest{Cards: 3, Pause: 10 * m}, []step{{0, m, 0}, {m, 2 * m, 0}, {2 * m, 2 * m, 10 * m}}},
		{"part of it stood already", Rest{Cards: 1, Pause: 10 * m}, []step{{0, 4 * m, 6 * m}}},
		{"a line that stood has rested", Rest{Cards: 2, Pause: 10 * m}, []step{{0, 10 * m, 0}, {11 * m, 11 * m, 0}, {12 * m, 12 * m, 10 * m}}},
		{"too few within the hour", Rest{Cards: 3, Within: 60 * m, Pause: 30 * m}, []step{{0, 0, 0}, {29 * m, 29 * m, 0}, {58 * m, 60 * m, 0}, {61 * m, 61 * m, 30 * m}}},
	} {
		var w warmth
		for i, s := range c.steps {
			w.printed(begin.Add(s.print))
			if got := w.due(c.rest, begin.Add(s.look)); got != s.due {
				t.Errorf("%s: after print %d: %v, want %v", c.name, i+1, got, s.due)
			}
		}
	}
}

// clockOf is a clock that stands until somebody sleeps.
type clockOf struct{ now time.Time }

func (c *clockOf) Now() time.Time { return c.now }

func (c *clockOf) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.now = c.now.Add(d)
	return nil
}

// A line rests on its own clock, says so while it does, and counts anew. An end of the context ends the
// rest, which is due still.
func TestLineRests(t *testing.T) {
	t.Parallel()
	clock := &clockOf{now: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}
	var told []fault.Code
	l := &Line{Clock: clock, Setup: Setup{Rest: Rest{Cards: 2, Pause: 5 * time.Minute}}, Observe: func(p Progress) { told = append(told, p.Waiting) }}
	begin := clock.now
	for range 2 {
		if err := l.rest(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.warmth.printed(clock.now)
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	if err := l.rest(gone); !errors.Is(err, context.Canceled) || clock.now != begin {
		t.Errorf("an ended context: %v, %v later", err, clock.now.Sub(begin))
	}
	told = nil
	for range 2 {
		if err := l.rest(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := clock.now.Sub(begin); got != 5*time.Minute {
		t.Errorf("rested for %v", got)
	}
	if len(told) != 2 || told[0] != printer.Fault(printer.ClassCooling).Code || told[1] != "" {
		t.Errorf("told %q", told)
	}
}
