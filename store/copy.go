package store

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
)

// Copy writes the whole database, as it is at one instant, into a new SQLite file of its own, while others
// read and write; the file must not be there yet, and none is left behind when it fails. Also of a ledger on
// a server the copy is a ledger in a file, of the same tables and rows: it opens by itself, and is put
// back into a file or, by [FillPostgres], into a server.
func (s *Store) Copy(ctx context.Context, path string) (err error) {
	// Made here first, so that nobody but the owner may read it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return cannotOpen.At("store.Copy", err)
	}
	defer func() {
		if err != nil {
			if rerr := os.Remove(path); !errors.Is(rerr, fs.ErrNotExist) {
				err = errors.Join(err, rerr)
			}
		}
	}()
	if err := f.Close(); err != nil {
		return cannotOpen.At("store.Copy", err)
	}
	return s.dialect.copyTo(ctx, path)
}

func (d sqlite) copyTo(ctx context.Context, path string) (err error) {
	const op = "store.Copy"
	db, err := d.open(url.Values{"_pragma": {"busy_timeout(" + busyMillis + ")"}}, 1)
	if err != nil {
		return cannotOpen.At(op, err)
	}
	defer db.Close() //nolint:errcheck // it has only read
	if _, err := db.ExecContext(ctx, `vacuum into ?`, path); err != nil {
		return d.failed(op, err)
	}
	return nil
}
