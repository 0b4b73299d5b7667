package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// inspection is a random sample of what must be here.
type inspection struct {
	ID       string          `json:"id"`
	Seed     string          `json:"seed"`
	State    string          `json:"state" enum:"open,closed"`
	DrawnBy  string          `json:"drawnBy"`
	DrawnAt  time.Time       `json:"drawnAt"`
	ClosedAt *time.Time      `json:"closedAt,omitempty"`
	Items    []inspectedItem `json:"items" nullable:"false"`
}

// inspectionSum is an inspection without its sample.
type inspectionSum struct {
	ID        string     `json:"id"`
	Seed      string     `json:"seed"`
	State     string     `json:"state" enum:"open,closed"`
	DrawnBy   string     `json:"drawnBy"`
	DrawnAt   time.Time  `json:"drawnAt"`
	ClosedAt  *time.Time `json:"closedAt,omitempty"`
	Items     int        `json:"items"`
	Presented int        `json:"presented"`
}

type inspectedItem struct {
	Item        string     `json:"item" doc:"Chip, or serial of a roll"`
	Kind        string     `json:"kind" enum:"card,blank,roll"`
	Place       string     `json:"place" doc:"Where the ledger has it"`
	PresentedAt *time.Time `json:"presentedAt,omitempty"`
	PresentedBy string     `json:"presentedBy,omitempty"`
}

// InspectionKeyed names an inspection, with a key.
type InspectionKeyed struct {
	Keyed
	InspectionName
}

// InspectionName names an inspection.
type InspectionName struct {
	ID string `path:"inspection" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

func inspections(a *api) {
	change(a, registry.DrawInspection{}, "/v1/inspections", "drawInspection", "Draw a random sample by a seed that the inspector brings",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Seed   string `json:"seed" minLength:"8" maxLength:"64"`
				Cards  int    `json:"cards" minimum:"0" maximum:"500"`
				Blanks int    `json:"blanks" minimum:"0" maximum:"500"`
				Rolls  int    `json:"rolls" minimum:"0" maximum:"500"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.DrawInspection{Seed: b.Seed, Cards: b.Cards, Blanks: b.Blanks, Rolls: b.Rolls}, nil
		})
	change(a, registry.PresentItem{}, "/v1/inspections/{inspection}/items", "presentItem", "Note that one thing of a sample is here",
		func(_ context.Context, in *struct {
			InspectionKeyed
			Body struct {
				Item string `json:"item" minLength:"1" maxLength:"64"`
			}
		},
		) (registry.Operation, error) {
			return registry.PresentItem{Inspection: in.ID, Item: in.Body.Item}, nil
		})
	change(a, registry.CloseInspection{}, "/v1/inspections/{inspection}/closing", "closeInspection", "End it; the answer is how many did not appear",
		func(_ context.Context, in *InspectionKeyed) (registry.Operation, error) {
			return registry.CloseInspection{Inspection: in.ID}, nil
		})
	get(a, access.SeeStock, "/v1/inspections", "listInspections", "Inspections, newest first",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,closed"`
			Paging
		},
		) (*answer[list[inspectionSum]], error) {
			return timePage(in.Paging, func(last registry.Seen, limit int) ([]registry.Inspection, error) {
				return a.Registry.InspectionsBehind(ctx, in.State, last.At, last.ID, limit)
			}, func(i registry.Inspection) registry.Seen { return registry.Seen{At: i.DrawnAt, ID: i.ID} }, func(i registry.Inspection) inspectionSum {
				return inspectionSum{i.ID, i.Seed, i.State, i.DrawnBy, i.DrawnAt.UTC(), moment(i.ClosedAt), len(i.Items), i.Presented()}
			})
		})
	get(a, access.SeeStock, "/v1/inspections/{inspection}", "getInspection", "An inspection with its sample", func(ctx context.Context, in *InspectionName) (*answer[inspection], error) {
		i, err := a.Registry.InspectionByID(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		out := inspection{i.ID, i.Seed, i.State, i.DrawnBy, i.DrawnAt.UTC(), moment(i.ClosedAt), []inspectedItem{}}
		for _, x := range i.Items {
			out.Items = append(out.Items, inspectedItem{x.Item, x.Kind, x.Place, moment(x.PresentedAt), x.PresentedBy})
		}
		return &answer[inspection]{out}, nil
	})
}
