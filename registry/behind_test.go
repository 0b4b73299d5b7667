package registry

import (
	"cmp"
	"slices"
	"testing"
	"time"
)

// A list for persons begins with what they look for: in a state what stands in it longest, of all the newest. Page by page it
// shows each application once, also where several came in one moment.
func TestApplicationsBehind(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		const came, page = 9, 2
		for n := came; n > 0; n-- {
			if n%3 == 0 {
				s.db.Clock.Advance(time.Hour)
			}
			s.do(center, delivery(record(n, 1)))
		}
		s.db.Clock.Advance(time.Hour)
		s.do(boss, Approve{Application: appID(5)})
		for _, l := range []struct {
			state State
			many  int
			order func(a, b Application) int
		}{
			{"", came, func(a, b Application) int {
				return cmp.Or(b.ReceivedAt.Compare(a.ReceivedAt), cmp.Compare(a.ID, b.ID))
			}},
			{PrintReady, came - 1, func(a, b Application) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) }},
			{Approved, 1, func(Application, Application) int { return 0 }},
			{Queued, 0, nil},
		} {
			var all []Application
			var after Seen
			for {
				list, err := s.r.ApplicationsBehind(bg, l.state, after, page)
				s.must(err)
				all = append(all, list...)
				if len(list) < page {
					break
				}
				after = list[page-1].SeenIn(l.state)
			}
			if len(all) != l.many || l.order != nil && !slices.IsSortedFunc(all, l.order) {
				t.Errorf("%q: %d applications: %v", l.state, len(all), all)
			}
			ids := map[ApplicationID]bool{}
			for _, a := range all {
				ids[a.ID] = true
			}
			if len(ids) != len(all) {
				t.Errorf("%q: %d of %d are told apart", l.state, len(ids), len(all))
			}
		}
	})
}
