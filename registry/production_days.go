package registry

import (
	"cmp"
	"context"
	"slices"
	"time"

	"blanko/jobs"
	"blanko/store"
)

// DayOfLine is what a line made on one day at the station.
type DayOfLine struct {
	Day  time.Time // its midnight
	Line jobs.LineID
	Made int
	Lost int // cards that were spoiled, revoked or lost
}

// ProductionByDay is what each line made on each of so many days until today, the newest day first; a line that ended
// nothing on a day has none.
func (r *Registry) ProductionByDay(ctx context.Context, days int) (list []DayOfLine, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		_, tomorrow, err := r.dayOf((&act{r: r, tx: tx}).today())
		if err != nil {
			return err
		}
		hours, err := jobs.EndedByHour(tx, tomorrow.AddDate(0, 0, -days))
		list = r.daysOf(hours)
		return err
	})
	return list, err
}

// daysOf sums hours up to days. The zones of this country begin their days on a full hour.
func (r *Registry) daysOf(hours []jobs.LineHour) (list []DayOfLine) {
	for _, h := range hours {
		y, m, d := h.Hour.In(r.zone()).Date()
		at := DayOfLine{Day: time.Date(y, m, d, 0, 0, 0, 0, r.zone()), Line: h.Line}
		i := slices.IndexFunc(list, func(x DayOfLine) bool { return x.Day.Equal(at.Day) && x.Line == at.Line })
		if i < 0 {
			i, list = len(list), append(list, at)
		}
		switch h.State {
		case jobs.Out, jobs.Accepted:
			list[i].Made += h.Count
		case jobs.Spoiled, jobs.Revoked, jobs.Lost:
			list[i].Lost += h.Count
		}
	}
	list = slices.DeleteFunc(list, func(x DayOfLine) bool { return x.Made+x.Lost == 0 })
	slices.SortFunc(list, func(x, y DayOfLine) int { return cmp.Or(y.Day.Compare(x.Day), cmp.Compare(x.Line, y.Line)) })
	return list
}
