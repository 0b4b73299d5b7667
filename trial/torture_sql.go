package trial

import (
	"context"
	"database/sql"
	"errors"
)

// createDatabase makes an empty one on a server; the name comes from the program.
func createDatabase(ctx context.Context, server, name string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "create database "+name)
	return errors.Join(err, db.Close())
}
