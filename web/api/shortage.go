package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// orderMark says that an application comes first while blanks are short.
type orderMark struct {
	Mark   string    `json:"mark" enum:"disaster,backlog"`
	Reason string    `json:"reason" doc:"Code"`
	Actor  string    `json:"actor"`
	Second string    `json:"second"`
	At     time.Time `json:"at"`
}

// shortage is who comes first while blanks are short.
func shortage(a *api) {
	change(a, registry.MarkOrder{}, "/v1/applications/{application}/marks", "markOrder", "Mark an application as made necessary by a disaster, or as backlog",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Mark string `json:"mark" enum:"disaster,backlog"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.MarkOrder{Application: in.id(), Mark: registry.OrderMark(in.Body.Mark), Because: in.Body.why()}, nil
		})
	change(a, registry.MoveOrder{}, "/v1/applications/{application}/priority", "moveOrder", "Give an order that waits another place in the queue",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Priority int `json:"priority" minimum:"0" maximum:"9" doc:"9 is made first"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.MoveOrder{Application: in.id(), Priority: in.Body.Priority, Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/applications/{application}/marks", "listMarks", "Marks of an application, oldest first",
		func(ctx context.Context, in *ApplicationName) (*answer[list[orderMark]], error) {
			all, err := a.Registry.Marks(ctx, in.id())
			if err != nil {
				return nil, err
			}
			out := &answer[list[orderMark]]{list[orderMark]{Items: []orderMark{}}}
			for _, m := range all {
				out.Body.Items = append(out.Body.Items, orderMark{string(m.Mark), m.Reason, m.Actor, m.Second, m.At.UTC()})
			}
			return out, nil
		})
}
