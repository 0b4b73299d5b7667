package store

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// dialect is all that differs between databases. Queries of the rooms are the same text for
// all: '?' for arguments, integers for times and truth values, partial unique indexes,
// "insert ... on conflict ... do update", "returning".
type dialect interface {
	writer() (*sql.DB, error)
	reader() (*sql.DB, error)
	verify(ctx context.Context, writer *sql.DB) error // that the settings of the writer have taken effect
	migrations() (goose.Dialect, fs.FS, error)
	text(query string) string // with the placeholders of the database
	skipLocked() string
	check(ctx context.Context, db *sql.DB) ([]string, error)
	emptyLog(ctx context.Context, writer *sql.DB) error
	failed(op string, err error) error // sorts an error of the driver into the faults of this room
}
