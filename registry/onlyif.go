package registry

import (
	"context"

	"blanko/store"
)

type onlyIf struct{}

// OnlyIf is a context by which [Registry.Do] and [Registry.Propose] change nothing and answer registry.changed where a
// condition does not hold. It is asked in the transaction of the change, with a context by which everything that it
// reads is read there. What was done before under the same key is answered again whether it holds or not.
func OnlyIf(ctx context.Context, holds func(context.Context) (bool, error)) context.Context {
	return context.WithValue(ctx, onlyIf{}, holds)
}

func stillHolds(tx *store.Tx) error {
	holds, conditional := tx.Context().Value(onlyIf{}).(func(context.Context) (bool, error))
	if !conditional {
		return nil
	}
	ok, err := holds(tx.Inside())
	if err == nil && !ok {
		err = changedMeanwhile.At("registry.OnlyIf", nil)
	}
	return err
}
