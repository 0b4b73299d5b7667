package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// consignment is cards on their way from one place to another, under a seal.
type consignment struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" enum:"out,onward,back,redirect,directorate"`
	From       string     `json:"from"`
	To         string     `json:"to"`
	State      string     `json:"state" enum:"open,sealed,shipped,received,lost,cancelled"`
	Seal       string     `json:"seal,omitempty"`
	OpenedBy   string     `json:"openedBy"`
	OpenedAt   time.Time  `json:"openedAt"`
	ShippedBy  string     `json:"shippedBy,omitempty"`
	ShippedAt  *time.Time `json:"shippedAt,omitempty"`
	ReceivedBy string     `json:"receivedBy,omitempty"`
	ReceivedAt *time.Time `json:"receivedAt,omitempty"`
}

type consignmentDetail struct {
	Consignment consignment  `json:"consignment"`
	Cards       []packedCard `json:"cards" nullable:"false"`
}

type packedCard struct {
	Chip        string    `json:"chip"`
	Application string    `json:"application,omitempty" doc:"Absent: not a card of this station"`
	State       string    `json:"state" enum:"packed,arrived,missing,extra,lost"`
	At          time.Time `json:"at"`
}

// investigation is something that should not be, until a person has found out why.
type investigation struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind" enum:"missing_card,extra_card,seal_differs,not_genuine,made_elsewhere,holder_died"`
	Consignment string     `json:"consignment,omitempty"`
	Chip        string     `json:"chip,omitempty"`
	Application string     `json:"application,omitempty"`
	State       string     `json:"state" enum:"open,closed"`
	OpenedAt    time.Time  `json:"openedAt"`
	ClosedAt    *time.Time `json:"closedAt,omitempty"`
	ClosedBy    string     `json:"closedBy,omitempty"`
	Outcome     string     `json:"outcome,omitempty" enum:"found,found_here,lost,explained"`
}

// ConsignmentName names a consignment.
type ConsignmentName struct {
	ID string `path:"consignment" pattern:"^K-[0-9]{4}-[0-9]{6}$" patternDescription:"K-YYYY-NNNNNN"`
}

// ConsignmentKeyed names a consignment, with a key.
type ConsignmentKeyed struct {
	Keyed
	ConsignmentName
}

func consignments(a *api) {
	get(a, access.SeeApplications, "/v1/consignments", "listConsignments", "Consignments in the order of their numbers",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,sealed,shipped,received,lost,cancelled"`
			Place string `query:"place" maxLength:"40" doc:"From or to this place"`
			Paging
		},
		) (*answer[list[consignment]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Consignment, error) {
				return a.Registry.ConsignmentsOf(ctx, registry.ConsignmentFilter{State: registry.ConsignmentState(in.State), Place: in.Place, After: after, Limit: limit})
			}, func(c registry.Consignment) string { return c.ID }, consignmentOf)
		})
	get(a, access.SeeApplications, "/v1/consignments/{consignment}", "getConsignment", "A consignment with its cards",
		func(ctx context.Context, in *ConsignmentName) (*answer[consignmentDetail], error) {
			c, all, err := a.Registry.Consignment(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := &answer[consignmentDetail]{consignmentDetail{Consignment: consignmentOf(c), Cards: []packedCard{}}}
			for _, p := range all {
				out.Body.Cards = append(out.Body.Cards, packedCard{string(p.Chip), string(p.Application), string(p.State), p.At.UTC()})
			}
			return out, nil
		})
	change(a, registry.OpenConsignment{}, "/v1/consignments", "openConsignment", "Begin a consignment at the sender's place",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Kind string `json:"kind" enum:"out,onward,back,redirect,directorate"`
				To   string `json:"to" minLength:"1" maxLength:"40"`
			}
		},
		) (registry.Operation, error) {
			return registry.OpenConsignment{Kind: registry.ConsignmentKind(in.Body.Kind), To: in.Body.To}, nil
		})
	change(a, registry.Pack{}, "/v1/consignments/{consignment}/cards/{chip}", "packCard", "Put one card in",
		func(_ context.Context, in *struct {
			ConsignmentKeyed
			ChipName
		},
		) (registry.Operation, error) {
			return registry.Pack{Consignment: in.ID, Chip: in.uid()}, nil
		})
	change(a, registry.Unpack{}, "/v1/consignments/{consignment}/cards/{chip}/removal", "unpackCard", "Take one card out again",
		func(_ context.Context, in *struct {
			ConsignmentKeyed
			ChipName
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.Unpack{Consignment: in.ID, Chip: in.uid(), Because: in.Body.why()}, nil
		})
	change(a, registry.SealConsignment{}, "/v1/consignments/{consignment}/seal", "sealConsignment", "Close it under the number of a seal",
		func(_ context.Context, in *struct {
			ConsignmentKeyed
			Body struct {
				Seal string `json:"seal" pattern:"^[A-Z0-9-]{3,40}$" patternDescription:"3 to 40 capitals, digits, dashes"`
			}
		},
		) (registry.Operation, error) {
			return registry.SealConsignment{Consignment: in.ID, Seal: in.Body.Seal}, nil
		})
	change(a, registry.UnsealConsignment{}, "/v1/consignments/{consignment}/unsealing", "unsealConsignment", "Open one that has not left",
		func(_ context.Context, in *ConsignmentKeyed) (registry.Operation, error) {
			return registry.UnsealConsignment{Consignment: in.ID}, nil
		})
	change(a, registry.CancelConsignment{}, "/v1/consignments/{consignment}/cancellation", "cancelConsignment", "Give an empty one up",
		func(_ context.Context, in *ConsignmentKeyed) (registry.Operation, error) {
			return registry.CancelConsignment{Consignment: in.ID}, nil
		})
	change(a, registry.ShipConsignment{}, "/v1/consignments/{consignment}/shipping", "shipConsignment", "Scan it out",
		func(_ context.Context, in *ConsignmentKeyed) (registry.Operation, error) {
			return registry.ShipConsignment{Consignment: in.ID}, nil
		})
	change(a, registry.ReceiveConsignment{}, "/v1/consignments/{consignment}/receipt", "receiveConsignment", "Scan it in, card by card; answer variance: something is looked into",
		func(_ context.Context, in *struct {
			ConsignmentKeyed
			Body struct {
				Seal  string   `json:"seal" maxLength:"40" doc:"As found"`
				Chips []string `json:"chips" nullable:"false" maxItems:"5000" doc:"Scanned"`
			}
		},
		) (registry.Operation, error) {
			op := registry.ReceiveConsignment{Consignment: in.ID, Seal: in.Body.Seal}
			for _, c := range in.Body.Chips {
				op.Chips = append(op.Chips, ktp.ChipUID(c))
			}
			return op, nil
		})
	change(a, registry.LoseConsignment{}, "/v1/consignments/{consignment}/loss", "loseConsignment", "Declare it lost: every chip in it is retired in one act",
		func(_ context.Context, in *struct {
			ConsignmentKeyed
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.LoseConsignment{Consignment: in.ID, Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/investigations", "listInvestigations", "What is looked into",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,closed"`
			Paging
		},
		) (*answer[list[investigation]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Investigation, error) {
				return a.Registry.Investigations(ctx, registry.InvestigationFilter{State: in.State, After: after, Limit: limit})
			}, func(i registry.Investigation) string { return i.ID }, investigationOf)
		})
	get(a, access.SeeApplications, "/v1/investigations/{investigation}", "getInvestigation", "One thing that is looked into",
		func(ctx context.Context, in *InvestigationName) (*answer[investigation], error) {
			i, err := a.Registry.Investigation(ctx, in.ID)
			return thing(i, err, investigationOf)
		})
	change(a, registry.CloseInvestigation{}, "/v1/investigations/{investigation}/closing", "closeInvestigation", "End one: found, found where it was sent from, lost or explained",
		func(_ context.Context, in *struct {
			Keyed
			InvestigationName
			Body struct {
				Outcome string `json:"outcome" enum:"found,found_here,lost,explained"`
			}
		},
		) (registry.Operation, error) {
			return registry.CloseInvestigation{Investigation: in.ID, Outcome: in.Body.Outcome}, nil
		})
}

// InvestigationName names an investigation.
type InvestigationName struct {
	ID string `path:"investigation" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

func investigationOf(i registry.Investigation) investigation {
	return investigation{i.ID, i.Kind, i.Consignment, string(i.Chip), string(i.Application), i.State, i.OpenedAt.UTC(), moment(i.ClosedAt), i.ClosedBy, i.Outcome}
}

func consignmentOf(c registry.Consignment) consignment {
	return consignment{
		c.ID, string(c.Kind), c.From, c.To, string(c.State), c.Seal, c.OpenedBy, c.OpenedAt.UTC(), c.ShippedBy, moment(c.ShippedAt), c.ReceivedBy, moment(c.ReceivedAt),
	}
}
