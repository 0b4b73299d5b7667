package store

import (
	"context"
	"crypto/rand"
	"database/sql"
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
func (d *postgres) listen(reader *sql.DB, ring func()) (changed, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	own := rand.Text()
	pending := make(chan struct{}, 1)
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			_ = d.hear(ctx, own, ring) // it ends with the connection
			select {
			case <-ctx.Done():
			case <-time.After(listenAgain):
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
	return changed, func() { cancel(); running.Wait() }
}

// hear rings for every commit of others until the connection ends.
func (d *postgres) hear(ctx context.Context, own string, ring func()) error {
	cfg := d.cfg.Copy()
	cfg.RuntimeParams["application_name"] = "blanko listens"
	if err := d.withPassword(ctx, cfg); err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it is not used any more
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	ring() // for what was missed
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.Payload != own {
			ring()
		}
	}
}
