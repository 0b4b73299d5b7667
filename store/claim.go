package store

import (
	"context"

	"blanko/fault"
)

// Claim takes a name for this process alone among all that have the database open, until release is
// called or the process ends; store.claimed where another process has it and keeps it. When the
// connection is lost, the name is taken again with the next; should another process have it by then,
// lost is called, once. A SQLite file has one station: there the file is taken, whatever the name.
func (s *Store) Claim(ctx context.Context, name string, lost func()) (release func(), err error) {
	release, err = s.dialect.claim(ctx, name, lost)
	if fault.Is(err, claimed) {
		return nil, err
	}
	if err != nil {
		return nil, s.dialect.failed("store.Claim", err)
	}
	return release, nil
}
