package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Store is one opened database: those that write, a pool of readers. Safe for concurrent use.
type Store struct {
	dialect dialect
	write   *sql.DB
	read    *sql.DB
	clock   func() time.Time // nil: that of the database
	bell    bell
	changed func()
	unheard func()
	redo    bool
	hears   func(string) // nil: nobody
	seals   bool         // the tables are of a version that knows data keys
	ring    ring
}

// Option changes how a database is opened.
type Option func(*settings)

type settings struct {
	clock   func() time.Time
	relaxed bool
	to      int64
	redo    bool
	hears   func(string)
	roots   []Root
}

// WithClock gives the clock behind [Tx.Now]; without it that of the database is used, so that
// stations on one database agree on the time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithRelaxedDurability lets the operating system decide when a commit reaches the disk. A
// commit then survives a killed process but not a power cut: for tests only.
func WithRelaxedDurability() Option { return func(s *settings) { s.relaxed = true } }

// WithRedo undoes every write once and does it again, as after a conflict with another writer: for
// tests only.
func WithRedo() Option { return func(s *settings) { s.redo = true } }

// WithListener tells the text of every statement of a transaction, before it runs: for tests only.
func WithListener(hears func(statement string)) Option { return func(s *settings) { s.hears = hears } }

func settingsOf(opts []Option) (set settings) {
	for _, o := range opts {
		o(&set)
	}
	return set
}

// Open opens or creates the SQLite database at path and brings its tables up to date. A
// database made by a newer program is refused with store.newer_database, a file that is no ledger
// with store.not_a_ledger, and left untouched.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	set := settingsOf(opts)
	return open(ctx, sqlite{path: path, relaxed: set.relaxed}, set)
}

func open(ctx context.Context, d dialect, set settings) (*Store, error) {
	const op = "store.Open"
	s := &Store{dialect: d, clock: set.clock, redo: set.redo, hears: set.hears, seals: set.to == 0 || set.to >= dataKeysSince, ring: ring{roots: set.roots}, unheard: func() {}}
	err := d.prepare(ctx)
	if err != nil {
		return nil, err
	}
	if s.write, err = d.writer(); err != nil {
		return nil, cannotOpen.At(op, err)
	}
	if err := d.verify(ctx, s.write); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := migrate(ctx, d, s.write, set.to); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := d.opened(ctx, s.write); err != nil {
		return nil, errors.Join(d.failed(op, err), s.write.Close())
	}
	if s.read, err = d.reader(); err != nil {
		return nil, errors.Join(cannotOpen.At(op, err), s.write.Close())
	}
	if err := s.read.PingContext(ctx); err != nil {
		return nil, errors.Join(cannotOpen.At(op, err), s.Close())
	}
	if s.changed, s.unheard, err = d.listen(ctx, s.read, s.bell.ring); err != nil {
		s.unheard = func() {}
		return nil, errors.Join(d.failed(op, err), s.Close())
	}
	if err := s.spread(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for running transactions and gives files and connections back.
func (s *Store) Close() error {
	s.unheard()
	return errors.Join(s.read.Close(), s.write.Close())
}

// EmptyLog takes out of the database what was erased since and is still kept beside its tables; while
// others read, it may leave that to the next call. To be called now and then.
//
// SQLite: secure_delete overwrites rows in the database file, and the write-ahead log, which keeps
// their old pages, is emptied; nothing is left. PostgreSQL: old versions of rows are removed
// (vacuum), so that no query of anybody finds them; their bytes stay in the files of the server
// until the space is used again, and in its write-ahead log until that is recycled. Only sealing a
// field and destroying its key makes them unreadable there.
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
