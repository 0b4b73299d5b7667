package web

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
)

// queue is a listener whose connections come from wherever the test says.
type queue struct {
	net.Listener
	conns chan net.Conn
}

func (q queue) Accept() (net.Conn, error) {
	c, open := <-q.conns
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

type visitor struct {
	net.Conn
	from *net.TCPAddr
}

func (v visitor) RemoteAddr() net.Addr { return v.from }

// A listener holds so many connections at once and so many of one address; what is too much is closed, and
// whoever closes a connection makes room for another. This machine itself is bounded by the whole alone.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	q := queue{conns: make(chan net.Conn, 1)}
	l := bound(q).(*connections)
	l.most, l.fromOne = 4, 2
	come := func(from string) (theirs net.Conn) {
		ours, theirs := net.Pipe()
		q.conns <- visitor{ours, net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 40000))}
		return theirs
	}
	accepted := func(from string) net.Conn {
		t.Helper()
		come(from)
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	refused := func(from string) {
		t.Helper()
		theirs := come(from)
		done := make(chan error)
		go func() {
			c, err := l.Accept() // goes on to the next, which is of another address
			if err == nil {
				err = c.Close()
			}
			done <- err
		}()
		if n, err := theirs.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("one more of %s: %v", from, err)
		}
		l.mu.Lock()
		l.most++
		l.mu.Unlock()
		come("10.9.9.9")
		if err := <-done; err != nil {
			t.Error(err)
		}
		l.mu.Lock()
		l.most--
		l.mu.Unlock()
	}
	first := accepted("10.0.0.1")
	accepted("::ffff:10.0.0.1")
	refused("10.0.0.1")
	accepted("127.0.0.1")
	accepted("127.0.0.1")
	refused("10.0.0.2") // four are open
	l.most = 8
	accepted("2001:db8::1")
	accepted("2001:db8::2")
	refused("2001:db8::3") // of the same network
	accepted("2001:db8:0:1::1")
	l.most = 7
	for range 2 { // closing twice leaves once
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
	accepted("10.0.0.1")
	refused("10.0.0.3")
	close(q.conns)
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
	if l.open != 7 || len(l.from) != 4 {
		t.Errorf("%d open, %v", l.open, l.from)
	}
}

// Both ways to open an address give a bounded listener.
func TestListenersAreBounded(t *testing.T) {
	t.Parallel()
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if _, is := ln.(*connections); !is {
		t.Errorf("%T", ln)
	}
}
