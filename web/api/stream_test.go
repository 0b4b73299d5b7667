package api_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/web"
)

// serve opens the room on a port of this machine.
func (r *room) serve() (address string, end func()) {
	r.t.Helper()
	ln, err := web.Listen(r.t.Context(), "127.0.0.1:0")
	r.must(err)
	ctx, stop := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- web.Serve(ctx, ln, r.http, zap.NewNop()) }()
	return ln.Addr().(*net.TCPAddr).String(), func() {
		stop()
		r.must(<-done)
	}
}

// messages reads the ids and codes of a stream.
type messages struct {
	t testing.TB
	s *bufio.Scanner
}

func (r *room) listen(ctx context.Context, address, query, last string) messages {
	r.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/v1/events/stream"+query, nil)
	r.must(err)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	r.must(err)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		r.t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	r.t.Cleanup(func() { _ = resp.Body.Close() })
	return messages{r.t, bufio.NewScanner(resp.Body)}
}

// next is the id and the code of the next message; empty at the end of the stream.
func (m messages) next() (id, code string) {
	for m.s.Scan() {
		line := m.s.Text()
		if v, ok := strings.CutPrefix(line, "id: "); ok {
			id = v
		}
		if v, ok := strings.CutPrefix(line, "event: "); ok {
			code = v
		}
		if line == "" && id != "" {
			return id, code
		}
	}
	return "", ""
}

// A stream shows what happens, resumes without a gap, and ends with the server.
func TestStream(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	address, end := r.serve()
	live := r.listen(t.Context(), address, "", "")
	r.do(boss, registry.Approve{Application: "req-5"})
	id, code := live.next()
	if code != "application.approve" {
		t.Fatalf("%s %s", id, code)
	}
	r.do(center, registry.HoldRecord{ID: "req-5", Reason: "check"})
	if next, code := live.next(); code != "record.held" {
		t.Errorf("%s %s", next, code)
	}
	again := r.listen(t.Context(), address, "", id)
	if next, code := again.next(); code != "record.held" || next == id {
		t.Errorf("resumed at %s %s", next, code)
	}
	whole := r.listen(t.Context(), address, "?after=0&code=application.", "")
	if first, code := whole.next(); !strings.HasPrefix(code, "application.") {
		t.Errorf("filtered: %s %s", first, code)
	}
	end()
	if id, code := live.next(); id != "" {
		t.Errorf("after the end %s %s", id, code)
	}
}

func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	address, end := r.serve()
	defer end()
	for _, last := range []string{"x", "-1", "99999999999999999999"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/v1/events/stream", nil)
		r.must(err)
		req.Header.Set("Last-Event-ID", last)
		resp, err := http.DefaultClient.Do(req)
		r.must(err)
		r.must(resp.Body.Close())
		if resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", last, resp.StatusCode)
		}
	}
}
