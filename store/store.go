package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Store is one opened database: one writer, a pool of readers. Safe for concurrent use.
type Store struct {
	dialect dialect
	write   *sql.DB
	read    *sql.DB
	clock   func() time.Time
	bell    bell
}

// Option changes how a database is opened.
type Option func(*settings)

type settings struct {
	clock   func() time.Time
	relaxed bool
	to      int64
}

// WithClock gives the clock behind [Tx.Now]; without it the machine's own is used.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithRelaxedDurability lets the operating system decide when a commit reaches the disk. A
// commit then survives a killed process but not a power cut: for tests only.
func WithRelaxedDurability() Option { return func(s *settings) { s.relaxed = true } }

// Open opens or creates the SQLite database at path and brings its tables up to date. A
// database made by a newer program is refused with store.newer_database and left untouched.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	set := settings{clock: time.Now}
	for _, o := range opts {
		o(&set)
	}
	return open(ctx, sqlite{path: path, relaxed: set.relaxed}, set)
}

func open(ctx context.Context, d dialect, set settings) (*Store, error) {
	const op = "store.Open"
	s := &Store{dialect: d, clock: set.clock}
	var err error
	if s.write, err = d.writer(); err != nil {
		return nil, cannotOpen.At(op, err)
	}
	if err := d.verify(ctx, s.write); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := migrate(ctx, d, s.write, set.to); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.read, err = d.reader(); err != nil {
		return nil, errors.Join(cannotOpen.At(op, err), s.write.Close())
	}
	if err := s.read.PingContext(ctx); err != nil {
		return nil, errors.Join(cannotOpen.At(op, err), s.Close())
	}
	return s, nil
}

// Close waits for running transactions and gives the files back.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// EmptyLog takes out of the database's log what was erased since: secure_delete overwrites rows in the
// database file, and the log keeps their old pages until it is emptied. While others read, it may
// leave that to the next call. To be called now and then.
func (s *Store) EmptyLog(ctx context.Context) error {
	if err := s.dialect.emptyLog(ctx, s.write); err != nil {
		return s.dialect.failed("store.EmptyLog", err)
	}
	return nil
}

// Check reads the whole database and proves its pages, indexes and references sound; damage is
// store.damaged.
func (s *Store) Check(ctx context.Context) error {
	found, err := s.dialect.check(ctx, s.read)
	switch {
	case err != nil:
		return s.dialect.failed("store.Check", err)
	case len(found) > 0:
		return damaged.At("store.Check", nil).With("", "%d findings, the first: %s", len(found), found[0])
	}
	return nil
}
