package store

import (
	"io/fs"

	"github.com/pressly/goose/v3"
)

// newest is the version of the tables that this program knows.
func newest(d dialect) (version int64, err error) {
	_, files, err := d.migrations()
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(files, "*.sql")
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		version = max(version, v)
	}
	return version, err
}

// Newer reports whether a newer program has brought the tables up to date: they may have columns that this one does
// not know.
func (t *Tx) Newer() (bool, error) {
	known, err := newest(t.dialect)
	if err != nil {
		return false, migrationFailed.At("store.Newer", err)
	}
	var have int64
	_, err = t.Get([]any{&have}, `select coalesce(max(version_id), 0) from goose_db_version`)
	return have > known, err
}
