package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel is the name under which stations wake each other (LISTEN, NOTIFY).
const channel = "blanko"

// listenAgain is the pause before the connection that listens is opened again. Meanwhile those who
// wait look by themselves.
const listenAgain = time.Second

// listen rings at the commits of others, and once after every break in listening.
func (d *postgres) listen(ctx context.Context, reader *sql.DB, ring func()) (changed, stop func(), err error) {
	conn, err := d.listener(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	own := rand.Text()
	pending := make(chan struct{}, 1)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			if conn != nil {
				hear(ctx, conn, own, ring)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(listenAgain):
			}
			again, err := d.listener(ctx)
			if conn = again; err == nil {
				ring() // for what was missed
			}
		}
	})
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-pending:
				// What is not heard is found by the next look.
				_, _ = reader.ExecContext(ctx, `select pg_notify($1, $2)`, channel, own)
			}
		}
	})
	changed = func() {
		select {
		case pending <- struct{}{}:
		default: // one is on its way that covers this commit
		}
	}
	return changed, func() { cancel(); running.Wait() }, nil
}

// listener is a connection that is told of commits.
func (d *postgres) listener(ctx context.Context) (*pgx.Conn, error) {
	cfg := d.cfg.Copy()
	cfg.RuntimeParams["application_name"] = "blanko listens"
	if err := d.withPassword(ctx, cfg); err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// hear rings for every commit of others until the connection ends.
func hear(ctx context.Context, conn *pgx.Conn, own string, ring func()) {
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it is not used any more
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		if n.Payload != own {
			ring()
		}
	}
}
