package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// assignment is a piece of back-office work in one person's hands.
type assignment struct {
	Application string     `json:"application"`
	Task        string     `json:"task" enum:"approve,adjudicate,remake"`
	Person      string     `json:"person"`
	At          time.Time  `json:"at"`
	Jump        string     `json:"jump,omitempty" doc:"Why it was taken out of order"`
	DoneAt      *time.Time `json:"doneAt,omitempty"`
}

type TaskName struct {
	Task string `path:"task" enum:"approve,adjudicate,remake"`
}

type ApplicationName struct {
	Application string `path:"application" minLength:"1" maxLength:"64" doc:"Id of the application"`
}

func (n ApplicationName) id() registry.ApplicationID { return registry.ApplicationID(n.Application) }

func work(a *api) {
	change(a, registry.TakeNext{}, "/v1/tasks/{task}/next", "takeNextWork", "Take the next piece of work, by rule",
		func(_ context.Context, in *struct {
			Keyed
			TaskName
		},
		) (registry.Operation, error) {
			return registry.TakeNext{Task: registry.Task(in.Task)}, nil
		})
	change(a, registry.TakeThis{}, "/v1/tasks/{task}/{application}", "takeThisWork", "Take a piece of work out of order, with a reason",
		func(_ context.Context, in *struct {
			Keyed
			TaskName
			ApplicationName
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.TakeThis{Application: in.id(), Task: registry.Task(in.Task), Because: in.Body.why()}, nil
		})
	change(a, registry.GiveBack{}, "/v1/tasks/{task}/{application}/return", "giveWorkBack", "Give a piece of work back",
		func(_ context.Context, in *struct {
			Keyed
			TaskName
			ApplicationName
		},
		) (registry.Operation, error) {
			return registry.GiveBack{Application: in.id(), Task: registry.Task(in.Task)}, nil
		})
	get(a, access.SeeEvents, "/v1/tasks/jumps", "listJumps", "Work that was taken out of order, oldest first",
		func(ctx context.Context, in *struct {
			Period
			Paging
		},
		) (*answer[list[assignment]], error) {
			return timePage(in.Paging, func(after registry.Seen, limit int) ([]registry.Assignment, error) {
				return a.Registry.Jumps(ctx, in.period(), after, limit)
			}, func(w registry.Assignment) registry.Seen { return registry.Seen{At: w.At, ID: string(w.Application)} }, func(w registry.Assignment) assignment {
				return assignment{string(w.Application), string(w.Task), w.Person, w.At.UTC(), w.Jump, moment(w.DoneAt)}
			})
		})
	change(a, registry.DeclareConflict{}, "/v1/applications/{application}/conflict", "declareConflict", "Declare an interest of one's own; the sender does nothing more for the application",
		func(_ context.Context, in *struct {
			Keyed
			ApplicationName
		},
		) (registry.Operation, error) {
			return registry.DeclareConflict{Application: in.id()}, nil
		})
}
