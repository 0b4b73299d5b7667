package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/station"
	"blanko/store"
	"blanko/web"
)

// show is the API of a demo: over the ledger of the running batch, then over the same ledger
// opened again.
type show struct {
	address string
	log     *zap.Logger
	now     atomic.Pointer[http.Handler]
	stop    context.CancelFunc
	ended   chan error
}

// visitor may look at everything that holds no personal data.
var visitor = access.Actor{ID: "visitor", Roles: []access.Role{access.Auditor}}

func newShow(ctx context.Context, ln net.Listener, log *zap.Logger) *show {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &show{address: ln.Addr().String(), log: log, stop: stop, ended: make(chan error, 1)}
	go func() { s.ended <- web.Serve(work, ln, s, log) }()
	return s
}

func (s *show) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := s.now.Load()
	if h == nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "the demo has no ledger at this moment", http.StatusServiceUnavailable)
		return
	}
	(*h).ServeHTTP(w, r)
}

// registry shows a ledger until it is taken away again.
func (s *show) registry(reg *registry.Registry) (away func(), err error) {
	h, err := station.API(reg, visitor, s.log, time.Now)
	if err != nil {
		return nil, err
	}
	s.now.Store(&h)
	return func() { s.now.Store(nil) }, nil
}

// stay shows the ledger of a batch that is done, until the context ends.
func (s *show) stay(ctx context.Context, t station.Terminal, data string) error {
	st, err := store.Open(ctx, data)
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // it was only read
	away, err := s.registry(registry.New(st, registry.Config{}, s.log))
	if err != nil {
		return err
	}
	defer away()
	fmt.Fprintf(t.Err, "\nServing http://%s/v1 (such as /v1/summary, /v1/attempts, /v1/openapi.json) until Ctrl-C.\n", s.address)
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.ended:
		s.ended <- err
		return err
	}
}

// close lets running requests finish.
func (s *show) close() error {
	s.stop()
	return <-s.ended
}
