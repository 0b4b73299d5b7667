package registry

import (
	"context"

	"blanko/store"
)

// asksToConfirm reports whether the holder of a card confirms its data when they come for it: it was captured elsewhere.
func (a *act) asksToConfirm(app Application) bool {
	return app.Origin == OriginCenter && a.r.cfg.ConfirmAtHandOver
}

// leftToConfirm reports whether nobody has confirmed the data of a card yet that was handed over: a proxy cannot.
func (a *act) leftToConfirm(app Application, h Handover) bool {
	return !h.Matched && h.Proxy != (Proxy{}) && a.asksToConfirm(app)
}

// LeftToConfirm reports whether the holder of a card that was handed over still has to confirm its data, when they come
// to be matched.
func (r *Registry) LeftToConfirm(ctx context.Context, id ApplicationID) (left bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		h, found, err := handoverOf(tx, id)
		left = found && a.leftToConfirm(app, h)
		return err
	})
	return left, err
}
