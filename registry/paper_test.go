package registry

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
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
		s.refused(officer, WithdrawPaper{now.Number, Because{Reason: "misprint"}}, "registry.not_allowed")
		s.do(boss, WithdrawPaper{now.Number, Because{Reason: "misprint"}})
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

// The papers of a kind and year are numbered without a gap, whichever of several stations issues them at once; a
// refused one takes no number, and none is given again when its row is gone.
func TestNumbersOfPapers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := newRoom(t, db, func(c *Config) { c.Rand = nil })
		s.employ(officer, keeper)
		const each = 5
		wish := func(kind PaperKind, station, n int) IssuePaper {
			return IssuePaper{Kind: kind, Subject: fmt.Sprintf("%d-%d", station, n), Digest: strings.Repeat("a", 64), Pages: 1}
		}
		var all sync.WaitGroup
		numbers := make([][]string, 2)
		for station := range numbers {
			r := New(db.Open(t), s.cfg, nil)
			all.Go(func() {
				for n := range each {
					res, err := r.Do(bg, officer, wish(PaperDailyBook, station, n), fmt.Sprintf("book-%d-%d", station, n))
					if err != nil {
						t.Errorf("station %d: %v", station, err)
						return
					}
					numbers[station] = append(numbers[station], res.Answer)
				}
			})
		}
		all.Wait()
		got := slices.Sorted(slices.Values(slices.Concat(numbers...)))
		for n, number := range got {
			if want := fmt.Sprintf("BH-2026-%06d", n+1); number != want || len(got) != 2*each {
				t.Fatalf("numbers %v", got)
			}
		}
		s.refused(officer, IssuePaper{Kind: PaperDailyBook, Subject: "x", Digest: strings.Repeat("a", 64)}, "registry.bad_operation")
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(`delete from paper`)
			return err
		}))
		if res := s.do(officer, wish(PaperDailyBook, 0, 0)); res.Answer != fmt.Sprintf("BH-2026-%06d", 2*each+1) {
			t.Errorf("numbered %s", res.Answer)
		}
		if res := s.do(keeper, wish(PaperShift, 0, 0)); res.Answer != "LS-2026-000001" {
			t.Errorf("another kind is numbered %s", res.Answer)
		}
	})
}
