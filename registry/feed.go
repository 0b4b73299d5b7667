package registry

import (
	"context"

	"blanko/store"
)

// FeedCursor is how far the center's feed was taken in; "" is its beginning.
func (r *Registry) FeedCursor(ctx context.Context) (cursor string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		cursor, err = feedCursor(tx, r.cfg.Office)
		return err
	})
	return cursor, err
}

// KeepFeedCursor remembers how far the feed was taken in. It is written after the items, so that
// a crash in between reads them again, which changes nothing.
func (r *Registry) KeepFeedCursor(ctx context.Context, cursor string) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return keepFeedCursor(tx, r.cfg.Office, cursor) })
}
