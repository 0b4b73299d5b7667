package console_test

import (
	"context"
	"net/http"
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
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	if g.shut {
		g.mu.Unlock()
		panic(http.ErrAbortHandler)
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
