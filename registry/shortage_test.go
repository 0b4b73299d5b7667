package registry

import (
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/fault"
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
