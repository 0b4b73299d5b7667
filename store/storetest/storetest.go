// Package storetest runs a test on every database that the product supports.
//
// What lives here: fresh databases for tests. What may not: a rule. Tests of store, jobs,
// registry and trial call it. Start reading at Each.
package storetest

import (
	"context"
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

// SQLite is a fresh SQLite database in a folder of the test.
func SQLite(t testing.TB) DB {
	path := filepath.Join(t.TempDir(), "blanko.db")
	clock := &Clock{now: Start}
	return DB{Clock: clock, Open: func(t testing.TB) *store.Store {
		t.Helper()
		s, err := store.Open(context.Background(), path, store.WithClock(clock.Now), store.WithRelaxedDurability())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() }) // a test that restarts has closed it already
		return s
	}}
}

// Each runs test once per database. Where there is no PostgreSQL, its half is skipped.
func Each(t *testing.T, test func(t *testing.T, db DB)) {
	t.Helper()
	for _, d := range []struct {
		name  string
		fresh func(testing.TB) DB
	}{{"sqlite", SQLite}, {"postgres", PostgreSQL}} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, d.fresh(t))
		})
	}
}
