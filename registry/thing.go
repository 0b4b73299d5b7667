package registry

import (
	"context"

	"blanko/jobs"
	"blanko/registry/access"
	"blanko/store"
)

// readOne reads one thing by its name.
func readOne[T any](ctx context.Context, r *Registry, read func(*act) (T, error)) (thing T, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		thing, err = read(&act{r: r, tx: tx})
		return err
	})
	return thing, err
}

// Incident is one incident.
func (r *Registry) Incident(ctx context.Context, id string) (Incident, error) {
	return readOne(ctx, r, func(a *act) (Incident, error) { return a.incident(id) })
}

// Fine is one fine.
func (r *Registry) Fine(ctx context.Context, id string) (Fine, error) {
	return readOne(ctx, r, func(a *act) (Fine, error) { return a.fine(id) })
}

// Breach is one breach.
func (r *Registry) Breach(ctx context.Context, id string) (Breach, error) {
	return readOne(ctx, r, func(a *act) (Breach, error) { return a.breach(id) })
}

// Investigation is one investigation.
func (r *Registry) Investigation(ctx context.Context, id string) (Investigation, error) {
	return readOne(ctx, r, func(a *act) (Investigation, error) { return a.investigation(id) })
}

// Roll is one roll with what was printed from it.
func (r *Registry) Roll(ctx context.Context, serial string) (RollUse, error) {
	return readOne(ctx, r, func(a *act) (u RollUse, err error) {
		found, known, err := rollBySerial(a.tx, serial)
		if err == nil && !known {
			err = rollUnknown.At("registry.Roll", nil)
		}
		if err != nil {
			return u, err
		}
		uses, err := usesOf(a.tx, []Roll{found})
		if err != nil {
			return u, err
		}
		return uses[0], nil
	})
}

// Place is one service place.
func (r *Registry) Place(ctx context.Context, id string) (Place, error) {
	return readOne(ctx, r, func(a *act) (Place, error) { return a.place(id) })
}

// Order is one order, whatever became of it.
func (r *Registry) Order(ctx context.Context, id jobs.OrderID) (jobs.Wanted, error) {
	return readOne(ctx, r, func(a *act) (jobs.Wanted, error) {
		w, found, err := jobs.WantedByID(a.tx, id)
		if err == nil && !found {
			err = unknownID.At("registry.Order", nil).With("order", "no such id here")
		}
		return w, err
	})
}

// Somebody is one person of the register, whether they still work here or not.
func (r *Registry) Somebody(ctx context.Context, id string) (access.Person, error) {
	return readOne(ctx, r, func(a *act) (access.Person, error) {
		p, found, err := access.PersonByID(a.tx, id)
		if err == nil && !found {
			err = personUnknown.At("registry.Somebody", nil)
		}
		return p, err
	})
}
