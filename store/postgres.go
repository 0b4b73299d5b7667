package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/postgres/*.sql
var postgresMigrations embed.FS

// Postgres says where a PostgreSQL database is and who asks.
type Postgres struct {
	// URL names server, database and user: postgres://user@host:5432/database?sslmode=verify-full.
	// It holds no password.
	URL string
	// PasswordFile holds the password alone, on one line, and is read again for every connection, so
	// that it may change while the station runs. Empty: none is needed.
	PasswordFile string
}

// OpenPostgres opens a PostgreSQL database of this program alone (at least version 15, UTF-8,
// collation C) and brings its tables up to date; it has to exist. Several stations may have it open.
// A server that does not keep what it has committed is refused with store.wrong_server.
func OpenPostgres(ctx context.Context, p Postgres, opts ...Option) (*Store, error) {
	set := settingsOf(opts)
	cfg, err := p.config()
	if err != nil {
		return nil, err
	}
	return open(ctx, &postgres{cfg: cfg, passwordFile: p.PasswordFile, relaxed: set.relaxed}, set)
}

// maxPassword bounds a password file, in bytes.
const maxPassword = 1 << 10

// config reads the address. What is wrong with it is told without repeating it.
func (p Postgres) config() (*pgx.ConnConfig, error) {
	const op = "store.OpenPostgres"
	u, err := url.Parse(p.URL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, badAddress.At(op, nil).With("postgres", "an address such as postgres://blanko@host:5432/blanko?sslmode=verify-full is wanted")
	}
	if _, set := u.User.Password(); set || u.Query().Has("password") {
		return nil, badAddress.At(op, nil).With("postgres", "the password belongs into a file of its own, not into the address")
	}
	cfg, err := pgx.ParseConfig(p.URL)
	if err != nil {
		return nil, badAddress.At(op, nil).With("postgres", "not an address of a PostgreSQL database, or a certificate of it is not there")
	}
	cfg.ConnectTimeout = connectPatience
	cfg.DialFunc = dial
	if p.PasswordFile != "" {
		if _, err := readPassword(p.PasswordFile); err != nil {
			return nil, err
		}
	}
	cfg.Password = "" // whatever the environment says
	return cfg, nil
}

func readPassword(path string) (string, error) {
	const op = "store.OpenPostgres"
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", badAddress.At(op, err).With("password_file", "not readable")
	case !info.Mode().IsRegular() || info.Size() > maxPassword:
		return "", badAddress.At(op, nil).With("password_file", "a plain file of at most %d bytes is wanted", maxPassword)
	case info.Mode().Perm()&0o007 != 0:
		return "", badAddress.At(op, nil).With("password_file", "others may read it: its mode is %v", info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", badAddress.At(op, err).With("password_file", "not readable")
	}
	word := strings.TrimRight(string(text), "\r\n")
	if word == "" || strings.ContainsAny(word, "\r\n") {
		return "", badAddress.At(op, nil).With("password_file", "one line is wanted")
	}
	return word, nil
}

const (
	// writers of one station: lines, loops and pages. More of them would only be in each other's way
	// at the head of the event log.
	writers = 4
	// oldestServer is the first version that is tried: PostgreSQL 15.
	oldestServer = 150000
	// migrationLock is the key of the advisory lock under which tables are brought up to date.
	migrationLock = 0x424C414E4B4F // "BLANKO"
)

// Limits of what a station waits for, so that a server in trouble is told as such.
const (
	connectPatience   = 5 * time.Second
	statementPatience = 60 * time.Second
	// lockPatience ends the wait for a row that another transaction has changed. The write is undone
	// and begun again, which also frees two that wait for each other; the server by itself looks for
	// such after a second.
	lockPatience = 250 * time.Millisecond
	// idlePatience ends the transaction of a station that went away in the middle of it, with the
	// locks that others wait for.
	idlePatience = 20 * time.Second
)

// postgres is the dialect of several stations.
type postgres struct {
	cfg          *pgx.ConnConfig
	passwordFile string
	relaxed      bool
	uniques      map[string]string // names of unique indexes to their columns
	queries      rewritten
}

func millis(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }

func (d *postgres) open(conns int, params map[string]string) *sql.DB {
	cfg := d.cfg.Copy()
	for name, value := range map[string]string{
		"application_name": "blanko", "timezone": "UTC", "client_encoding": "UTF8", "search_path": "public",
		"statement_timeout": millis(statementPatience), "lock_timeout": millis(lockPatience),
		"idle_in_transaction_session_timeout": millis(idlePatience),
	} {
		cfg.RuntimeParams[name] = value
	}
	for name, value := range params {
		cfg.RuntimeParams[name] = value
	}
	db := stdlib.OpenDB(*cfg, stdlib.OptionBeforeConnect(d.withPassword))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// withPassword puts the word of the password file into a configuration.
func (d *postgres) withPassword(_ context.Context, c *pgx.ConnConfig) (err error) {
	if d.passwordFile != "" {
		c.Password, err = readPassword(d.passwordFile)
	}
	return err
}

func (d *postgres) writer() (*sql.DB, error) {
	sync := "on"
	if d.relaxed {
		sync = "off"
	}
	return d.open(writers, map[string]string{"synchronous_commit": sync}), nil
}

func (d *postgres) reader() (*sql.DB, error) {
	return d.open(readers, map[string]string{"default_transaction_read_only": "on"}), nil
}

func (*postgres) writing() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelSerializable}
}

func (*postgres) reading() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (*postgres) writersRace() bool { return true }

// verify asks the server for what promises rest on: what it has committed is on its disk, texts
// compare byte by byte as they do everywhere else, and it takes writes.
func (d *postgres) verify(ctx context.Context, db *sql.DB) error {
	const op = "store.Open"
	wrong := func(setting, format string, args ...any) error {
		return wrongServer.At(op, nil).With(setting, format, args...)
	}
	var version int
	var standby bool
	var encoding, collation, fsync, pages, commits string
	if err := db.QueryRowContext(ctx, `select current_setting('server_version_num')::int, pg_is_in_recovery(),
			pg_encoding_to_char(encoding), datcollate, current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')
		from pg_database where datname = current_database()`).
		Scan(&version, &standby, &encoding, &collation, &fsync, &pages, &commits); err != nil {
		return d.failed(op, err)
	}
	switch {
	case version < oldestServer:
		return wrong("server_version", "it is %d, at least %d is wanted", version/10000, oldestServer/10000)
	case standby:
		return wrong("server", "it is a standby, which takes no writes")
	case encoding != "UTF8":
		return wrong("encoding", "it is %s, UTF8 is wanted", encoding)
	case collation != "C" && collation != "POSIX" && collation != "C.UTF-8" && collation != "C.utf8":
		return wrong("collation", "it is %s, C is wanted: create database ... encoding 'UTF8' locale 'C' template template0", collation)
	case d.relaxed:
		return nil
	case fsync != "on":
		return wrong("fsync", "it is %s, on is wanted", fsync)
	case pages != "on":
		return wrong("full_page_writes", "it is %s, on is wanted", pages)
	case commits == "off":
		return wrong("synchronous_commit", "it is %s, on is wanted", commits)
	}
	return nil
}

// now is the clock of the server: that of a station may jump and steal no lease.
func (*postgres) now(ctx context.Context, tx *sql.Tx) (time.Time, error) {
	var micros int64
	err := tx.QueryRowContext(ctx, `select (extract(epoch from clock_timestamp()) * 1000000)::bigint`).Scan(&micros)
	return time.UnixMicro(micros), err
}

func (*postgres) migrations() (goose.Dialect, fs.FS, error) {
	files, err := fs.Sub(postgresMigrations, "migrations/postgres")
	return goose.DialectPostgres, files, err
}

// prepare leaves the making of a database to its administrator.
func (d *postgres) prepare(context.Context) error { return nil }

// upgrading brings no other process to the tables; see migrating. Stations that serve go on while tables are only
// added to, and are to be stopped before a change that would break them.
func (d *postgres) upgrading(ctx context.Context, breaks bool, upgrade func() error) (err error) {
	if !breaks {
		return upgrade()
	}
	db := d.open(1, nil)
	defer func() { err = errors.Join(err, db.Close()) }()
	var serving int
	if err := db.QueryRowContext(ctx, `select count(*) from pg_stat_activity where datname = current_database() and application_name like $1`, claimSession+"%").Scan(&serving); err != nil {
		return err
	}
	if serving > 0 {
		return stationsServe.At("store.migrate", nil).With("", "%d stations serve", serving)
	}
	return upgrade()
}

// migrating waits until no other station brings the tables up to date.
func (d *postgres) migrating(ctx context.Context, _ *sql.DB) (*sql.DB, func() error, error) {
	db := d.open(2, map[string]string{"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0"})
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	release := func() error { return errors.Join(conn.Close(), db.Close()) } // the lock ends with its session
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return nil, nil, errors.Join(err, release())
	}
	return db, release, nil
}

// opened learns which columns a unique index is about: its refusal names the index alone.
func (d *postgres) opened(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `select i.relname, string_agg(t.relname || '.' || a.attname, ', ' order by k.n)
		from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
			cross join lateral unnest(x.indkey) with ordinality as k (num, n)
			join pg_attribute a on a.attrelid = t.oid and a.attnum = k.num
		where x.indisunique and t.relnamespace = current_schema()::regnamespace group by i.relname`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err below
	d.uniques = map[string]string{}
	for rows.Next() {
		var index, columns string
		if err := rows.Scan(&index, &columns); err != nil {
			return err
		}
		d.uniques[index] = columns
	}
	return rows.Err()
}

func (d *postgres) text(query string) string { return d.queries.numbered(query) }

func (*postgres) skipLocked() string { return " for update skip locked" }
func (*postgres) forUpdate() string  { return " for update" }
func (*postgres) inOrder() string    { return "set local enable_sort = off" }
func (*postgres) by(string) string   { return "" }
func (*postgres) mark() string       { return `select pg_logical_emit_message(true, 'blanko', '')` }

// emptyLog removes the old versions of rows that were erased or changed, table by table.
func (*postgres) emptyLog(ctx context.Context, db *sql.DB) error {
	tables, err := names(ctx, db, `select quote_ident(relname) from pg_stat_user_tables
		where schemaname = current_schema() and n_dead_tup > 0 order by relname`)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := db.ExecContext(ctx, `vacuum (skip_locked) `+t); err != nil {
			return err
		}
	}
	return nil
}

// check reads every row, with what lies outside of it, and looks for references into nothing. Where
// the server has amcheck, it compares the indexes with their tables.
func (d *postgres) check(ctx context.Context, db *sql.DB) (found []string, err error) {
	tables, err := names(ctx, db, `select quote_ident(tablename) from pg_tables where schemaname = current_schema() order by tablename`)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		var length int64
		if err := db.QueryRowContext(ctx, `select coalesce(sum(length(t::text)), 0) from `+t+` t`).Scan(&length); err != nil {
			return nil, err
		}
	}
	orphans, err := names(ctx, db, `select format('select count(*) from %s a where (%s) is not null and not exists (select 1 from %s b where %s)',
			c.conrelid::regclass,
			string_agg(format('a.%I', f.attname), ', ' order by k.n),
			c.confrelid::regclass,
			string_agg(format('b.%I = a.%I', t.attname, f.attname), ' and ' order by k.n))
		from pg_constraint c
			cross join lateral unnest(c.conkey, c.confkey) with ordinality as k (here, there, n)
			join pg_attribute f on f.attrelid = c.conrelid and f.attnum = k.here
			join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.there
		where c.contype = 'f' and c.connamespace = current_schema()::regnamespace
		group by c.oid, c.conrelid, c.confrelid`)
	if err != nil {
		return nil, err
	}
	for _, q := range orphans {
		var n int64
		if err := db.QueryRowContext(ctx, q).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			return append(found, "rows refer to rows that do not exist"), nil
		}
	}
	checks, err := names(ctx, db, `select format('select %s.bt_index_check(%L::regclass, true)', n.nspname, i.oid::regclass)
		from pg_extension e join pg_namespace n on n.oid = e.extnamespace, pg_index x join pg_class i on i.oid = x.indexrelid
		where e.extname = 'amcheck' and i.relnamespace = current_schema()::regnamespace and x.indisvalid`)
	if err != nil {
		return nil, err
	}
	for _, q := range checks {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func names(ctx context.Context, db *sql.DB, query string) (list []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err below
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
