package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"syscall"
)

// Secured says how a server is reached from other machines: over TLS alone.
type Secured struct {
	Address     string // such as 0.0.0.0:8443
	Certificate string // PEM file
	Key         string // PEM file of its key
	Clients     string // PEM file of the authorities of client certificates; empty: none is asked for
}

// ListenTLS opens an address that other machines may reach. TLS 1.3 alone; a client certificate is
// checked where one is given and never needed: a token may come instead.
func ListenTLS(ctx context.Context, s Secured) (net.Listener, error) {
	const op = "web.ListenTLS"
	cert, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return nil, CertificateWrong.At(op, err).With("certificate", "the certificate and its key cannot be read together")
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13, NextProtos: []string{"h2", "http/1.1"}}
	if s.Clients != "" {
		text, err := os.ReadFile(s.Clients)
		pool := x509.NewCertPool()
		if err != nil || !pool.AppendCertsFromPEM(text) {
			return nil, CertificateWrong.At(op, err).With("clients", "no certificates of authorities")
		}
		cfg.ClientCAs, cfg.ClientAuth = pool, tls.VerifyClientCertIfGiven
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", s.Address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, AddressTaken.At(op, err).With("listen", "%s", s.Address)
	case err != nil:
		return nil, AddressWrong.At(op, err).With("listen", "%s", s.Address)
	}
	return tls.NewListener(ln, cfg), nil
}
