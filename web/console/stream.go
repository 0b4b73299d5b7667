package console

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"blanko/web"
)

// Bounds of the stream of a page.
const (
	// streamPoll is how often a stream looks by itself, as a net for changes of another process.
	streamPoll = 2 * time.Second
	// streamRest is the least time between two messages: a burst of changes is one.
	streamRest  = 300 * time.Millisecond
	streamBeat  = 15 * time.Second
	mostStreams = 300
	// mostOfSession is how many of them one browser may have, each of a page that lies open: it takes none from others.
	mostOfSession = 30
)

// streams counts those that are open. Safe for concurrent use.
type streams struct {
	mu   sync.Mutex
	open int
	of   map[string]int // by session
}

func (s *streams) enter(session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open >= mostStreams || s.of[session] >= mostOfSession {
		return false
	}
	s.open++
	s.of[session]++
	return true
}

func (s *streams) leave(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if s.of[session]--; s.of[session] == 0 {
		delete(s.of, session)
	}
}

// stream tells a page that the ledger changed (Server-Sent Events, HTML Living Standard, section 9.2). The
// id of a message is that of the newest event, its data the kinds of what changed, so that a page asks again for
// what shows such a thing alone. Who begins or resumes is told at once that anything may have changed.
func (c *console) stream(w http.ResponseWriter, r *http.Request) {
	v := c.view(r)
	ctx, err := c.sessions.Load(r.Context(), sessionText(r))
	if err != nil {
		c.Problems.Write(w, err)
		return
	}
	mine := func() bool { return c.sessions.GetString(ctx, sessionPerson) != "" && !c.sessions.locked(ctx) }
	if !mine() {
		c.Problems.Write(w, web.SignInNeeded.At("console.stream", nil))
		return
	}
	session := c.sessions.hash(ctx)
	if !c.streams.enter(session) {
		c.Problems.Write(w, web.TooMany.At("console.stream", nil).With("stream", "%d are open, or %d of this browser", mostStreams, mostOfSession))
		return
	}
	defer c.streams.leave(session)
	send, begun := web.EventStream(w)
	if !begun {
		return
	}
	beat, poll := time.NewTicker(streamBeat), time.NewTicker(streamPoll)
	defer beat.Stop()
	defer poll.Stop()
	about, seen := r.URL.Query().Get("tentang"), mark{newest: -1}
	for {
		changed := c.Registry.Changed()
		now, err := c.mark(v.ctx())
		if err != nil {
			return // the page resumes, and is told then
		}
		if now != seen {
			if !send(fmt.Sprintf("id: %d\nevent: changed\ndata: %s\n\n", now.newest, c.news(seen, now, about))) {
				return
			}
			seen = now
			select {
			case <-time.After(streamRest):
			case <-r.Context().Done():
				return
			case <-web.Ending(r.Context()):
				return
			}
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-beat.C:
			// A session that was locked or ended meanwhile sees nothing more.
			if ctx, err = c.sessions.Load(r.Context(), sessionText(r)); err != nil || !mine() || !send(":\n\n") {
				return
			}
		case <-r.Context().Done():
			return
		case <-web.Ending(r.Context()):
			return
		}
	}
}

func sessionText(r *http.Request) string {
	k, err := r.Cookie("blanko")
	if err != nil {
		return ""
	}
	return k.Value
}
