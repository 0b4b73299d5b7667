package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// applicationID marks a SQLite file as a ledger of this program: "BLNK" (sqlite.org/pragma.html,
// application_id).
const applicationID = 0x424C4E4B

// Header of a SQLite file (sqlite.org/fileformat2.html, 1.3).
const (
	headerSize    = 100
	headerMagic   = "SQLite format 3\x00"
	applicationAt = 68 // 4 bytes, most significant first
)

// prepare makes the file where there is none, and refuses one that is no ledger before anything is
// written to it.
//
// A new file is made beside its place, with the mark, and only then gets its name. So an empty file at
// that place is never one that a crash left of this program: it is a mount that is missing, a disk that
// lost its content, or somebody's slip, and a fresh ledger in it would hide that. So would one beside the
// log of another.
func (d sqlite) prepare(ctx context.Context) error {
	const op = "store.Open"
	header := make([]byte, headerSize)
	f, err := os.Open(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return d.create(ctx)
	}
	if err != nil {
		return cannotOpen.At(op, err)
	}
	n, err := io.ReadFull(f, header)
	if cerr := f.Close(); cerr != nil {
		return cannotOpen.At(op, cerr)
	}
	refused := func(reason string, args ...any) error {
		return notALedger.At(op, nil).With("data", reason, args...)
	}
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return refused("%s is empty", d.path)
	case n < headerSize && !errors.Is(err, io.ErrUnexpectedEOF) && err != nil:
		return cannotOpen.At(op, err)
	case n < headerSize, string(header[:len(headerMagic)]) != headerMagic:
		return refused("%s is no SQLite database", d.path)
	}
	switch id := binary.BigEndian.Uint32(header[applicationAt:]); id {
	case applicationID:
		return nil
	case 0: // made before ledgers had a mark, or somebody else's
		ours, err := d.unmarkedLedger(ctx)
		if err != nil || ours {
			return err
		}
		return refused("%s is a database of another program", d.path)
	default:
		return refused("%s is a database of another program (application id %#x)", d.path, id)
	}
}

// create makes an empty ledger with the mark. Another program that has made one meanwhile keeps it.
func (d sqlite) create(ctx context.Context) (err error) {
	const op = "store.Open"
	place, err := HoldVacancy(ctx, d.path)
	if err != nil {
		if _, serr := os.Stat(d.path); serr == nil {
			return nil
		}
		return err
	}
	defer place.Release()
	f, err := os.CreateTemp(filepath.Dir(place.path), filepath.Base(place.path)+".new-*") // only the owner may read it
	if err != nil {
		return cannotOpen.At(op, err)
	}
	fresh := f.Name()
	defer func() {
		if rerr := os.Remove(fresh); err == nil && rerr != nil {
			err = cannotOpen.At(op, rerr)
		}
	}()
	if err := f.Close(); err != nil {
		return cannotOpen.At(op, err)
	}
	db, err := sqlite{path: fresh}.open(nil, 1)
	if err != nil {
		return cannotOpen.At(op, err)
	}
	_, err = db.ExecContext(ctx, "pragma application_id = "+strconv.Itoa(applicationID))
	if err = errors.Join(err, db.Close()); err != nil {
		return d.failed(op, err)
	}
	return place.Fill(fresh)
}

// unmarkedLedger reports whether the file has the tables of a ledger. It writes nothing: neither what
// another program left in its write-ahead log, nor, where there is no log, the index of one
// (sqlite.org/uri.html, mode and immutable).
func (d sqlite) unmarkedLedger(ctx context.Context) (bool, error) {
	const op = "store.Open"
	query := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(" + busyMillis + ")"}}
	if _, err := os.Stat(d.path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		query.Set("immutable", "1")
	}
	db, err := d.open(query, 1)
	if err != nil {
		return false, cannotOpen.At(op, err)
	}
	defer func() { _ = db.Close() }() // nothing was written
	var tables int
	if err := db.QueryRowContext(ctx, `select count(*) from sqlite_schema where type = 'table' and name in ('goose_db_version', 'event', 'event_head')`).Scan(&tables); err != nil {
		return false, d.failed(op, err)
	}
	return tables == 3, nil
}

// opened marks a ledger that was made before ledgers had a mark.
func (d sqlite) opened(ctx context.Context, writer *sql.DB) error {
	var id int64
	if err := writer.QueryRowContext(ctx, "pragma application_id").Scan(&id); err != nil || id == applicationID {
		return err
	}
	_, err := writer.ExecContext(ctx, "pragma application_id = "+strconv.Itoa(applicationID))
	return err
}
