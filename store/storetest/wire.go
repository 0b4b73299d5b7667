package storetest

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Wire stands between a store and its PostgreSQL server, and can be cut, mended and held. Safe for
// concurrent use.
type Wire struct {
	// URL is the address of the database through the wire.
	URL string

	server string // path of the server's socket
	mu     sync.Mutex
	cut    bool
	held   chan struct{} // closed: nothing is held
	commit commitFate
	at     []byte // the wire is cut when the store says this; nil: it is not
	open   map[net.Conn]bool
	wait   int // messages that are held
}

// commitFate is what the wire does to the next commit that it carries.
type commitFate int

const (
	carried    commitFate = iota
	lostBefore            // the server never hears of it
	lostAfter             // the server does it, and its answer is lost
)

// commitMessage is the query that ends a transaction (PostgreSQL documentation, 55.7, Query).
var commitMessage = []byte("Q\x00\x00\x00\x0Bcommit\x00")

// NewWire puts a wire before the database at address.
func NewWire(t testing.TB, address string) *Wire {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	dir, err := os.MkdirTemp("", "wire") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	const socket = ".s.PGSQL.5432"
	l, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{server: filepath.Join(q.Get("host"), socket), held: make(chan struct{}), open: map[net.Conn]bool{}}
	close(w.held)
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	w.URL = u.String()
	var carrying sync.WaitGroup
	carrying.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			carrying.Go(func() { w.carry(c) })
		}
	})
	t.Cleanup(func() {
		err := l.Close()
		w.Release()
		w.Cut()
		carrying.Wait()
		if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	return w
}

// Cut breaks every connection and lets none be made.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for c := range w.open {
		_ = c.Close()
	}
}

// Mend lets connections be made again.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.commit, w.at = false, carried, nil
}

// Hold keeps everything that the store says from the server, until Release.
func (w *Wire) Hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = make(chan struct{})
}

// Release lets go what was held.
func (w *Wire) Release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.held:
	default:
		close(w.held)
	}
}

// Waiting is how many connections have something to say that is held.
func (w *Wire) Waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wait
}

// LoseCommit cuts the wire at the next commit: before the server hears of it, or after it is done.
func (w *Wire) LoseCommit(done bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commit = lostBefore
	if done {
		w.commit = lostAfter
	}
}

// CutAt cuts the wire when the store says a text; the server never hears of it.
func (w *Wire) CutAt(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = []byte(text)
}

func (w *Wire) add(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		_ = c.Close()
		return false
	}
	w.open[c] = true
	return true
}

func (w *Wire) drop(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, c)
	_ = c.Close()
}

// carry moves bytes both ways until one end is gone.
func (w *Wire) carry(store net.Conn) {
	if !w.add(store) {
		return
	}
	defer w.drop(store)
	server, err := net.Dial("unix", w.server)
	if err != nil || !w.add(server) {
		return
	}
	defer w.drop(server)
	answers := make(chan struct{})
	deaf := make(chan struct{}) // closed: an answer is lost
	go func() {
		defer close(answers)
		defer func() { _ = store.Close() }()
		block := make([]byte, 32<<10)
		for {
			n, err := server.Read(block)
			if err != nil {
				return
			}
			select {
			case <-deaf:
				w.Cut()
				return
			default:
			}
			if _, err := store.Write(block[:n]); err != nil {
				return
			}
		}
	}()
	defer func() { _ = server.Close(); <-answers }()
	block := make([]byte, 32<<10)
	for {
		n, err := store.Read(block)
		if err != nil {
			return
		}
		w.mu.Lock()
		held, fate := w.held, w.commit
		if !bytes.Contains(block[:n], commitMessage) {
			fate = carried
		}
		if w.at != nil && bytes.Contains(block[:n], w.at) {
			fate = lostBefore
		}
		w.wait++
		w.mu.Unlock()
		<-held
		w.mu.Lock()
		w.wait--
		w.mu.Unlock()
		switch fate {
		case carried:
		case lostBefore:
			w.Cut()
			return
		case lostAfter:
			close(deaf)
		}
		if _, err := server.Write(block[:n]); err != nil {
			return
		}
	}
}
