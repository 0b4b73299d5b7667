package trial

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"blanko/ktp"
	"blanko/store"
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

// cutConnections ends every session of a database for which something was asked lately.
func cutConnections(server, database string) error {
	at, err := url.Parse(database)
	if err != nil {
		return err
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = $1 and state_change > now() - interval '5 seconds'`, strings.TrimPrefix(at.Path, "/"))
	return errors.Join(err, db.Close())
}

// callSpoiled ends an attempt as if its chip had never been active.
func callSpoiled(tx *store.Tx, id ktp.AttemptID) error {
	_, err := tx.Exec(`update attempt set state = 'spoiled', successor = 0, ended = 1, ended_at = started_at where id = ?`, id.String())
	return err
}

// loseQuietly declares a card lost and frees the person's place, and leaves the card in the register.
func loseQuietly(tx *store.Tx, id ktp.AttemptID) error {
	for _, text := range []string{
		`update attempt set state = 'lost', successor = 0, ended = 1, ended_at = started_at where id = ?`,
		`update application set state = 'queued' where id = (select application from attempt where id = ?)`,
		`update card_order set state = 'waiting', attempt = '', line = '', pinned = 0 where attempt = ?`,
	} {
		if _, err := tx.Exec(text, id.String()); err != nil {
			return err
		}
	}
	return nil
}
