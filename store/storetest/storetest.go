// Package storetest runs a test on every database that the product supports.
//
// What lives here: fresh databases for tests. What may not: a rule. Tests of store, jobs,
// registry and trial call it. Start reading at Each.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"blanko/store"
)

// DB opens one database of a test; opening it again after closing it is a restart.
type DB struct {
	// Open opens the database of the test, made empty on first use.
	Open func(t testing.TB) *store.Store
	// Clear opens it without the root key of [Sealed]: one that was never opened otherwise stands in clear.
	Clear func(t testing.TB) *store.Store
	// Clock is the time that its transactions see.
	Clock *Clock
}

// Clock is a clock that a test moves by hand. Safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time it was set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves it, also backward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Start is the time a test begins at.
var Start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// Sealed gives the root key of every database of this room: they hold personal data sealed, as in production.
var Sealed = sync.OnceValue(func() store.Option {
	root, err := store.NewRoot(bytes.Repeat([]byte("test"), store.RootSize/4))
	if err != nil {
		panic(err)
	}
	return store.WithRoots(root)
})

// sqliteTemplate is the file of a database with all tables and no rows that every test begins with.
var sqliteTemplate = sync.OnceValues(func() (text []byte, err error) {
	dir, err := os.MkdirTemp("", "template")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "blanko.db")
	s, err := store.Open(context.Background(), path, store.WithRelaxedDurability())
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // with the last connection its log goes into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// SQLite is a fresh SQLite database in a folder of the test.
func SQLite(t testing.TB) DB {
	t.Helper()
	empty, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "blanko.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	clock, plans := &Clock{now: Start}, plansOf(t, path)
	return opened(clock, func(opts ...store.Option) (*store.Store, error) {
		return store.Open(context.Background(), path, append(opts, store.WithClock(clock.Now), store.WithRelaxedDurability(), store.WithListener(plans.hear))...)
	})
}

// DatabaseVariable names the database of the tests that need any one: sqlite, also where it is empty, or postgres.
const DatabaseVariable = "BLANKO_DATABASE"

// Any is a fresh database of the kind that [DatabaseVariable] names.
func Any(t testing.TB) DB {
	t.Helper()
	if onServer(t) {
		return PostgreSQLOnce(t)
	}
	return SQLite(t)
}

// AnyURL is what a station is configured with to use such a database: the address of a fresh one on a server, or nothing,
// and it keeps a file of its own.
func AnyURL(t testing.TB) string {
	t.Helper()
	if onServer(t) {
		return PostgresURL(t)
	}
	return ""
}

func onServer(t testing.TB) bool {
	t.Helper()
	kind := os.Getenv(DatabaseVariable)
	if kind != "" && kind != "sqlite" && kind != "postgres" {
		t.Fatalf("%s: %q is neither sqlite nor postgres", DatabaseVariable, kind)
	}
	return kind == "postgres"
}

// opened makes a DB of what opens it.
func opened(clock *Clock, open func(...store.Option) (*store.Store, error)) DB {
	with := func(opts ...store.Option) func(testing.TB) *store.Store {
		return func(t testing.TB) *store.Store {
			t.Helper()
			s, err := open(opts...)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() }) // a test that restarts has closed it already
			return s
		}
	}
	return DB{Clock: clock, Open: with(Sealed()), Clear: with()}
}

// SoakVariable asks, set to anything, for the long form of tests that are shortened by default.
const SoakVariable = "BLANKO_SOAK"

// Soak reports whether the long form of the tests is asked for.
func Soak() bool { return os.Getenv(SoakVariable) != "" }

// Each runs test once per database. Where there is no PostgreSQL, its half is skipped. With the race
// detector it runs on SQLite alone, but for a soak: the Go code is the same on both, and what is
// different about PostgreSQL is shown without the detector. What many do at once runs on [Both].
func Each(t *testing.T, test func(t *testing.T, db DB)) {
	t.Helper()
	if raced && !Soak() {
		on(t, test, sqliteHalf)
		return
	}
	on(t, test, sqliteHalf, postgresHalf)
}

// Both is Each on both databases, also with the race detector.
func Both(t *testing.T, test func(t *testing.T, db DB)) {
	t.Helper()
	on(t, test, sqliteHalf, postgresHalf)
}

// half is one database of Each.
type half struct {
	name  string
	fresh func(testing.TB) DB
}

var (
	sqliteHalf   = half{"sqlite", SQLite}
	postgresHalf = half{"postgres", PostgreSQL}
)

func on(t *testing.T, test func(t *testing.T, db DB), halves ...half) {
	t.Helper()
	for _, d := range halves {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, d.fresh(t))
		})
	}
}
