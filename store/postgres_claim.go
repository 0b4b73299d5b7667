package store

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"blanko/fault"
)

const (
	// claimPatience is how long a name that is held is asked for again: a station whose machine lost
	// its power is noticed by the server after about silencePatience.
	claimPatience = 20 * time.Second
	claimEvery    = 500 * time.Millisecond
)

// claim holds an advisory lock in a session of its own.
func (d *postgres) claim(ctx context.Context, name string, may func(context.Context) error, lost func(error)) (release func(), err error) {
	own := claimSession + rand.Text()[:16] // how this process knows its own session
	ask := func(ctx context.Context) (*pgx.Conn, error) { return d.claimOnce(ctx, name, own, may) }
	held := claimed.At("store.Claim", nil).With("name", "%s", name)
	conn, err := ask(ctx)
	for began := time.Now(); err != nil && errors.Is(err, errHeld) && time.Since(began) < claimPatience; conn, err = ask(ctx) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(claimEvery):
		}
	}
	if errors.Is(err, errHeld) {
		return nil, held
	}
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		for {
			if conn != nil {
				_, _ = conn.WaitForNotification(ctx) // nobody tells it anything: it returns with the end of the connection
				_ = conn.Close(context.WithoutCancel(ctx))
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(claimEvery):
			}
			again, err := ask(ctx)
			switch {
			case errors.Is(err, errHeld):
				lost(held)
				return
			case fault.Is(err, newerDatabase):
				lost(err)
				return
			}
			conn = again
		}
	})
	return func() { cancel(); running.Wait() }, nil
}

// claimSession begins the name of the session that holds a station's claim.
const claimSession = "blanko station "

// errHeld says that another process has the name.
var errHeld = errors.New("held by another process")

// claimOnce takes the lock in a fresh session. A session of this process that the server still keeps
// after a break of the network is ended first.
func (d *postgres) claimOnce(ctx context.Context, name, own string, may func(context.Context) error) (_ *pgx.Conn, err error) {
	cfg := d.cfg.Copy()
	for parameter, value := range map[string]string{
		"application_name": own, "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "2", "tcp_user_timeout": millis(silencePatience),
	} {
		cfg.RuntimeParams[parameter] = value
	}
	if err := d.withPassword(ctx, cfg); err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = conn.Close(context.WithoutCancel(ctx)) // it is not used any more
		}
	}()
	if _, err := conn.Exec(ctx, `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()`, own); err != nil {
		return nil, err
	}
	var got bool
	if err := conn.QueryRow(ctx, `select pg_try_advisory_lock(hashtextextended($1, 0))`, name).Scan(&got); err != nil {
		return nil, err
	}
	if !got {
		return nil, errHeld
	}
	// Who changes the tables counts sessions like this one under the same lock: either this one is counted, or the
	// change is seen here.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock_shared($1)`, int64(migrationLock)); err != nil {
		return nil, err
	}
	if err := may(ctx); err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `select pg_advisory_unlock_shared($1)`, int64(migrationLock)); err != nil {
		return nil, err
	}
	return conn, nil
}
