package trial

import (
	"context"
	"time"

	"blanko/applet"
	"blanko/applet/pcsc"
)

// readerMended is how long it takes until somebody who is there has put a card reader back, by the clock of its line.
const readerMended = 30 * time.Second

// houseReader is the card reader of a line of a house, which somebody may take away.
type houseReader struct {
	applet.Transport
	gone func() bool
}

func (r houseReader) away() error {
	if !r.gone() {
		return nil
	}
	return pcsc.ReaderGone.At("trial.houseReader", applet.ReaderAway.At("trial.houseReader", nil))
}

// Transmit reaches the card while the reader is there.
func (r houseReader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	if err := r.away(); err != nil {
		return nil, err
	}
	return r.Transport.Transmit(ctx, capdu)
}

// Reset reaches the card while the reader is there.
func (r houseReader) Reset(ctx context.Context) ([]byte, error) {
	if err := r.away(); err != nil {
		return nil, err
	}
	return r.Transport.Reset(ctx)
}

// Limits are those of the reader below.
func (r houseReader) Limits() applet.Limits {
	if l, says := r.Transport.(applet.Limiter); says {
		return l.Limits()
	}
	return applet.Limits{}
}

// takeReader takes the card reader of a line away.
func (h *House) takeReader(line string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.readers == nil {
		h.readers = map[string]time.Time{}
	}
	h.readers[line] = now
}

// readerGone reports whether the card reader of a line is away; somebody who is there puts it back after a while.
func (h *House) readerGone(line string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	since, gone := h.readers[line]
	if gone && !h.away && now.Sub(since) >= readerMended {
		delete(h.readers, line)
		return false
	}
	return gone
}
