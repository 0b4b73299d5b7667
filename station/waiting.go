package station

import (
	"context"
	"sync"

	"blanko/fault"
	"blanko/jobs"
	"blanko/personalize"
)

// work runs a line, and keeps in the ledger what it waits for: the code of what a person must do first. That
// is written beside the line, which never waits for it; of several words the newest counts.
func (s *Station) work(ctx context.Context, l *personalize.Line, drain <-chan struct{}, rest *pause) error {
	w := &waiting{news: make(chan fault.Code, 1)}
	heard := l.Observe
	l.Observe = func(p personalize.Progress) {
		if heard != nil {
			heard(p)
		}
		w.hear(p)
		rest.heard(p)
	}
	name := s.deviceOf(l.ID)
	l.Heard, l.ReadNow = s.readings.hear(name, l.ID), s.readings.look(name)
	defer func() { l.Observe, l.Heard, l.ReadNow = heard, nil, nil }()
	ended := make(chan struct{})
	var written sync.WaitGroup
	written.Go(func() {
		for {
			select {
			case code := <-w.news:
				s.observe(ctx, l.ID, "running", string(code))
			case <-ended:
				return
			}
		}
	})
	err := l.Run(ctx, drain)
	close(ended)
	written.Wait()
	return err
}

// waiting is what a line waits for.
type waiting struct {
	mu   sync.Mutex
	code fault.Code
	news chan fault.Code // holds the newest word alone
}

func (w *waiting) hear(p personalize.Progress) {
	if p.Step == jobs.Prepare { // of the next card, beside the one that waits
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.Waiting == w.code {
		return
	}
	w.code = p.Waiting
	select {
	case <-w.news:
	default:
	}
	w.news <- p.Waiting
}
