package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"blanko/fault"
)

func told(t *testing.T, c interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, pragma string,
) (v string) {
	t.Helper()
	if err := c.QueryRowContext(context.Background(), "pragma "+pragma).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Every connection has the settings, also one that takes the place of a broken one.
func TestSettingsOfEveryConnection(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "blanko.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for range readers { // all of the pool at once
		c, err := s.read.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if q, b, j := told(t, c, "query_only"), told(t, c, "busy_timeout"), told(t, c, "journal_mode"); q != "1" || b != busyMillis || j != "wal" {
			t.Errorf("a reader: query_only %s, busy_timeout %s, journal_mode %s", q, b, j)
		}
	}
	for range 3 {
		if err := s.dialect.verify(ctx, s.write); err != nil {
			t.Fatal(err)
		}
		c, err := s.write.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Raw(func(any) error { return fmt.Errorf("broken: %w", sql.ErrConnDone) })
		_ = c.Close()
		s.write.SetMaxIdleConns(0) // the next use opens a new connection
	}
}

// A database that keeps other settings than asked for is not worked with.
func TestSettingsNotTakenAreRefused(t *testing.T) {
	t.Parallel()
	d := sqlite{path: filepath.Join(t.TempDir(), "blanko.db")}
	if f, err := d.writer(); err != nil {
		t.Fatal(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := d.open(nil, 1) // as the driver leaves it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, p := range d.settings() {
		if told(t, db, p.name) == p.told {
			continue
		}
		if err := d.verify(context.Background(), db); fault.CodeOf(err) != "store.cannot_open" {
			t.Errorf("before %s: %v", p.name, err)
		}
		if _, err := db.Exec("pragma " + p.name + "=" + p.set); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.verify(context.Background(), db); err != nil {
		t.Error(err)
	}
}

// What may only be added to is not replaced either.
func TestAppendOnlyRowsAreNotReplaced(t *testing.T) {
	t.Parallel()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "blanko.db"), WithRelaxedDurability())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	run := func(query string) error {
		return s.Write(context.Background(), func(tx *Tx) error { _, err := tx.Exec(query); return err })
	}
	for _, q := range []string{
		`insert into lot (id, product, received_at) values ('A', 'ktp-el', 0)`,
		`insert into line (id, kind, wish, reason, wish_by, epoch, chip_faults, observed, observed_reason, observed_at) values ('L', 'inline', 'running', '', '', 0, 0, '', '', 0)`,
		`insert into card_order values ('O', 'R', x'00', 'waiting', 1, 0, 0, 0, 0, 0, '', '', 0, 0, 0, 1, 0)`,
		`insert into attempt values ('T', 'O', 'R', x'00', 'L', 'inline', 'open', null, 0, 0, 0, 0, '', '', 0, '', 0, 0)`,
	} {
		if err := run(q); err != nil {
			t.Fatal(err)
		}
	}
	for table, row := range map[string]string{
		"event":          `values (1, 0, 'a', 'b.c', '', '', '', '', '', '{}', x'00', x'01')`,
		"stock_movement": `values (1, 0, 'A', 0, 'supplier', 'store', 5, '', 'a', 'r')`,
		"journal":        `values (1, 'T', 'feed', 'intent', 1, 1, 'a', 0, '{}')`,
		"tombstone":      `values ('R', 1, 'died', 0)`,
	} {
		if err := run(`insert into ` + table + ` ` + row); err != nil {
			t.Fatal(err)
		}
		if err := run(`insert or replace into ` + table + ` ` + row); !IsAppendOnly(err) {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// What was erased is gone from every file of the database once its log is emptied.
func TestErasedIsGoneFromTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blanko.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	planted := bytes.Repeat([]byte("minutiae of a finger "), 30)
	run := func(query string, args ...any) {
		t.Helper()
		if err := s.Write(context.Background(), func(tx *Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	held := func() (where []string) {
		for _, file := range []string{path, path + "-wal"} {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, planted[:100]) {
				where = append(where, filepath.Ext(file))
			}
		}
		return where
	}
	run(`insert into secret (name, value) values ('planted', ?)`, planted)
	if len(held()) == 0 {
		t.Fatal("the search does not find what is there")
	}
	run(`delete from secret where name = 'planted'`)
	if err := s.EmptyLog(context.Background()); err != nil {
		t.Fatal(err)
	}
	if where := held(); len(where) > 0 {
		t.Errorf("erased, and still in %v", where)
	}
	run(`insert into secret (name, value) values ('after', x'00')`) // the log goes on
}
