package station

import (
	"context"
	"slices"
	"time"

	"blanko/fault"
	"blanko/registry"
)

// staleAfter is after how many periods without a copy the newest is too old.
const staleAfter = 2

// newestCopy is the time of the newest copy that is not of the future, and how many of those there are.
func (c Config) newestCopy(now time.Time) (at time.Time, n int, err error) {
	_, times, err := c.copies(c.Backup.Folder)
	if n = past(times, now); n > 0 {
		at = times[n-1]
	}
	return at, n, err
}

// past is how many of the times, oldest first, are not of the future: a clock was ahead once.
func past(times []time.Time, now time.Time) int {
	if ahead := slices.IndexFunc(times, now.Before); ahead >= 0 {
		return ahead
	}
	return len(times)
}

// copyAge is how old the newest copy is; false where none are made, or none is there.
func (c Config) copyAge(now time.Time) (time.Duration, bool) {
	if c.Backup.Folder == "" {
		return 0, false
	}
	at, n, err := c.newestCopy(now)
	return now.Sub(at), n > 0 && err == nil
}

// tellCopies tells whether the newest copy is young enough. Without one the time since the station began counts.
func (c Config) tellCopies(ctx context.Context, s *Station, began, now time.Time) {
	at, n, err := c.newestCopy(now)
	if n == 0 {
		at = began
	}
	state, code := registry.HealthWorks, fault.Code("")
	switch {
	case now.Sub(at) > staleAfter*c.Backup.Every:
		state, code = registry.HealthDown, CopyStale.Code
	case err != nil:
		state, code = registry.HealthLimps, FolderAway.Code
	case n == 0:
		return // the first is being made
	}
	s.tellHealth(ctx, "copies", causeEquipment, state, code)
}
