package emulator

import (
	"context"
	"sync"
	"time"
)

// Clock is the time of one line; all devices of the line share it. Safe for concurrent use.
type Clock struct {
	virtual bool

	mu    sync.Mutex
	speed float64
	start time.Time // of the world, when the clock had this speed
	began time.Time // and in real time
	spent time.Duration
	since time.Duration // what was spent before it had this speed
	late  time.Duration // real time that timers have overslept, and that later waits give back
}

// NewClock makes a clock that shows start now. Speed 1 is real time, 10 ten times as fast;
// with speed 0 or less nothing ever waits: the clock shows real time passed plus time spent.
func NewClock(start time.Time, speed float64) *Clock {
	return &Clock{speed: max(speed, 0), start: start, began: time.Now()}
}

// NewVirtualClock makes a clock that only Spend moves.
func NewVirtualClock(start time.Time) *Clock { return &Clock{virtual: true, start: start} }

// Speed is the factor; 0 means that nothing waits.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed goes on from the present time with another speed. A wait that has begun ends as it was begun. A
// virtual clock has no speed.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start, c.began, c.since, c.speed = c.now(), time.Now(), c.spent, max(speed, 0)
}

// Now is the time of the line.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now is called with c.mu held.
func (c *Clock) now() time.Time {
	spent := c.spent - c.since
	switch {
	case c.virtual:
		return c.start.Add(spent)
	case c.speed == 0:
		return c.start.Add(time.Since(c.began) + spent)
	}
	return c.start.Add(time.Duration(float64(time.Since(c.began)) * c.speed))
}

// Spent is all the time that devices and persons have spent on this clock.
func (c *Clock) Spent() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spent
}

// Spend lets d pass for the caller. It waits d divided by the speed, or not at all, and ends
// early with the context's error.
func (c *Clock) Spend(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	if speed := c.Speed(); speed > 0 {
		if err := c.wait(ctx, time.Duration(float64(d)/speed)); err != nil {
			return err
		}
	}
	c.mu.Lock()
	c.spent += d
	c.mu.Unlock()
	return nil
}

// wait sleeps for real. A timer of the system wakes up late, by up to a millisecond or more; what it
// overslept is taken off the next waits, so that many short ones are as long in all as they should
// be. Time that the caller itself takes between two waits is never given back.
func (c *Clock) wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	given := min(c.late, d)
	c.late -= given
	c.mu.Unlock()
	if d -= given; d <= 0 {
		return nil
	}
	began := time.Now()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	c.mu.Lock()
	c.late += time.Since(began) - d
	c.mu.Unlock()
	return nil
}
