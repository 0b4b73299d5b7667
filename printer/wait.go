package printer

import (
	"context"
	"errors"
	"time"
)

// Sleep waits in real time; the context's end ends it.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Because keeps the caller's reason to stop visible behind whatever a link made of it.
func Because(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		return errors.Join(cause, err)
	}
	return err
}
