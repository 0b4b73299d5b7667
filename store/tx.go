package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Tx is one transaction. It is not safe for concurrent use and ends with the function that was
// given it.
type Tx struct {
	ctx     context.Context
	tx      *sql.Tx
	dialect dialect
	now     time.Time
}

// Now is the time of the transaction: the same for everything it writes, in UTC, in whole
// microseconds.
func (t *Tx) Now() time.Time { return t.now }

// Write runs fn in the one write transaction. It is durable on return; an error of fn undoes
// everything. Whoever waits on [Store.Changed] is woken after a commit.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := s.run(ctx, s.write, nil, fn); err != nil {
		return err
	}
	s.bell.ring()
	return nil
}

// Read runs fn on one consistent view of the database; a write inside is refused by the database.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, s.read, &sql.TxOptions{ReadOnly: true}, fn)
}

// errDry ends a dry run.
var errDry = errors.New("dry run")

// DryRun runs fn like Write and undoes it: what would change, and whether it could.
func (s *Store) DryRun(ctx context.Context, fn func(*Tx) error) error {
	err := s.run(ctx, s.write, nil, func(tx *Tx) error {
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

func (s *Store) run(ctx context.Context, db *sql.DB, opt *sql.TxOptions, fn func(*Tx) error) error {
	const op = "store.Tx"
	tx, err := db.BeginTx(ctx, opt)
	if err != nil {
		return s.dialect.failed(op, err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	t := &Tx{ctx: ctx, tx: tx, dialect: s.dialect, now: s.clock().UTC().Truncate(time.Microsecond)}
	if err := fn(t); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if ctx.Err() != nil { // it was undone because the context ended
			return interrupted.At(op, errors.Join(ctx.Err(), err))
		}
		return s.dialect.failed(op, err)
	}
	return nil
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(t.ctx, t.dialect.text(query), args...)
	if err != nil {
		return 0, t.dialect.failed("store.Exec", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.dialect.failed("store.Exec", err)
	}
	return n, nil
}

// Get scans the first row into dest; found is false when there is none.
func (t *Tx) Get(dest []any, query string, args ...any) (found bool, err error) {
	err = t.tx.QueryRowContext(t.ctx, t.dialect.text(query), args...).Scan(dest...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, t.dialect.failed("store.Get", err)
	}
	return true, nil
}

// Each calls row for every row of the answer, with the scanner of that row.
func (t *Tx) Each(row func(scan func(dest ...any) error) error, query string, args ...any) error {
	rows, err := t.tx.QueryContext(t.ctx, t.dialect.text(query), args...)
	if err != nil {
		return t.dialect.failed("store.Each", err)
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err below
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.dialect.failed("store.Each", err)
	}
	return nil
}

// SkipLocked ends a query that picks a row for its own transaction: where several writers
// work at once, a row held by another is passed over.
func (t *Tx) SkipLocked() string { return t.dialect.skipLocked() }

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
