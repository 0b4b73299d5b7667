package spool

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/OpenPrinting/goipp"

	"blanko/printer"
)

// Operations of CUPS beside those of RFC 8011 (CUPS implementation of IPP).
const (
	opGetDocument goipp.Op = 0x4027
)

// maxAnswer bounds an answer: a printer's attributes are about 20 kB.
const maxAnswer = 1 << 20

// server talks IPP to one print server.
type server struct {
	address string
	user    string
	client  *http.Client
	request atomic.Uint32
}

// newServer reaches a CUPS by host:port on loopback, or by the path of its socket.
func newServer(address string, wait time.Duration) (*server, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	if strings.HasPrefix(address, "/") {
		dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", address)
		}
	} else if a, err := netip.ParseAddrPort(address); err != nil || !a.Addr().IsLoopback() {
		return nil, NotHere.At("spool.Open", err).With("spool.server", "%q is neither a socket nor on loopback", address)
	}
	return &server{address: address, user: "blanko", client: &http.Client{
		Timeout:   wait,
		Transport: &http.Transport{DialContext: dial, MaxIdleConns: 1, IdleConnTimeout: 10 * time.Second, DisableCompression: true},
	}}, nil
}

func (s *server) close() { s.client.CloseIdleConnections() }

// uri names a queue; the host does not matter to CUPS.
func uri(queue string) string { return "ipp://localhost/printers/" + queue }

// message begins a request about a queue.
func (s *server) message(op goipp.Op, queue string) *goipp.Message {
	m := goipp.NewRequest(goipp.DefaultVersion, op, s.request.Add(1))
	m.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	m.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	m.Operation.Add(goipp.MakeAttr("printer-uri", goipp.TagURI, goipp.String(uri(queue))))
	m.Operation.Add(goipp.MakeAttr("requesting-user-name", goipp.TagName, goipp.String(s.user)))
	return m
}

// refused is an answer of the server that is no success.
type refused struct{ status goipp.Status }

func (e refused) Error() string { return "ipp: " + e.status.String() }

// send sends a request, with a document behind it where it has one. Errors: refused; anything else
// is of the way to the server, and whether the request took effect is unknown.
func (s *server) send(ctx context.Context, m *goipp.Message, document []byte) (*goipp.Message, error) {
	head, err := m.EncodeBytes()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/", io.MultiReader(bytes.NewReader(head), bytes.NewReader(document)))
	if err != nil {
		return nil, err
	}
	req.ContentLength = int64(len(head) + len(document))
	req.Header.Set("Content-Type", goipp.ContentType)
	answer, err := s.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ipp: HTTP status %d", answer.StatusCode)
	}
	out := new(goipp.Message)
	if err := out.Decode(io.LimitReader(answer.Body, maxAnswer)); err != nil {
		return nil, fmt.Errorf("ipp: answer unreadable: %w", err)
	}
	if status := goipp.Status(out.Code); status >= goipp.StatusErrorBadRequest {
		return nil, refused{status}
	}
	return out, nil
}

// unreachable is the fault of a server that gives no answer, before anything was printed.
func unreachable(op string, err error) error { return printer.Fault(printer.ClassComm).At(op, err) }
