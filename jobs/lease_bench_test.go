package jobs_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

// filledQueue is a database with n orders that wait, of several priorities and due dates.
func filledQueue(b *testing.B, s *store.Store, n int) {
	b.Helper()
	in(b, s, func(tx *store.Tx) error {
		if err := jobs.DefineLine(tx, "l1", jobs.Inline, "s1"); err != nil {
			return err
		}
		_, err := tx.Exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
			insert into card_order (id, application, person, state, priority, due, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq)
			select 'o' || i, 'a' || i, cast('p' || i as `+blob(tx)+`), 'waiting', i % 10, i % 1000, case when i % 7 = 0 then 1 else 0 end, 0, 0, 0, '', '', 0, 0, 0, i from n`, n)
		return err
	})
	if err := s.EmptyLog(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// blob is the type of bytes in the database of a transaction.
func blob(tx *store.Tx) string {
	if tx.ForUpdate() == "" {
		return "blob"
	}
	return "bytea"
}

// BenchmarkLease takes the first order of a queue of 1,000 and of 100,000, commit included, and puts
// another one in its place. The medians and 99th percentiles are reported in microseconds.
func BenchmarkLease(b *testing.B) {
	for _, d := range []struct {
		name  string
		fresh func(testing.TB) storetest.DB
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.PostgreSQLOnce}} {
		for _, n := range []int{1_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", d.name, n), func(b *testing.B) {
				s := d.fresh(b).Open(b)
				filledQueue(b, s, n)
				var took []time.Duration
				for b.Loop() {
					var attempt ktp.AttemptID
					binary.BigEndian.PutUint64(attempt[:], uint64(len(took)+1))
					var w jobs.Wanted
					began := time.Now()
					in(b, s, func(tx *store.Tx) error {
						line, err := jobs.LineByID(tx, "l1")
						if err != nil {
							return err
						}
						var found bool
						w, _, found, err = jobs.Lease(tx, line, "", attempt, time.Minute, tx.Now())
						if err == nil && !found {
							err = context.Canceled
						}
						return err
					})
					took = append(took, time.Since(began))
					b.StopTimer()
					in(b, s, func(tx *store.Tx) error {
						if err := w.Release(tx, jobs.Closed); err != nil {
							return err
						}
						id := fmt.Sprintf("again-%d", len(took))
						return jobs.Want(tx, jobs.Wanted{ID: jobs.OrderID(id), Application: id, Person: []byte(id), Priority: w.Priority, Due: w.Due})
					})
					b.StartTimer()
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
			})
		}
	}
}
