package api

import (
	"context"
	"time"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
)

// roll is one ribbon or film.
type roll struct {
	Serial     string     `json:"serial"`
	Kind       string     `json:"kind" enum:"ribbon,film"`
	Product    string     `json:"product"`
	Panels     int        `json:"panels" doc:"Cards that a new one is good for"`
	State      string     `json:"state" enum:"store,fitted,removed,destroyed,sent,lost"`
	Line       string     `json:"line,omitempty"`
	Seal       string     `json:"seal,omitempty"`
	Used       int        `json:"used" doc:"Prints that were begun while it was fitted, by the ledger"`
	Left       int        `json:"left" doc:"Cards left, by that count"`
	Told       *int       `json:"told,omitempty" doc:"Cards left, as the printer told when it was taken out"`
	Apart      *int       `json:"apart,omitempty" doc:"Cards that the printer used of it and the ledger does not know of; below 0: the ledger knows of more"`
	Cause      string     `json:"cause,omitempty" doc:"Why, a code"`
	ReceivedAt time.Time  `json:"receivedAt"`
	FittedAt   *time.Time `json:"fittedAt,omitempty"`
	RemovedAt  *time.Time `json:"removedAt,omitempty"`
}

// RollKeyed names a roll, with a key.
type RollKeyed struct {
	Keyed
	RollName
}

// RollName names a roll.
type RollName struct {
	Serial string `path:"roll" pattern:"^[A-Za-z0-9][A-Za-z0-9.-]{2,39}$" patternDescription:"3 to 40 letters, digits, dots, dashes"`
}

func rolls(a *api) {
	change(a, registry.ReceiveRoll{}, "/v1/rolls/{roll}/receipt", "receiveRoll", "Count a ribbon or film into the store",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Kind    string `json:"kind" enum:"ribbon,film"`
				Product string `json:"product" minLength:"1" maxLength:"64"`
				Panels  int    `json:"panels" minimum:"1" maximum:"100000" doc:"Cards that it is good for"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.ReceiveRoll{Serial: in.Serial, Kind: b.Kind, Product: b.Product, Panels: b.Panels}, nil
		})
	change(a, registry.FitRoll{}, "/v1/rolls/{roll}/fitting", "fitRoll", "Put a roll into the printer of a line, seen by two",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Line string `json:"line" minLength:"1" maxLength:"64"`
			}
		},
		) (registry.Operation, error) {
			return registry.FitRoll{Serial: in.Serial, Line: jobs.LineID(in.Body.Line)}, nil
		})
	change(a, registry.RemoveRoll{}, "/v1/rolls/{roll}/removal", "removeRoll", "Take a roll out and seal it, seen by two",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Seal string `json:"seal" pattern:"^[A-Z0-9-]{3,40}$" patternDescription:"3 to 40 capitals, digits, dashes"`
				Left *int   `json:"left,omitempty" minimum:"0" doc:"Cards left, as the printer shows; absent: what it told the station last, where it did"`
				BecauseIfAny
			}
		},
		) (registry.Operation, error) {
			op := registry.RemoveRoll{Serial: in.Serial, Seal: in.Body.Seal, Left: -1, Because: in.Body.why()}
			if in.Body.Left != nil {
				op.Left = *in.Body.Left
			}
			return op, nil
		})
	get(a, access.SeeStock, "/v1/rolls", "listRolls", "Ribbons and films in the order of their serials; those in the store are left out for who counts them blind",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"store,fitted,removed,destroyed,sent,lost"`
			Line  string `query:"line" maxLength:"64"`
			Paging
		},
		) (*answer[list[roll]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.RollUse, error) {
				return a.Registry.Rolls(ctx, registry.RollFilter{State: registry.RollState(in.State), Line: jobs.LineID(in.Line), Blind: registry.RollsCountedBlind(actor(ctx)), After: after, Limit: limit})
			}, func(r registry.RollUse) string { return r.Serial }, rollOf)
		})
	get(a, access.SeeStock, "/v1/rolls/{roll}", "getRoll", "One ribbon or film", func(ctx context.Context, in *RollName) (*answer[roll], error) {
		r, err := a.Registry.Roll(ctx, in.Serial)
		return thing(r, err, rollOf)
	})
}

func rollOf(r registry.RollUse) roll {
	out := roll{
		Serial: r.Serial, Kind: r.Kind, Product: r.Product, Panels: r.Panels, State: string(r.State), Line: string(r.Line), Seal: r.Seal, Used: r.Used, Left: r.Left,
		ReceivedAt: r.ReceivedAt.UTC(), FittedAt: moment(r.FittedAt), RemovedAt: moment(r.RemovedAt), Cause: r.Cause,
	}
	if r.Told >= 0 {
		apart := r.Apart()
		out.Told, out.Apart = &r.Told, &apart
	}
	return out
}
