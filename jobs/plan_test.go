package jobs

import (
	"strings"
	"testing"

	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

// The first order of the queue is found by walking its index from the front, on either database and however many
// orders wait: nothing is sorted and no table is read through.
func TestTheQueueIsWalkedFromTheFront(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		for _, c := range []struct {
			orders         int
			profile, index string
		}{{10, "", "card_order_ready"}, {5_000, "", "card_order_ready"}, {5_000, ktp.ProfileCitizen, "card_order_profile"}, {5_000, ktp.ProfileForeign, "card_order_profile"}} {
			n, plan := c.orders, []string(nil)
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
				query, args := firstReady(tx, c.profile, tx.Now())
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
				}, explain+query+tx.SkipLocked(), args...)
			})
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ToLower(strings.Join(plan, "\n"))
			if !strings.Contains(text, c.index) || !strings.Contains(text, "attempt_successor") ||
				strings.Contains(text, "sort ") || strings.Contains(text, "temp b-tree") || strings.Contains(text, "seq scan on card_order") {
				t.Errorf("%d orders, %q:\n%s", n, c.profile, text)
			}
		}
	})
}
