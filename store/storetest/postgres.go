package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"blanko/internal/rig"
	"blanko/store"
)

// template is the database with all tables and no rows that every test begins with.
const template = "template_blanko"

var (
	databases  atomic.Int64
	server     *sql.DB // of the shared server, for making databases
	serverOnce sync.Once
	serverErr  error
)

// prepare makes the template.
func prepare(p *rig.PostgreSQL) error {
	var err error
	if server, err = sql.Open("pgx", p.URL("postgres")); err != nil {
		return err
	}
	if _, err := server.Exec("create database " + template); err != nil {
		return err
	}
	s, err := store.OpenPostgres(context.Background(), store.Postgres{URL: p.URL(template)}, store.WithRelaxedDurability())
	if err != nil {
		return err
	}
	return s.Close()
}

// PostgreSQL is a fresh database on the server of this process. Its writes are each undone once and
// done again, as after a conflict with another station.
func PostgreSQL(t testing.TB) DB { return postgres(t, store.WithRedo()) }

// PostgreSQLOnce is PostgreSQL without doing writes twice: for what is measured, and what many do at
// once.
func PostgreSQLOnce(t testing.TB) DB { return postgres(t) }

func postgres(t testing.TB, opts ...store.Option) DB {
	t.Helper()
	return PostgresAt(PostgresURL(t), opts...)
}

// PostgresAt is the database at an address. What is opened from it several times is several stations.
func PostgresAt(url string, opts ...store.Option) DB {
	clock := &Clock{now: Start}
	opts = append(opts, store.WithClock(clock.Now), store.WithRelaxedDurability())
	return opened(clock, func(more ...store.Option) (*store.Store, error) {
		return store.OpenPostgres(context.Background(), store.Postgres{URL: url}, slices.Concat(opts, more)...)
	})
}

// PostgresURL is the address of a fresh database, with all tables, which ends with the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return postgresFrom(t, template)
}

// PostgresEmptyURL is the address of a database without a table, as an administrator makes one.
func PostgresEmptyURL(t testing.TB) string {
	t.Helper()
	return postgresFrom(t, "template0")
}

func postgresFrom(t testing.TB, template string) string {
	t.Helper()
	p := rig.Postgres(t)
	serverOnce.Do(func() { serverErr = prepare(p) })
	if serverErr != nil {
		t.Fatal(serverErr)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if _, err := server.Exec("create database " + name + " template " + template + " strategy file_copy"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := server.Exec("drop database " + name + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	return p.URL(name)
}
