package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// proposal is an operation that waits or waited for its second person.
type proposal struct {
	ID         string     `json:"id"`
	Operation  string     `json:"operation"`
	Subject    string     `json:"subject,omitempty" doc:"What it concerns, mostly an application"`
	State      string     `json:"state" enum:"open,carried out,refused,taken back"`
	ProposedBy string     `json:"proposedBy"`
	ProposedAt time.Time  `json:"proposedAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	DecidedBy  string     `json:"decidedBy,omitempty"`
	DecidedAt  *time.Time `json:"decidedAt,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"Of a refusal"`
	Preview    done       `json:"preview" doc:"What it would have done when it was made; it is checked again when it is decided"`
}

type proposalFilter struct {
	State   string `query:"state" enum:"open,carried out,refused,taken back" doc:"Only proposals in this state"`
	Subject string `query:"subject" maxLength:"64" doc:"Only those about this application or thing"`
	Paging
}

type ProposalName struct {
	ID string `path:"proposal" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

type decision struct {
	Keyed
	ProposalName
	Body struct {
		Agree bool `json:"agree" doc:"Carry it out with the sender as the second person"`
		BecauseIfAny
	}
}

type ProposalKeyed struct {
	Keyed
	ProposalName
}

func proposals(a *api) {
	get(a, access.TakePart, "/v1/proposals", "listProposals", "Operations that wait or waited for their second person",
		func(ctx context.Context, in *proposalFilter) (*answer[list[proposal]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Proposal, error) {
				return a.Registry.Proposals(ctx, registry.ProposalFilter{State: registry.ProposalState(in.State), Subject: in.Subject, After: after, Limit: limit})
			}, func(p registry.Proposal) string { return p.ID }, a.proposal)
		})
	get(a, access.TakePart, "/v1/proposals/{proposal}", "getProposal", "One of them", func(ctx context.Context, in *ProposalName) (*answer[proposal], error) {
		p, _, err := a.Registry.Proposal(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &answer[proposal]{a.proposal(p)}, nil
	})
	change(a, registry.Decide{}, "/v1/proposals/{proposal}/decision", "decideProposal", "Carry a proposal out as its second person, or refuse it",
		func(_ context.Context, in *decision) (registry.Operation, error) {
			return registry.Decide{Proposal: in.ID, Agree: in.Body.Agree, Because: in.Body.why()}, nil
		})
	change(a, registry.TakeBack{}, "/v1/proposals/{proposal}/withdrawal", "takeBackProposal", "Take back a proposal of one's own",
		func(_ context.Context, in *ProposalKeyed) (registry.Operation, error) {
			return registry.TakeBack{Proposal: in.ID}, nil
		})
}

func (a *api) proposal(p registry.Proposal) proposal {
	return proposal{
		ID: p.ID, Operation: string(p.Operation), Subject: p.Subject, State: string(p.State), ProposedBy: p.ProposedBy, ProposedAt: p.ProposedAt.UTC(),
		ExpiresAt: p.ExpiresAt.UTC(), DecidedBy: p.DecidedBy, DecidedAt: moment(p.DecidedAt), Reason: p.Reason, Preview: a.done(p.Preview),
	}
}

func actor(ctx context.Context) access.Actor { return web.ActorOf(ctx) }
