package api

import (
	"context"
	"encoding/hex"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/web"
)

// event is one thing that happened.
type event struct {
	ID          int64             `json:"id" doc:"Rises by one, in the order of the commits"`
	At          time.Time         `json:"at"`
	Actor       string            `json:"actor" doc:"Person, line or system that did it"`
	Code        string            `json:"code" doc:"room.word"`
	Words       web.Text          `json:"words" doc:"What the code says"`
	Application string            `json:"application,omitempty"`
	Order       string            `json:"order,omitempty"`
	Attempt     string            `json:"attempt,omitempty"`
	Chip        string            `json:"chip,omitempty"`
	Line        string            `json:"line,omitempty"`
	Detail      map[string]string `json:"detail,omitempty" doc:"Word to code, id or number"`
	Hash        string            `json:"hash" doc:"SHA-256 of the chain up to here, hex"`
}

// eventPage is a page of the log.
type eventPage struct {
	Items []event `json:"items" nullable:"false" doc:"In order"`
	Next  int64   `json:"next" doc:"What to give as after next time: the last id that was seen"`
}

type eventFilter struct {
	After       int64  `query:"after" minimum:"0" doc:"The last id that was seen; 0 from the beginning"`
	Limit       int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Events of a page"`
	Application string `query:"application" maxLength:"64" doc:"Only events of this application"`
	Attempt     string `query:"attempt" pattern:"^[0-9a-f]{32}$" patternDescription:"32 hex digits" doc:"Only events of this attempt"`
	Chip        string `query:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"Only events of this chip"`
	Code        string `query:"code" pattern:"^[a-z][a-z0-9_]*\\.[a-z0-9_]*$" patternDescription:"room.word, or room." maxLength:"100" doc:"Only this code, or every code of a room: application."`
}

func events(a *api) {
	get(a, access.SeeEvents, "/v1/events", "listEvents", "The event log behind a cursor",
		func(ctx context.Context, in *eventFilter) (*answer[eventPage], error) {
			found, err := a.Registry.Events(ctx, in.After, in.Limit, audit.Filter{
				Application: in.Application, Attempt: in.Attempt, Chip: in.Chip, Code: in.Code,
			})
			if err != nil {
				return nil, err
			}
			out := &answer[eventPage]{eventPage{Items: []event{}, Next: in.After}}
			for _, e := range found {
				out.Body.Items = append(out.Body.Items, eventOf(e))
				out.Body.Next = e.ID
			}
			return out, nil
		})
}

// eventOf leaves out a detail that is no word: it was put in from outside the program.
func eventOf(e audit.Event) event {
	delete(e.Detail, "")
	w := registry.EventWordOf(e.Code)
	return event{
		ID: e.ID, At: e.At.UTC(), Actor: e.Actor, Code: e.Code, Words: web.Text(w), Application: e.Application, Order: e.Order, Attempt: e.Attempt,
		Chip: string(e.Chip), Line: e.Line, Detail: e.Detail, Hash: hex.EncodeToString(e.Hash[:]),
	}
}
