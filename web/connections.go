package web

import (
	"net"
	"net/netip"
	"sync"
)

// How many connections a listener holds at once, and how many of one asker: an office behind one address has
// some thirty consoles, each with an event stream and a few more. What a proxy of this machine passes on has
// the address of this machine, which is bounded by the whole alone.
const (
	mostConnections    = 1024
	mostFromOneAddress = 256
)

// connections is a listener that closes at once what would be one connection too many, so that who opens them
// without end takes neither memory nor descriptors from others.
type connections struct {
	net.Listener
	most, fromOne int

	mu   sync.Mutex
	open int
	from map[netip.Addr]int
}

func bound(ln net.Listener) net.Listener {
	return &connections{Listener: ln, most: mostConnections, fromOne: mostFromOneAddress, from: map[netip.Addr]int{}}
}

func (l *connections) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		var from netip.Addr
		if at, ok := c.RemoteAddr().(*net.TCPAddr); ok {
			from = asker(at.AddrPort().Addr())
		}
		if l.enter(from) {
			return &connection{Conn: c, leave: sync.OnceFunc(func() { l.leave(from) })}, nil
		}
		_ = c.Close() // nothing was read of it
	}
}

func (l *connections) enter(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.most || !from.IsLoopback() && l.from[from] >= l.fromOne {
		return false
	}
	l.open++
	l.from[from]++
	return true
}

func (l *connections) leave(from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.from[from]--; l.from[from] == 0 {
		delete(l.from, from)
	}
}

// connection leaves its listener when it is closed.
type connection struct {
	net.Conn
	leave func()
}

func (c *connection) Close() error {
	c.leave()
	return c.Conn.Close()
}
