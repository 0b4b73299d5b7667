package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

// addLong adds a lot that fills most of a page.
func addLong(t *testing.T, s *store.Store, n int) error {
	t.Helper()
	return write(t, s, addLot, fmt.Sprintf("%d %s", n, strings.Repeat("x", 3000)))
}

// fillUp adds lots until there is no room for another, and looks that all of them are there and nothing of what was
// refused: neither the last one, nor the one of a write of two that had room.
func fillUp(t *testing.T, s *store.Store) (lots int) {
	t.Helper()
	had := count(t, s, `select count(*) from lot`)
	var err error
	for err == nil {
		if lots > 20000 {
			t.Fatal("never full")
		}
		if err = addLong(t, s, had+lots); err == nil {
			lots++
		}
	}
	if fault.CodeOf(err) != "store.disk_full" || fault.KindOf(err) != fault.Transient {
		t.Errorf("without room: %v", err)
	}
	err = s.Write(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(addLot, "small"); err != nil {
			return err
		}
		_, err := tx.Exec(addLot, strings.Repeat("large", 1<<18))
		return err
	})
	if fault.CodeOf(err) != "store.disk_full" {
		t.Errorf("a write of two: %v", err)
	}
	if n := count(t, s, `select count(*) from lot`); n != had+lots {
		t.Errorf("%d lots of %d", n, had+lots)
	}
	return had + lots
}

// A database that may not grow (SQLITE_FULL) says that the disk is full, loses nothing and keeps nothing of what it
// refused; when it may, the same store goes on.
func TestDatabaseThatIsFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := store.Open(t.Context(), path, store.WithRelaxedDurability())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	grow := func(pages int) {
		t.Helper()
		var most int
		if err := s.Write(t.Context(), func(tx *store.Tx) error { // of the one connection that writes
			_, err := tx.Get([]any{&most}, fmt.Sprintf(`pragma max_page_count = %d`, pages))
			return err
		}); err != nil || most < pages {
			t.Fatalf("%d pages, %v", most, err)
		}
	}
	grow(1) // no more than it has
	lots := fillUp(t, s)
	grow(1 << 20)
	if err := addLong(t, s, lots); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if n := count(t, s, `select count(*) from lot`); n != lots+1 {
		t.Errorf("%d lots of %d", n, lots+1)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A server whose disk is full (SQLSTATE 53100) is told of in the same words; nothing of the write is kept.
func TestServerWhoseDiskIsFull(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQLOnce(t).Open(t)
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec(addLot, "A"); err != nil {
			return err
		}
		_, err := tx.Exec(`do $$ begin raise sqlstate '53100'; end $$`)
		return err
	})
	if fault.CodeOf(err) != "store.disk_full" || fault.KindOf(err) != fault.Transient {
		t.Errorf("%v", err)
	}
	if n := count(t, s, `select count(*) from lot`); n != 0 {
		t.Errorf("%d lots", n)
	}
	if err := write(t, s, addLot, "A"); err != nil {
		t.Error(err)
	}
}

// What is no text to PostgreSQL is the asker's slip and no defect; nothing of the write is kept.
func TestTextWithAZeroByte(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQLOnce(t).Open(t)
	for _, text := range []string{"A\x00", "A\xff"} {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Exec(addLot, "B"); err != nil {
				return err
			}
			_, err := tx.Exec(addLot, text)
			return err
		})
		if fault.CodeOf(err) != "store.no_text" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
	if n := count(t, s, `select count(*) from lot`); n != 0 {
		t.Errorf("%d lots", n)
	}
}
