package registry

import (
	"context"
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// FoundCard is a genuine card that was presented after a restoration and that the ledger does not know: it was made
// after the copy.
type FoundCard struct {
	Chip        ktp.ChipUID
	Application ApplicationID // the open one of its holder when the card was read; empty: there was none
	At          time.Time
	By          string

	person []byte
}

// FoundCards are those of the open restoration, the first one first.
func (r *Registry) FoundCards(ctx context.Context) (list []FoundCard, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		res, open, err := openRestoration(tx)
		if err != nil || !open {
			return err
		}
		list, err = res.found(tx)
		return err
	})
	return list, err
}

// find takes down that a card that nobody knows is there, and holds what would make it a second time.
func (a *act) find(chip ktp.ChipUID, holder ktp.NIK) error {
	res, open, err := openRestoration(a.tx)
	if err != nil || !open {
		return err
	}
	person, err := a.personKey(holder)
	if err != nil {
		return err
	}
	app, there, err := openFor(a.tx, person)
	if err != nil {
		return err
	}
	c := FoundCard{Chip: chip, Application: app.ID, At: a.now(), By: a.actor.ID, person: person}
	if fresh, err := c.insert(a.tx, res); err != nil || !fresh {
		return err
	}
	if err := a.tell(audit.Event{Code: "ledger.card_found", Application: string(app.ID), Chip: chip}); err != nil || !there {
		return err
	}
	return a.holdRestored(app)
}

// holdFound holds what the feed brought after the card of its holder had been found.
func (a *act) holdFound(res Restoration) error {
	list, err := res.found(a.tx)
	if err != nil {
		return err
	}
	for _, c := range list {
		app, there, err := openFor(a.tx, c.person)
		if err != nil {
			return err
		}
		if there {
			if err := a.holdRestored(app); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdRestored keeps an application from the queue whose card may exist already.
func (a *act) holdRestored(app Application) error {
	if app.Ahead || !slices.Contains(notYetMade, app.State) {
		return nil
	}
	app.Ahead = true
	if err := app.save(a.tx); err != nil {
		return err
	}
	if err := a.syncOrder(app); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: "record.held", Application: string(app.ID), Detail: map[string]string{"cause": heldByRestoration}})
}
