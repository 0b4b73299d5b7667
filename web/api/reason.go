package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// Because is embedded in the body of what is done for a reason.
type Because struct {
	Reason string `json:"reason" minLength:"1" maxLength:"64" doc:"A code; GET /v1/reasons has those of each operation"`
	Note   string `json:"note,omitempty" maxLength:"500" doc:"What no code says; kept apart from the event log, sealed, and erased when its time is over. Needed with the code other"`
}

func (b Because) why() registry.Because { return registry.Because{Reason: b.Reason, Note: b.Note} }

// BecauseIfAny is embedded in the body of what may be done for a reason.
type BecauseIfAny struct {
	Reason string `json:"reason,omitempty" maxLength:"64" doc:"A code; GET /v1/reasons has those of each operation"`
	Note   string `json:"note,omitempty" maxLength:"500" doc:"What no code says; kept apart from the event log, sealed, and erased when its time is over. Needed with the code other"`
}

func (b BecauseIfAny) why() registry.Because { return Because(b).why() }

// reason is a code that an operation takes.
type reason struct {
	Operation string   `json:"operation"`
	Code      string   `json:"code"`
	Optional  bool     `json:"optional" doc:"The operation may be done for none"`
	Text      web.Text `json:"text"`
}

func allReasons() (list []reason) {
	for _, of := range registry.Reasons {
		for _, c := range of.Codes {
			id, en, _ := registry.ReasonWords(c)
			list = append(list, reason{string(of.Operation), c, of.Optional, web.Text{ID: id, EN: en}})
		}
	}
	return list
}

func reasonsAndNotes(a *api) {
	get(a, access.TakePart, "/v1/reasons", "listReasons", "Reasons that each operation takes", func(_ context.Context, in *struct {
		Operation string `query:"operation" maxLength:"60" doc:"Only those of this operation"`
	},
	) (*answer[list[reason]], error) {
		out := &answer[list[reason]]{list[reason]{Items: []reason{}}}
		for _, r := range allReasons() {
			if in.Operation == "" || in.Operation == r.Operation {
				out.Body.Items = append(out.Body.Items, r)
			}
		}
		return out, nil
	})
	get(a, access.SeePersons, "/v1/notes", "listNotes", "Notes beside the reasons of operations, in the order of their events; what they say is opened singly", func(ctx context.Context, in *struct {
		Paging
		Application string `query:"application" maxLength:"64" doc:"Only those about this application"`
	},
	) (*answer[list[kept]], error) {
		after := int64(0)
		if in.Cursor != "" {
			k, err := in.place(1)
			if err != nil {
				return nil, err
			}
			after = k.Rank[0]
		}
		return page(in.Paging, func(limit int) ([]registry.Note, error) {
			return a.Registry.Notes(ctx, registry.NoteFilter{Application: registry.ApplicationID(in.Application), After: after, Limit: limit})
		}, func(n registry.Note) key { return key{Rank: []int64{n.Event}} }, func(n registry.Note) kept {
			return kept{n.Event, string(n.Operation), string(n.Application), n.Actor, n.At.UTC(), moment(n.ErasedAt)}
		})
	})
	type wish struct {
		Keyed
		Event int64 `path:"event" minimum:"1" doc:"That it explains"`
		Body  struct {
			Because
		}
	}
	op := a.posting(registry.RowOf(registry.ReadNote{}.Name()), usualBody, "/v1/notes/{event}/text", "readNote", "Show what a note says; the look is written down")
	register(a, op, func(ctx context.Context, in *wish) (*answer[noteText], error) {
		if _, err := a.Registry.Do(ctx, actor(ctx), registry.ReadNote{Event: in.Event, Because: in.Body.why()}, in.Key); err != nil {
			return nil, err
		}
		text, err := a.Registry.NoteText(ctx, in.Event)
		return &answer[noteText]{noteText{text}}, err
	})
}

// kept is what somebody wrote beside a reason, without what it says.
type kept struct {
	Event       int64      `json:"event" doc:"That it explains"`
	Operation   string     `json:"operation"`
	Application string     `json:"application,omitempty"`
	Actor       string     `json:"actor"`
	At          time.Time  `json:"at"`
	ErasedAt    *time.Time `json:"erasedAt,omitempty"`
}

type noteText struct {
	Text string `json:"text" doc:"Personal data"`
}
