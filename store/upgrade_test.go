package store

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"

	"blanko/fault"
)

// always lets every claim count.
func always(context.Context) error { return nil }

// Tables do not change under a station that works with them.
func TestNoUpgradeUnderAStation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := sqlite{path: filepath.Join(t.TempDir(), "blanko.db")}
		if err := d.prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		release, err := d.claim(t.Context(), "", always, nil)
		if err != nil {
			t.Fatal(err)
		}
		upgraded := 0
		upgrade := func() error { upgraded++; return nil }
		if err := d.upgrading(t.Context(), false, upgrade); fault.CodeOf(err) != "store.claimed" || upgraded != 0 {
			t.Errorf("under a station: %d times, %v", upgraded, err)
		}
		release()
		if err := d.upgrading(t.Context(), false, upgrade); err != nil || upgraded != 1 {
			t.Errorf("%d times, %v", upgraded, err)
		}
	})
}
