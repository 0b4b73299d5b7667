package web

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/zap"
)

// Who sends a head or a body drop by drop, or nothing at all on a connection that is kept, is cut off. The
// server's own limits stand here a hundred times shorter.
func TestSlowSendersAreCutOff(t *testing.T) {
	t.Parallel()
	read := make(chan error, 1)
	s := bounded(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, err := io.Copy(io.Discard, r.Body)
			read <- err
		}
	}), zap.NewNop())
	const shorter = 100
	s.ReadHeaderTimeout /= shorter
	s.ReadTimeout /= shorter
	s.IdleTimeout /= shorter
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(ln)
	t.Cleanup(func() { _ = s.Close() })
	for name, sent := range map[string]string{
		"a head that does not end": "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
		"a body that does not end": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc",
		"silence after an answer":  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"nothing":                  "",
	} {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, sent); err != nil {
			t.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(5 * time.Minute)); err != nil { // the last resort
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil && !isReset(err) {
			t.Errorf("%s: still connected: %v", name, err)
		}
	}
	if err := <-read; err == nil {
		t.Error("half a body was taken for a whole one")
	}
}

func isReset(err error) bool {
	n, ok := err.(net.Error)
	return ok && !n.Timeout()
}
