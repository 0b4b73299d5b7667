package registry

import (
	"context"

	"blanko/ktp"
	"blanko/store"
)

// Label is what tells an application from others to who works with it. The person is personal data: shown masked.
type Label struct {
	Type    string
	State   State
	Receipt string // of an application of the counter
	Place   Place  // of delivery
	Person  ktp.Person
}

// Labels are those of applications; one that is not here, or of whom nothing is kept any more, is left out or
// without its person.
func (r *Registry) Labels(ctx context.Context, ids ...ApplicationID) (labels map[ApplicationID]Label, err error) {
	labels = map[ApplicationID]Label{}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		for _, id := range ids {
			app, found, err := applicationByID(tx, id)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			l := Label{Type: app.Type, State: app.State}
			in, taken, err := intakeBy(tx, `where application = ?`, id)
			if err != nil {
				return err
			}
			if taken {
				l.Receipt, l.Person = in.Receipt, in.Person
			}
			if app.Version > 0 {
				if l.Person, err = recordPerson(tx, id); err != nil {
					return err
				}
			}
			if l.Place, err = a.deliveryOf(id); err != nil {
				return err
			}
			labels[id] = l
		}
		return nil
	})
	return labels, err
}
