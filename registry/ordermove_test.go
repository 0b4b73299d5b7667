package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
)

func moved(n, priority int) MoveOrder {
	return MoveOrder{appID(n), priority, Because{Reason: "urgent"}}
}

// A supervisor moves an order in the queue, also one that is held: it is made in its new place. Who came before others
// stands in the reports; what was put back does not, and neither does what stayed where it was.
func TestMoveInTheQueue(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 4 {
			s.queued(n + 1)
		}
		s.do(center, delivery(record(5, 1)))
		s.refuses([]refusal{
			{"by the administrator", admin, moved(3, 9), "registry.not_allowed"},
			{"without a reason", boss, MoveOrder{Application: appID(3), Priority: 9}, "registry.bad_operation"},
			{"above the highest", boss, moved(3, 10), "registry.bad_operation"},
			{"below the lowest", boss, moved(3, -1), "registry.bad_operation"},
			{"that is not in the queue", boss, moved(5, 9), "registry.wrong_state"},
			{"that nobody knows", boss, moved(9, 9), "registry.application_unknown"},
		})
		s.do(boss, moved(3, 9))
		s.do(admin, checked(4))
		s.do(boss, moved(4, 9)) // held, and keeps its new place
		s.do(boss, moved(1, 0))
		if res := s.do(boss, moved(3, 9)); res.Answer != AnswerUnchanged || len(res.Events) != 0 {
			t.Errorf("where it was already: %+v", res)
		}
		s.do(admin, ReleaseApplication{appID(4)})
		list, err := s.r.Orders(bg, jobs.Waiting, 10)
		s.must(err)
		var order []string
		for _, w := range list {
			order = append(order, w.Application)
		}
		if want := []string{"req-3", "req-4", "req-2", "req-1"}; !slices.Equal(order, want) {
			t.Errorf("the queue is %v, want %v", order, want)
		}
		fed := s.next(line1)
		if fed.Record.ID != "req-3" {
			t.Errorf("%s is made", fed.Record.ID)
		}
		s.must(s.intend(fed, jobs.Feed, jobs.Evidence{}))
		s.refused(boss, moved(3, 1), "registry.wrong_state")

		now := s.db.Clock.Now()
		jumps, err := s.r.QueueJumps(bg, JumpFilter{From: now.Add(-time.Hour), To: now.Add(time.Hour), Limit: 10})
		s.must(err)
		if len(jumps) != 3 || jumps[0].Queue != queuePrint || jumps[0].Application != appID(3) || jumps[0].Actor != boss.ID || jumps[0].Reason != "urgent" || jumps[1].Application != appID(4) ||
			jumps[2].Application != appID(1) { // lowered, so that others came before it
			t.Errorf("jumps %+v", jumps)
		}
		m, err := s.r.Report(bg, ReportFilter{Month: "2026-11"})
		s.must(err)
		if !slices.Contains(m.Exceptions, ExceptionCount{boss.ID, exceptionMove, "urgent", 3}) || len(m.Exceptions) != 1 {
			t.Errorf("exceptions %+v", m.Exceptions)
		}
	})
}
