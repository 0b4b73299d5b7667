package web

import (
	"errors"
	"net/http"
	"time"
)

// streamWrite is how long a reader may take for one piece of a stream; who is slower is cut off and resumes.
const streamWrite = 10 * time.Second

// EventStream begins an event stream (Server-Sent Events, HTML Living Standard, section 9.2), whose readers resume after
// two seconds, and returns what sends a piece of it at once: false where the reader has gone, or takes too long.
func EventStream(w http.ResponseWriter) (send func(text string) bool, begun bool) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(w)
	until := func(t time.Time) bool {
		err := rc.SetWriteDeadline(t)
		return err == nil || errors.Is(err, http.ErrNotSupported)
	}
	send = func(text string) bool {
		if !until(time.Now().Add(streamWrite)) {
			return false
		}
		if _, err := w.Write([]byte(text)); err != nil || rc.Flush() != nil {
			return false
		}
		// A stream of HTTP/2 whose deadline passes is cut off, also while nothing is being written.
		return until(time.Time{})
	}
	return send, send("retry: 2000\n\n")
}
