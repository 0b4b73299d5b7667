package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// gate stands before the console and can cut everything that comes to it, as a network does.
type gate struct {
	next http.Handler
	mu   sync.Mutex
	shut bool
	open map[int]context.CancelFunc // streams
	n    int
	seen []string // Last-Event-ID of each stream
	held *held
	lost string // what every address ends in whose answer never comes
}

// held is one answer that is made and comes late.
type held struct {
	path        string
	made, comes chan struct{}
}

// late lets the next answer from an address wait until it may come.
func (g *gate) late(path string) *held {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = &held{path, make(chan struct{}), make(chan struct{})}
	return g.held
}

func (h *held) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	close(h.made)
	select {
	case <-h.comes:
	case <-r.Context().Done():
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	if g.shut {
		g.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	if g.lost != "" && strings.HasSuffix(r.URL.Path, g.lost) {
		g.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	if h := g.held; h != nil && r.URL.Path == h.path {
		g.held = nil
		g.mu.Unlock()
		h.serve(w, r, g.next)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/aliran") {
		ctx, end := context.WithCancel(r.Context())
		r = r.WithContext(ctx)
		g.n++
		n := g.n
		g.open[n] = end
		g.seen = append(g.seen, r.Header.Get("Last-Event-ID"))
		defer func() {
			g.mu.Lock()
			delete(g.open, n)
			g.mu.Unlock()
			end()
		}()
	}
	g.mu.Unlock()
	g.next.ServeHTTP(w, r)
}

func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
	for _, end := range g.open {
		end()
	}
}

// without loses every answer from addresses that end so.
func (g *gate) without(end string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lost = end
}

func (g *gate) mend() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = false
}

func (g *gate) resumed() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.seen)
}
