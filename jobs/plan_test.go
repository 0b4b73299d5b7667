package jobs

import (
	"strings"
	"testing"

	"blanko/store"
	"blanko/store/storetest"
)

// The first order of the queue is found by walking its index from the front, on either database and however many
// orders wait: nothing is sorted and no table is read through.
func TestTheQueueIsWalkedFromTheFront(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		for _, n := range []int{10, 5_000} {
			var plan []string
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				blob, explain := "blob", `explain query plan `
				if tx.ForUpdate() != "" {
					blob, explain = "bytea", `explain `
				}
				if _, err := tx.Exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
					insert into card_order (id, application, person, state, priority, due, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq)
					select 'o' || i, 'a' || i, cast('p' || i as `+blob+`), 'waiting', i % 10, i % 1000, case when i % 7 = 0 then 1 else 0 end, 0, 0, 0, '', '', 0, 0, 0, i from n
					where i > (select count(*) from card_order)`, n); err != nil {
					return err
				}
				if err := tx.InOrder(); err != nil {
					return err
				}
				return tx.Each(func(scan func(...any) error) error {
					var line string
					if tx.ForUpdate() != "" {
						err := scan(&line)
						plan = append(plan, line)
						return err
					}
					var a, b, c int
					err := scan(&a, &b, &c, &line)
					plan = append(plan, line)
					return err
				}, explain+firstReady(tx)+tx.SkipLocked(), 0, 0)
			})
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ToLower(strings.Join(plan, "\n"))
			if !strings.Contains(text, "card_order_ready") || !strings.Contains(text, "attempt_successor") ||
				strings.Contains(text, "sort ") || strings.Contains(text, "temp b-tree") || strings.Contains(text, "seq scan on card_order") {
				t.Errorf("%d orders:\n%s", n, text)
			}
		}
	})
}
