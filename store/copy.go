package store

import (
	"context"
	"errors"
	"net/url"
	"os"
)

// Copy writes the whole database, as it is at one instant, into a new file of its own, while others read
// and write; the file must not be there yet, and none is left behind when it fails. A ledger on a database
// server is refused with store.copied_by_server: the server has means for it that see every station.
func (s *Store) Copy(ctx context.Context, path string) error { return s.dialect.copyTo(ctx, path) }

func (d sqlite) copyTo(ctx context.Context, path string) (err error) {
	const op = "store.Copy"
	// Made here first, so that nobody but the owner may read it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return cannotOpen.At(op, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := f.Close(); err != nil {
		return cannotOpen.At(op, err)
	}
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

func (*postgres) copyTo(context.Context, string) error { return copiedByServer.At("store.Copy", nil) }
