package store

import (
	"context"

	"blanko/fault"
)

// Claim takes a name for this process alone among all that have the database open, until release is
// called or the process ends; store.claimed where another process has it and keeps it, store.newer_database
// where the tables were changed since they were opened, so that this program must not work with them. When the
// connection is lost, the name is taken again with the next; where it is refused then, lost is called with the
// same errors, once. A SQLite file has one station: there the file is taken, whatever the name.
func (s *Store) Claim(ctx context.Context, name string, lost func(why error)) (release func(), err error) {
	const op = "store.Claim"
	release, err = s.dialect.claim(ctx, name, s.mayServe, lost)
	if err != nil && fault.CodeOf(err) == "" {
		err = s.dialect.failed(op, err)
	}
	return release, err
}

// mayServe asks once more what was asked when the database was opened.
func (s *Store) mayServe(ctx context.Context) error {
	const op = "store.Claim"
	known, err := newest(s.dialect)
	if err != nil {
		return migrationFailed.At(op, err)
	}
	conn, tx, err := s.begin(ctx, s.read, s.dialect.reading())
	if err != nil {
		return s.dialect.failed(op, err)
	}
	defer func() {
		_ = tx.Rollback() // it has only read
		_ = conn.Close()  // back into the pool
	}()
	return readable(ctx, s.dialect, tx, known)
}
