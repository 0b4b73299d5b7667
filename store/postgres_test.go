package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pressly/goose/v3"

	"blanko/fault"
	"blanko/internal/rig"
)

func TestNumbered(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`select a from b where c = ? and d in (?, ?)`: `select a from b where c = $1 and d in ($2, $3)`,
		`select '?' , "?", 'it''s ?' where a = ?`:     `select '?' , "?", 'it''s ?' where a = $1`,
		"select a -- why?\nfrom b where c = ?":        "select a -- why?\nfrom b where c = $1",
		`select a where b = ? -- the end?`:            `select a where b = $1 -- the end?`,
		`select a - b where c - ? > -1`:               `select a - b where c - $1 > -1`,
		`select 'not closed ?`:                        `select 'not closed $1`,
		``:                                            ``,
		strings.Repeat("?,", 11):                      "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,",
	} {
		var r rewritten
		for range 2 {
			if got := r.numbered(query); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
	}
}

// An address that says too much or too little is refused before anybody is asked, and not repeated.
func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	file := func(text string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "password")
		if err := errors.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const good = "postgres://blanko@127.0.0.1:1/blanko"
	for name, c := range map[string]struct {
		p     Postgres
		field string
	}{
		"password in the address": {Postgres{URL: "postgres://blanko:geheim@127.0.0.1/blanko"}, "postgres"},
		"password as a setting":   {Postgres{URL: good + "?password=geheim"}, "postgres"},
		"no address":              {Postgres{URL: "geheim"}, "postgres"},
		"another database":        {Postgres{URL: "mysql://geheim@127.0.0.1/blanko"}, "postgres"},
		"not to be read":          {Postgres{URL: "postgres://geheim%zz@127.0.0.1/blanko"}, "postgres"},
		"wrong setting":           {Postgres{URL: good + "?sslmode=geheim"}, "postgres"},
		"no file":                 {Postgres{URL: good, PasswordFile: "/nowhere/password"}, "password_file"},
		"a file for everybody":    {Postgres{URL: good, PasswordFile: file("geheim\n", 0o644)}, "password_file"},
		"an empty file":           {Postgres{URL: good, PasswordFile: file("\n", 0o600)}, "password_file"},
		"a file of two lines":     {Postgres{URL: good, PasswordFile: file("geheim\ngeheim", 0o600)}, "password_file"},
		"a folder":                {Postgres{URL: good, PasswordFile: t.TempDir()}, "password_file"},
		"a very long file":        {Postgres{URL: good, PasswordFile: file(strings.Repeat("geheim", 1000), 0o600)}, "password_file"},
	} {
		s, err := OpenPostgres(t.Context(), c.p)
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != badAddress.Code || e.Field != c.field || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
		if s != nil {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := OpenPostgres(t.Context(), Postgres{URL: good, PasswordFile: file("geheim\n", 0o600)}); !fault.Is(err, unreachable) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("nobody listens: %v", err)
	}
}

// ownServer is a server of the test alone with an empty database.
func ownServer(t *testing.T, settings ...string) (*rig.PostgreSQL, Postgres) {
	t.Helper()
	p := rig.OwnPostgres(t, settings...)
	runAt(t, p.URL("postgres"), "create database blanko")
	return p, Postgres{URL: p.URL("blanko")}
}

var fresh atomic.Int64

// freshDatabase is an empty database on the server that the tests share.
func freshDatabase(t *testing.T) Postgres {
	t.Helper()
	p := rig.Postgres(t)
	name := fmt.Sprintf("fresh_%d", fresh.Add(1))
	runAt(t, p.URL("postgres"), "create database "+name)
	return Postgres{URL: p.URL(name)}
}

func runAt(t *testing.T, address string, statements ...string) {
	t.Helper()
	cfg, err := Postgres{URL: address}.config()
	if err != nil {
		t.Fatal(err)
	}
	db := (&postgres{cfg: cfg}).open(1, nil)
	defer db.Close()
	for _, q := range statements {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// A server that forgets what it has committed, or compares texts in its own way, is not worked with.
func TestServersThatAreRefused(t *testing.T) {
	t.Parallel()
	p, blanko := ownServer(t, "full_page_writes=off")
	refused := func(setting string) {
		t.Helper()
		s, err := OpenPostgres(t.Context(), blanko)
		if err == nil {
			_ = s.Close()
		}
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != wrongServer.Code || e.Field != setting {
			t.Errorf("%s: %v", setting, err)
		}
	}
	refused("full_page_writes")
	runAt(t, p.URL("postgres"), `alter system set fsync = off`, `select pg_reload_conf()`)
	runAt(t, p.URL("postgres"), `drop database blanko`) // a new connection knows the new setting
	runAt(t, p.URL("postgres"), `create database blanko`)
	refused("fsync")
	runAt(t, p.URL("postgres"), `drop database blanko`, `create database blanko encoding 'LATIN1' locale 'C' template template0`)
	refused("encoding")
	if s, err := OpenPostgres(t.Context(), blanko, WithRelaxedDurability()); !fault.Is(err, wrongServer) {
		t.Errorf("a test with LATIN1: %v, %v", s, err)
	}
}

// A station does not take what the server's own default says of commits.
func TestCommitsAreFlushedWhateverTheServerSays(t *testing.T) {
	t.Parallel()
	_, blanko := ownServer(t, "synchronous_commit=off")
	s, err := OpenPostgres(t.Context(), blanko)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var got string
	if err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Get([]any{&got}, `show synchronous_commit`)
		return err
	}); err != nil || got != "on" {
		t.Errorf("%s, %v", got, err)
	}
}

// Stations that start at once bring the tables up to date once; from every version, and back again.
func TestMigrationsOfPostgres(t *testing.T) {
	t.Parallel()
	blanko := freshDatabase(t)
	files, err := fs.Glob(postgresMigrations, "migrations/postgres/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	known, err := fs.Glob(sqliteMigrations, "migrations/sqlite/*.sql")
	if err != nil || len(known) != len(files) {
		t.Fatalf("%d files for one database, %d for the other", len(files), len(known))
	}
	for i := range files {
		if filepath.Base(files[i]) != filepath.Base(known[i]) {
			t.Errorf("%s and %s", files[i], known[i])
		}
	}
	const stations = 4
	var all sync.WaitGroup
	opened := make([]*Store, stations)
	for i := range stations {
		all.Go(func() {
			var err error
			if opened[i], err = OpenPostgres(t.Context(), blanko, WithRelaxedDurability()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	for _, s := range opened {
		defer s.Close()
	}
	if err := opened[0].Check(t.Context()); err != nil {
		t.Error(err)
	}
	d := opened[0].dialect
	name, tables, err := d.migrations()
	if err != nil {
		t.Fatal(err)
	}
	goosed, err := goose.NewProvider(name, opened[0].write, tables, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []func() error{
		func() error { _, err := goosed.DownTo(t.Context(), 0); return err },
		func() error { return migrate(t.Context(), d, opened[0].write, 1) },
		func() error { return migrate(t.Context(), d, opened[1].write, 0) },
		func() error { _, err := goosed.DownTo(t.Context(), 0); return err },
	} {
		if err := m(); err != nil {
			t.Fatal(err)
		}
	}
	left, err := names(t.Context(), opened[0].write, `select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
		union all select proname from pg_proc where pronamespace = current_schema()::regnamespace`)
	if err != nil || strings.Join(left, " ") != "goose_db_version" {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What the database says of a refused row is told without the row.
func TestValuesAreNotTold(t *testing.T) {
	t.Parallel()
	blanko := freshDatabase(t)
	s, err := OpenPostgres(t.Context(), blanko, WithRelaxedDurability())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const secret = "SUSANTO"
	for name, c := range map[string]struct {
		query string
		code  fault.Code
	}{
		"taken":          {`insert into lot (id, product, received_at) values ('SUSANTO', '', 0), ('SUSANTO', '', 0)`, "store.taken"},
		"forbidden":      {`insert into stock_unread (lot, place, quantity, since) values ('SUSANTO', 'store', -1, 0)`, "store.forbidden_value"},
		"reference":      {`insert into stock_unread (lot, place, quantity, since) values ('SUSANTO', 'store', 1, 0)`, "store.failed"},
		"nothing":        {`insert into lot (id, product, received_at) values ('SUSANTO', null, 0)`, "store.failed"},
		"not a number":   {`select 'SUSANTO'::bigint`, "store.failed"},
		"out of range":   {`select (9223372036854775807 + length('SUSANTO')::bigint)`, "store.forbidden_value"},
		"raised by hand": {`do $$ begin raise exception using message = 'kept', detail = 'SUSANTO', errcode = 'BLK01'; end $$`, "store.append_only"},
	} {
		err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.Exec(c.query); return err })
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(strings.ToUpper(e.Error()), secret) {
				t.Errorf("%s: %v", name, e)
			}
		}
	}
	err = s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(`insert into stock_unread (lot, place, quantity, since) values ('A', 'x', 0, 0), ('A', 'x', 0, 0)`)
		return err
	})
	if name, ok := Taken(err); !ok || name != "stock_unread.lot, stock_unread.place" {
		t.Errorf("taken %q, %v", name, err)
	}
}

// The time of a transaction is the server's, whatever the clock of the station says.
func TestNowIsTheServers(t *testing.T) {
	t.Parallel()
	blanko := freshDatabase(t)
	s, err := OpenPostgres(t.Context(), blanko, WithRelaxedDurability())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(t.Context(), func(tx *Tx) error {
		var began, now int64
		_, err := tx.Get([]any{&began, &now}, `select (extract(epoch from transaction_timestamp()) * 1000000)::bigint, (extract(epoch from clock_timestamp()) * 1000000)::bigint`)
		if at := Micros(tx.Now()); at < began || at > now {
			t.Errorf("%d is not between %d and %d", at, began, now)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
