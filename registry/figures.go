package registry

import (
	"context"

	"blanko/jobs"
	"blanko/store"
)

// StageTimes are how long the stages of all lines took since the ledger counts them.
func (r *Registry) StageTimes(ctx context.Context) (list []jobs.StageTime, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = jobs.StageTimes(tx)
		return err
	})
	return list, err
}

// RefusedByCode counts the records that were refused, by the code of why.
func (r *Registry) RefusedByCode(ctx context.Context) (counts map[string]int, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		counts, err = refusalsByCode(tx)
		return err
	})
	return counts, err
}

// RollsStored counts the new rolls of each kind.
func (r *Registry) RollsStored(ctx context.Context) (counts map[string]int, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		counts, err = rollsStored(tx)
		return err
	})
	return counts, err
}
