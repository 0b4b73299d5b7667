package registry

import (
	"context"

	"blanko/store"
)

// Worklist is a page of a list as people go through it: what is open, or what is over.
type Worklist struct {
	Over  bool
	Place string // of consignments, where they come from or go to; empty: all
	After string // id of the last one seen
	Limit int
}

// those is the condition of what is open, or of what is over.
func (l Worklist) those(open string) string {
	if l.Over {
		return `not ` + open
	}
	return open
}

// ConsignmentsIn are consignments under way, or those that are over, newest first.
func (r *Registry) ConsignmentsIn(ctx context.Context, l Worklist) ([]Consignment, error) {
	return worklist(ctx, r, l, consignmentsIn)
}

// ComplaintsIn are complaints without their content: those that wait for an answer by the day it is due, those that were
// answered newest first.
func (r *Registry) ComplaintsIn(ctx context.Context, l Worklist) ([]Complaint, error) {
	return worklist(ctx, r, l, complaintsIn)
}

// IncidentsIn are incidents that were reported or are open, or those that are over, newest first.
func (r *Registry) IncidentsIn(ctx context.Context, l Worklist) ([]Incident, error) {
	return worklist(ctx, r, l, incidentsIn)
}

// DestructionsIn are destructions that have not come to an end, or those that have, newest first.
func (r *Registry) DestructionsIn(ctx context.Context, l Worklist) ([]Destruction, error) {
	return worklist(ctx, r, l, destructionsIn)
}

// RollsIn are rolls with their use: those in printers and then those in the store, or those that wait for their
// destruction and then those that are lost or gone.
func (r *Registry) RollsIn(ctx context.Context, l Worklist) ([]RollUse, error) {
	return worklist(ctx, r, l, func(tx *store.Tx, l Worklist) ([]RollUse, error) {
		list, err := rollsIn(tx, l)
		if err != nil {
			return nil, err
		}
		return usesOf(tx, list)
	})
}

func worklist[T any](ctx context.Context, r *Registry, l Worklist, of func(*store.Tx, Worklist) ([]T, error)) (list []T, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = of(tx, l)
		return err
	})
	return list, err
}
