package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

// busyMillis is how long a statement waits for a lock that another process holds.
const busyMillis = "5000"

// readers is the size of the read pool: the loops of a station and its open pages.
const readers = 8

// sqlite is the dialect of one station.
type sqlite struct {
	path    string
	relaxed bool
}

func (d sqlite) open(query url.Values, conns int) (*sql.DB, error) {
	path, err := filepath.Abs(d.path)
	if err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	connector, err := driver.NewConnector(dsn.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(remembering{connector})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// writer is the one connection that writes. secure_delete overwrites what is erased.
func (d sqlite) writer() (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}}
	for _, p := range d.settings() {
		query.Add("_pragma", p.name+"("+p.set+")")
	}
	return d.open(query, 1)
}

// setting is one pragma of the writer: as it is asked for, and as the database tells it.
type setting struct{ name, set, told string }

// settings: a commit is on disk when it returns, erased rows are overwritten, and triggers stand
// guard also where a row is replaced (without recursive_triggers "insert or replace" removes the
// old row behind the back of a delete trigger).
func (d sqlite) settings() []setting {
	sync := setting{"synchronous", "FULL", "2"}
	if d.relaxed {
		sync = setting{"synchronous", "OFF", "0"}
	}
	return []setting{
		{"busy_timeout", busyMillis, busyMillis},
		{"journal_mode", "WAL", "wal"},
		sync,
		{"foreign_keys", "1", "1"},
		{"secure_delete", "1", "1"},
		{"recursive_triggers", "1", "1"},
	}
}

// verify asks the database for its settings: a file system without shared memory, for one, keeps
// another journal without an error.
func (d sqlite) verify(ctx context.Context, db *sql.DB) error {
	const op = "store.Open"
	for _, p := range d.settings() {
		var told string
		if err := db.QueryRowContext(ctx, "pragma "+p.name).Scan(&told); err != nil {
			return d.failed(op, err)
		}
		if told != p.told {
			return cannotOpen.At(op, nil).With(p.name, "it is %s, %s is wanted", told, p.told)
		}
	}
	return nil
}

func (d sqlite) reader() (*sql.DB, error) {
	return d.open(url.Values{
		"_pragma": {"busy_timeout(" + busyMillis + ")", "query_only(1)"},
	}, readers)
}

func (sqlite) migrations() (goose.Dialect, fs.FS, error) {
	files, err := fs.Sub(sqliteMigrations, "migrations/sqlite")
	return goose.DialectSQLite3, files, err
}

func (sqlite) text(query string) string { return query }

// skipLocked and forUpdate are empty: there is one writer.
func (sqlite) skipLocked() string { return "" }
func (sqlite) forUpdate() string  { return "" }
func (sqlite) inOrder() string    { return "" }

func (sqlite) by(index string) string { return " indexed by " + index }

// mark is empty: what counts is the disk of this machine.
func (sqlite) mark() string { return "" }

func (sqlite) writing() *sql.TxOptions { return nil }
func (sqlite) reading() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

// now is the clock of the machine, which is that of the database.
func (sqlite) now(context.Context, *sql.Tx) (time.Time, error) { return time.Now(), nil }

// migrating has nobody to wait for but another program that opens the same file; each migration
// waits for the lock of the file.
func (sqlite) migrating(_ context.Context, db *sql.DB) (*sql.DB, func() error, error) {
	return db, func() error { return nil }, nil
}

// listen hears nobody: the lines of a station are in its own process.
func (sqlite) listen(context.Context, *sql.DB, func()) (changed, stop func(), err error) {
	return func() {}, func() {}, nil
}

// failedCommit: a commit that failed was undone.
func (d sqlite) failedCommit(op string, err error) error { return d.failed(op, err) }

func (sqlite) lost(error) bool   { return false }
func (sqlite) writersRace() bool { return false }

// emptyLog writes the write-ahead log into the database file and cuts it to nothing.
func (sqlite) emptyLog(ctx context.Context, db *sql.DB) error {
	var busy, frames, done int
	return db.QueryRowContext(ctx, "pragma wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done)
}

func (sqlite) check(ctx context.Context, db *sql.DB) ([]string, error) {
	var found []string
	rows, err := db.QueryContext(ctx, `pragma integrity_check`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err below
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		if line != "ok" {
			found = append(found, line)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var broken int
	if err := db.QueryRowContext(ctx, `select count(*) from pragma_foreign_key_check`).Scan(&broken); err != nil {
		return nil, err
	}
	if broken > 0 {
		found = append(found, "rows refer to rows that do not exist")
	}
	return found, nil
}

// Primary result codes of SQLite (sqlite.org/rescode.html).
const (
	codeBusy       = 5
	codeLocked     = 6
	codeReadOnly   = 8
	codeInterrupt  = 9
	codeIOError    = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCannotOpen = 14
	codeConstraint = 19
	codeNotADB     = 26

	codeUnique  = codeConstraint | 8<<8
	codePrimary = codeConstraint | 6<<8
	codeCheck   = codeConstraint | 1<<8
	codeTrigger = codeConstraint | 7<<8
)

func (sqlite) failed(op string, err error) error {
	var e *driver.Error
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return interrupted.At(op, err)
	}
	if !errors.As(err, &e) {
		return failed.At(op, err)
	}
	switch e.Code() {
	case codeUnique, codePrimary:
		return taken.At(op, err).With(uniqueName(e.Error()), "the value exists already")
	case codeCheck:
		return forbiddenValue.At(op, err)
	case codeTrigger:
		return appendOnly.At(op, err)
	}
	switch e.Code() & 0xFF {
	case codeBusy, codeLocked:
		return busy.At(op, err)
	case codeFull:
		return diskFull.At(op, err)
	case codeCorrupt, codeNotADB:
		return damaged.At(op, err)
	case codeCannotOpen, codeIOError, codeReadOnly:
		return cannotOpen.At(op, err)
	case codeInterrupt: // the context ended
		return interrupted.At(op, err)
	}
	return failed.At(op, err)
}

// uniqueName takes "table.column" out of "... UNIQUE constraint failed: table.column (2067)".
func uniqueName(msg string) string {
	_, name, ok := strings.Cut(msg, "constraint failed: ")
	if !ok {
		return ""
	}
	if _, rest, ok := strings.Cut(name, "constraint failed: "); ok {
		name = rest
	}
	name, _, _ = strings.Cut(name, " (")
	return name
}
