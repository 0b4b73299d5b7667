package pcsc

import (
	"slices"
	"sync"

	"blanko/applet"
)

// waiter listens for what a transport waits for in its reader.
type waiter struct {
	name  string
	until func(first, now Reader) bool
	end   chan error

	mu    sync.Mutex
	heard bool
	now   *Reader // nil: gone
	err   error
	begun bool
	over  bool
	first Reader
}

// begin starts with what was seen last.
func (w *waiter) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun = true
	if w.now != nil {
		w.first = *w.now
	}
	w.judge()
}

func (w *waiter) see(readers []Reader, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard, w.now, w.err = true, nil, err
	if i := slices.IndexFunc(readers, func(r Reader) bool { return r.Name == w.name }); i >= 0 {
		w.now = &readers[i]
	}
	if w.begun {
		w.judge()
	}
}

func (w *waiter) judge() {
	const op = "pcsc.wait"
	switch {
	case w.over || !w.heard:
		return
	case w.err != nil:
		w.end <- NoService.At(op, applet.ReaderAway.At(op, w.err)).With("reader", "%s", w.name)
	case w.now == nil || w.now.moves < w.first.moves:
		w.end <- ReaderGone.At(op, applet.ReaderAway.At(op, nil)).With("reader", "%s", w.name)
	case w.until(w.first, *w.now):
		w.end <- nil
	default:
		return
	}
	w.over = true
}
