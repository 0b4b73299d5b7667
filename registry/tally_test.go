package registry

import (
	"maps"
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/registry/stock"
	"blanko/store"
)

// The summary from the tally is what a count of every row gives.
func TestSummaryIsWhatIsThere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.produced(1, "")
		s.do(center, delivery(record(2, 1)))
		s.do(boss, Approve{appID(2)})
		s.do(admin, Queue{appID(2)})
		s.upTo(s.next(line1), jobs.Write)

		sum, err := s.r.Summary(bg)
		s.must(err)
		if want := map[State]int{Produced: 1, Producing: 1}; !maps.Equal(sum.Applications, want) {
			t.Errorf("applications %v, want %v", sum.Applications, want)
		}
		if want := map[jobs.State]int{jobs.Out: 1, jobs.Written: 1}; !maps.Equal(sum.Attempts, want) {
			t.Errorf("attempts %v, want %v", sum.Attempts, want)
		}
		if sum.Cards[CardMade] != 1 || sum.Made != 1 {
			t.Errorf("%d cards, %d made; want one of each", sum.Cards[CardMade], sum.Made)
		}
		s.must(s.store.Read(bg, func(tx *store.Tx) error {
			held, err := stock.Holdings(tx)
			if !slices.Equal(held, sum.Blanks) {
				t.Errorf("blanks %v, by the tally %v", held, sum.Blanks)
			}
			return err
		}))
	})
}

func TestMiscounts(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.produced(1, "")
		agree := func(want ...Miscount) {
			t.Helper()
			if got, err := s.r.Miscounts(bg); err != nil || !slices.Equal(got, want) {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		}
		agree()
		past := func(query string) {
			s.must(s.store.Write(bg, func(tx *store.Tx) error {
				_, err := tx.Exec(query)
				return err
			}))
		}
		past(`update tally set n = 7 where subject = 'card' and word = 'made'`)
		agree(Miscount{"card", "made", 7, 1})
		past(`delete from tally where subject = 'card'`)
		agree(Miscount{"card", "made", 0, 1})
		past(`insert into tally_change (subject, word, cause, match, day, n) select subject, word, cause, match, day, n from tally_counted where subject = 'card'`)
		agree()
	})
}
