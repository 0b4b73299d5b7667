package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// Limits of a connection. Headers of the house are short; the longest answer is a page of events.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeader         = 16 << 10 // bytes
	// shutdownGrace is how long running requests may take after the end was asked for.
	shutdownGrace = 10 * time.Second
)

// Listen opens an address of this machine alone, as "127.0.0.1:8080", "[::1]:8080" or
// "localhost:8080"; port 0 takes a free one. Anything that could be reached from outside is
// web.not_loopback, a port in use web.address_taken.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	const op = "web.Listen"
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, AddressWrong.At(op, err).With("listen", "an address with a port, such as 127.0.0.1:8080")
	}
	if addr, err := netip.ParseAddr(host); err != nil && !strings.EqualFold(host, "localhost") || err == nil && !addr.IsLoopback() {
		return nil, NotLoopback.At(op, nil).With("listen", "%q is not an address of this machine alone", host)
	}
	var cfg net.ListenConfig
	ln, err := cfg.Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, AddressTaken.At(op, err).With("listen", "%s", address)
	case err != nil:
		return nil, AddressWrong.At(op, err).With("listen", "%s", address)
	}
	if tcp, ok := ln.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() { // a hosts file that sends localhost elsewhere
		return nil, errors.Join(NotLoopback.At(op, nil).With("listen", "%q leads outside", host), ln.Close())
	}
	return bound(ln), nil
}

type endingKey struct{}

// Ending is closed when the server that a request came to is about to end: what would last for
// hours ends then. Nil, which never is, for a request that came by no server.
func Ending(ctx context.Context) <-chan struct{} {
	c, _ := ctx.Value(endingKey{}).(<-chan struct{})
	return c
}

// Serve answers requests until the context ends, then lets running ones finish and returns nil.
// It closes the listener.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *zap.Logger) error {
	ending := make(chan struct{})
	s := bounded(h, log)
	s.BaseContext = func(net.Listener) context.Context {
		return context.WithValue(context.Background(), endingKey{}, (<-chan struct{})(ending))
	}
	s.RegisterOnShutdown(func() { close(ending) })
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	select {
	case err := <-ended:
		return Unexpected.At("web.Serve", err)
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer stop()
	if err := s.Shutdown(grace); err != nil {
		log.Warn("requests were cut off", zap.Error(err))
		_ = s.Close() // everything of it is lost anyway
	}
	<-ended //nolint:errcheck // ErrServerClosed, by what was called above
	return nil
}

// bounded is a server that waits for nobody without end.
func bounded(h http.Handler, log *zap.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: zap.NewStdLog(log),
	}
}
