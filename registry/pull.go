package registry

import (
	"cmp"
	"context"

	"blanko/ktp"
	"blanko/registry/stock"
	"blanko/store"
)

// CardToPull is a card on its way to its holder that may not reach the holder: it is taken out of where it lies.
type CardToPull struct {
	Card
	Reason string // code of why it was called back, is held or denied
	Where  Whereabouts
}

// CardsToPull are such cards of one consignment that has not been received, or all, in the order of their chips behind
// one. What is on its way back, or has come back, is pulled already.
func (r *Registry) CardsToPull(ctx context.Context, consignment string, after ktp.ChipUID, limit int) (list []CardToPull, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		called, err := calledBack(tx, consignment, after, limit)
		for _, c := range called {
			p := CardToPull{Card: c}
			if p.Where, err = a.whereabouts(c.Attempt, c.Chip); err != nil {
				return err
			}
			if p.Reason, err = a.whyPulled(c); err != nil {
				return err
			}
			list = append(list, p)
		}
		return err
	})
	return list, err
}

func (a *act) whyPulled(c Card) (string, error) {
	app, err := a.application(c.Application)
	if err != nil {
		return "", err
	}
	denied, _, err := stock.Denied(a.tx, c.Chip)
	if app.State == Recalled {
		return cmp.Or(app.Withdrawn, app.Cause), err
	}
	return cmp.Or(c.Held, app.Held, denied), err
}
