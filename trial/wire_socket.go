package trial

import (
	"context"
	"encoding/gob"
	"fmt"
	"net"
	"sync"
)

// thread is one connection between station and world: calls and replies in turns, as one stream of gob in
// either direction, which tells its types once.
type thread struct {
	conn net.Conn
	out  *gob.Encoder
	in   *gob.Decoder
}

func newThread(conn net.Conn) *thread {
	return &thread{conn, gob.NewEncoder(conn), gob.NewDecoder(conn)}
}

// threads are the connections of one station that nobody uses at the moment.
type threads struct {
	socket string
	mu     sync.Mutex
	idle   []*thread
}

func (t *threads) take(ctx context.Context) (*thread, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.idle); n > 0 {
		one := t.idle[n-1]
		t.idle = t.idle[:n-1]
		return one, nil
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", t.socket)
	if err != nil {
		return nil, err
	}
	return newThread(conn), nil
}

func (t *threads) give(one *thread) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle = append(t.idle, one)
}

// ask sends one call and waits for its reply. A context that ends closes the connection, which tells the world.
func (t *threads) ask(ctx context.Context, c call) (r reply, err error) {
	one, err := t.take(ctx)
	if err == nil {
		leave := context.AfterFunc(ctx, func() { _ = one.conn.Close() })
		if err = one.out.Encode(c); err == nil {
			err = one.in.Decode(&r)
		}
		if leave() && err == nil {
			t.give(one)
		} else {
			_ = one.conn.Close()
		}
	}
	switch {
	case err == nil:
		return r, nil
	case ctx.Err() != nil:
		return reply{}, ctx.Err()
	}
	return reply{}, fmt.Errorf("the world does not answer: %w", err)
}

// serve answers the calls of every connection until the listener is closed.
func serve(ln net.Listener, answer func(context.Context, call) reply) {
	for {
		conn, err := ln.Accept()
		if err != nil { // closed, or the machine has no more handles: stations will say that nobody answers
			return
		}
		go newThread(conn).serve(answer)
	}
}

// serve answers the calls of one connection in turns. An act whose station has gone ends.
func (t *thread) serve(answer func(context.Context, call) reply) {
	defer t.conn.Close() //nolint:errcheck // nobody listens any more
	ctx, gone := context.WithCancel(context.Background())
	calls := make(chan call)
	go func() {
		defer close(calls)
		defer gone()
		for {
			var c call
			if t.in.Decode(&c) != nil {
				return
			}
			select {
			case calls <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	for c := range calls {
		if t.out.Encode(answer(ctx, c)) != nil {
			gone()
			return
		}
	}
}
