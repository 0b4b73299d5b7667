package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

func write(t *testing.T, s *store.Store, query string, args ...any) error {
	t.Helper()
	return s.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

func count(t *testing.T, s *store.Store, query string, args ...any) (n int) {
	t.Helper()
	if err := s.Read(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Get([]any{&n}, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

const addLot = `insert into lot (id, product, received_at) values (?, 'ktp-el', 0)`

func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		boom := errors.New("boom")
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.Exec(addLot, "A"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("got %v", err)
		}
		if n := count(t, s, `select count(*) from lot`); n != 0 {
			t.Fatalf("%d rows after an error", n)
		}
		if err := s.DryRun(context.Background(), func(tx *store.Tx) error {
			n, err := tx.Exec(addLot, "A")
			if n != 1 {
				t.Errorf("the dry run touched %d rows", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `select count(*) from lot`); n != 0 {
			t.Fatalf("%d rows after a dry run", n)
		}
		if err := write(t, s, addLot, "A"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = db.Open(t)
		if n := count(t, s, `select count(*) from lot`); n != 1 {
			t.Fatalf("%d rows after a restart", n)
		}
		if err := s.Check(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		err := s.Read(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(addLot, "A")
			return err
		})
		if err == nil {
			t.Fatal("a read transaction wrote")
		}
	})
}

// A read by the context of a transaction sees what the transaction wrote, another read does not; a write by it is
// refused instead of waiting for itself.
func TestReadInside(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		lots := func(ctx context.Context) (n int) {
			if err := s.Read(ctx, func(tx *store.Tx) error {
				_, err := tx.Get([]any{&n}, `select count(*) from lot`)
				return err
			}); err != nil {
				t.Error(err)
			}
			return n
		}
		if err := s.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.Exec(addLot, "A"); err != nil {
				return err
			}
			if in, out := lots(tx.Inside()), lots(context.Background()); in != 1 || out != 0 {
				t.Errorf("%d inside, %d outside", in, out)
			}
			if err := s.Write(tx.Inside(), func(*store.Tx) error { return nil }); err == nil {
				t.Error("a write inside")
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFaultsOfTheDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		if err := write(t, s, addLot, "A"); err != nil {
			t.Fatal(err)
		}
		if name, ok := store.Taken(write(t, s, addLot, "A")); !ok || name != "lot.id" {
			t.Errorf("second lot: taken %q, %v", name, ok)
		}
		if err := write(t, s, `insert into stock_unread (lot, place, quantity, since) values ('A', 'store', -1, 0)`); !store.IsForbidden(err) {
			t.Errorf("negative quantity: %v", err)
		}
		if err := write(t, s, `insert into stock_unread (lot, place, quantity, since) values ('B', 'store', 1, 0)`); err == nil {
			t.Error("a lot that does not exist was referred to")
		}
		if err := write(t, s, `select nonsense`); fault.CodeOf(err) != "store.failed" {
			t.Errorf("nonsense: %v", err)
		}
		ctx, stop := context.WithCancel(context.Background())
		stop()
		if err := s.Write(ctx, func(*store.Tx) error { return nil }); fault.CodeOf(err) != "store.interrupted" || !errors.Is(err, context.Canceled) {
			t.Errorf("ended context: %v", err)
		}
	})
}

func TestNowIsOneTimePerTransaction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		if err := s.Write(context.Background(), func(tx *store.Tx) error {
			first := tx.Now()
			db.Clock.Advance(1)
			if !tx.Now().Equal(first) || !first.Equal(storetest.Start) {
				t.Errorf("%v then %v", first, tx.Now())
			}
			if got := store.Time(store.Micros(first)); got != first {
				t.Errorf("round trip gave %v", got)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !store.Time(0).IsZero() || store.Micros(store.Time(0)) != 0 {
			t.Error("no time is not zero")
		}
	})
}

func TestChangedRingsAfterCommitOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		rang := func(ch <-chan struct{}) bool {
			select {
			case <-ch:
				return true
			default:
				return false
			}
		}
		ch := s.Changed()
		_ = s.Write(context.Background(), func(*store.Tx) error { return errors.New("no") })
		_ = s.DryRun(context.Background(), func(*store.Tx) error { return nil })
		if rang(ch) {
			t.Fatal("rang without a commit")
		}
		if err := write(t, s, addLot, "A"); err != nil {
			t.Fatal(err)
		}
		if !rang(ch) || rang(s.Changed()) {
			t.Fatal("a commit rings once, for those who waited")
		}
	})
}

func TestSettingsOfTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?#%.db") // a name that a connection string must quote
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, file := range []string{path, path + "-wal"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", file, info.Mode())
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1", "recursive_triggers": "1"} {
		var got string
		if err := s.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Get([]any{&got}, "pragma "+pragma)
			return err
		}); err != nil || got != want {
			t.Errorf("%s: %q, %v", pragma, got, err)
		}
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`insert into goose_db_version (version_id, is_applied) values (99999, 1)`, `update readable set since = 99999`} {
		if err := write(t, s, q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(context.Background(), path); fault.CodeOf(err) != "store.newer_database" {
		t.Fatalf("got %v", err)
	}
}

func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, lot := range []string{"A", "B", "C"} {
		if err := write(t, s, addLot, lot); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	// A row that refers to a lot that is not there, put in behind the program.
	if _, err := raw.Exec(`insert into stock_unread (lot, place, quantity, since) values ('Z', 'store', 1, 0)`); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(context.Background()); fault.CodeOf(err) != "store.damaged" {
		t.Fatalf("got %v", err)
	}
}

func TestFaultsAreWhole(t *testing.T) {
	t.Parallel()
	for _, e := range store.Faults {
		if e.Code == "" || e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%q lacks a text or a step", e.Code)
		}
	}
}

// A transaction that reads the rows of one statement answers no other, on both databases: SQLite would
// begin the same statement anew.
func TestOneStatementAtATime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		err := s.Read(t.Context(), func(tx *store.Tx) error {
			var n int64
			return tx.Each(func(scan func(...any) error) error {
				_, err := tx.Get([]any{&n}, `select 1`)
				return err
			}, `select 1 union select 2`)
		})
		if fault.CodeOf(err) != "store.failed" {
			t.Errorf("a statement among the rows of another: %v", err)
		}
		err = s.Read(t.Context(), func(tx *store.Tx) error {
			for range 3 {
				var rows, n int64
				if err := tx.Each(func(scan func(...any) error) error { rows++; return scan(&n) }, `select 1 union select 2`); err != nil || rows != 2 || n != 2 {
					t.Errorf("%d rows, the last %d: %v", rows, n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
