package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"

	"go.uber.org/zap"

	"blanko/station"
	"blanko/trial"
	"blanko/web"
)

// show is what a demo answers: the API, the console and the QA bench.
type show struct {
	address string
	log     *zap.Logger
	now     atomic.Pointer[http.Handler]
	stop    context.CancelFunc
	ended   chan error
}

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

// house shows a house until it is taken away again.
func (s *show) house(house *trial.House) (away func(), err error) {
	h, err := house.Handler(s.log)
	if err != nil {
		return nil, err
	}
	s.now.Store(&h)
	return func() { s.now.Store(nil) }, nil
}

// invitation is what a person reads who may walk in.
var invitation = map[station.Language]string{
	station.Indonesian: `
Dunia tiruan tetap terbuka sampai Ctrl-C:
  http://%[1]s/bangku    bangku QA: siapa bisa masuk dan kodenya, mesin dan kartu, gangguan, skenario; mulai di sini
  http://%[1]s/          konsol
  http://%[1]s/v1        API, misalnya /v1/summary, /v1/attempts, /v1/openapi.json
Enam rekaman menunggu persetujuan. Bangku QA menunjukkan jam pertama.
`,
	station.English: `
The virtual world stays open until Ctrl-C:
  http://%[1]s/bangku    QA bench: who can sign in and with which code, machines and cards, faults, scenarios; begin here
  http://%[1]s/          console
  http://%[1]s/v1        API, such as /v1/summary, /v1/attempts, /v1/openapi.json
Six records wait for approval. The QA bench shows the first hour.
`,
}

// stay lets the house live on, until the context ends.
func (s *show) stay(ctx context.Context, t station.Terminal, house *trial.House) error {
	live, end := context.WithCancel(ctx)
	defer end()
	lived := make(chan error, 1)
	go func() { lived <- house.Live(live) }()
	text, ok := invitation[t.Language]
	if !ok {
		text = invitation[station.English]
	}
	fmt.Fprintf(t.Err, text, s.address)
	select {
	case err := <-lived:
		return err
	case err := <-s.ended:
		s.ended <- err
		end()
		return errors.Join(err, <-lived)
	}
}

// close lets running requests finish.
func (s *show) close() error {
	s.stop()
	return <-s.ended
}
