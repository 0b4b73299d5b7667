package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// destruction is a list of what is destroyed, or sent to the Directorate General for it.
type destruction struct {
	ID        string     `json:"id"`
	Policy    string     `json:"policy" enum:"DESTROY_LOCALLY,RETURN_TO_CENTER" doc:"Of the service standard that was in force when it was opened"`
	Standard  string     `json:"standard,omitempty" doc:"Its id and version"`
	Witnesses int        `json:"witnesses" doc:"How many it asks for, beside the two persons"`
	State     string     `json:"state" enum:"open,counted in,destroyed,sent,acknowledged,cancelled"`
	OpenedBy  string     `json:"openedBy"`
	OpenedAt  time.Time  `json:"openedAt"`
	CountedBy string     `json:"countedBy,omitempty"`
	CountedAt *time.Time `json:"countedAt,omitempty"`
	EndedBy   string     `json:"endedBy,omitempty"`
	EndedAt   *time.Time `json:"endedAt,omitempty"`
	Reference string     `json:"reference,omitempty" doc:"Of the Directorate's acknowledgement"`
	Pictures  []string   `json:"pictures" nullable:"false" doc:"SHA-256, hex"`
}

// destructionDetail shows what is on a list only once it was counted: the count is blind.
type destructionDetail struct {
	Destruction destruction       `json:"destruction"`
	Items       []destructionItem `json:"items" nullable:"false" doc:"Empty while the list is open"`
}

type destructionItem struct {
	Item      string `json:"item" doc:"Chip of a card or blank, or id of a foreign card"`
	Kind      string `json:"kind" enum:"card,spoiled,foreign,roll"`
	ChipState string `json:"chipState,omitempty" doc:"Of a card, as it was examined; absent: it does not answer, or the item is none"`
}

// witness stands in the berita acara.
type witness struct {
	Name     string `json:"name" minLength:"1" maxLength:"120"`
	Position string `json:"position" minLength:"1" maxLength:"120"`
}

// DestructionName names a list.
type DestructionName struct {
	ID string `path:"destruction" pattern:"^M-[0-9]{4}-[0-9]{6}$" patternDescription:"M-YYYY-NNNNNN"`
}

// DestructionKeyed names a list, with a key.
type DestructionKeyed struct {
	Keyed
	DestructionName
}

// DestructionCount is a blind count of a list.
type DestructionCount struct {
	DestructionKeyed
	Body struct {
		Count int `json:"count" minimum:"1" maximum:"100000" doc:"As counted, without looking at the list"`
	}
}

func destructions(a *api) {
	get(a, access.SeeStock, "/v1/destructions", "listDestructions", "Lists of destruction in the order of their numbers",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,counted in,destroyed,sent,acknowledged,cancelled"`
			Paging
		},
		) (*answer[list[destruction]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Destruction, error) {
				return a.Registry.DestructionsOf(ctx, registry.DestructionFilter{State: registry.DestructionState(in.State), After: after, Limit: limit})
			}, func(d registry.Destruction) string { return d.ID }, destructionOf)
		})
	get(a, access.SeeStock, "/v1/destructions/{destruction}", "getDestruction", "One list", func(ctx context.Context, in *DestructionName) (*answer[destructionDetail], error) {
		d, items, err := a.Registry.Destruction(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		out := &answer[destructionDetail]{destructionDetail{Destruction: destructionOf(d), Items: []destructionItem{}}}
		if d.State == registry.DestructionOpen {
			return out, nil
		}
		for _, i := range items {
			out.Body.Items = append(out.Body.Items, destructionItem{i.Item, i.Kind, string(i.ChipState)})
		}
		return out, nil
	})
	change(a, registry.OpenDestruction{}, "/v1/destructions", "openDestruction", "Begin a list, by the policy of the service standard in force",
		func(_ context.Context, _ *Keyed) (registry.Operation, error) { return registry.OpenDestruction{}, nil })
	change(a, registry.AddToDestruction{}, "/v1/destructions/{destruction}/items", "addToDestruction", "Put one thing on an open list",
		func(_ context.Context, in *struct {
			DestructionKeyed
			Body struct {
				Item    string `json:"item" minLength:"1" maxLength:"64" doc:"Chip of a card or blank, BLANK:N of a blank without one, serial of a roll, or id of a foreign card"`
				Picture string `json:"picture,omitempty" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the picture of a card whose chip does not answer; absent: its retirement has one"`
			}
		},
		) (registry.Operation, error) {
			return registry.AddToDestruction{Destruction: in.ID, Item: in.Body.Item, Picture: in.Body.Picture}, nil
		})
	change(a, registry.CountIn{}, "/v1/destructions/{destruction}/count", "countIn", "Close a list by a blind count",
		func(_ context.Context, in *DestructionCount) (registry.Operation, error) {
			return registry.CountIn{Destruction: in.ID, Count: in.Body.Count}, nil
		})
	change(a, registry.ReopenDestruction{}, "/v1/destructions/{destruction}/reopening", "reopenDestruction", "Open a counted list again",
		func(_ context.Context, in *DestructionKeyed) (registry.Operation, error) {
			return registry.ReopenDestruction{Destruction: in.ID}, nil
		})
	change(a, registry.DestroyAll{}, "/v1/destructions/{destruction}/destroying", "destroyAll", "Destroy everything of a counted list before witnesses",
		func(_ context.Context, in *struct {
			DestructionKeyed
			Body struct {
				Count     int       `json:"count" minimum:"1" maximum:"100000"`
				Witnesses []witness `json:"witnesses" nullable:"false" minItems:"1" maxItems:"20"`
				Pictures  []string  `json:"pictures" nullable:"false" minItems:"1" maxItems:"50" doc:"SHA-256 of each, hex"`
			}
		},
		) (registry.Operation, error) {
			op := registry.DestroyAll{Destruction: in.ID, Count: in.Body.Count, Pictures: in.Body.Pictures}
			for _, w := range in.Body.Witnesses {
				op.Witnesses = append(op.Witnesses, registry.Witness{Name: w.Name, Position: w.Position})
			}
			return op, nil
		})
	change(a, registry.SendDestruction{}, "/v1/destructions/{destruction}/sending", "sendDestruction", "Send a counted list to the Directorate General",
		func(_ context.Context, in *struct {
			DestructionKeyed
			Body struct {
				Count int    `json:"count" minimum:"1" maximum:"100000" doc:"As counted, without looking at the list"`
				Seal  string `json:"seal,omitempty" maxLength:"40" doc:"Of its bag"`
			}
		},
		) (registry.Operation, error) {
			return registry.SendDestruction{Destruction: in.ID, Count: in.Body.Count, Seal: in.Body.Seal}, nil
		})
	change(a, registry.AcknowledgeDestruction{}, "/v1/destructions/{destruction}/acknowledgement", "acknowledgeDestruction", "Note that the Directorate General has it",
		func(_ context.Context, in *struct {
			DestructionKeyed
			Body struct {
				Reference string `json:"reference" minLength:"1" maxLength:"60" doc:"Of its letter"`
			}
		},
		) (registry.Operation, error) {
			return registry.AcknowledgeDestruction{Destruction: in.ID, Reference: in.Body.Reference}, nil
		})
	change(a, registry.CancelDestruction{}, "/v1/destructions/{destruction}/cancellation", "cancelDestruction", "Give an open list up",
		func(_ context.Context, in *DestructionKeyed) (registry.Operation, error) {
			return registry.CancelDestruction{Destruction: in.ID}, nil
		})
}

func destructionOf(d registry.Destruction) destruction {
	pictures := d.Pictures
	if pictures == nil {
		pictures = []string{}
	}
	return destruction{
		d.ID, d.Policy, d.Standard, d.LeastWitnesses, string(d.State), d.OpenedBy, d.OpenedAt.UTC(), d.CountedBy, moment(d.CountedAt), d.EndedBy, moment(d.EndedAt), d.Reference, pictures,
	}
}
