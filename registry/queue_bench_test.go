package registry

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/store"
	"blanko/store/storetest"
)

// past runs statements past the operations, without the triggers of PostgreSQL, which would do for
// hundreds of thousands of rows what a count at the end does at once.
func past(tx *store.Tx, statements ...string) error {
	if tx.ForUpdate() != "" {
		statements = slices.Concat([]string{`set local session_replication_role = replica`}, statements)
	}
	statements = append(statements, `delete from tally`,
		`insert into tally (subject, word, cause, match, day, n) select subject, word, cause, match, day, n from tally_counted`)
	for _, q := range statements {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// analyzed is the store as a server keeps it: PostgreSQL counts its rows again now and then, SQLite
// never does here.
func (s *room) analyzed() {
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		if tx.ForUpdate() == "" {
			return nil
		}
		_, err := tx.Exec(`analyze`)
		return err
	}))
}

// queueOf is an office in which n orders wait, copies of one that went through the operations.
func queueOf(b *testing.B, db storetest.DB, n int) *room {
	b.Helper()
	db.Open = db.Clear // a sealed value is bound to its row: its copies would not open
	s := newRoom(b, db)
	s.do(center, delivery(record(1, 1)))
	s.do(boss, Approve{appID(1)})
	s.do(admin, Queue{appID(1)})
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		blob := "blob"
		if tx.ForUpdate() != "" {
			blob = "bytea"
		}
		numbers := `with recursive n (i) as (select 1 union all select i + 1 from n where i < ` + fmt.Sprint(n) + `) `
		person := `cast('q' || i as ` + blob + `)`
		return past(tx,
			numbers+`insert into application (`+applicationColumns+`) select 'q' || i, origin, type, state, since, cause, held, withdrawn, `+person+`, version, priority, due, received_at,
				received_by, approved_by, queued_by, matched_by, specimen, spoiled, warnings, ahead, kept_hold from application, n`,
			numbers+`insert into record (application, version, office, profile, delivery_office, valid_until, parent, person, fingers, exceptions, identity_key, identity, digest)
				select 'q' || i, version, office, profile, delivery_office, valid_until, parent, person, fingers, exceptions, identity_key, identity, digest from record, n`,
			numbers+`insert into record_part (application, name, mime, data) select 'q' || i, name, mime, data from record_part, n`,
			numbers+`insert into card_order (id, application, person, state, priority, due, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq)
				select 'q' || i, 'q' || i, `+person+`, state, i % 10, due + i % 97, held, needs_record, valid_until, fence, line, attempt, lease_until, pinned, created_at, seq + i from card_order, n`)
	}))
	s.must(s.store.EmptyLog(bg))
	s.analyzed()
	return s
}

// leased takes an order from the queue and puts it back behind the others of its priority, past the operations.
func (s *room) leased() time.Duration {
	began := time.Now()
	o := s.next(line1)
	took := time.Since(began)
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		if _, err := tx.Exec(`update card_order set state = 'waiting', attempt = '', lease_until = 0, due = due + 1000 where id = ?`, o.ID); err != nil {
			return err
		}
		_, err := tx.Exec(`update attempt set state = ?, ended = 1 where id = ?`, jobs.Void, o.Attempt.String())
		return err
	}))
	return took
}

// BenchmarkLease takes orders one by one from a queue of 1,000 and from one of 100,000, in turns.
func BenchmarkLease(b *testing.B) {
	const each = 900
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			queues := [2]*room{queueOf(b, d.fresh(b), smallOffice), queueOf(b, d.fresh(b), largeOffice)}
			for b.Loop() {
				var took [2][]time.Duration
				for range each {
					for i, s := range queues {
						took[i] = append(took[i], s.leased())
					}
				}
				for i := range took {
					slices.Sort(took[i])
				}
				for _, p := range []int{50, 99} {
					at := each * p / 100
					small, large := took[0][at], took[1][at]
					b.ReportMetric(float64(large.Microseconds()), fmt.Sprintf("p%d-us", p))
					b.ReportMetric(float64(large)/float64(small), fmt.Sprintf("p%d-ratio", p))
					b.Logf("p%d: %v of %d orders, %v of %d", p, small, smallOffice, large, largeOffice)
				}
			}
		})
	}
}
