package store

import (
	"context"
	"database/sql"
	"errors"

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
		return newerDatabase.At(op, nil).With("", "database version %d, this program knows %d", have, known)
	case to == 0:
		to = known
	}
	if have >= to {
		return nil
	}
	return d.upgrading(ctx, func() error {
		if _, err := p.UpTo(ctx, to); err != nil {
			return migrationFailed.At(op, err)
		}
		return nil
	})
}
