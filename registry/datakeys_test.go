package registry

import (
	"slices"
	"testing"

	"blanko/store"
)

func ids(keys []store.DataKey) (out []int64) {
	for _, k := range keys {
		out = append(out, k.ID)
	}
	return out
}

// The data key is exchanged when it is old, under a register that works: everything reads as before, in the
// end one key is left, and a second look has nothing to do. All of it stands in the event log.
func TestDataKeyIsExchangedWhenOld(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		before, err := s.r.Record(bg, appID(1))
		s.must(err)
		if n, err := s.r.KeepSealed(bg, boss); err != nil || n != 0 {
			t.Fatalf("a young key: %d, %v", n, err)
		}
		s.db.Clock.Advance(DataKeyLife)
		s.do(center, delivery(record(2, 1)))
		n, err := s.r.KeepSealed(bg, boss)
		keys, wrong := s.r.DataKeys(bg)
		if err != nil || wrong != nil || n < 10 || !slices.Equal(ids(keys), []int64{2}) {
			t.Errorf("%d values, %v, keys %v, %v", n, err, ids(keys), wrong)
		}
		after, err := s.r.Record(bg, appID(1))
		s.must(err)
		if after.Person.NIK != before.Person.NIK || !slices.Equal(after.Portrait.Data, before.Portrait.Data) || after.Fingers[0].Finger != before.Fingers[0].Finger {
			t.Error("the record reads otherwise")
		}
		if n, err := s.r.KeepSealed(bg, boss); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
		var told []string
		s.must(s.r.store.Read(bg, func(tx *store.Tx) error {
			return tx.Each(func(scan func(...any) error) error {
				var code string
				err := scan(&code)
				told = append(told, code)
				return err
			}, `select code from event where code like 'data_key.%' order by id`)
		}))
		if !slices.Equal(told, []string{"data_key.made", "data_key.retired"}) {
			t.Errorf("the event log tells %v", told)
		}
	})
}

// Under tables that a newer program has brought up to date the data key is exchanged and the older one stays: a column
// that this program does not know may need it.
func TestDataKeysStayForANewerProgram(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		run := func(statement string) {
			t.Helper()
			s.must(s.r.store.Write(bg, func(tx *store.Tx) error { _, err := tx.Exec(statement); return err }))
		}
		is := func(what string, newer, resealed bool, want ...int64) {
			t.Helper()
			n, err := s.r.KeepSealed(bg, boss)
			s.must(err)
			keys, err := s.r.DataKeys(bg)
			s.must(err)
			told, err := s.r.NewerTables(bg)
			if err != nil || told != newer || (n > 0) != resealed || !slices.Equal(ids(keys), want) {
				t.Errorf("%s: newer %v, %d values, keys %v, %v", what, told, n, ids(keys), err)
			}
		}
		run(`insert into goose_db_version (version_id, is_applied) values (90000, true)`)
		s.db.Clock.Advance(DataKeyLife)
		is("under a newer program", true, false, 1, 2)
		run(`delete from goose_db_version where version_id = 90000`)
		is("under its own", false, true, 2)
	})
}
