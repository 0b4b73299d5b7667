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

// newestCopy is the time of the newest copy that is not of the future; false: there is none.
func (c Config) newestCopy(now time.Time) (at time.Time, found bool, err error) {
	_, times, err := c.copies(c.Backup.Folder)
	if err != nil {
		return at, false, err
	}
	times = slices.DeleteFunc(times, now.Before) // the clock was ahead once
	if len(times) == 0 {
		return at, false, nil
	}
	return times[len(times)-1], true, nil
}

// copyAge is how old the newest copy is; false where none are made, or none is there.
func (c Config) copyAge(now time.Time) (time.Duration, bool) {
	if c.Backup.Folder == "" {
		return 0, false
	}
	at, found, err := c.newestCopy(now)
	return now.Sub(at), found && err == nil
}

// tellCopies tells whether the newest copy is young enough. Without one the time since the station began counts.
func (c Config) tellCopies(ctx context.Context, s *Station, began, now time.Time) {
	at, found, err := c.newestCopy(now)
	if !found {
		at = began
	}
	state, code := registry.HealthWorks, fault.Code("")
	switch {
	case now.Sub(at) > staleAfter*c.Backup.Every:
		state, code = registry.HealthDown, CopyStale.Code
	case err != nil:
		state, code = registry.HealthLimps, FolderAway.Code
	case !found:
		return // the first is being made
	}
	s.tellHealth(ctx, "copies", causeEquipment, state, code)
}
