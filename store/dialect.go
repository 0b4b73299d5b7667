package store

import (
	"context"
	"database/sql"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// dialect is all that differs between databases. Queries of the rooms are the same text for
// all: '?' for arguments, integers for times and truth values, partial unique indexes,
// "insert ... on conflict ... do update", "returning".
type dialect interface {
	// prepare makes the database where that is this program's to do, and refuses one that is not its own
	// before anything is written.
	prepare(ctx context.Context) error
	writer() (*sql.DB, error)
	reader() (*sql.DB, error)
	verify(ctx context.Context, writer *sql.DB) error // that the settings of the writer have taken effect
	writing() *sql.TxOptions
	reading() *sql.TxOptions
	now(ctx context.Context, tx *sql.Tx) (time.Time, error)
	migrations() (goose.Dialect, fs.FS, error)
	// migrating opens the database for migrations, alone until it is released.
	migrating(ctx context.Context, writer *sql.DB) (db *sql.DB, release func() error, err error)
	// upgrading calls upgrade, which changes tables, when nobody works with them whom that would break; breaks tells
	// whether it breaks programs that know no more than the tables that are there.
	upgrading(ctx context.Context, breaks bool, upgrade func() error) error
	// opened is called when the tables are up to date.
	opened(ctx context.Context, writer *sql.DB) error
	// listen lets ring be called at the commits of other processes from now on; changed tells them of
	// one here.
	listen(ctx context.Context, reader *sql.DB, ring func()) (changed func(), stop func(), err error)
	// claim takes a name among the processes that have the database open, and asks may, while nobody changes the
	// tables, whether it counts: every time that it takes it.
	claim(ctx context.Context, name string, may func(context.Context) error, lost func(why error)) (release func(), err error)
	text(query string) string // with the placeholders of the database
	skipLocked() string
	forUpdate() string
	inOrder() string        // a statement after which the transaction walks an index rather than sort; empty: there is none
	by(index string) string // behind the name of a table: the index to walk it by; empty where the database is not told
	mark() string           // a statement that writes to the log of the database alone; empty: there is none
	check(ctx context.Context, db *sql.DB) ([]string, error)
	emptyLog(ctx context.Context, writer *sql.DB) error
	copyTo(ctx context.Context, path string) error
	failed(op string, err error) error       // sorts an error of the driver into the faults of this room
	failedCommit(op string, err error) error // the same for a commit, which may have been done all the same
	lost(err error) bool                     // whether the connection is gone
	writersRace() bool                       // whether several write at once
}
