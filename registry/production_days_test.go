package registry

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/jobs"
)

// What each line made and lost stands under the day of the office, the newest first.
func TestProductionByDay(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 4 {
			s.queued(n + 1)
		}
		s.upTo(s.next(line1), jobs.Eject)
		s.upTo(s.next(line2), jobs.Eject)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		s.must(s.settle(o, jobs.Claim, fails("printer.jam")))
		s.reject(o, "", "")
		y, m, d := s.db.Clock.Now().In(s.r.Zone()).Date()
		midnight := time.Date(y, m, d+1, 0, 0, 0, 0, s.r.Zone())
		s.db.Clock.Advance(midnight.Sub(s.db.Clock.Now()) + time.Minute) // at the station; by UTC it is the same day
		s.upTo(s.next(line2), jobs.Eject)
		first, second := fmt.Sprintf("%04d-%02d-%02d", y, m, d), midnight.Format(time.DateOnly)
		for days, want := range map[int][]string{
			1: {second + " line-2 1 0"},
			2: {second + " line-2 1 0", first + " line-1 1 1", first + " line-2 1 0"},
		} {
			list, err := s.r.ProductionByDay(bg, days)
			s.must(err)
			var got []string
			for _, x := range list {
				got = append(got, fmt.Sprint(x.Day.Format(time.DateOnly), " ", x.Line, " ", x.Made, " ", x.Lost))
			}
			if !slices.Equal(got, want) {
				t.Errorf("in %d days: %q, want %q", days, got, want)
			}
		}
	})
}
