package jobs

import "time"

// StageTime is how often a stage of a line was done, and how long that took by the clock of the line, within one bound. What a
// person settles took no time.
type StageTime struct {
	Line   LineID
	Step   Step
	Within time.Duration // the least of [StageBounds] that it took; 0: longer than all
	Count  int
	Took   time.Duration // all together
}

// StageBounds are those by which the times of stages are sorted.
var StageBounds = []time.Duration{
	500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute,
}

// bound is the one within which a time is.
func bound(took time.Duration) time.Duration {
	for _, b := range StageBounds {
		if took <= b {
			return b
		}
	}
	return 0
}
