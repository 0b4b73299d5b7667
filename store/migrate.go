package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"
)

// migrate brings the tables up to version to, or to the newest when to is 0. Two programs that start
// at once do it one after the other.
func migrate(ctx context.Context, d dialect, writer *sql.DB, to int64) (err error) {
	const op = "store.migrate"
	db, release, err := d.migrating(ctx, writer)
	if err != nil {
		return d.failed(op, err)
	}
	defer func() { err = errors.Join(err, release()) }()
	name, files, err := d.migrations()
	if err != nil {
		return migrationFailed.At(op, err)
	}
	p, err := goose.NewProvider(name, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return migrationFailed.At(op, err)
	}
	have, known, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return d.failed(op, err)
	case have > known:
		return readable(ctx, d, db, known)
	case to == 0:
		to = known
	}
	if have >= to {
		return nil
	}
	breaks, err := breaking(files, have)
	if err != nil {
		return migrationFailed.At(op, err)
	}
	return d.upgrading(ctx, breaks, func() error {
		if _, err := p.UpTo(ctx, to); err != nil {
			if unused(ctx, db) {
				return newLedgerFailed.At(op, err)
			}
			return migrationFailed.At(op, err)
		}
		return nil
	})
}

// rower is a database or a transaction.
type rower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// readable refuses tables that a newer program has changed so that this one must not work with them. What was only
// added to is worked with: stations of one version back go on while others are brought up to date.
func readable(ctx context.Context, d dialect, db rower, known int64) error {
	const op = "store.migrate"
	var since int64
	if err := db.QueryRowContext(ctx, `select since from readable`).Scan(&since); err != nil {
		return d.failed(op, err)
	}
	if since > known {
		return newerDatabase.At(op, nil).With("", "to be read from version %d on, this program knows %d", since, known)
	}
	return nil
}

// raises stands in a migration after which older programs must not work with the tables.
var raises = regexp.MustCompile(`(?i)update readable set since = (\d+)`)

// breaking tells whether a migration behind version have breaks older programs.
func breaking(files fs.FS, have int64) (bool, error) {
	names, err := fs.Glob(files, "*.sql")
	for _, name := range names {
		if v, err := goose.NumericComponent(name); err != nil {
			return false, err
		} else if v <= have {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return false, err
		}
		if raises.Match(text) {
			return true, nil
		}
	}
	return false, err
}

// unused reports whether nothing ever happened in a ledger: its log is empty, or not there yet.
func unused(ctx context.Context, db *sql.DB) bool {
	var events int
	err := db.QueryRowContext(context.WithoutCancel(ctx), `select count(*) from event`).Scan(&events)
	if err != nil {
		var tables int // as many as there are rows in goose's own table: the log is in the first of them
		err = db.QueryRowContext(context.WithoutCancel(ctx), `select count(*) from goose_db_version where version_id > 0`).Scan(&tables)
		return err == nil && tables == 0
	}
	return events == 0
}
