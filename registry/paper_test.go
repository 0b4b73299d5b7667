package registry

import (
	"strings"
	"testing"

	"blanko/fault"
)

// A paper is issued once per content: the same again is a copy under its number, another replaces it, and what
// was filled before a change of its application is refused.
func TestPapersAreNumberedOnce(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(boss, officer, admin)
		s.do(center, delivery(record(1, 1)))
		app := appID(1)
		filled := func(digest string) IssuePaper {
			seen, err := s.r.PaperVersion(bg, app)
			s.must(err)
			return IssuePaper{Kind: PaperReceipt, Subject: string(app), Application: app, Seen: seen, Digest: strings.Repeat(digest, 64), Pages: 2}
		}
		old := filled("a")
		first, err := s.r.Do(bg, officer, old, "one")
		s.must(err)
		again, err := s.r.Do(bg, officer, old, "one")
		s.must(err)
		copied := s.do(officer, filled("a"))
		if first.Answer == "" || again.Answer != first.Answer || !again.Replayed || copied.Answer != first.Answer+"/1" {
			t.Errorf("%+v, again %+v, copy %+v", first, again, copied)
		}
		s.do(boss, Approve{app})
		s.refused(officer, old, "registry.changed")
		s.refused(admin, filled("b"), "registry.not_allowed")
		s.refused(officer, IssuePaper{Kind: PaperReceipt, Subject: "x", Digest: "a", Pages: 1}, "registry.bad_operation")
		second := s.do(officer, filled("b"))
		before, err := s.r.Paper(bg, first.Answer)
		s.must(err)
		now, err := s.r.Paper(bg, second.Answer)
		s.must(err)
		if before.State != PaperReplaced || before.Copies != 1 || now.State != PaperValid || now.Number == before.Number || now.Code == before.Code {
			t.Errorf("%+v\n%+v", before, now)
		}
		s.refused(officer, WithdrawPaper{now.Number, "misprint"}, "registry.not_allowed")
		s.do(boss, WithdrawPaper{now.Number, "misprint"})
		proved, err := s.r.PaperByCode(bg, strings.ToLower(now.Code))
		s.must(err)
		if proved.State != PaperWithdrawn || proved.Number != now.Number {
			t.Errorf("%+v", proved)
		}
		if _, err := s.r.PaperByCode(bg, "K00000000000"); fault.CodeOf(err) != "registry.bad_operation" {
			t.Errorf("a code that was misread: %v", err)
		}
	})
}
