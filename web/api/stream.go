package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/web"
)

// Bounds of a stream.
const (
	streamPage = 500 // events that are read at once
	// streamPoll is how often a stream looks by itself, as a net for changes of another process.
	streamPoll = 2 * time.Second
	// streamBeat is how often a silent stream says that it lives.
	streamBeat  = 15 * time.Second
	mostStreams = 200
)

type streamFilter struct {
	After       int64  `query:"after" minimum:"-1" default:"-1" doc:"The last id that was seen; 0 from the beginning, absent from now on"`
	LastEventID string `header:"Last-Event-ID" maxLength:"20" doc:"As a browser sends it when it resumes; stronger than after"`
	Application string `query:"application" maxLength:"64" doc:"Only events of this application"`
	Code        string `query:"code" pattern:"^[a-z][a-z0-9_]*\\.[a-z0-9_]*$" patternDescription:"room.word, or room." maxLength:"100" doc:"Only this code, or every code of a room: application."`
}

// streams is the event log as it grows (Server-Sent Events, HTML Living Standard, section 9.2). The
// id of a message is that of the event, so that who resumes misses nothing and gets nothing twice.
func streams(a *api) {
	var open atomic.Int32
	op := huma.Operation{
		OperationID: "streamEvents", Method: http.MethodGet, Path: "/v1/events/stream", Summary: "The event log as it grows", Description: readers(access.SeeEvents),
		Responses: map[string]*huma.Response{
			"200":     {Description: "A message per event: id, event (the code), data (as in listEvents)", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, access.SeeEvents)
	huma.Register(a.huma, op, func(ctx context.Context, in *streamFilter) (*huma.StreamResponse, error) {
		after, err := a.streamFrom(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		if open.Add(1) > mostStreams {
			open.Add(-1)
			return nil, a.Problems.Of(web.TooMany.At("api.stream", nil).With("stream", "%d are open", mostStreams))
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer open.Add(-1)
			r, w := humago.Unwrap(hc)
			a.stream(w, r, audit.Filter{Application: in.Application, Code: in.Code}, after)
		}}, nil
	})
}

// streamFrom is the id behind which a stream begins.
func (a *api) streamFrom(ctx context.Context, in *streamFilter) (int64, error) {
	if in.LastEventID != "" {
		n, err := strconv.ParseInt(in.LastEventID, 10, 64)
		if err != nil || n < 0 {
			return 0, web.BadParameter.At("api.stream", nil).With("Last-Event-ID", "not an id of this log")
		}
		return n, nil
	}
	if in.After >= 0 {
		return in.After, nil
	}
	return a.Registry.NewestEvent(ctx)
}

// stream tells the events behind one until the reader goes, is too slow, or the server ends.
func (a *api) stream(w http.ResponseWriter, r *http.Request, filter audit.Filter, after int64) {
	send, begun := web.EventStream(w)
	if !begun {
		return
	}
	beat, poll := time.NewTicker(streamBeat), time.NewTicker(streamPoll)
	defer beat.Stop()
	defer poll.Stop()
	for {
		changed := a.Registry.Changed()
		found, err := a.Registry.Events(r.Context(), after, streamPage, filter)
		if err != nil {
			return // the reader resumes, and is told then
		}
		for _, e := range found {
			text, err := json.Marshal(eventOf(e))
			if err != nil || !send(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Code, text)) {
				return
			}
			after = e.ID
		}
		if len(found) == streamPage {
			continue
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-beat.C:
			if !send(":\n\n") {
				return
			}
		case <-r.Context().Done():
			return
		case <-web.Ending(r.Context()):
			return
		}
	}
}
