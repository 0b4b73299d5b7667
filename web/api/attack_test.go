package api_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/registry/access"
	"blanko/web"
)

// With a token that was never given out, that is empty, or under another scheme, nothing is changed.
func TestForgedTokensChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	list, _ := r.addresses()
	for _, a := range list {
		if a.Method != http.MethodPost {
			continue
		}
		for _, credential := range []string{"Bearer ", "Bearer " + strings.Repeat("A", 52), "Basic YWRtaW46YWRtaW4=", "Bearer null"} {
			req := httptest.NewRequest(a.Method, "http://127.0.0.1:8080"+inPath.ReplaceAllString(a.Path, "x"), strings.NewReader("{}"))
			req.Header.Set("Idempotency-Key", "attack-1")
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", credential)
			w := httptest.NewRecorder()
			r.http.ServeHTTP(w, req)
			r.clock.Advance(time.Minute) // guessing is bounded, which would hide everything else
			if w.Code != http.StatusUnauthorized && w.Code != http.StatusForbidden {
				t.Errorf("%s with %q: %d", a.Path, credential, w.Code)
			}
		}
	}
}

// What an attacker writes on the wire: paths that climb, heads that say two things, heads without end. The
// server answers what it is asked and never what a head claims.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	boss := r.token(access.Actor{ID: "boss-9", Roles: []access.Role{access.Supervisor}}, access.Actor{ID: "second-1", Roles: []access.Role{access.Supervisor}})
	ln, err := web.Listen(t.Context(), "127.0.0.1:0")
	r.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, ln, r.http, zap.NewNop()) }()
	defer func() {
		stop()
		r.must(<-ended)
	}()
	const local = "Host: localhost\r\nConnection: close\r\n"
	signed := local + "Authorization: Bearer " + boss + "\r\nIdempotency-Key: k-1\r\nContent-Type: application/json\r\n"
	for _, c := range []struct {
		name, sent string
		status     []int
	}{
		{"climbs", "GET /../../../../etc/passwd HTTP/1.1\r\n" + local + "\r\n", []int{301, 307, 404}},
		{"climbs in an address", "GET /v1/papers/../../../../etc/passwd HTTP/1.1\r\n" + local + "\r\n", []int{301, 307, 404}},
		{"climbs in code", "GET /v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + local + "\r\n", []int{301, 307, 404}},
		{"climbs in an id", "GET /v1/applications/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + local + "\r\n", []int{404, 422}},
		{"a zero byte", "GET /v1/applications/a%00.json HTTP/1.1\r\n" + local + "\r\n", []int{404, 422}},
		{"two hosts", "GET /v1/lines HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", []int{400}},
		{"no host", "GET /v1/lines HTTP/1.1\r\nConnection: close\r\n\r\n", []int{400}},
		{"the host of somebody else", "GET http://evil.example/v1/lines HTTP/1.1\r\n" + local + "\r\n", []int{403}},
		{"a host that is forwarded", "GET /v1/lines HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nConnection: close\r\n\r\n", []int{403}},
		{"a method that is overridden", "GET /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "X-HTTP-Method-Override: POST\r\n\r\n", []int{404, 405}},
		{"an address that is overridden", "GET /nothing HTTP/1.1\r\n" + local + "X-Original-URL: /v1/lines\r\nX-Rewrite-URL: /v1/lines\r\n\r\n", []int{404}},
		{"two lengths", "POST /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}", []int{400}},
		{"a length that is none", "POST /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "Content-Length: -2\r\n\r\n{}", []int{400}},
		{"an encoding that is none", "POST /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "Transfer-Encoding: xchunked\r\n\r\n{}", []int{400, 501}},
		{"a space before the colon", "GET /v1/lines HTTP/1.1\r\nHost : localhost\r\n\r\n", []int{400}},
		{"a head without end", "GET /v1/lines HTTP/1.1\r\n" + local + "X-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", []int{431}},
		{"a compressed body", "POST /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00", []int{400, 415, 422}},
		{"a body beyond all bounds", "POST /v1/lines/line-1/pause HTTP/1.1\r\n" + signed + "Content-Length: 33554432\r\n\r\n" + strings.Repeat(" ", 1<<20), []int{413}},
	} {
		conn, err := net.Dial("tcp", ln.Addr().String())
		r.must(err)
		go io.WriteString(conn, c.sent)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			_ = conn.Close()
			continue
		}
		body, _ := io.ReadAll(resp.Body) // cut off is what it may be
		_ = conn.Close()
		if !slices.Contains(c.status, resp.StatusCode) || strings.Contains(string(body), "root:") {
			t.Errorf("%s: %d %.200s", c.name, resp.StatusCode, body)
		}
	}
	lines, err := r.reg.Lines(t.Context())
	r.must(err)
	for _, l := range lines {
		if l.Wish != "running" {
			t.Errorf("line %s is wished to be %s", l.ID, l.Wish)
		}
	}
}
