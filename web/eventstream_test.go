package web

import (
	"net/http/httptest"
	"testing"
	"time"
)

// timed is an answer that keeps the deadline of its writing.
type timed struct {
	*httptest.ResponseRecorder
	deadline time.Time
	written  []bool // whether each piece was written under a deadline
}

func (b *timed) SetWriteDeadline(t time.Time) error {
	b.deadline = t
	return nil
}

func (b *timed) Write(p []byte) (int, error) {
	b.written = append(b.written, !b.deadline.IsZero())
	return b.ResponseRecorder.Write(p)
}

// A reader has so long for each piece, and a stream in which nothing is told has no deadline that could pass: over HTTP/2
// it would end then.
func TestEventStreamRestsWithoutADeadline(t *testing.T) {
	t.Parallel()
	w := &timed{ResponseRecorder: httptest.NewRecorder()}
	send, begun := EventStream(w)
	if !begun || !send("data: 1\n\n") {
		t.Error("it was not sent")
	}
	if len(w.written) != 2 || !w.written[0] || !w.written[1] || !w.deadline.IsZero() || !w.Flushed {
		t.Errorf("written under a deadline: %v, deadline now %v, flushed %v", w.written, w.deadline, w.Flushed)
	}
	if text := w.Body.String(); text != "retry: 2000\n\ndata: 1\n\n" {
		t.Errorf("sent %q", text)
	}
}
