package registry

import (
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/standard"
)

// short takes a standard with a quota of changed cards a day into use.
func (s *room) short(perDay string) {
	s.Helper()
	text := standard.File("sintang")
	text = strings.Replace(text, `version: "1"`, `version: "short-`+perDay+`"`, 1)
	text = strings.Replace(text, "shortage: {on: false, quotas: []}", "shortage: {on: true, quotas: [{id: \"day\", types: [\"data_change\"], perDay: "+perDay+"}]}", 1)
	s.do(admin, UseStandard{Content: text, Second: boss})
}

// approvedChange is an approved change of data, which no class exempts.
func (s *room) approvedChange(n int) {
	s.Helper()
	r := record(n, 1)
	r.Type = string(ktp.TypeDataChange)
	s.do(center, delivery(r))
	s.do(boss, Approve{appID(n)})
}

// While blanks are short the day's quota is kept; a mark of two persons goes past it; the next day
// begins anew.
func TestShortage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := 1; n <= 4; n++ {
			s.approvedChange(n)
		}
		s.do(admin, Queue{appID(1)})
		s.short("2")
		s.do(admin, Queue{appID(2)})
		s.refused(admin, Queue{appID(3)}, "registry.quota_used")
		s.state(3, Approved)
		mark := MarkOrder{Application: appID(3), Mark: MarkDisaster, Because: Because{Reason: "flood"}, Second: boss}
		alone, odd, mute := mark, mark, mark
		alone.Second, odd.Mark, mute.Reason = Actor{}, "friend", ""
		s.refuses([]refusal{
			{"without a second person", admin, alone, "registry.second_person_missing"},
			{"a mark that is none", admin, odd, "registry.bad_operation"},
			{"without a reason", admin, mute, "registry.bad_operation"},
			{"by the keeper of the store", keeper, mark, "registry.not_allowed"},
			{"when a line may have it already", admin, MarkOrder{Application: appID(1), Mark: MarkBacklog, Because: Because{Reason: "waits_long"}, Second: boss}, "registry.wrong_state"},
		})
		s.do(admin, mark)
		if p := s.app(3).Application.Priority; p < 7 { // that of the class disaster
			t.Errorf("priority %d", p)
		}
		if list, err := s.r.Marks(bg, appID(3)); err != nil || len(list) != 1 || list[0].Reason != "flood" || list[0].Second != boss.ID {
			t.Errorf("marks %+v, %v", list, err)
		}
		s.do(admin, Queue{appID(3)}) // exempt, and counts
		s.do(admin, CancelApplication{Application: appID(2), Because: Because{Reason: "applicant"}})
		s.refused(admin, Queue{appID(4)}, "registry.quota_used")
		s.db.Clock.Advance(24 * time.Hour)
		s.do(admin, Queue{appID(4)})
	})
}

// A mark of two persons outlives a newer version of the record, and a remake.
func TestMarkOutlivesANewerVersion(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.approvedChange(1)
		s.do(admin, MarkOrder{Application: appID(1), Mark: MarkDisaster, Because: Because{Reason: "flood"}, Second: boss})
		r := record(1, 2)
		r.Type = string(ktp.TypeDataChange)
		s.do(center, delivery(r))
		if p := s.app(1).Application.Priority; p != 7 {
			t.Errorf("priority %d after a newer version", p)
		}
		s.do(boss, Approve{appID(1)})
		s.do(admin, Queue{appID(1)})
		s.do(boss, moved(1, 0))
		chip := s.upTo(s.next(line1), jobs.Eject)
		s.do(officer, ReturnCard{appID(1), chip, Because{Reason: "damaged"}})
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss})
		s.do(admin, Remake{appID(1), Because{Reason: "damaged"}, boss2})
		if w := s.app(1).Order; w.Priority != 7 {
			t.Errorf("priority %d of the remake", w.Priority)
		}
	})
}

// Who holds a temporary certificate belongs to the backlog and comes before others of its type, whether it was issued
// before the order was given to the lines or after; one that has run out counts for nothing.
func TestCertificateHolderComesFirst(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := 1; n <= 5; n++ {
			s.approvedChange(n)
		}
		s.do(officer, IssueSuket{appID(2)})
		for n := 1; n <= 4; n++ {
			s.do(admin, Queue{appID(n)})
		}
		s.do(officer, IssueSuket{appID(4)})
		for _, n := range []int{2, 4, 1, 3} {
			if o := s.next(line1); o.Record.ID != string(appID(n)) {
				t.Errorf("%s has the place of %d", o.Record.ID, n)
			}
		}
		if got := s.app(4); got.Application.Priority != 6 || got.Order.Priority != 6 {
			t.Errorf("priority %d, of the order %d", got.Application.Priority, got.Order.Priority)
		}
		s.do(officer, IssueSuket{appID(5)})
		s.db.Clock.Advance(200 * day)
		r := record(5, 2)
		r.Type = string(ktp.TypeDataChange)
		s.do(center, delivery(r))
		if p := s.app(5).Application.Priority; p != r.Priority {
			t.Errorf("priority %d by a certificate that has run out", p)
		}
	})
}

// Two who queue at once do not pass the quota together.
func TestQuotaAtOnce(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.short("1")
		s.approvedChange(1)
		s.approvedChange(2)
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			all.Go(func() { _, errs[i] = s.r.Do(bg, admin, Queue{appID(i + 1)}, "at-once-"+string(appID(i+1))) })
		}
		all.Wait()
		refused := 0
		for _, err := range errs {
			if fault.Is(err, quotaUsed) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if refused != 1 {
			t.Errorf("%d refused: %v", refused, errs)
		}
	})
}
