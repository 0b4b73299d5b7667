package store

import (
	"context"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"blanko/fault"
)

// schema is every table, index and trigger with its text.
func schema(t *testing.T, s *Store) map[string]string {
	t.Helper()
	m := map[string]string{}
	if err := s.Read(context.Background(), func(tx *Tx) error {
		return tx.Each(func(scan func(...any) error) error {
			var name, text string
			err := scan(&name, &text)
			m[name] = text
			return err
		}, `select name, coalesce(sql, '') from sqlite_master where name not like 'sqlite_%'`)
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func opened(t *testing.T, path string, to int64) *Store {
	t.Helper()
	s, err := open(context.Background(), sqlite{path: path, relaxed: true}, settings{clock: time.Now, to: to})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tables is what a migration changes tables with; one without it changes data alone.
var tables = regexp.MustCompile(`(?im)^(create|alter|drop) `)

// A database of any older version becomes what a fresh one is: with the last migration that changes tables, and not before.
func TestMigrationsFromEveryVersion(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(sqliteMigrations, "migrations/sqlite/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	fresh := opened(t, filepath.Join(t.TempDir(), "fresh.db"), 0)
	defer fresh.Close()
	want := schema(t, fresh)
	last := 0
	for i, file := range files {
		text, err := fs.ReadFile(sqliteMigrations, file)
		if err != nil {
			t.Fatal(err)
		}
		if tables.Match(text) {
			last = i
		}
	}
	path := filepath.Join(t.TempDir(), "old.db")
	for i, file := range files { // each start brings the database of the version before one further
		v, err := goose.NumericComponent(file)
		if err != nil {
			t.Fatal(err)
		}
		s := opened(t, path, v)
		got := schema(t, s)
		if maps.Equal(got, want) != (i >= last) {
			t.Errorf("version %d: %v, want %v", v, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
		if err := s.Check(context.Background()); err != nil {
			t.Errorf("version %d: %v", v, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Every migration can be taken back.
func TestMigrationsDown(t *testing.T) {
	t.Parallel()
	s := opened(t, filepath.Join(t.TempDir(), "blanko.db"), 0)
	defer s.Close()
	name, files, err := s.dialect.migrations()
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(name, s.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	s.seals = false // its table is gone, too
	left := slices.Sorted(maps.Keys(schema(t, s)))
	if !slices.Equal(left, []string{"goose_db_version"}) {
		t.Errorf("left behind: %v", left)
	}
}

// A context that ends inside a transaction undoes it and is told as an interruption.
func TestInterruptedTransaction(t *testing.T) {
	t.Parallel()
	s := opened(t, filepath.Join(t.TempDir(), "blanko.db"), 0)
	defer s.Close()
	ctx, stop := context.WithCancel(context.Background())
	err := s.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`insert into lot (id, product, received_at) values ('A', 'ktp-el', 0)`); err != nil {
			return err
		}
		stop()
		<-ctx.Done()
		return nil
	})
	if err == nil {
		t.Fatal("committed after the context ended")
	}
	if code := fault.CodeOf(err); code != interrupted.Code {
		t.Errorf("got %v", err)
	}
	var n int
	if err := s.Read(context.Background(), func(tx *Tx) error {
		_, err := tx.Get([]any{&n}, `select count(*) from lot`)
		return err
	}); err != nil || n != 0 {
		t.Errorf("%d rows, %v", n, err)
	}
}
