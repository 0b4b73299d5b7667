package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// breach is a failure to protect personal data.
type breach struct {
	ID         string     `json:"id"`
	State      string     `json:"state" enum:"open,notified,closed"`
	FoundAt    time.Time  `json:"foundAt"`
	NotifyBy   time.Time  `json:"notifyBy" doc:"72 hours after it was found"`
	FoundBy    string     `json:"foundBy"`
	NotifiedAt *time.Time `json:"notifiedAt,omitempty"`
	ClosedAt   *time.Time `json:"closedAt,omitempty"`
	People     int        `json:"people"`
	What       string     `json:"what"`
	How        string     `json:"how"`
	Measures   string     `json:"measures,omitempty"`
	Outcome    string     `json:"outcome,omitempty"`
}

type unmasked struct{ Body shown }

// BreachKeyed names a breach, with a key.
type BreachKeyed struct {
	Keyed
	BreachName
}

// BreachName names a breach.
type BreachName struct {
	ID string `path:"breach" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

func breachOf(b registry.Breach) breach {
	x := b.Content
	return breach{b.ID, string(b.State), b.FoundAt.UTC(), b.NotifyBy.UTC(), b.FoundBy, moment(b.NotifiedAt), moment(b.ClosedAt), b.People, x.What, x.How, x.Measures, x.Outcome}
}

func privacy(a *api) {
	unmask(a)
	exportSubject(a)
	change(a, registry.OpenBreach{}, "/v1/breaches", "openBreach", "Write a breach of personal data down; the clock of 72 hours runs",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				What     string    `json:"what" minLength:"1" maxLength:"1500"`
				How      string    `json:"how" minLength:"1" maxLength:"1500"`
				Measures string    `json:"measures,omitempty" maxLength:"900"`
				Affected []string  `json:"affected,omitempty" maxItems:"5000" doc:"Applications"`
				People   int       `json:"people" minimum:"0" maximum:"1000000"`
				FoundAt  time.Time `json:"foundAt,omitempty" doc:"Absent: now"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			op := registry.OpenBreach{What: b.What, How: b.How, Measures: b.Measures, People: b.People, FoundAt: b.FoundAt}
			for _, id := range b.Affected {
				op.Affected = append(op.Affected, registry.ApplicationID(id))
			}
			return op, nil
		})
	change(a, registry.NotifyBreach{}, "/v1/breaches/{breach}/notice", "notifyBreach", "Note that the persons and the authority were told",
		func(_ context.Context, in *BreachKeyed) (registry.Operation, error) {
			return registry.NotifyBreach{Breach: in.ID}, nil
		})
	change(a, registry.CloseBreach{}, "/v1/breaches/{breach}/closing", "closeBreach", "End it with what came of it",
		func(_ context.Context, in *struct {
			BreachKeyed
			Body struct {
				Outcome string `json:"outcome" minLength:"1" maxLength:"4000"`
			}
		},
		) (registry.Operation, error) {
			return registry.CloseBreach{Breach: in.ID, Outcome: in.Body.Outcome}, nil
		})
	get(a, access.HandleBreaches, "/v1/breaches", "listBreaches", "Breaches in the order of their ids", func(ctx context.Context, in *struct {
		State string `query:"state" enum:"open,notified,closed" doc:"Absent: all"`
		Paging
	},
	) (*answer[list[breach]], error) {
		return idPage(in.Paging, func(after string, limit int) ([]registry.Breach, error) {
			return a.Registry.ListBreaches(ctx, registry.BreachState(in.State), after, limit)
		}, func(b registry.Breach) string { return b.ID }, breachOf)
	})
	get(a, access.HandleBreaches, "/v1/breaches/{breach}", "getBreach", "One breach", func(ctx context.Context, in *BreachName) (*answer[breach], error) {
		b, err := a.Registry.Breach(ctx, in.ID)
		return thing(b, err, breachOf)
	})
}

// unmask answers with the person once the look is written down.
func unmask(a *api) {
	type wish struct {
		ApplicationKeyed
		Body struct {
			Because
		}
	}
	op := a.posting(registry.RowOf("person.unmask"), usualBody, "/v1/applications/{application}/person", "unmaskPerson", "Show the person of an application; the look is written down")
	register(a, op, func(ctx context.Context, in *wish) (*unmasked, error) {
		if _, err := a.Registry.Do(ctx, actor(ctx), registry.Unmask{Application: in.id(), Because: in.Body.why()}, in.Key); err != nil {
			return nil, err
		}
		p, err := a.Registry.PersonOf(ctx, in.id())
		return &unmasked{Body: shownOf(p)}, err
	})
}
