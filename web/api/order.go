package api

import (
	"context"
	"time"

	"blanko/registry/access"

	"blanko/jobs"
)

// order is one card wanted for one application.
type order struct {
	ID          string     `json:"id"`
	Application string     `json:"application" doc:"The center's id of the request"`
	State       string     `json:"state" enum:"waiting,leased,done,closed" doc:"Where it is"`
	Priority    int        `json:"priority" doc:"0 lowest to 9 highest"`
	Due         *time.Time `json:"due,omitempty"`
	Held        bool       `json:"held" doc:"It stays in the queue"`
	NeedsRecord bool       `json:"needsRecord" doc:"Its record was erased and is pulled again first"`
	ValidUntil  *time.Time `json:"validUntil,omitempty" doc:"Of its record"`
	Profile     string     `json:"profile" doc:"Of the card: a line takes it whose hopper holds blanks of this product"`
	Line        string     `json:"line,omitempty" doc:"The line that has it"`
	Attempt     string     `json:"attempt,omitempty" doc:"The attempt under way"`
	LeaseUntil  *time.Time `json:"leaseUntil,omitempty"`
	Pinned      bool       `json:"pinned" doc:"A blank was used, or may have been: it stays with its line"`
	CreatedAt   time.Time  `json:"createdAt"`
}

type orderFilter struct {
	State string `query:"state" enum:"waiting,leased,done,closed" doc:"Only orders in this state"`
	Paging
}

func orders(a *api) {
	get(a, access.SeeOrders, "/v1/orders", "listOrders", "Orders in the order of the queue",
		func(ctx context.Context, in *orderFilter) (*answer[list[order]], error) {
			var behind *jobs.Rank
			if in.Cursor != "" {
				k, err := in.place(0)
				if err != nil {
					return nil, err
				}
				r, ok := jobs.ParseRank(k.ID)
				if !ok {
					return nil, notOfThisList()
				}
				behind = &r
			}
			return page(in.Paging, func(limit int) ([]jobs.Wanted, error) {
				return a.Registry.OrdersBehind(ctx, jobs.OrderState(in.State), behind, limit)
			}, orderKey, orderOf)
		})
	get(a, access.SeeOrders, "/v1/orders/{order}", "getOrder", "One order",
		func(ctx context.Context, in *struct {
			ID string `path:"order" minLength:"1" maxLength:"64"`
		},
		) (*answer[order], error) {
			w, err := a.Registry.Order(ctx, jobs.OrderID(in.ID))
			return thing(w, err, orderOf)
		})
}

func orderKey(w jobs.Wanted) key { return key{ID: w.Rank().String()} }

func orderOf(w jobs.Wanted) order {
	o := order{
		ID: string(w.ID), Application: w.Application, State: string(w.State), Priority: w.Priority, Due: moment(w.Due), Held: w.Held,
		NeedsRecord: w.NeedsRecord, Profile: w.Profile, ValidUntil: moment(w.ValidUntil), Line: string(w.Line), LeaseUntil: moment(w.LeaseUntil),
		Pinned: w.Pinned, CreatedAt: w.CreatedAt.UTC(),
	}
	if !w.Attempt.IsZero() {
		o.Attempt = w.Attempt.String()
	}
	return o
}
