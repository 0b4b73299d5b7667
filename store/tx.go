package store

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"time"

	"blanko/fault"
)

// Tx is one transaction. It is not safe for concurrent use and ends with the function that was
// given it.
type Tx struct {
	ctx     context.Context
	of      *Store
	tx      *sql.Tx
	dialect dialect
	now     time.Time
	err     error // of the first statement that the database refused
	reading bool  // Each reads an answer
	hears   func(string)
	ring    *ring
	dataKey int64       // that seals; 0: the ledger stands in clear
	made    cipher.AEAD // the data key that the transaction itself made: none of the ring until it is saved
}

// Now is the time of the transaction: the same for everything it writes, in UTC, in whole
// microseconds.
func (t *Tx) Now() time.Time { return t.now }

// Write runs fn in a write transaction. It is durable on return; an error of fn, or of any statement
// in it, undoes everything. Whoever waits on [Store.Changed] is woken after a commit.
//
// Writers see each other's work as if one came after the other (SQLite: there is one; PostgreSQL:
// serializable). Where two of PostgreSQL are in each other's way, one is undone and its fn runs
// again: fn sets what it hands out and never adds to it.
//
// Every error but one says that nothing was changed: store.outcome_unknown, where the connection was
// lost while the work was committed. The journal, idempotency keys and leases are made for it: do
// the same again, or look first.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := s.writeAgain(ctx, fn); err != nil {
		return err
	}
	s.bell.ring()
	s.changed()
	return nil
}

// Read runs fn on one consistent view of the database; a write inside is refused by the database.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	if t, ok := ctx.Value(inside{}).(*Tx); ok && t.of == s {
		return fn(t)
	}
	return s.run(ctx, s.read, s.dialect.reading(), fn)
}

// inside is where a context keeps its transaction.
type inside struct{}

// Inside is a context by which [Store.Read] reads in the transaction: what is read there is what the transaction is
// about to change. It must not outlive the transaction, and nothing is written by it.
func (t *Tx) Inside() context.Context { return context.WithValue(t.ctx, inside{}, t) }

// errInside is a write by the context of a transaction: on SQLite it would wait for itself.
var errInside = errors.New("a write inside a transaction")

// errDry ends a dry run.
var errDry = errors.New("dry run")

// Context is that of who waits for the transaction: what takes long inside looks whether it still does.
func (tx *Tx) Context() context.Context { return tx.ctx }

// DryRun runs fn like Write and undoes it: what would change, and whether it could.
func (s *Store) DryRun(ctx context.Context, fn func(*Tx) error) error {
	err := s.writeAgain(ctx, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

const (
	// writePatience is how long a write is begun again while others are in its way.
	writePatience = 20 * time.Second
	// firstPause and longestPause bound the wait before the next try, which doubles from one to the
	// other; a random part of it is waited, so that the same two do not meet again.
	firstPause   = 2 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

// writeAgain runs a write until nobody is in its way.
func (s *Store) writeAgain(ctx context.Context, fn func(*Tx) error) error {
	if t, ok := ctx.Value(inside{}).(*Tx); ok && t.of == s {
		return errInside
	}
	if s.redo {
		_ = s.run(ctx, s.write, s.dialect.writing(), func(tx *Tx) error { return errors.Join(fn(tx), errDry) })
	}
	began := time.Now()
	pause := firstPause
	for n := 1; ; n++ {
		err := s.run(ctx, s.write, s.dialect.writing(), fn)
		if err == nil || time.Since(began) > writePatience || !s.mayPass(err, n) {
			return err
		}
		wait := time.NewTimer(rand.N(pause))
		select {
		case <-ctx.Done():
			wait.Stop()
			return interrupted.At("store.Tx", errors.Join(ctx.Err(), err))
		case <-wait.C:
		}
		pause = min(2*pause, longestPause)
	}
}

// takenTries is how often a value is looked for again that another writer seems to have written.
const takenTries = 3

// mayPass reports whether the n-th try failed by another writer. A value that is taken may have been
// written since the transaction looked for it: the next look finds it, and says what it means.
func (s *Store) mayPass(err error, n int) bool {
	return fault.Is(err, conflict) || n < takenTries && s.dialect.writersRace() && fault.Is(err, taken)
}

func (s *Store) run(ctx context.Context, db *sql.DB, opt *sql.TxOptions, fn func(*Tx) error) error {
	const op = "store.Tx"
	conn, tx, err := s.begin(ctx, db, opt)
	if err != nil {
		return s.dialect.failed(op, err)
	}
	defer func() {
		_ = tx.Rollback() // after a commit it does nothing
		_ = conn.Close()  // back into the pool
	}()
	t := &Tx{ctx: ctx, of: s, tx: tx, dialect: s.dialect, ring: &s.ring, hears: s.hears}
	if t.now, err = s.now(ctx, tx); err != nil {
		return s.dialect.failed(op, err)
	}
	if s.seals {
		if err := t.sealsBy(); err != nil {
			return err
		}
	}
	err = fn(t)
	switch {
	case t.err != nil && (err == nil || fault.Is(t.err, conflict)):
		return t.err // the database has undone it, whatever fn made of that
	case err != nil:
		return err
	case ctx.Err() != nil:
		return interrupted.At(op, ctx.Err())
	}
	if err := tx.Commit(); err != nil {
		return s.dialect.failedCommit(op, err)
	}
	return nil
}

// begin starts a transaction that outlives ctx: a commit under way is never broken off. Where a
// connection died in the pool, the next is taken; nothing was asked of it yet.
func (s *Store) begin(ctx context.Context, db *sql.DB, opt *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	for dead := 0; ; dead++ {
		conn, err := db.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(context.WithoutCancel(ctx), opt)
		if err == nil {
			return conn, tx, nil
		}
		again := s.dialect.lost(err) && dead < db.Stats().MaxOpenConnections
		if again {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // out of the pool
		}
		_ = conn.Close()
		if !again {
			return nil, nil, err
		}
	}
}

func (s *Store) now(ctx context.Context, tx *sql.Tx) (now time.Time, err error) {
	if s.clock != nil {
		now = s.clock()
	} else {
		now, err = s.dialect.now(ctx, tx)
	}
	return now.UTC().Truncate(time.Microsecond), err
}

// refused keeps the first error of a statement: the transaction is over with it.
func (t *Tx) refused(op string, err error) error {
	if own, ok := errors.AsType[*fault.Error](err); ok {
		err = own
	} else {
		err = t.dialect.failed(op, err)
	}
	if t.err == nil {
		t.err = err
	}
	return err
}

// errReading is a statement of a function that [Tx.Each] calls.
var errReading = errors.New("a statement while the rows of another are read")

// arguments are what both drivers take: truth values as the integers of the tables.
func (t *Tx) arguments(args []any) ([]any, error) {
	if t.reading {
		return nil, errReading
	}
	out := make([]any, len(args))
	for i, a := range args {
		if s, personal := a.(sealing); personal {
			var err error
			if a, err = t.sealed(s); err != nil {
				return nil, err
			}
		}
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, err
		}
		if b, ok := v.(bool); ok {
			v = int64(0)
			if b {
				v = int64(1)
			}
		}
		out[i] = v
	}
	return out, nil
}

// text is a statement as the database reads it.
func (t *Tx) text(query string) string {
	if t.hears != nil {
		t.hears(query)
	}
	return t.dialect.text(query)
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	const op = "store.Exec"
	args, err := t.arguments(args)
	if err != nil {
		return 0, t.refused(op, err)
	}
	res, err := t.tx.ExecContext(t.ctx, t.text(query), args...)
	if err != nil {
		return 0, t.refused(op, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.refused(op, err)
	}
	return n, nil
}

// Get scans the first row into dest; found is false when there is none.
func (t *Tx) Get(dest []any, query string, args ...any) (found bool, err error) {
	const op = "store.Get"
	if args, err = t.arguments(args); err != nil {
		return false, t.refused(op, err)
	}
	err = t.tx.QueryRowContext(t.ctx, t.text(query), args...).Scan(dest...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, t.refused(op, err)
	}
	if err := t.opened(dest); err != nil {
		return false, t.refused(op, err)
	}
	return true, nil
}

// Each calls row for every row of the answer, with the scanner of that row. While it runs, the
// transaction answers nothing else: a statement in row is an error on both databases.
func (t *Tx) Each(row func(scan func(dest ...any) error) error, query string, args ...any) error {
	const op = "store.Each"
	args, err := t.arguments(args)
	if err != nil {
		return t.refused(op, err)
	}
	rows, err := t.tx.QueryContext(t.ctx, t.text(query), args...)
	if err != nil {
		return t.refused(op, err)
	}
	t.reading = true
	defer func() {
		_ = rows.Close() // its error is that of rows.Err below
		t.reading = false
	}()
	for rows.Next() {
		if err := row(func(dest ...any) error {
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			return t.opened(dest)
		}); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.refused(op, err)
	}
	return nil
}

// SkipLocked ends a query that picks a row for its own transaction: where several writers
// work at once, a row held by another is passed over.
func (t *Tx) SkipLocked() string { return t.dialect.skipLocked() }

// InOrder lets the queries that follow in the transaction walk an index that has their order, whatever
// the database believes of the number of rows: for the first of a queue, whose rows change faster
// than the statistics of PostgreSQL.
func (t *Tx) InOrder() error {
	if q := t.dialect.inOrder(); q != "" {
		_, err := t.Exec(q)
		return err
	}
	return nil
}

// By stands behind a table of a query that must walk an index from its front: SQLite knows no number of rows here
// and may sort them all instead. PostgreSQL is told by InOrder.
func (t *Tx) By(index string) string { return t.dialect.by(index) }

// ForUpdate ends a query of a row that the transaction is about to change, where others that want
// the same have to wait until it ends.
func (t *Tx) ForUpdate() string { return t.dialect.forUpdate() }

// Micros is a time as the tables hold it: microseconds since 1970 in UTC, 0 for no time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of [Micros].
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
