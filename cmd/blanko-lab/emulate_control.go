package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// At a control socket a connection is one order: a line of text in, a line of JSON (answer) back.

// Bounds of a connection at the control socket.
const (
	maxOrder     = 1024 // bytes
	orderTimeout = 30 * time.Second
	maxSocketLen = 107 // bytes of a socket's path (unix(7))
)

// control is the socket of an emulation; without a path it does nothing.
type control struct {
	ln      net.Listener
	working sync.WaitGroup
}

func listenControl(path string) (*control, error) {
	if path == "" {
		return &control{}, nil
	}
	if len(path) > maxSocketLen {
		return nil, wrongFlag{fmt.Errorf("--control: the path has %d bytes, a socket's has at most %d; name a shorter one", len(path), maxSocketLen)}
	}
	if err := vacate(path); err != nil {
		return nil, err
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("--control: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("--control: %w", err), ln.Close())
	}
	return &control{ln: ln}, nil
}

// vacate removes the socket of an emulation that is gone. Anything else there stays.
func vacate(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("--control: %w", err)
	case info.Mode()&fs.ModeSocket == 0:
		return fmt.Errorf("--control: %s is there already and is no socket; name another path", path)
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		return errors.Join(fmt.Errorf("--control: another program listens at %s; end it, or name another path", path), c.Close())
	}
	if !isRefused(err) {
		return fmt.Errorf("--control: %w", err)
	}
	return os.Remove(path)
}

func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// serve answers orders until close.
func (c *control) serve(obey func(line string) answer) {
	if c.ln == nil {
		return
	}
	c.working.Go(func() {
		for {
			conn, err := c.ln.Accept()
			if err != nil {
				return
			}
			c.working.Go(func() { answerOne(conn, obey) })
		}
	})
}

func answerOne(conn net.Conn, obey func(line string) answer) {
	defer conn.Close() //nolint:errcheck // the answer is out, or lost
	_ = conn.SetDeadline(time.Now().Add(orderTimeout))
	line, err := bufio.NewReader(io.LimitReader(conn, maxOrder)).ReadString('\n')
	if err != nil {
		return
	}
	_ = json.NewEncoder(conn).Encode(obey(strings.TrimSpace(line)))
}

func (c *control) close() error {
	if c.ln == nil {
		return nil
	}
	err := c.ln.Close()
	c.working.Wait()
	return err
}

// tell gives an order to the emulation at a socket.
func tell(ctx context.Context, path, line string) (a answer, err error) {
	ctx, stop := context.WithTimeout(ctx, orderTimeout)
	defer stop()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return a, err
	}
	defer conn.Close() //nolint:errcheck // the answer is in, or lost
	over := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer over()
	if _, err := fmt.Fprintln(conn, line); err != nil {
		return a, err
	}
	if err := json.NewDecoder(conn).Decode(&a); err != nil {
		return a, fmt.Errorf("the emulation at %s ended before it answered: %w", path, err)
	}
	return a, nil
}
